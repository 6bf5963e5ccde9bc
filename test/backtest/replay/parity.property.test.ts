import { describe, expect, it } from "vitest";
import { parityOf } from "./parity.ts";
import { randomReplay } from "./random-replay.ts";

/** REPLAY_CASES and REPLAY_FROM try more of them, and others. */
const COUNT = Number(process.env.REPLAY_CASES ?? 110);
const FROM = Number(process.env.REPLAY_FROM ?? 0);

describe("replay", () => {
  it(`trades ${COUNT} random strategies on random markets under random settings as the fast backtest does`, () => {
    const reasons = new Set<string>();
    const named: Record<string, number> = {};
    let trades = 0;
    for (let seed = FROM; seed < FROM + COUNT; seed++) {
      const parity = parityOf(randomReplay(seed));
      expect(parity.difference, `seed ${seed}`).toBeNull();
      trades += parity.same;
      for (const { exitReason } of parity.slow.trades.slice(0, parity.same)) reasons.add(exitReason);
      if (parity.named) named[parity.named] = (named[parity.named] ?? 0) + 1;
    }
    expect(trades).toBeGreaterThan(20 * COUNT);
    expect([...reasons]).toEqual(
      expect.arrayContaining(["signal", "reverse", "stopLoss", "takeProfit", "trailingStop", "open"]),
    );
    // Most cases agree to their end: a named difference is the exception.
    expect(Object.values(named).reduce((sum, count) => sum + count, 0)).toBeLessThan(COUNT / 2);
  });
});
