import { describe, expect, it } from "vitest";
import { type Distribution, float } from "../../../../src/optimize/distribution.ts";
import { Groups } from "../../../../src/optimize/samplers/tpe/groups.ts";
import type { TrialRecord, TrialState } from "../../../../src/optimize/trial.ts";

const one = float(0, 1);

function told(names: string, state: TrialState = "complete", distribution: Distribution = one): TrialRecord {
  const space = Object.fromEntries([...names].map((name) => [name, distribution]));
  const rest = { values: [0], constraints: null, metrics: null, reason: null, askedAt: 0, toldAt: 0 };
  return { number: 0, state, params: {}, space, ...rest };
}

function groupsOf(group: boolean, trials: readonly TrialRecord[], names: string): (string | undefined)[] {
  const groups = new Groups(group);
  groups.catchUp(trials);
  return [...names].map((name) =>
    groups
      .of(name)
      ?.map(([each]) => each)
      .join(""),
  );
}

describe("groups", () => {
  it("hold parameters that always occur together, cut as trials part them", () => {
    expect(groupsOf(true, [told("abcd")], "abcde")).toEqual(["abcd", "abcd", "abcd", "abcd", undefined]);
    expect(groupsOf(true, [told("abcd"), told("abxy"), told("bz")], "abcdxyz")).toEqual([
      "a",
      "b",
      "cd",
      "cd",
      "xy",
      "xy",
      "z",
    ]);
  });

  it("are the one set of parameters in every trial, where groups are off", () => {
    expect(groupsOf(false, [told("abcd"), told("abx"), told("aby")], "abcxy")).toEqual([
      "ab",
      "ab",
      undefined,
      undefined,
      undefined,
    ]);
    expect(groupsOf(false, [told("ab"), told("cd"), told("ab")], "abcd")).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it("learn from complete and pruned trials only", () => {
    expect(groupsOf(true, [told("ab"), told("a", "failed"), told("ab", "pruned")], "ab")).toEqual(["ab", "ab"]);
    expect(groupsOf(true, [told("ab"), told("a", "pruned")], "ab")).toEqual(["a", "b"]);
  });

  it("know the latest distribution of each", () => {
    const groups = new Groups(true);
    const wider = float(0, 2);
    groups.catchUp([told("ab"), told("ab", "complete", wider)]);
    expect(groups.of("a")).toEqual([
      ["a", wider],
      ["b", wider],
    ]);
  });
});
