import { describe, expect, it } from "vitest";
import { computeMetrics, type Metrics } from "../../src/metrics/metrics.ts";
import { returnsOf } from "../../src/metrics/returns.ts";
import { deflatedSharpe, minTrackRecordLength, sharpeSample } from "../../src/metrics/sharpe.ts";
import { verdict } from "../../src/metrics/verdict.ts";
import { curveOf, trade } from "./examples.ts";
import { golden } from "./golden.ts";

const { long } = golden<{ long: { returns: number[] } }>("metrics_basic");
const once = { trials: 1, variance: 0 };

/** 730 golden daily returns, `lift` added to each. */
function result(lift: number, trades = 40) {
  const curve = curveOf(long.returns.map((value) => value + lift));
  const inSample = computeMetrics({
    ...curve,
    trades: Array.from({ length: trades }, () => trade(1)),
    barsInMarket: 730,
    ambiguousBars: 0,
  });
  return { sample: sharpeSample(returnsOf(curve)), barsPerYear: 365, inSample };
}

const good = result(0.002);
const like = (metrics: Metrics, change: Partial<Metrics>): Metrics => ({ ...metrics, ...change });

describe("verdict", () => {
  it("gives the numbers of the Sharpe statistics, annualised where people compare them", () => {
    const search = { trials: 100, variance: 0.0004 };
    const judged = verdict({ ...good, outOfSample: null, search });
    const deflated = deflatedSharpe(good.sample!, search);
    expect(judged.dsr).toBe(deflated.probability);
    expect(judged.sharpeThreshold).toBe(deflated.threshold * Math.sqrt(365));
    expect(judged.headlineSharpe).toBeCloseTo(good.inSample.sharpe!, 12);
    expect(judged.minTrackRecordBars).toBe(Math.ceil(minTrackRecordLength(good.sample!)!));
    expect(judged).toMatchObject({ trackRecordBars: 730, trials: 100 });
  });

  it("refuses a headline Sharpe ratio below 30 trades or 30 returns", () => {
    const few = verdict({ ...result(0.002, 29), outOfSample: null, search: once });
    expect(few).toMatchObject({ grade: "too little data", headlineSharpe: null });
    expect(few.line).toContain("29 trades on 730 bars");
    const short = curveOf(long.returns.slice(0, 29));
    const judged = verdict({ ...good, sample: sharpeSample(returnsOf(short)), outOfSample: null, search: once });
    expect(judged).toMatchObject({ grade: "too little data", headlineSharpe: null, trackRecordBars: 29 });
  });

  it("has no opinion on an account that never moved", () => {
    const idle = { sample: null, barsPerYear: 365, inSample: like(good.inSample, { trades: 0, sharpe: null }) };
    const judged = verdict({ ...idle, outOfSample: null, search: once });
    expect(judged).toMatchObject({ grade: "too little data", psr: null, dsr: null, minTrackRecordBars: null });
    expect(judged.line).toContain("0 trades; equity never moved, nothing to judge");
  });

  it("calls a loss a loss", () => {
    const judged = verdict({ ...result(-0.004), outOfSample: null, search: once });
    expect(judged.grade).toBe("losing");
    expect(judged.line).toMatch(/^losing: -\d\d\.\d % after costs/);
    expect(judged.reasons.join()).toContain("no track record is long enough");
  });

  it("calls the best of many tries luck where luck reaches more", () => {
    const judged = verdict({ ...good, outOfSample: null, search: { trials: 1_000, variance: 0.004 } });
    expect(judged.grade).toBe("likely luck");
    expect(judged.line).toMatch(/the best of 1,000 trials without skill reaches 3\.93$/);
  });

  it("calls a result luck that is uncertain and lost out of sample, and weak one that only lost there", () => {
    const outOfSample = like(good.inSample, { totalReturn: -0.1, sharpe: -0.5 });
    expect(verdict({ ...good, outOfSample, search: { trials: 50, variance: 0.002 } })).toMatchObject({
      grade: "likely luck",
      line: "likely luck: it lost out of sample (-10.0 %)",
    });
    expect(verdict({ ...good, outOfSample, search: once }).grade).toBe("weak");
  });

  it("does not believe a handful of trades out of sample, nor half of the Sharpe ratio", () => {
    const few = verdict({ ...good, outOfSample: like(good.inSample, { trades: 12 }), search: once });
    expect(few.line).toBe("weak: only 12 trades out of sample, too few to tell");
    const third = like(good.inSample, { sharpe: good.inSample.sharpe! / 3 });
    expect(verdict({ ...good, outOfSample: third, search: once }).line).toBe(
      "weak: out of sample it kept 33 % of its Sharpe ratio",
    );
  });

  it("is promising only with 95 % after all trials and a result that held out of sample", () => {
    const held = verdict({ ...good, outOfSample: good.inSample, search: once });
    expect(held.grade).toBe("promising");
    expect(held.line).toContain("99 % sure of skill after 1 trial, and it held out of sample");
    expect(verdict({ ...good, outOfSample: null, search: once }).grade).toBe("weak");
    const unsure = verdict({ ...good, outOfSample: good.inSample, search: { trials: 20, variance: 0.0025 } });
    expect(unsure.grade).toBe("weak");
    expect(unsure.line).toMatch(/^weak: \d\d % sure of skill after 20 trials, where 95 % is the least/);
  });
});
