import { describe, expect, it } from "vitest";
import { replay } from "../../../src/backtest/replay/replay.ts";
import { exact, exactText } from "../../../src/core/exact.ts";
import { BotState } from "../../../src/engine/state.ts";
import { generateBars } from "../../../src/store/generate.ts";
import { syntheticInstrument } from "../../../src/store/synthetic.ts";
import { STRATEGIES } from "../../../src/strategies/registry.ts";
import { rsiTrend } from "../../../src/strategies/rsi-trend.ts";
import { supertrend } from "../../../src/strategies/supertrend.ts";
import { parityOf } from "./parity.ts";

const instrument = syntheticInstrument("BTCUSDT");
const barsOf = (seed: number, length: number) =>
  generateBars({ seed, symbol: "BTCUSDT", interval: "60", from: Date.UTC(2024, 0, 1), length });

describe("replay", () => {
  const cases = STRATEGIES.flatMap((strategy) => [1, 2, 3].map((seed) => [strategy.name, seed, strategy] as const));
  it.each(cases)("of %s trades as the fast backtest does (seed %i)", (_, seed, strategy) => {
    const parity = parityOf({ strategy, bars: barsOf(seed, 3_000), instrument });
    expect(parity.difference).toBeNull();
    if (strategy !== rsiTrend) expect(parity.same).toBeGreaterThan(15);
  });

  it.each([
    ["risk sizing", { sizing: { kind: "risk", fraction: 0.01 } }],
    ["a fixed stop", { stopLoss: 0.01 }],
    ["a trailing stop", { trailingStop: 0.02 }],
    ["stop and target", { stopLoss: 0.02, takeProfit: 0.03 }],
    ["leverage", { sizing: { kind: "fraction", fraction: 3 }, leverage: 3, stopLoss: 0.02 }],
    ["long only", { side: "long" }],
    ["a maker's fee and another taker's", { feeRate: 0.001, makerFeeRate: 0.0002 }],
    ["volatility sizing", { sizing: { kind: "volatility", target: 0.2, bars: 50 } }],
  ] as const)("agrees with the fast backtest under %s", (_, settings) => {
    const parity = parityOf({ strategy: supertrend, bars: barsOf(7, 3_000), instrument, settings });
    expect(parity.difference).toBeNull();
    expect(parity.same).toBeGreaterThan(5);
  });

  it("pays funding at the same times", () => {
    const bars = barsOf(4, 2_000);
    const stamps = Array.from({ length: 240 }, (_, k) => bars.time[0]! + k * 8 * 3_600_000);
    const funding = { symbol: "BTCUSDT", time: Float64Array.from(stamps), rate: new Float64Array(240).fill(0.0003) };
    const parity = parityOf({ strategy: supertrend, bars, instrument, funding });
    expect(parity.difference).toBeNull();
  });

  it("leaves a journal that tells the whole story again", () => {
    const bars = barsOf(2, 3_000);
    const result = replay({ strategy: supertrend, bars, instrument });
    const again = new BotState();
    for (const event of result.journal) again.apply(event);
    expect(exactText(again.balance)).toBe(exactText(exact("10000") + again.ledger.net));
    const open = result.trades.at(-1)!.exitReason === "open" ? result.trades.at(-1)!.grossPnl : 0;
    expect(result.metrics.finalEquity).toBeCloseTo(Number(exactText(again.balance)) + open, 6);
    expect(again.latches.size).toBe(0);
  });

  it.each([
    ["a fill at the close", { fill: "close" }],
    ["participation", { participation: 0.1 }],
  ] as const)("refuses %s", (_, settings) => {
    expect(() => replay({ strategy: supertrend, bars: barsOf(1, 500), instrument, settings })).toThrow(
      expect.objectContaining({ code: "REPLAY" }),
    );
  });
});
