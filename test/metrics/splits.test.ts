import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  blocksOf,
  combinatorialSplits,
  purgedFolds,
  walkForwardEfficiency,
  walkForwardWindows,
} from "../../src/metrics/splits.ts";
import { expectClose, golden } from "./golden.ts";

type Pair = [number, number];
interface Walk {
  n: number;
  is_: number;
  oos: number;
  purge: number;
  windows: { train: Pair; test: Pair }[];
}
const vector = golden<{
  walk_forward_rolling: Walk;
  walk_forward_anchored_purge3: Walk;
  purged_kfold: {
    n: number;
    k: number;
    label_horizon: number;
    embargo_frac: number;
    folds: { test: Pair; train: number[] }[];
  };
  cpcv: {
    N: number;
    k: number;
    n_splits: number;
    n_paths: number;
    splits: Pair[];
    paths_split_index_per_group: number[][];
  };
  walk_forward_efficiency: { is_ann: number[]; oos_ann: number[]; wfe_mean_ratio: number };
}>("splits");

describe("walkForwardWindows", () => {
  it.each([
    ["rolling", vector.walk_forward_rolling, false],
    ["anchored", vector.walk_forward_anchored_purge3, true],
  ] as const)("equals the golden %s windows", (_, walk, anchored) => {
    const windows = walkForwardWindows({
      bars: walk.n,
      inSample: walk.is_,
      outOfSample: walk.oos,
      purge: walk.purge,
      anchored,
    });
    expect(
      windows.map(({ inSample, outOfSample }) => ({
        train: [inSample.from, inSample.to],
        test: [outOfSample.from, outOfSample.to],
      })),
    ).toEqual(walk.windows);
  });

  it("judges no bar twice, and none that was searched on", () => {
    const size = fc.integer({ min: 1, max: 50 });
    fc.assert(
      fc.property(fc.nat(500), size, size, fc.nat(10), (bars, inSample, outOfSample, purge) => {
        const windows = walkForwardWindows({ bars, inSample, outOfSample, purge });
        windows.forEach((window, i) => {
          expect(window.inSample.to + purge).toBe(window.outOfSample.from);
          expect(window.outOfSample.to).toBeLessThanOrEqual(bars);
          if (i > 0) expect(window.outOfSample.from).toBe(windows[i - 1]!.outOfSample.to);
        });
      }),
    );
  });

  it("refuses windows of no bars", () => {
    expect(() => walkForwardWindows({ bars: 10, inSample: 0, outOfSample: 1 })).toThrow(
      expect.objectContaining({ code: "WINDOW", message: expect.stringContaining("inSample") }),
    );
  });
});

describe("purgedFolds", () => {
  it("equals the golden folds", () => {
    const { n, k, label_horizon, embargo_frac, folds } = vector.purged_kfold;
    const made = purgedFolds({ bars: n, folds: k, horizon: label_horizon, embargoFraction: embargo_frac });
    expect(
      made.map((fold) => ({ test: [fold.outOfSample.from, fold.outOfSample.to - 1], train: [...fold.inSample] })),
    ).toEqual(folds);
  });

  it("refuses one fold, and more folds than bars", () => {
    for (const folds of [1, 11, 2.5]) {
      expect(() => purgedFolds({ bars: 10, folds })).toThrow(expect.objectContaining({ code: "FOLDS" }));
    }
  });
});

describe("blocksOf", () => {
  it("makes the first blocks longer where it does not come out even", () => {
    expect(blocksOf(7, 3)).toEqual([
      { from: 0, to: 3 },
      { from: 3, to: 5 },
      { from: 5, to: 7 },
    ]);
  });
});

describe("combinatorialSplits", () => {
  it("equals the golden splits and paths", () => {
    const { N, k, n_splits, n_paths, splits, paths_split_index_per_group } = vector.cpcv;
    const made = combinatorialSplits(N, k);
    expect([made.splits.length, made.paths.length]).toEqual([n_splits, n_paths]);
    expect(made.splits).toEqual(splits);
    expect(made.paths).toEqual(paths_split_index_per_group);
  });

  it("uses each group of each split in exactly one path", () => {
    const { splits, paths } = combinatorialSplits(7, 3);
    const used = paths.flatMap((path) => path.map((split, group) => `${split}/${group}`));
    expect(new Set(used).size).toBe(used.length);
    expect(used.length).toBe(splits.length * 3);
  });

  it("refuses to hold out nothing or all", () => {
    for (const out of [0, 4, 1.5]) {
      expect(() => combinatorialSplits(4, out)).toThrow(expect.objectContaining({ code: "GROUPS" }));
    }
  });
});

describe("walkForwardEfficiency", () => {
  it("is the ratio of means, not the mean of ratios", () => {
    const { is_ann, oos_ann, wfe_mean_ratio } = vector.walk_forward_efficiency;
    expectClose(walkForwardEfficiency(is_ann, oos_ann), wfe_mean_ratio);
  });

  it("is not defined where nothing was found in sample", () => {
    expect([
      walkForwardEfficiency([-0.1], [0.2]),
      walkForwardEfficiency([], []),
      walkForwardEfficiency([1], []),
    ]).toEqual([null, null, null]);
  });
});
