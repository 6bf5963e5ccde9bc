import { describe, expect, it } from "vitest";
import { replay } from "../../../src/backtest/replay/replay.ts";
import { barsOf } from "../../../src/model/bar.ts";
import type { FollowRules } from "../../../src/risk/following.ts";
import { generateBars } from "../../../src/store/generate.ts";
import { syntheticInstrument } from "../../../src/store/synthetic.ts";
import { STRATEGIES } from "../../../src/strategies/registry.ts";
import { defineStrategy } from "../../../src/strategy/strategy.ts";

const HOUR = 3_600_000;
const instrument = syntheticInstrument("BTCUSDT");

/** Buys when a bar closes above 1000 and never sells: what ends a trade is its stop. */
const holder = defineStrategy({
  name: "holder",
  params: {},
  rules: ({ close }) => ({ enterLong: close.crossesAbove(1_000), stopLoss: 0.1 }),
});

/** One bar an hour from lists of open, high, low, close. */
function barsFrom(rows: readonly (readonly [number, number, number, number])[]) {
  const column = (k: number) => Float64Array.from(rows, (row) => row[k]!);
  const time = Float64Array.from(rows, (_, i) => Date.UTC(2024, 0, 1) + i * HOUR);
  const volume = new Float64Array(rows.length).fill(100);
  return barsOf(
    { symbol: "BTCUSDT", interval: "60" },
    { time, open: column(0), high: column(1), low: column(2), close: column(3), volume },
  );
}

// Bought at 1010, the open of the third bar. Best prices of closed bars: 1015, 1035, 1060, then it falls.
const rising = barsFrom([
  [990, 995, 985, 990],
  [990, 1012, 988, 1010],
  [1010, 1015, 1005, 1012],
  [1012, 1035, 1010, 1030],
  [1030, 1060, 1028, 1055],
  [1055, 1058, 1040, 1050],
  [1050, 1051, 940, 945],
  [945, 950, 900, 905],
]);

function ends(follow: FollowRules | undefined) {
  const { trades, journal } = replay({ strategy: holder, bars: rising, instrument, ...(follow && { follow }) });
  const stops = journal.flatMap((event) => (event.type === "stop" ? [Number(event.price)] : []));
  const [trade] = trades;
  return { stops, exit: trade!.exitPrice, reason: trade!.exitReason, entry: trade!.entryPrice };
}

describe("stops that follow by rules of the lane", () => {
  it("stay at the fixed stop without any", () => {
    expect(ends(undefined)).toEqual({ stops: [], exit: 909, reason: "stopLoss", entry: 1_010 });
  });

  it("trail once the price has run far enough, on closed bars", () => {
    // 1060 is 4.95 % above 1010; 1035 is 2.5 % above it.
    const trailing = { activation: 0.025, distance: 0.02, by: "bot" } as const;
    expect(ends({ trailing })).toEqual({
      ...{ stops: [1_038.8], exit: 1_038.8, reason: "trailingStop", entry: 1_010 },
    });
    expect(ends({ trailing: { ...trailing, activation: 0.02 } }).stops).toEqual([1_014.3, 1_038.8]);
    expect(ends({ trailing: { ...trailing, activation: 0.06 } })).toEqual(ends(undefined));
  });

  it("go to the entry price and what the fills cost", () => {
    // 1010 × 1.002 is 1012.02: the tick nearer to the market.
    expect(ends({ breakEven: { activation: 0.02, offset: 0.002 } })).toEqual({
      ...{ stops: [1_012.1], exit: 1_012.1, reason: "trailingStop", entry: 1_010 },
    });
  });

  it("are kept by the exchange where it is told to: with every trade, not with every bar", () => {
    // Active from 1030.2 on; 2 % of 1010 behind the highest trade, 1060.
    const trailing = { activation: 0.02, distance: 0.02, by: "exchange" } as const;
    const { stops, exit, reason } = ends({ trailing });
    expect([stops, exit, reason]).toEqual([[], 1_039.8, "trailingStop"]);
  });

  it.each(["bot", "exchange"] as const)("never move away from the market (%s, every strategy)", (by) => {
    const bars = generateBars({
      seed: 11,
      symbol: "BTCUSDT",
      interval: "60",
      from: Date.UTC(2024, 0, 1),
      length: 2_000,
    });
    let moved = 0;
    for (const strategy of STRATEGIES) {
      const follow = {
        trailing: { activation: 0.01, distance: 0.01, by },
        breakEven: { activation: 0.01, offset: 0.001 },
      };
      const { journal, trades } = replay({ strategy, bars, instrument, follow });
      let size = 0;
      let last: number | null = null;
      for (const event of journal) {
        if (event.type === "execution") {
          const before = size;
          size += (event.fact.side === "buy" ? 1 : -1) * Number(event.fact.qty);
          if (Math.abs(size) < 1e-9 || before * size < 0) last = null;
        }
        if (event.type !== "stop") continue;
        if (last !== null) expect(Math.sign(size) * (Number(event.price) - last)).toBeGreaterThan(0);
        last = Number(event.price);
        moved += 1;
      }
      expect(trades.length).toBeGreaterThan(0);
    }
    expect(moved).toBeGreaterThan(20);
  });
});
