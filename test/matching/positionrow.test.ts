import { describe, expect, it } from "vitest";
import { positionRow } from "../../src/matching/positionrow.ts";
import { desk, INVERSE, LINEAR } from "../support/books-desk.ts";

const ISOLATED = { marginMode: "ISOLATED_MARGIN" } as const;

describe("positionRow", () => {
  it("shows an isolated long as the help centre computes it", () => {
    const d = desk(LINEAR, { account: { ...ISOLATED, leverage: 10 } });
    d.deal({ side: "buy", price: 50_000, qty: 1 });
    d.price(51_000);
    const row = positionRow(d.account.at(d.market), d.position());
    expect(row).toMatchObject({
      size: 1000,
      entryPrice: 50_000,
      leverage: 10,
      status: "Normal",
      riskId: 1,
      adlRank: 5,
    });
    expect(d.money(row.positionValue)).toBe(50_000);
    // Entry / leverage + fee to close at bankruptcy.
    expect(d.money(row.positionIM)).toBe(5_000 + 24.75);
    // Mark × rate + fee to close.
    expect(d.money(row.positionMM)).toBe(51_000 * 0.005 + 24.75);
    expect(d.money(row.unrealisedPnl)).toBe(1_000);
    expect(d.money(row.riskLimitValue)).toBe(2_000_000);
    expect(row.bustPrice).toBe(d.ticks(45_000));
  });

  it("shows a cross short by its mark value", () => {
    const d = desk(LINEAR, { account: { leverage: 10 } });
    d.deal({ side: "sell", price: 50_000, qty: 1 });
    d.price(51_000);
    const row = positionRow(d.account.at(d.market), d.position());
    expect(d.money(row.positionValue)).toBe(51_000);
    expect(d.money(row.positionIM)).toBeCloseTo(5_100 + 51_000 * 1.1 * 0.00055, 8);
    expect(d.money(row.unrealisedPnl)).toBe(-1_000);
  });

  it("climbs the risk ladder with the mark value, margin staying continuous", () => {
    const d = desk(LINEAR);
    d.deal({ side: "buy", price: 50_000, qty: 40 });
    d.price(50_000);
    const low = positionRow(d.account.at(d.market), d.position());
    d.price(50_000.01);
    const high = positionRow(d.account.at(d.market), d.position());
    expect([low.riskId, high.riskId]).toEqual([1, 2]);
    expect(d.money(high.positionMM - low.positionMM)).toBeCloseTo(0, 2);
    expect(high.positionMM).toBeGreaterThan(low.positionMM);
  });

  it("breaks even where closing pays for all fees", () => {
    const fees = { linear: { taker: 0.00055, maker: 0.0002 } };
    for (const side of ["buy", "sell"] as const) {
      const d = desk(LINEAR, { venue: { fees } });
      d.deal({ side, price: 50_000, qty: 1 });
      const { breakEvenPrice } = positionRow(d.account.at(d.market), d.position());
      const sign = side === "buy" ? 1 : -1;
      expect(breakEvenPrice).toBeCloseTo((50_000 + sign * 27.5) / (1 - sign * 0.00055), 6);
      const before = d.account.coins[0]!.balance + 50_000 * 0.00055 * 1e8;
      d.deal({ side: side === "buy" ? "sell" : "buy", price: breakEvenPrice, qty: 1 });
      expect(d.money(d.account.coins[0]!.balance - before)).toBeCloseTo(0, 1);
    }
  });

  it("breaks even in coin, too", () => {
    const d = desk(INVERSE);
    d.deal({ side: "sell", price: 50_000, qty: 100_000 });
    const { breakEvenPrice } = positionRow(d.account.at(d.market), d.position());
    d.deal({ side: "buy", price: breakEvenPrice, qty: 100_000 });
    expect(d.money(d.position().cumRealised)).toBeCloseTo(0, 4);
  });

  it("is empty when flat, and remembers what it made", () => {
    const d = desk(LINEAR);
    d.deal({ side: "buy", price: 50_000, qty: 1 });
    d.deal({ side: "sell", price: 50_100, qty: 1 });
    const row = positionRow(d.account.at(d.market), d.position());
    expect(row).toMatchObject({
      size: 0,
      entryPrice: 0,
      liqPrice: 0,
      bustPrice: 0,
      positionIM: 0,
      adlRank: 0,
      openTime: 0,
    });
    expect(d.money(row.cumRealisedPnl)).toBeCloseTo(100 - 27.5 - 27.555, 8);
  });
});
