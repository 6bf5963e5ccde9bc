import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isOwnLinkId, linkIdOf } from "../../src/engine/identity.ts";

const BOT = { environment: "testnet", account: "main" } as const;
const REASON = { lane: "rsi-btc", symbol: "BTCUSDT", barTime: 1_700_000_000_000, purpose: "entry", leg: 0 } as const;

describe("linkIdOf", () => {
  it("is the same on every attempt", () => {
    expect(linkIdOf(BOT, REASON)).toBe(linkIdOf({ ...BOT }, { ...REASON }));
    expect(linkIdOf(BOT, REASON)).toMatch(/^g[0-9a-z]{6}-[0-9a-z]{26}$/);
  });

  it("is another for anything that differs, and knows its own", () => {
    const others = [
      linkIdOf({ ...BOT, account: "other" }, REASON),
      linkIdOf({ ...BOT, environment: "mainnet" }, REASON),
      linkIdOf(BOT, { ...REASON, lane: "b" }),
      linkIdOf(BOT, { ...REASON, symbol: "ETHUSDT" }),
      linkIdOf(BOT, { ...REASON, barTime: 1 }),
      linkIdOf(BOT, { ...REASON, purpose: "exit" }),
      linkIdOf(BOT, { ...REASON, leg: 1 }),
    ];
    expect(new Set([...others, linkIdOf(BOT, REASON)]).size).toBe(8);
    expect(others.map((id) => isOwnLinkId(BOT, id))).toEqual([false, false, true, true, true, true, true]);
  });

  it("has no collision among a hundred thousand bars", () => {
    const ids = new Set(Array.from({ length: 100_000 }, (_, k) => linkIdOf(BOT, { ...REASON, barTime: k })));
    expect(ids.size).toBe(100_000);
  });

  it("is at most 36 characters, whatever the names", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (lane, symbol) => {
        expect(linkIdOf(BOT, { ...REASON, lane, symbol }).length).toBeLessThanOrEqual(36);
      }),
    );
  });
});
