import { describe, expect, it } from "vitest";
import { socketParityOf } from "../support/live-parity.ts";
import { randomLiveMarket } from "../support/random-live.ts";

/** SOCKET_CASES and SOCKET_FROM try more of them, and others. */
const COUNT = Number(process.env.SOCKET_CASES ?? 15);
const FROM = Number(process.env.SOCKET_FROM ?? 0);

describe("a bot over sockets", () => {
  it(`trades ${COUNT} random strategies on random markets under random settings as a replay does`, {
    timeout: 60_000 + 5_000 * COUNT,
  }, async () => {
    let trades = 0;
    let named = 0;
    for (let seed = FROM; seed < FROM + COUNT; seed++) {
      const parity = await socketParityOf(randomLiveMarket(seed));
      if (parity.named) named += 1;
      else expect(parity.difference, `seed ${seed}`).toBeNull();
      trades += parity.trades.length;
    }
    expect(trades).toBeGreaterThan(10 * COUNT);
    // A named difference is the exception.
    expect(named).toBeLessThan(COUNT / 5);
  });
});
