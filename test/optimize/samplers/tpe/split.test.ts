import { describe, expect, it } from "vitest";
import { axis } from "../../../../src/optimize/axis.ts";
import { float, int } from "../../../../src/optimize/distribution.ts";
import { Observations } from "../../../../src/optimize/samplers/tpe/observations.ts";
import { pick, ramp, split } from "../../../../src/optimize/samplers/tpe/split.ts";
import { kernelWidths } from "../../../../src/optimize/samplers/tpe/widths.ts";
import type { TrialRecord } from "../../../../src/optimize/trial.ts";

const distribution = float(0, 1);
const space = { x: distribution };

function told(number: number, x: number, value: number | null, violation = 0): TrialRecord {
  return {
    number,
    state: value === null ? "pruned" : "complete",
    params: { x },
    space,
    values: value === null ? null : [value],
    constraints: [violation],
    metrics: null,
    reason: null,
    askedAt: 0,
    toldAt: 0,
  };
}

function observe(trials: readonly TrialRecord[], running: readonly TrialRecord[] = []): Observations {
  const observations = new Observations([{ name: "x", distribution, axis: axis(distribution), masses: new Map() }]);
  observations.catchUp(trials, running, ["minimize"]);
  return observations;
}

const three = () => 3;
const xs = (observations: Observations, rows: readonly number[]) => rows.map((row) => observations.coords[row]);

describe("split", () => {
  it("takes the best by value, and weighs them by how much they better the best of the rest", () => {
    const observations = observe([told(0, 0.1, 5), told(1, 0.2, 1), told(2, 0.3, 4), told(3, 0.4, 2), told(4, 0.5, 9)]);
    const { below, above } = split(observations, three);
    expect(xs(observations, below.rows)).toEqual([0.2, 0.3, 0.4]);
    expect([...below.weights]).toEqual([(4 * 3) / 8, (1 * 3) / 8, (3 * 3) / 8]); // betters 5 by 4, 1 and 3
    expect(xs(observations, above.rows)).toEqual([0.1, 0.5]);
  });

  it("ranks pruned behind complete, and violations last; then all good ones weigh alike", () => {
    const trials = [told(0, 0.1, 5, 2), told(1, 0.2, null), told(2, 0.3, 4), told(3, 0.4, 0, 1), told(4, 0.5, 9)];
    const observations = observe(trials);
    expect(xs(observations, observations.byRank)).toEqual([0.3, 0.5, 0.2, 0.4, 0.1]);
    const { below } = split(observations, three);
    expect(xs(observations, below.rows)).toEqual([0.2, 0.3, 0.5]);
    expect([...below.weights]).toEqual([1, 1, 1]);
  });

  it("counts running trials as bad", () => {
    const observations = observe(
      [told(0, 0.1, 1), told(1, 0.2, 2), told(2, 0.3, 3)],
      [told(4, 0.9, 0), told(3, 0.8, 0)],
    );
    const { below, above } = split(observations, () => 1);
    expect(xs(observations, below.rows)).toEqual([0.1]);
    expect(xs(observations, above.rows)).toEqual([0.2, 0.3, 0.8, 0.9]);
    expect(xs(observations, observations.byValue(0))).toEqual([0.1, 0.2, 0.3, 0.8, 0.9]);
    observations.catchUp([], [], ["minimize"]);
    expect(observations.byValue(0).length).toBe(3);
  });

  it("lets all but the newest 25 fade, evenly down to 1 / n", () => {
    expect([...ramp(25)]).toEqual(new Array(25).fill(1));
    expect([...ramp(26)]).toEqual([1 / 26, ...new Array(25).fill(1)]);
    const weights = [...ramp(28)];
    [1 / 28, 14.5 / 28, 1].forEach((weight, k) => {
      expect(weights[k]).toBeCloseTo(weight, 15);
    });
    expect(weights.slice(3)).toEqual(new Array(25).fill(1));
  });

  it("picks in proportion, the prior at the end", () => {
    const weights = Float64Array.of(1, 0, 2);
    expect([0, 0.24, 0.26, 0.74, 0.76, 0.999].map((u) => pick(weights, 1, u))).toEqual([0, 0, 2, 2, 3, 3]);
  });
});

describe("kernel widths", () => {
  it("are the gap to the farther neighbour of the same part, above a floor", () => {
    const trials = [
      told(0, 0.1, 1),
      told(1, 0.2, 2),
      told(2, 0.6, 3),
      ...[0.3, 0.301, 0.302, 0.9].map((x, k) => told(3 + k, x, 9)),
    ];
    const observations = observe(trials);
    const widths = kernelWidths(observations, split(observations, three));
    const goodFloor = 5 ** -1.2;
    const badFloor = 1 / 6;
    const expected = [goodFloor, 0.4, 0.4, badFloor, badFloor, 0.598, 0.598];
    expected.forEach((width, k) => {
      expect(widths[k]).toBeCloseTo(width, 12);
    });
  });

  it("are at least half a cell where values are few", () => {
    const few = int(0, 9);
    const trials = Array.from({ length: 60 }, (_, k) => ({ ...told(k, 0, k), params: { n: 4 }, space: { n: few } }));
    const observations = new Observations([{ name: "n", distribution: few, axis: axis(few), masses: new Map() }]);
    observations.catchUp(trials, [], ["minimize"]);
    const widths = kernelWidths(observations, split(observations, three));
    expect([widths[0], widths[59]]).toEqual([5 ** -1.2, 0.05]);
  });

  it("span the range for a part of one", () => {
    const observations = observe([told(0, 0.1, 1), told(1, 0.2, 2), told(2, 0.6, 3)]);
    expect(
      kernelWidths(
        observations,
        split(observations, () => 1),
      )[0],
    ).toBe(1);
  });
});
