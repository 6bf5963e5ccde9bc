import { describe, expect, it } from "vitest";
import { backtest } from "../../../src/backtest/backtest.ts";
import type { BacktestSettings } from "../../../src/backtest/settings.ts";
import { strategyPlan } from "../../../src/backtest/sweep/strategy-plan.ts";
import { StrategySweep } from "../../../src/backtest/sweep/strategy-sweep.ts";
import { ArgumentError } from "../../../src/core/errors.ts";
import { type Random, random } from "../../../src/core/random.ts";
import type { Metrics } from "../../../src/metrics/metrics.ts";
import type { Bars } from "../../../src/model/bar.ts";
import { float, int } from "../../../src/strategy/param.ts";
import type { Condition, Series } from "../../../src/strategy/series.ts";
import { defineStrategy, type Strategy } from "../../../src/strategy/strategy.ts";
import { randomBars } from "../../support/random-market.ts";
import { rsiEma } from "../../support/rsi-ema.ts";

const METRICS = ["sharpe", "maxDrawdown", "sortino", "calmar"] as const satisfies (keyof Metrics)[];
type Params = Readonly<Record<string, unknown>>;

function swept(of: { strategy: Strategy; bars: Bars; settings?: Partial<BacktestSettings>; maxBytes?: number }) {
  const made = strategyPlan(of, METRICS);
  if (!made.ok) throw new Error(made.reason);
  const sweep = new StrategySweep(made.plan, of, of.maxBytes);
  return (sets: readonly Params[]) => sweep.run(sets);
}

/** Every metric that is there is that of a whole backtest; counts are exactly, the others to nine digits. */
function expectSame(found: Partial<Metrics>, whole: Metrics): void {
  for (const [name, value] of Object.entries(found) as [keyof Metrics, number | null][]) {
    const wanted = whole[name];
    if (wanted === null || value === null || Number.isInteger(wanted)) {
      expect(value === null || wanted === null ? value : Math.abs(value - wanted) < 1e-9, name).toBe(
        wanted === null || value === null ? wanted : true,
      );
      continue;
    }
    const scale = Math.max(Math.abs(wanted), SCALES[name] ?? 0);
    expect(Math.abs(value - wanted) / scale, `${name}: ${value}, not ${wanted}`).toBeLessThan(1e-9);
  }
}

/** Differences of much larger numbers: below these their digits are rounding in both. */
const SCALES: Partial<Record<keyof Metrics, number>> = {
  totalReturn: 1e-3,
  cagr: 1e-3,
  calmar: 1e-3,
  sharpe: 0.1,
  sortino: 0.1,
  netProfit: 1,
  expectancy: 0.01,
};

/** Rules of a random shape over thresholds, averages, crossings and what looks back. */
function randomStrategy(r: Random): Strategy {
  const rule = (make: (() => Condition)[], depth: number): Condition => {
    if (depth === 0) return make[r.below(make.length)]!();
    const left = rule(make, depth - 1);
    const kind = r.below(5);
    if (kind === 4) return left.not();
    const right = rule(make, r.below(depth));
    return [left.and(right), left.or(right), left.xor(right), left.and(right.not())][kind]!;
  };
  const shape = [r.below(3), r.below(3), 1 + r.below(2 ** 30)] as const;
  return defineStrategy({
    name: "random",
    params: {
      fast: int(5, { min: 2, max: 8 }),
      slow: int(12, { min: 6, max: 20 }),
      low: int(40, { min: 30, max: 50 }),
      high: float(60, { min: 50, max: 70 }),
    },
    rules: ({ close, high, rsi, ema, sma, constant }, p) => {
      r = random(shape[2]); // the same rules whenever they are asked for
      const strength = rsi(close, p.fast);
      const make: (() => Condition)[] = [
        () => strength.below(p.low),
        () => strength.above(p.high),
        () => strength.atMost(p.high),
        () => constant(p.low).atLeast(strength),
        () => close.above(ema(close, p.slow)),
        () => ema(close, p.fast).atLeast(close),
        () => high.below(sma(high, p.slow)),
        () => ema(close, p.fast).crossesAbove(ema(close, p.slow)),
        () => strength.crossesBelow(p.high),
        () => close.above((close.lag(p.fast) as Series).times(1.001)),
        () => strength.below(p.low).any(p.fast),
      ];
      return r.next() < 0.1
        ? { enterLong: rule(make, shape[0]) }
        : { enterLong: rule(make, shape[0]), exitLong: rule(make, shape[1]) };
    },
  });
}

