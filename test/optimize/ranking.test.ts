import { describe, expect, it } from "vitest";
import { paretoFront, topTrials } from "../../src/optimize/ranking.ts";
import type { TrialRecord } from "../../src/optimize/trial.ts";

function trial(number: number, values: number[] | null, more: Partial<TrialRecord> = {}): TrialRecord {
  const state = values ? "complete" : "failed";
  const rest = { params: {}, space: {}, constraints: null, metrics: null, reason: null, askedAt: 0, toldAt: 0 };
  return { number, state, values, ...rest, ...more };
}

describe("ranking", () => {
  it("puts feasible trials by value, the earlier among equals, and violators last by violation", () => {
    const trials = [
      trial(0, [1]),
      trial(1, [3]),
      trial(2, [9], { constraints: [0.5, -9] }),
      trial(3, [3]),
      trial(4, null),
      trial(5, [8], { constraints: [0.1, 0.2] }),
      trial(6, [2], { constraints: [0, -1] }),
      trial(7, [99], { state: "pruned" }),
    ];
    const numbers = (direction: "maximize" | "minimize", count: number) =>
      topTrials(trials, [direction], count).map((each) => each.number);
    expect(numbers("maximize", 9)).toEqual([1, 3, 6, 0, 5, 2]);
    expect(numbers("minimize", 3)).toEqual([0, 6, 1]);
  });

  it("keeps of several objectives those trials that no other beats", () => {
    const trials = [
      trial(0, [1, 1]),
      trial(1, [2, 3]),
      trial(2, [3, 2]),
      trial(3, [2, 2]),
      trial(4, [9, 9], { constraints: [1] }),
      trial(5, [2, 3]),
    ];
    expect(paretoFront(trials, ["maximize", "maximize"]).map((each) => each.number)).toEqual([1, 2, 5]);
    expect(paretoFront(trials, ["minimize", "maximize"]).map((each) => each.number)).toEqual([0, 1, 5]);
  });
});
