import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exact, exactProduct, exactText } from "../../src/core/exact.ts";
import type { ExecutionFact } from "../../src/engine/facts.ts";
import { Ledger } from "../../src/engine/ledger.ts";

let ids = 0;
const fill = (side: "buy" | "sell", qty: string, price: string, given: Partial<ExecutionFact> = {}): ExecutionFact => ({
  symbol: "BTCUSDT",
  execId: `e${++ids}`,
  orderId: "1",
  orderLinkId: "",
  side,
  price,
  qty,
  fee: "0",
  feeCoin: "USDT",
  type: "Trade",
  stopOrderType: "",
  time: 0,
  ...given,
});

describe("Ledger", () => {
  it("averages entries and realises the closed part", () => {
    const ledger = new Ledger();
    ledger.book(fill("buy", "1", "100", { fee: "0.055" }));
    ledger.book(fill("buy", "3", "104"));
    expect([exactText(ledger.size("BTCUSDT")), ledger.entryPrice("BTCUSDT")]).toEqual(["4", 103]);
    const posting = ledger.book(fill("sell", "1", "110", { fee: "0.0605" }))!;
    expect([exactText(posting.realised), exactText(posting.after)]).toEqual(["7", "3"]);
    expect(exactText(ledger.net)).toBe("6.8845");
    expect(ledger.symbols).toEqual(["BTCUSDT"]);
  });

  it("gives the price of a single fill back to the last bit", () => {
    // Cost over size, each rounded first, misses some of them by the last bit.
    for (const [qty, price] of [
      ["0.1", "0.29"],
      ["0.003", "64123.7"],
      ["88.6", "102.65"],
      ["7", "0.0000123"],
    ] as const) {
      const ledger = new Ledger();
      ledger.book(fill("sell", qty, price));
      expect(ledger.entryPrice("BTCUSDT")).toBe(Number(price));
    }
  });

  it("a fill beyond the position closes it and opens the other way", () => {
    const ledger = new Ledger();
    ledger.book(fill("sell", "2", "50"));
    const posting = ledger.book(fill("buy", "3", "40"))!;
    expect([exactText(posting.realised), exactText(ledger.size("BTCUSDT"))]).toEqual(["20", "1"]);
    expect(ledger.entryPrice("BTCUSDT")).toBe(40);
  });

  it("books an execution once, however often it is told", () => {
    const ledger = new Ledger();
    const one = fill("buy", "1", "100");
    expect(ledger.book(one)).not.toBeNull();
    expect(ledger.book({ ...one })).toBeNull();
    expect([ledger.executions, ledger.has(one.execId), exactText(ledger.size("BTCUSDT"))]).toEqual([1, true, "1"]);
  });

  it("funding moves money and no position", () => {
    const ledger = new Ledger();
    ledger.book(fill("buy", "1", "100"));
    const posting = ledger.book(fill("buy", "1", "100", { type: "Funding", fee: "0.01" }))!;
    expect([exactText(posting.funding), exactText(ledger.size("BTCUSDT")), exactText(ledger.net)]).toEqual([
      "-0.01",
      "1",
      "-0.01",
    ]);
    ledger.book(fill("buy", "1", "100", { type: "Funding", fee: "-0.03" }));
    expect(exactText(ledger.funding)).toBe("0.02");
  });

  it("liquidation and ADL are fills of the position", () => {
    const ledger = new Ledger();
    ledger.book(fill("buy", "2", "100"));
    ledger.book(fill("sell", "1", "90", { type: "AdlTrade" }));
    ledger.book(fill("sell", "1", "80", { type: "BustTrade" }));
    expect([exactText(ledger.size("BTCUSDT")), exactText(ledger.realised), ledger.entryPrice("BTCUSDT")]).toEqual([
      "0",
      "-30",
      null,
    ]);
  });

  it("once flat, realised is what was received less what was paid, to the last digit", () => {
    const fills = fc.array(
      fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 999_999 }), fc.integer({ min: 1, max: 99_999_999 })),
      { minLength: 1, maxLength: 40 },
    );
    fc.assert(
      fc.property(fills, (drawn) => {
        const ledger = new Ledger();
        let cash = 0n;
        let size = 0n;
        const trade = (isBuy: boolean, qty: string, price: string) => {
          ledger.book(fill(isBuy ? "buy" : "sell", qty, price));
          const signed = isBuy ? exact(qty) : -exact(qty);
          cash -= exactProduct(signed, exact(price));
          size += signed;
        };
        for (const [isBuy, qty, price] of drawn) trade(isBuy, (qty / 1_000).toFixed(3), (price / 100).toFixed(2));
        if (size !== 0n) trade(size < 0n, exactText(size < 0n ? -size : size), "77.77");
        expect(ledger.size("BTCUSDT")).toBe(0n);
        expect(ledger.realised).toBe(cash);
      }),
    );
  });
});
