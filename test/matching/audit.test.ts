import { describe, expect, it } from "vitest";
import { audit } from "../../src/matching/audit.ts";
import { desk, INVERSE, LINEAR, SPOT } from "../support/books-desk.ts";

describe("audit", () => {
  it("shows where each coin's money is", () => {
    const d = desk(LINEAR, { account: { balances: { USDT: 1_000 } } });
    d.deal({ side: "sell", price: 50_000, qty: 0.01 });
    const [usdt] = audit(d.books).coins;
    expect(usdt).toEqual({
      coin: "USDT",
      deposits: 1_000e8,
      wallets: 1_000e8 - 27_500_000,
      openCost: -500e8,
      market: -500e8,
      fees: 27_500_000,
      funding: 0,
      insurance: 0,
      residual: 0,
    });
  });

  it("counts inverse cost the other way round, and spot coins by both sides", () => {
    const inverse = desk(INVERSE, { account: { balances: { BTC: 1 } } });
    inverse.deal({ side: "buy", price: 50_000, qty: 10_000 });
    const [btc] = audit(inverse.books).coins;
    expect(btc).toMatchObject({ openCost: -0.2e8, market: -0.2e8, residual: 0 });
    const spot = desk(SPOT, { account: { balances: { USDT: 1_000 } } });
    spot.deal({ side: "buy", price: 50_000, qty: 0.01 });
    expect(audit(spot.books).coins).toMatchObject([
      { coin: "USDT", market: 500e8, residual: 0 },
      { coin: "BTC", market: -1_000_000, fees: 1_000, wallets: 999_000, residual: 0 },
    ]);
  });

  it("finds a unit that came from nowhere, and a step that did", () => {
    const d = desk(LINEAR);
    d.account.coins[0]!.balance += 1;
    d.deal({ side: "buy", price: 50_000, qty: 1 });
    d.position().size += 1;
    expect(audit(d.books).coins[0]!.residual).toBe(-1);
    expect(audit(d.books).sizes[d.key]).toBe(1);
  });
});
