import { describe, expect, it } from "vitest";
import { type BacktestSettings, backtestSettings } from "../../src/backtest/settings.ts";
import { type SimulationExtras, simulate } from "../../src/backtest/simulate.ts";
import { type Random, random } from "../../src/core/random.ts";
import { HOUR_MS } from "../../src/core/time.ts";
import type { SizingPolicy } from "../../src/risk/policy.ts";
import { randomBars, randomFunding, randomSignals, splitBars, testInstrument } from "../support/random-market.ts";
import { referenceBacktest } from "../support/reference-backtest.ts";

const POLICIES: readonly SizingPolicy[] = [
  { kind: "all-in" },
  { kind: "quote", quote: 2500 },
  { kind: "qty", qty: 7 },
  { kind: "fraction", fraction: 2.5 },
  { kind: "risk", fraction: 0.02 },
  { kind: "volatility", target: 1.2, bars: 20 },
];

function pick<T>(source: Random, values: readonly T[]): T {
  return values[source.below(values.length)]!;
}

function randomCase(seed: number) {
  const source = random(`reference/${seed}`);
  const maybe = (value: number) => (source.next() < 0.3 ? value : null);
  const bars = randomBars(source, {
    length: 50 + source.below(400),
    interval: pick(source, ["60", "D"]),
    deviation: pick(source, [0.004, 0.01, 0.04]),
    missing: pick(source, [0, 0, 0.02]),
    idle: pick(source, [0, 0, 0.1]),
  });
  const settings: BacktestSettings = backtestSettings({
    cash: pick(source, [300, 10_000]),
    feeRate: pick(source, [0, 0.00055, 0.002]),
    makerFeeRate: pick(source, [null, 0.0002]),
    slippageBps: pick(source, [0, 0, 5]),
    fill: pick(source, ["next-open", "close"]),
    sizing: pick(source, POLICIES),
    leverage: pick(source, [1, 1, 3, 25]),
    side: pick(source, ["both", "both", "long", "short"]),
    stopLoss: maybe(0.015),
    takeProfit: maybe(0.02),
    trailingStop: maybe(0.02),
    targetGap: pick(source, ["open", "limit"]),
    participation: pick(source, [null, null, 0.2]),
    funding: source.next() < 0.8,
  });
  const spot = settings.side !== "short" && source.next() < 0.1;
  const extras: SimulationExtras = {
    ...(source.next() < 0.5 && { instrument: testInstrument(spot ? { category: "spot", riskTiers: [] } : {}) }),
    ...(source.next() < 0.6 && { funding: randomFunding(source, bars, pick(source, [HOUR_MS, 8 * HOUR_MS])) }),
    ...(source.next() < 0.3 && {
      mark: randomBars(source, { length: bars.length, interval: bars.interval, missing: 0.05 }),
    }),
    ...(source.next() < 0.5 && { detail: splitBars(source, bars, bars.interval === "D" ? "360" : "15", 4) }),
  };
  return { bars, settings, extras, signals: randomSignals(source, bars) };
}

describe("simulate", () => {
  it("agrees to the bit with the slow reference on 1,500 random strategies, markets and settings", () => {
    const reasons = new Set<string>();
    for (let seed = 0; seed < 1500; seed++) {
      const { bars, settings, extras, signals } = randomCase(seed);
      const fast = simulate(signals, bars, settings, extras);
      const slow = referenceBacktest(signals, bars, settings, extras);
      const label = `seed ${seed} ${JSON.stringify(settings)}`;
      expect(fast.trades, label).toEqual(slow.trades);
      expect([...fast.equity], label).toEqual(slow.equity);
      expect(fast.refusals, label).toEqual(slow.refusals);
      expect([fast.barsInMarket, fast.ambiguousBars], label).toEqual([slow.barsInMarket, slow.ambiguousBars]);
      for (const trade of fast.trades) reasons.add(trade.exitReason);
      for (const reason of Object.keys(fast.refusals)) reasons.add(reason);
      if (fast.ambiguousBars > 0) reasons.add("ambiguous");
    }
    const exits = ["signal", "reverse", "stopLoss", "takeProfit", "trailingStop", "liquidation", "open", "ambiguous"];
    const refusals = [
      ...["conflict", "levelUnknown", "targetWrongSide", "stopWrongSide", "noSize", "noStop"],
      ...["volatilityUnknown", "belowMinQty", "belowMinNotional"],
    ];
    expect([...reasons].sort()).toEqual([...exits, ...refusals].sort());
  });
});
