import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { audit } from "../../src/matching/audit.ts";
import type { VenueEvent } from "../../src/matching/events.ts";
import { applyFill, flushTouched } from "../../src/matching/settle.ts";
import type { Account } from "../../src/matching/state.ts";
import { desk, INVERSE, LINEAR, SPOT } from "../support/books-desk.ts";

const balance = (account: Account, coin: string) => account.coins.find((own) => own.coin.name === coin)!.balance;

describe("applyFill", () => {
  it("computes the closed P&L sample of the documentation to the last digit", () => {
    const instrument = { ...LINEAR, tickSize: "0.05", minPrice: "0.05", qtyStep: "0.01" };
    const fees = { linear: { taker: 0.0006, maker: 0.0001 } };
    const { deal, order, account, money, position } = desk(instrument, { venue: { fees } });
    deal({ side: "buy", price: 1195, qty: 1.51 });
    deal({ side: "buy", price: 1194.95, qty: 1.49 });
    const closing = order(account, { side: "sell", price: 1180, qty: 3 });
    for (const [price, qty] of [
      [1180.6, 1],
      [1180.6, 1],
      [1180.6, 0.9],
      [1180.55, 0.1],
    ] as const) {
      deal({ side: "sell", price, qty, order: closing });
    }
    const rows = [...account.closedPnl.newestFirst()];
    expect(rows).toHaveLength(1);
    const [row] = rows;
    expect(row).toMatchObject({ side: "sell", qty: 300, closedSize: 300, fillCount: 4, orderId: closing.id });
    expect(money(row!.cumEntryValue)).toBe(3584.9255);
    expect(money(row!.cumExitValue)).toBe(3541.795);
    expect(money(row!.closedPnl)).toBe(-47.4065323);
    expect(row!.avgEntryPrice.toFixed(8)).toBe("1194.97516667");
    expect(closing.closedPnl).toBe(row!.closedPnl);
    expect(position()).toMatchObject({ size: 0, cost: 0, openFee: 0, openTime: 0 });
  });

  it("averages the entry over fills and pays the fee of each", () => {
    const { deal, position, account, money } = desk(LINEAR, { account: { balances: { USDT: 1000 } } });
    deal({ side: "buy", price: 100, qty: 0.3 });
    deal({ side: "buy", price: 101, qty: 0.2, isMaker: true });
    deal({ side: "buy", price: 102, qty: 0.5 });
    expect(position().size).toBe(1000);
    expect(money(position().cost)).toBe(101.2);
    const fees = 30 * 0.00055 + 20.2 * 0.0002 + 51 * 0.00055;
    expect(money(position().openFee)).toBeCloseTo(fees, 8);
    expect(money(balance(account, "USDT"))).toBeCloseTo(1000 - fees, 8);
    expect(money(position().curRealised)).toBeCloseTo(-fees, 8);
  });

  it("closes a part at average cost and leaves the rest of it to the last close", () => {
    const { deal, position } = desk(LINEAR);
    deal({ side: "buy", price: 100.01, qty: 0.001 });
    deal({ side: "buy", price: 100.02, qty: 0.002 });
    const { cost, openFee } = position();
    const first = deal({ side: "sell", price: 110, qty: 0.001 });
    const second = deal({ side: "sell", price: 110, qty: 0.002 });
    expect(first.closed!.cumEntryValue + second.closed!.cumEntryValue).toBe(cost);
    expect(first.closed!.openFee + second.closed!.openFee).toBe(openFee);
    expect(position()).toMatchObject({ size: 0, cost: 0, openFee: 0 });
  });

  it("turns a position: closes the old side whole, opens the remainder at the fill's price", () => {
    const { deal, position, account, money } = desk(LINEAR);
    deal({ side: "buy", price: 50_000, qty: 1 });
    const turn = deal({ side: "sell", price: 51_000, qty: 1.5 });
    expect(position().size).toBe(-500);
    expect(money(position().cost)).toBe(25_500);
    expect(money(position().openFee)).toBeCloseTo(25_500 * 0.00055, 8);
    expect(money(position().curRealised)).toBeCloseTo(-25_500 * 0.00055, 8);
    const [execution] = account.executions.newestFirst();
    expect(execution).toMatchObject({ closedSize: 1000, qty: 1500 });
    expect(money(execution!.pnl)).toBe(1000);
    expect(money(turn.closedPnl)).toBeCloseTo(1000 - 50_000 * 0.00055 - 51_000 * 0.00055, 8);
  });

  it("books the round trips worked out by hand, linear and inverse", () => {
    const linear = desk(LINEAR, { account: { balances: { USDT: 100_000 } } });
    linear.deal({ side: "buy", price: 50_000, qty: 0.5 });
    linear.deal({ side: "sell", price: 51_000, qty: 0.5 });
    expect(linear.money(balance(linear.account, "USDT"))).toBe(100_000 + 500 - 13.75 - 14.025);
    const fees = { inverse: { taker: 0, maker: 0 } };
    const inverse = desk(INVERSE, { account: { balances: { BTC: 1 } }, venue: { fees } });
    inverse.deal({ side: "buy", price: 50_000, qty: 10_000 });
    inverse.deal({ side: "sell", price: 51_000, qty: 10_000 });
    expect(balance(inverse.account, "BTC")).toBe(100_392_157);
  });

  it("keeps the two sides of hedge mode apart", () => {
    const { deal, position } = desk(LINEAR, { account: { positionMode: "hedge" } });
    deal({ side: "buy", price: 100, qty: 2, idx: 1 });
    deal({ side: "sell", price: 101, qty: 3, idx: 2 });
    deal({ side: "sell", price: 102, qty: 1, idx: 1 });
    expect([position(1).size, position(2).size]).toEqual([1000, -3000]);
  });

  it("takes the spot fee out of the coin received", () => {
    const { deal, account } = desk(SPOT, { account: { balances: { USDT: 10_000 } } });
    const buy = deal({ side: "buy", price: 50_000, qty: 0.1 });
    const scale = account.coins.find((own) => own.coin.name === "BTC")!.coin.scale;
    expect(balance(account, "USDT")).toBe(5_000e8);
    expect(balance(account, "BTC")).toBe(0.0999 * 10 ** scale);
    expect(buy).toMatchObject({ feeCoin: "BTC", cumExecFee: 0.0001 * 10 ** scale });
    const sell = deal({ side: "sell", price: 60_000, qty: 0.05 });
    expect(sell).toMatchObject({ feeCoin: "USDT", cumExecFee: 3e8 });
    expect(balance(account, "USDT")).toBe(5_000e8 + 3_000e8 - 3e8);
    expect([...account.closedPnl.newestFirst()]).toEqual([]);
  });

  it("tells the execution, then the position it caused under the same sequence number, then the wallet", () => {
    const { books, deal, account, market } = desk(LINEAR);
    const events: VenueEvent[] = [];
    books.listener = (event) => events.push(event);
    market.seq = 41;
    deal({ side: "buy", price: 100, qty: 1 });
    flushTouched(books, account);
    flushTouched(books, account);
    expect(events.map(({ type }) => type)).toEqual(["execution", "position", "wallet"]);
    const [execution, position] = events;
    expect(execution?.type === "execution" && execution.execution.seq).toBe(42);
    expect(position?.type === "position" && position.position().seq).toBe(42);
  });

  it("writes down each movement so that change = cash flow + funding − fee, and balances chain", () => {
    const { deal, account } = desk(LINEAR);
    for (const side of ["buy", "buy", "sell", "sell", "sell", "buy"] as const) deal({ side, price: 123.45, qty: 0.7 });
    const rows = [...account.transactions.newestFirst()].reverse().filter(({ coin }) => coin === "USDT");
    let held = 0;
    for (const row of rows) {
      expect(row.change).toBe(row.cashFlow + row.funding - row.fee);
      held += row.change;
      expect(row.balance).toBe(held);
    }
    expect(rows).toHaveLength(7);
  });

  it("charges no fee to who is deleveraged", () => {
    const { books, order, account, deal } = desk(LINEAR);
    deal({ side: "buy", price: 100, qty: 1 });
    const closing = order(account, { side: "sell", price: 100, qty: 1 });
    applyFill(books, closing, { price: 10_000, qty: 1000, isMaker: false, type: "AdlTrade" });
    expect(closing.cumExecFee).toBe(0);
    expect(closing.closed!.execType).toBe("AdlTrade");
  });

  it.each([
    ["linear", LINEAR, 10_000],
    ["inverse", INVERSE, 5_000_000],
    ["spot", SPOT, 5_000_000],
  ] as const)("conserves money and quantity to the unit over random %s fills", (_, instrument, most) => {
    const fill = fc.record({
      side: fc.constantFrom("buy" as const, "sell" as const),
      price: fc.integer({ min: 100_000, max: 9_000_000 }),
      qty: fc.integer({ min: 1, max: most }),
      isMaker: fc.boolean(),
      isSecond: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fill, { maxLength: 60 }), (fills) => {
        const fees = { [instrument.category]: { taker: 0.00055, maker: -0.00013 } };
        const { books, open, account, order, market } = desk(instrument, { venue: { fees } });
        const second = open({ id: "b" });
        for (const { side, price, qty, isMaker, isSecond } of fills) {
          const by = order(isSecond ? second : account, { side, price: 1, qty: 1 });
          applyFill(books, by, { price, qty, isMaker });
          const { coins, sizes } = audit(books);
          expect(coins.map(({ residual }) => residual)).toEqual(coins.map(() => 0));
          expect(Object.values(sizes)).toEqual([0]);
        }
        for (const own of [account, second]) {
          const { size, cost } = own.at(market).positions[0];
          if (size === 0) expect(cost).toBe(0);
          else expect(cost).toBeGreaterThan(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("sums closed P&L and open fees to what the wallet got", () => {
    const fill = fc.record({
      side: fc.constantFrom("buy" as const, "sell" as const),
      price: fc.integer({ min: 1_000_000, max: 9_000_000 }),
      qty: fc.integer({ min: 1, max: 5_000 }),
    });
    fc.assert(
      fc.property(fc.array(fill, { maxLength: 40 }), (fills) => {
        const { books, account, order, position } = desk(LINEAR);
        const before = balance(account, "USDT");
        for (const { side, price, qty } of fills) {
          applyFill(books, order(account, { side, price: 1, qty: 1 }), { price, qty, isMaker: false });
        }
        let closed = 0;
        for (const row of account.closedPnl.newestFirst()) closed += row.closedPnl;
        expect(balance(account, "USDT") - before).toBe(closed - position().openFee);
        expect(position().cumRealised).toBe(closed - position().openFee);
      }),
    );
  });
});
