import { describe, expect, it } from "vitest";
import { MUTANTS } from "./mutants.ts";
import { simulate } from "./world.ts";

/** Every mistake must be noticed within so many schedules. */
const WITHIN = 100;

describe("a driver with a mistake is caught", () => {
  it.each(Object.entries(MUTANTS))("when %s", (_, mutant) => {
    let caught: string | null = null;
    for (let i = 0; i < WITHIN && caught === null; i++) {
      caught = simulate({ seed: `mutants/${i}`, mutant }).violations[0]?.invariant ?? null;
    }
    expect(caught).not.toBeNull();
  });
});
