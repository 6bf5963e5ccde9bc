import { afterAll, describe, expect, it } from "vitest";
import { simulateOverSockets } from "./sockets.ts";

describe("the live bot among faults, over sockets", () => {
  // Seeds whose scenarios once went wrong come first: kills that a crash cut short, lists tried for minutes.
  const seeds = ["1/86", "1/119", "1/224", "1/370", ...Array.from({ length: 8 }, (_, k) => `ci/${k}`)];
  const sum = { entries: 0, executions: 0, crashes: 0 };

  it.each(seeds)("violates nothing (%s)", { timeout: 60_000 }, async (seed) => {
    const { violations, entries, executions, crashes } = await simulateOverSockets(seed);
    expect(violations).toEqual([]);
    sum.entries += entries;
    sum.executions += executions;
    sum.crashes += crashes;
  });

  afterAll(() => {
    expect(sum.entries).toBeGreaterThan(50);
    expect(sum.executions).toBeGreaterThan(100);
    expect(sum.crashes).toBeGreaterThan(5);
  });
});