const randomSet = (r: Random) => ({
  fast: 2 + r.below(7),
  slow: 6 + r.below(15),
  low: 30 + r.below(21),
  high: 50 + 20 * r.next(),
});

describe("StrategySweep", () => {
  it("says of random long rules on wild bars what whole backtests say", () => {
    let trades = 0;
    let told = 0;
    for (let seed = 0; seed < 300; seed++) {
      const r = random(seed);
      const idle = [0, 0, 0.1, 0.4][r.below(4)]!;
      const bars = randomBars(r, { length: 40 + r.below(400), idle, missing: 0.02 });
      const settings: Partial<BacktestSettings> = {
        fill: r.next() < 0.5 ? "close" : "next-open",
        feeRate: [0, 0.00055, 0.002, -0.0001][r.below(4)]!,
        slippageBps: [0, 5][r.below(2)]!,
        side: r.next() < 0.5 ? "long" : "both",
      };
      const strategy = randomStrategy(r);
      const sets = Array.from({ length: 8 }, () => randomSet(r));
      const results = swept({ strategy, bars, settings })(sets);
      sets.forEach((params, s) => {
        const found = results[s];
        if (!found) return;
        const whole = backtest({ strategy, params, bars, settings }).metrics;
        expect(found.trades).toBe(whole.trades);
        expectSame(found, whole);
        trades += found.trades;
        told++;
      });
    }
    expect(told).toBeGreaterThan(2000);
    expect(trades).toBeGreaterThan(20_000);
  });

  it("leaves sets it cannot tell to the whole backtest: unknown parameters, rules never known", () => {
    const bars = randomBars(random(1), { length: 100 });
    const run = swept({ strategy: rsiEma, bars });
    const [known, unknown, late] = run([{ emaPeriod: 50 }, { nothing: 1 }, { emaPeriod: 150 }]);
    expect(known).not.toBeNull();
    expect([unknown, late]).toEqual([null, null]);
  });

  it("leaves sets that an indicator refuses to the whole backtest, and only those", () => {
    const bars = randomBars(random(5), { length: 600 });
    const strategy = defineStrategy({
      name: "macd",
      params: { fast: int(5, { min: 0, max: 20 }), slow: int(10, { min: 2, max: 20 }) },
      rules: ({ close, macd, rsi }, p) => ({
        enterLong: macd(close, p.fast, p.slow, 5).histogram.above(0),
        exitLong: rsi(close, p.fast).above(60),
      }),
    });
    const sets = [1, 3, 5, 7, 9, 11, 0].map((fast) => ({ fast, slow: 8 }));
    const results = swept({ strategy, bars })(sets);
    const told = sets.filter((params, s) => {
      const whole = () => backtest({ strategy, params, bars }).metrics;
      if (results[s]) expectSame(results[s], whole());
      else expect(whole).toThrow(ArgumentError);
      return results[s] !== null;
    });
    expect(told.map(({ fast }) => fast)).toEqual([1, 3, 5, 7]);
  });

  it("gives the same whatever it kept from batches before, and however little it may keep", () => {
    const r = random(7);
    const bars = randomBars(r, { length: 3000 });
    const sets = Array.from({ length: 60 }, () => ({
      rsiPeriod: 5 + r.below(5),
      oversold: 30 + r.below(10),
      overbought: 60 + r.below(10),
      emaPeriod: 20 + r.below(20),
    }));
    const whole = swept({ strategy: rsiEma, bars })(sets);
    const small = swept({ strategy: rsiEma, bars, maxBytes: 5 * 400 });
    expect(whole.filter((each) => each!.trades > 5).length).toBeGreaterThan(10);
    expect(small(sets)).toEqual(whole);
    const kept = swept({ strategy: rsiEma, bars });
    expect(sets.map((set) => kept([set])[0])).toEqual(whole);
    expect(kept(sets.toReversed())).toEqual(whole.toReversed());
  });
});
