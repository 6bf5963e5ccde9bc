import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { HOUR_MS, MINUTE_MS } from "../../src/core/time.ts";
import { METRICS } from "../../src/metrics/catalogue.ts";
import { computeMetrics } from "../../src/metrics/metrics.ts";
import { curveOf, equityOf, trade } from "./examples.ts";
import { expectClose, golden } from "./golden.ts";

interface Vector {
  returns: number[];
  expected: Record<string, number | null>;
}
const basic = golden<{ small: Vector; long: Vector }>("metrics_basic");
const nothing = { trades: [], barsInMarket: 0, ambiguousBars: 0 };

describe("computeMetrics", () => {
  it.each(["small", "long"] as const)("equals the golden vector %s", (name) => {
    const { returns, expected } = basic[name];
    const metrics = computeMetrics({ ...curveOf(returns), ...nothing, barsInMarket: returns.length });
    expectClose(metrics.totalReturn, expected.total_return!);
    expectClose(metrics.cagr, expected.cagr!);
    expectClose(metrics.sharpe, expected.sharpe!);
    expectClose(metrics.sharpeDaily, expected.sharpe!, "daily bars");
    expectClose(metrics.sortino, expected.sortino!);
    expectClose(metrics.calmar, expected.calmar!);
    expectClose(metrics.volatility, expected.ann_vol!);
    expectClose(metrics.maxDrawdown, expected.max_drawdown!);
    expect(metrics.maxDrawdownDurationMs).toBe(expected.longest_underwater_bars! * 86_400_000);
    expect(metrics.exposure).toBe(1);
  });

  it("has exactly the metrics of the catalogue, in its order", () => {
    const metrics = computeMetrics({ ...curveOf([0.1, -0.1]), ...nothing });
    const names = METRICS.map((metric) => metric.name);
    expect(Object.keys(metrics)).toEqual(names);
  });

  it("leaves ratios undefined for an account that did nothing", () => {
    const metrics = computeMetrics({ ...equityOf(new Array(100).fill(10_000), 10_000, HOUR_MS), ...nothing });
    expect(metrics).toMatchObject({ totalReturn: 0, cagr: 0, volatility: 0, maxDrawdown: 0, exposure: 0, trades: 0 });
    expect(metrics).toMatchObject({ sharpe: null, sharpeDaily: null, sortino: null, calmar: null, winRate: null });
  });

  it("leaves Sortino and Calmar undefined where nothing was ever lost", () => {
    const metrics = computeMetrics({ ...curveOf([0.01, 0.02, 0.01]), ...nothing });
    expect(metrics).toMatchObject({ sortino: null, calmar: null, maxDrawdown: 0 });
    expectClose(metrics.sharpe, 44.1210456207);
  });

  it("counts ruin as the loss of everything", () => {
    const metrics = computeMetrics({ ...equityOf([110, 0, 0], 100), ...nothing });
    expect(metrics).toMatchObject({ totalReturn: -1, cagr: -1, maxDrawdown: 1, calmar: -1, finalEquity: 0 });
  });

  it("leaves a growth rate undefined that a short span would blow up beyond numbers", () => {
    const metrics = computeMetrics({ ...curveOf([1, 1], 1, MINUTE_MS), ...nothing });
    expect(metrics).toMatchObject({ totalReturn: 3, cagr: null, calmar: null });
  });

  it("counts an open trade in trades, fees and funding alone", () => {
    const trades = [trade(10, { fees: 1 }), trade(99, { exitReason: "open", fees: 2, funding: -0.5 })];
    const metrics = computeMetrics({ ...curveOf([0.1, 0.1]), trades, barsInMarket: 1, ambiguousBars: 3 });
    expect(metrics).toMatchObject({ trades: 2, winningTrades: 1, netProfit: 10, fees: 3, funding: -0.5 });
    expect(metrics).toMatchObject({ exposure: 0.5, ambiguousBars: 3 });
  });

  it("gives numbers or null for any curve, never NaN or Infinity", () => {
    const step = fc.double({ min: -1.2, max: 3, noNaN: true });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (returns) => {
        const metrics = computeMetrics({ ...curveOf(returns, 10_000, MINUTE_MS), ...nothing });
        for (const [name, value] of Object.entries(metrics)) {
          if (value !== null) expect(Number.isFinite(value), `${name} ${value}`).toBe(true);
        }
      }),
    );
  });

  it("takes about 1 ms for a year of minutes: here at most 20", () => {
    const equity = new Float64Array(525_600);
    for (let i = 0, value = 10_000; i < equity.length; i++) equity[i] = value *= 1 + ((i * 7919) % 101) * 1e-6 - 5e-5;
    const time = Float64Array.from(equity, (_, i) => i * MINUTE_MS);
    const input = { startEquity: 10_000, equity, time, intervalMs: MINUTE_MS, ...nothing };
    const runs = Array.from({ length: 9 }, () => {
      const started = performance.now();
      computeMetrics(input);
      return performance.now() - started;
    });
    expect(Math.min(...runs)).toBeLessThan(20);
  });
});
