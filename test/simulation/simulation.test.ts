import { describe, expect, it } from "vitest";
import { campaign } from "./campaign.ts";
import { FAULT_NAMES } from "./faults.ts";
import { simulate } from "./world.ts";

describe("the bot among faults", () => {
  const tally = campaign("ci", [0, 240]);

  it("violates nothing in 240 schedules", () => {
    expect(tally.failures).toEqual([]);
    expect(tally.entries).toBeGreaterThan(800);
    expect(tally.crashes).toBeGreaterThan(300);
  });

  it("meets at least 60 classes of faults", () => {
    const reached = FAULT_NAMES.filter((name) => (tally.hits[name] ?? 0) > 0);
    expect(reached.length).toBeGreaterThanOrEqual(60);
  });

  it.each([
    ["9/9979", "an exit whose id an earlier journal had used waited for ever"],
    ["9/4536", "a kill on a full disk, and a crash"],
    ["9/5632", "a kill behind a release that waited for the disk"],
    ["9/14483", "a second entry after the first had lost value"],
    ["21/61686", "an entry on its way whose symbol has no price after a restart"],
    ["21/65881", "a stop that a liquidation took from a position whose intent the disk has lost"],
    ["21/77238", "a kill among many orders of other people"],
    ["11/1265", "a person takes the stop of a position whose intent the disk has lost"],
    ["31/88623", "a stop sent again late in one life, and moved in the next"],
  ])("violates nothing in %s: %s", (seed) => {
    expect(simulate({ seed }).violations).toEqual([]);
  });

  it("lives through the same schedule twice in the same way", () => {
    for (const seed of ["ci/1", "ci/7", "ci/30"]) {
      const one = simulate({ seed });
      expect(simulate({ seed })).toEqual(one);
      expect(one.events).toBeGreaterThan(300);
    }
    expect(simulate({ seed: "ci/1" }).hash).not.toBe(simulate({ seed: "ci/2" }).hash);
  });
});
