import { describe, expect, it } from "vitest";
import { backtest } from "../../../src/backtest/backtest.ts";
import { strategyPlan } from "../../../src/backtest/sweep/strategy-plan.ts";
import { StrategySweep } from "../../../src/backtest/sweep/strategy-sweep.ts";
import { random } from "../../../src/core/random.ts";
import { choice, float, int } from "../../../src/strategy/param.ts";
import { defineStrategy } from "../../../src/strategy/strategy.ts";
import { randomBars, randomFunding, testInstrument } from "../../support/random-market.ts";

/** Everything a set may say beside signals of long positions. */
const strategy = defineStrategy({
  name: "state",
  params: {
    stop: choice(["fraction", "distance", "price", "none"]),
    sides: choice(["long", "both", "short"]),
    fast: int(5, { min: 2, max: 8 }),
    slow: int(12, { min: 6, max: 20 }),
    reach: float(0.02, { min: 0.005, max: 0.05 }),
  },
  rules: ({ close, low, rsi, ema, atr, distance, price }, p) => {
    const up = ema(close, p.fast).crossesAbove(ema(close, p.slow));
    const down = ema(close, p.fast).crossesBelow(ema(close, p.slow));
    const stops = {
      fraction: p.reach,
      distance: distance(atr(p.fast).times(1.5)),
      price: price(low.lowest(p.slow)),
      none: undefined,
    } as const;
    return {
      enterLong: p.sides === "short" ? undefined : up.or(rsi(close, p.fast).below(30)),
      exitLong: rsi(close, p.fast).above(70),
      enterShort: p.sides === "long" ? undefined : down.and(close.below(ema(close, p.slow))),
      stopLoss: p.sides === "long" ? stops[p.stop] : undefined,
      trailingStop: p.stop === "none" ? p.reach : undefined,
      takeProfit: p.sides === "both" ? distance(atr(p.slow).times(3)) : undefined,
      size: p.stop === "fraction" ? rsi(close, p.slow).dividedBy(50) : undefined,
    };
  },
});

describe("setRun", () => {
  it("says to the bit what whole backtests say: stops, targets, shorts, sizes, rounding, funding", () => {
    let trades = 0;
    for (let seed = 0; seed < 60; seed++) {
      const r = random(seed);
      const bars = randomBars(r, { length: 100 + r.below(300), idle: 0.05, missing: 0.02 });
      const settings = {
        fill: r.next() < 0.5 ? "close" : "next-open",
        slippageBps: 5,
        leverage: [1, 3][r.below(2)]!,
        takeProfit: r.next() < 0.2 ? 0.03 : null,
      } as const;
      const extras = {
        ...(r.next() < 0.5 && { instrument: testInstrument() }),
        ...(r.next() < 0.5 && { funding: randomFunding(r, bars, 8 * 3_600_000) }),
      };
      const input = { strategy, bars, settings, ...extras };
      const sets = Array.from({ length: 12 }, () => ({
        stop: ["fraction", "distance", "price", "none"][r.below(4)],
        sides: ["long", "both", "short"][r.below(3)],
        fast: 2 + r.below(7),
        slow: 6 + r.below(15),
        reach: 0.005 + 0.045 * r.next(),
      }));
      const made = strategyPlan(input, ["sharpe"]);
      if (!made.ok) throw new Error(made.reason);
      expect(made.plan.rows.ok).toBe(false);
      const swept = new StrategySweep(made.plan, input).run(sets);
      sets.forEach((params, s) => {
        const { metrics } = backtest({ ...input, params });
        expect(swept[s], JSON.stringify(params)).toEqual(metrics);
        trades += metrics.trades;
      });
    }
    expect(trades).toBeGreaterThan(10_000);
  });
});
