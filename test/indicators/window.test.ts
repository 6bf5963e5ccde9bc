import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batch, type Kernel } from "../../src/indicators/kernel.ts";
import { mom } from "../../src/indicators/momentum/roc.ts";
import { sma } from "../../src/indicators/overlap/sma.ts";
import { wma } from "../../src/indicators/overlap/wma.ts";
import { rollingMax, rollingMin, rollingRange } from "../../src/indicators/rolling/extremes.ts";
import { rollingMoments } from "../../src/indicators/rolling/moments.ts";
import { rollingSum } from "../../src/indicators/rolling/sum.ts";
import { kernelOf } from "../../src/indicators/stage.ts";
import { percentile } from "../../src/indicators/statistics/percentile.ts";
import { linreg } from "../../src/indicators/trend/linreg.ts";
import { bbands } from "../../src/indicators/volatility/bbands.ts";
import { variedBars } from "../support/bar-columns.ts";

/** Values with ties, outliers and undefined ones. */
const series = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: -20, max: 20 }) },
    { weight: 1, arbitrary: fc.constantFrom(1e9, -1e9) },
    { weight: 1, arbitrary: fc.constant(NaN) },
  ),
  { minLength: 1, maxLength: 120 },
);

/** Each bar's window by the definition: `NaN` until it is full or while it holds an undefined value. */
function byDefinition(x: Float64Array, period: number, of: (window: Float64Array) => number): number[] {
  return Array.from(x, (_, i) => {
    const window = x.subarray(Math.max(0, i - period + 1), i + 1);
    return window.length < period || window.some(Number.isNaN) ? NaN : of(window);
  });
}

const mean = (w: Float64Array) => w.reduce((sum, value) => sum + value, 0) / w.length;
const sorted = (w: Float64Array) => w.slice().sort();

function quantile(w: Float64Array, percent: number): number {
  const s = sorted(w);
  const rank = ((s.length - 1) * percent) / 100;
  const low = s[Math.floor(rank)]!;
  return low + (rank - Math.floor(rank)) * (s[Math.min(Math.floor(rank) + 1, s.length - 1)]! - low);
}

describe("window kernels", () => {
  const exact: [string, (period: number) => Kernel, (w: Float64Array) => number][] = [
    ["rollingMax", (period) => kernelOf(rollingMax(period)), (w) => Math.max(...w)],
    ["rollingMin", (period) => kernelOf(rollingMin(period)), (w) => Math.min(...w)],
    [
      "rollingSum of integers",
      (period) => kernelOf(rollingSum(period)),
      (w) => w.reduce((sum, value) => sum + value, 0),
    ],
    ["percentile 50", (period) => percentile(period, 50), (w) => quantile(w, 50)],
    ["percentile 12.5", (period) => percentile(period, 12.5), (w) => quantile(w, 12.5)],
    ["percentile 100", (period) => percentile(period, 100), (w) => Math.max(...w)],
  ];
  it.each(exact)("%s is exactly its definition", (_, kernel, of) => {
    fc.assert(
      fc.property(series, fc.integer({ min: 1, max: 25 }), (values, period) => {
        const x = Float64Array.from(values);
        const zeroed = (column: Iterable<number>) => Array.from(column, (value) => value + 0); // -0 is 0
        expect(zeroed(batch(kernel(period), x)[0]!)).toEqual(zeroed(byDefinition(x, period, of)));
      }),
    );
  });

  it("rollingRange is the highest high and the lowest low", () => {
    const { high, low } = variedBars(300, "range");
    for (const period of [1, 2, 7, 14, 299]) {
      const [tops, bottoms] = batch(rollingRange(period), high, low);
      expect([...tops!]).toEqual(byDefinition(high, period, (w) => Math.max(...w)));
      expect([...bottoms!]).toEqual(byDefinition(low, period, (w) => Math.min(...w)));
    }
  });

  const close: [string, (period: number) => Kernel, (w: Float64Array) => number][] = [
    ["sma", sma, mean],
    ["wma", wma, (w) => w.reduce((sum, value, k) => sum + value * (k + 1), 0) / ((w.length * (w.length + 1)) / 2)],
    [
      "stddev",
      (period) => second(rollingMoments(period, 0)),
      (w) => Math.sqrt(mean(w.map((value) => (value - mean(w)) ** 2))),
    ],
    ["slope", (period) => second(linreg(period)), slope],
  ];
  it.each(close)("%s does not drift in 100,000 bars, not even behind an outlier", (_, kernel, of) => {
    const x = variedBars(100_000, "drift", 5_000).close;
    x[50_000] = 1e15;
    for (const period of [2, 14, 50]) {
      const [column] = batch(kernel(period), x);
      for (const i of [period, 49_999, 50_000 + period, 50_100, 99_999]) {
        const truth = of(x.subarray(i - period + 1, i + 1));
        expect(Math.abs(column![i]! - truth), `period ${period}, bar ${i}`).toBeLessThanOrEqual(
          1e-10 * Math.abs(truth) + 1e-12 * x[i]!,
        );
      }
    }
  });

  it("bbands stand on the same mean and deviation, bit for bit", () => {
    const x = variedBars(500, "bands").close;
    for (const [period, ddof] of [
      [20, 0],
      [7, 1],
      [2, 0],
    ] as const) {
      const [mean, deviation] = batch(rollingMoments(period, ddof), x);
      const [upper, middle, lower] = batch(bbands({ period, deviations: 2.5, ddof }), x);
      expect(middle).toEqual(mean);
      expect(upper).toEqual(mean!.map((value, i) => value + 2.5 * deviation![i]!));
      expect(lower).toEqual(mean!.map((value, i) => value - 2.5 * deviation![i]!));
    }
  });

  it("moves nothing but the window: a change of bar 10 is gone after `period` bars", () => {
    const x = variedBars(80, "gone").close;
    const changed = x.map((value, i) => (i === 10 ? value * 1e6 : value));
    for (const kernel of [() => sma(7), () => wma(7), () => percentile(7, 50), () => mom(7)]) {
      expect([...batch(kernel(), changed)[0]!.subarray(18)]).toEqual([...batch(kernel(), x)[0]!.subarray(18)]);
    }
  });
});

/** The kernel with its second output alone. */
function second(kernel: Kernel): Kernel {
  return {
    warmup: [kernel.warmup[1]!],
    extend(src, out, from, to) {
      const all = kernel.warmup.map(() => new Float64Array(to));
      kernel.extend(src, all, from, to);
      out[0]!.set(all[1]!.subarray(from, to), from);
    },
  };
}

function slope(w: Float64Array): number {
  const middle = (w.length - 1) / 2;
  const average = mean(w);
  const spread = w.reduce((sum, _, k) => sum + (k - middle) ** 2, 0);
  return w.reduce((sum, value, k) => sum + (k - middle) * (value - average), 0) / spread;
}
