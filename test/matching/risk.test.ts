import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addMargin, setAutoAddMargin } from "../../src/matching/account.ts";
import { audit } from "../../src/matching/audit.ts";
import { digest } from "../../src/matching/digest.ts";
import type { VenueEvent } from "../../src/matching/events.ts";
import { rest } from "../../src/matching/life.ts";
import { totals } from "../../src/matching/margin.ts";
import { positionRow } from "../../src/matching/positionrow.ts";
import { deleverage, judgeRisk, liquidate } from "../../src/matching/risk.ts";
import { flushTouched } from "../../src/matching/settle.ts";
import { noteAccountRisk } from "../../src/matching/stale.ts";
import type { Account } from "../../src/matching/state.ts";
import { dealing, desk, INVERSE, LINEAR, SPOT } from "../support/books-desk.ts";

const ISOLATED = { marginMode: "ISOLATED_MARGIN" } as const;
const FREE = { linear: { taker: 0, maker: 0 }, inverse: { taker: 0, maker: 0 } };

type Desk = ReturnType<typeof desk>;
const balance = (account: Account, coin: string) => account.coins.find((own) => own.coin.name === coin)!.balance;
const walkTo = ({ price, books, market }: Desk, at: number) => {
  price(at);
  judgeRisk(books, market);
};
const holds = (d: Desk) => {
  for (const { residual } of audit(d.books).coins) expect(residual).toBe(0);
  for (const size of Object.values(audit(d.books).sizes)) expect(size).toBe(0);
};

describe("liquidation price", () => {
  it.each([
    ["buy", 19_698.49],
    ["sell", 20_298.51],
  ] as const)("of the documentation's isolated %s at 50x is %s", (side, expected) => {
    const d = desk(LINEAR, { account: { ...ISOLATED, leverage: 50 } });
    d.deal({ side, price: 20_000, qty: 1 });
    d.price(20_000);
    expect(positionRow(d.account.at(d.market), d.position()).liqPrice).toBe(d.ticks(expected));
  });

  it("of an inverse position follows the help centre's formula", () => {
    const d = desk(INVERSE, { account: { ...ISOLATED, leverage: 10 } });
    const [qty, entry, leverage, rate] = [10_000, 20_000, 10, 0.005];
    d.deal({ side: "buy", price: entry, qty });
    d.price(entry);
    const exact = (qty * (1 + rate)) / (qty / entry + qty / (entry * leverage));
    expect(positionRow(d.account.at(d.market), d.position()).liqPrice).toBe(Math.floor(exact / 0.5));
  });

  it.each(["buy", "sell"] as const)("is the first tick that liquidates an isolated %s", (side) => {
    const d = desk(LINEAR, { account: { ...ISOLATED, leverage: 25 } });
    d.deal({ side, price: 50_000, qty: 0.7 });
    d.price(50_000);
    judgeRisk(d.books, d.market);
    const { liqPrice } = positionRow(d.account.at(d.market), d.position());
    const before = liqPrice + (side === "buy" ? 1 : -1);
    walkTo(d, before * 0.01);
    expect(Math.abs(d.position().size)).toBe(700);
    walkTo(d, liqPrice * 0.01);
    expect(d.position().size).toBe(0);
  });

  it.each(["buy", "sell"] as const)("is the first tick that liquidates the only %s of a cross account", (side) => {
    const d = desk(LINEAR, { account: { balances: { USDT: 5_000 }, leverage: 10 } });
    d.deal({ side, price: 50_000, qty: 0.7 });
    d.price(50_000);
    judgeRisk(d.books, d.market);
    const { liqPrice } = positionRow(d.account.at(d.market), d.position());
    expect(d.market[side === "buy" ? "riskLow" : "riskHigh"]).toBe(liqPrice);
    walkTo(d, (liqPrice + (side === "buy" ? 1 : -1)) * 0.01);
    expect(Math.abs(d.position().size)).toBe(700);
    walkTo(d, liqPrice * 0.01);
    expect(d.position().size).toBe(0);
  });

  it("is 0 where no price in range would liquidate", () => {
    const d = desk(LINEAR, { account: { leverage: 10 } });
    d.deal({ side: "buy", price: 50_000, qty: 0.1 });
    d.price(50_000);
    expect(positionRow(d.account.at(d.market), d.position()).liqPrice).toBe(0);
  });
});

describe("judgeRisk", () => {
  it("takes an isolated position over for its margin and nothing more; the fund keeps what is better", () => {
    const d = desk(LINEAR, { account: { ...ISOLATED, leverage: 10, balances: { USDT: 20_000 } } });
    const events: VenueEvent[] = [];
    d.deal({ side: "buy", price: 50_000, qty: 1 });
    d.price(50_000);
    const { bustPrice } = positionRow(d.account.at(d.market), d.position());
    expect(bustPrice).toBe(d.ticks(45_000));
    const fund = d.market.coin.insurance;
    d.books.listener = (event) => events.push(event);
    walkTo(d, 45_226.13);
    const paid = 50_000 * 0.00055 + 5_000 + 45_000 * 0.00055;
    expect(d.money(balance(d.account, "USDT"))).toBeCloseTo(20_000 - paid, 6);
    expect(d.money(d.market.coin.insurance - fund)).toBeCloseTo(226.13, 6);
    const [execution] = d.account.executions.newestFirst();
    expect(execution).toMatchObject({ type: "BustTrade", side: "sell", price: bustPrice, qty: 1000 });
    const [order] = d.account.closed.newestFirst();
    expect(order).toMatchObject({ createType: "CreateByTakeOver_PassThrough", status: "Filled" });
    const [movement] = d.account.transactions.newestFirst();
    expect(movement?.type).toBe("LIQUIDATION");
    expect(events.find(({ type }) => type === "liquidation")).toMatchObject({
      side: "buy",
      qty: 1000,
      price: bustPrice,
    });
    expect(d.position()).toMatchObject({ status: "Normal", extra: 0 });
    holds(d);
  });

  it("lets the insurance fund pay when the price jumped past bankruptcy", () => {
    const d = desk(LINEAR, { account: { ...ISOLATED, leverage: 10, balances: { USDT: 6_000 } } });
    d.deal({ side: "buy", price: 50_000, qty: 1 });
    d.price(50_000);
    const fund = d.market.coin.insurance;
    walkTo(d, 40_000);
    expect(d.money(balance(d.account, "USDT"))).toBeCloseTo(6_000 - 5_000 - 27.5 - 24.75, 6);
    expect(d.money(d.market.coin.insurance - fund)).toBe(-5_000);
    holds(d);
  });

  it.each([1.2, 0.8])("never leaves a cross account below zero when the price jumps by %s", (factor) => {
    const d = desk(LINEAR, { account: { leverage: 20, balances: { USDT: 3_000 } } });
    d.deal({ side: factor > 1 ? "sell" : "buy", price: 50_000, qty: 1 });
    d.price(50_000);
    walkTo(d, 50_000 * factor);
    expect(d.position().size).toBe(0);
    expect(balance(d.account, "USDT")).toBeGreaterThanOrEqual(0);
    expect(d.money(balance(d.account, "USDT"))).toBeLessThan(0.02);
    holds(d);
  });

  it("tells that a cross account is being liquidated, then position by position, dearest first", () => {
    const other = { ...LINEAR, symbol: "ETHUSDT", baseCoin: "ETH" };
    const d = desk(LINEAR, {
      account: { leverage: 50, balances: { USDT: 3_000 } },
      venue: { markets: [{ instrument: other }] },
    });
    const eth = dealing(d.books, d.books.market("linear/ETHUSDT"), d.account);
    d.price(50_000);
    eth.price(2_000);
    d.deal({ side: "buy", price: 50_000, qty: 1 });
    eth.deal({ side: "buy", price: 2_000, qty: 2 });
    judgeRisk(d.books, d.market);
    flushTouched(d.books, d.account);
    const told: string[] = [];
    d.books.listener = (event) => {
      if (event.type !== "position") return told.push(event.type);
      const { market, size, status } = event.position();
      return told.push(`${market} ${size} ${status}`);
    };
    d.price(47_300);
    judgeRisk(d.books, d.market);
    expect(told).toEqual([
      "linear/BTCUSDT 1000 Liq",
      "linear/ETHUSDT 2000 Liq",
      "execution",
      "order",
      "liquidation",
      "execution",
      "order",
      "liquidation",
      "linear/BTCUSDT 0 Normal",
      "linear/ETHUSDT 0 Normal",
      "wallet",
    ]);
    holds(d);
  });

  it("cancels the account's orders first", () => {
    const d = desk(LINEAR, { account: { ...ISOLATED, leverage: 10, balances: { USDT: 20_000 } } });
    d.deal({ side: "buy", price: 50_000, qty: 1 });
    d.price(50_000);
    const resting = d.order(d.account, { side: "buy", price: 40_000, qty: 0.1 });
    rest(resting);
    walkTo(d, 45_000);
    expect(resting).toMatchObject({ status: "Cancelled", cancelType: "CancelAllBeforeLiq" });
  });

  it("steps down the risk ladder rather than taking all of a large position", () => {
    const d = desk(LINEAR, {
      account: { ...ISOLATED, leverage: 50, balances: { USDT: 1_000_000 } },
      venue: { fees: FREE },
    });
    d.deal({ side: "buy", price: 50_000, qty: 50 });
    d.price(50_000);
    const { liqPrice, riskId } = positionRow(d.account.at(d.market), d.position());
    expect(riskId).toBe(2);
    walkTo(d, liqPrice * 0.01);
    const row = positionRow(d.account.at(d.market), d.position());
    expect(row.size).toBeGreaterThan(0);
    expect(row.size).toBe(Math.floor(2_000_000 / (liqPrice * 0.01 * 0.001)));
    expect(row.riskId).toBe(1);
    expect(row.liqPrice).toBeLessThan(liqPrice);
    holds(d);
  });

  it("adds margin by itself while there is money", () => {
    const d = desk(LINEAR, { account: { ...ISOLATED, leverage: 10, balances: { USDT: 12_000 } } });
    d.deal({ side: "buy", price: 50_000, qty: 1 });
    d.price(50_000);
    setAutoAddMargin(d.books, d.account, d.key, { on: true, positionIdx: 0 });
    walkTo(d, 45_100);
    expect(d.position().size).toBe(1000);
    expect(d.money(d.position().extra)).toBe(4_900);
    walkTo(d, 43_000);
    expect(d.position().size).toBe(1000);
    walkTo(d, 38_000);
    expect(d.position().size).toBe(0);
    expect(balance(d.account, "USDT")).toBeGreaterThanOrEqual(0);
    holds(d);
  });

  it("moves the liquidation price of an isolated position with the margin added", () => {
    const d = desk(LINEAR, { account: { ...ISOLATED, leverage: 10, balances: { USDT: 20_000 } } });
    d.deal({ side: "buy", price: 50_000, qty: 1 });
    d.price(50_000);
    addMargin(d.books, d.account, d.key, { amount: 1_000e8, positionIdx: 0 });
    const { liqPrice } = positionRow(d.account.at(d.market), d.position());
    expect(liqPrice).toBe(Math.floor((45_000 - 1_000) / 0.995 / 0.01));
    walkTo(d, 45_000);
    expect(d.position().size).toBe(1000);
  });

  it("counts the profit of one cross position for the loss of another", () => {
    const other = { ...LINEAR, symbol: "ETHUSDT", baseCoin: "ETH" };
    const d = desk(LINEAR, {
      account: { leverage: 20, balances: { USDT: 3_000 } },
      venue: { markets: [{ instrument: other }] },
    });
    const eth = dealing(d.books, d.books.market("linear/ETHUSDT"), d.account);
    d.price(50_000);
    eth.price(2_000);
    d.deal({ side: "buy", price: 50_000, qty: 1 });
    eth.deal({ side: "sell", price: 2_000, qty: 20 });
    judgeRisk(d.books, d.market);
    eth.price(1_900);
    judgeRisk(d.books, eth.market);
    walkTo(d, 47_500);
    expect([d.position().size, eth.position().size]).toEqual([1000, -20_000]);
    walkTo(d, 45_000);
    expect(d.position().size).toBe(0);
    holds(d);
  });

  it("judges a cross account when the index of a coin it holds falls", () => {
    const d = desk(LINEAR, {
      account: { leverage: 10, balances: { BTC: 1 } },
      venue: { markets: [{ instrument: SPOT }] },
    });
    d.market.hasOwnMark = true;
    d.market.mark = 5_000_000;
    d.market.setLast(5_000_000, "buy");
    d.deal({ side: "sell", price: 50_000, qty: 5 });
    const priced = d.books.coin("BTC").priced!;
    priced.hasOwnIndex = true;
    priced.index = 5_000_000;
    judgeRisk(d.books, d.market);
    expect(d.position().size).toBe(-5000);
    priced.index = 120_000;
    judgeRisk(d.books, priced);
    expect(d.position().size).toBe(0);
    holds(d);
  });

  it("changes nothing by looking only where the bounds say so", () => {
    const deal = fc.record({
      side: fc.constantFrom("buy" as const, "sell" as const),
      qty: fc.integer({ min: 1, max: 40 }),
      isSecond: fc.boolean(),
      move: fc.integer({ min: -300, max: 300 }),
      moves: fc.integer({ min: 1, max: 40 }),
    });
    const setup = fc.record({
      usdt: fc.integer({ min: 500, max: 5_000 }),
      btc: fc.integer({ min: 0, max: 2 }),
      leverage: fc.integer({ min: 5, max: 100 }),
      isIsolated: fc.boolean(),
      isInverse: fc.boolean(),
    });
    let liquidations = 0;
    fc.assert(
      fc.property(setup, fc.array(deal, { maxLength: 8 }), ({ usdt, btc, leverage, isIsolated, isInverse }, deals) => {
        const marginMode = isIsolated ? "ISOLATED_MARGIN" : "REGULAR_MARGIN";
        const balances = { USDT: usdt, BTC: btc / 20 };
        const make = () =>
          desk(isInverse ? INVERSE : LINEAR, {
            account: { balances, leverage, marginMode, positionMode: "hedge" },
            venue: { markets: [{ instrument: { ...LINEAR, symbol: "XYZUSDT", baseCoin: "XYZ" } }] },
          });
        const desks = [make(), make()] as const;
        let at = 50_000;
        for (const { side, qty, isSecond, move, moves } of deals) {
          for (const d of desks) {
            d.price(at);
            const second = dealing(d.books, d.books.market("linear/XYZUSDT"), d.account);
            const idx = side === "buy" ? 1 : 2;
            second.price(100);
            if (isSecond) second.deal({ side, price: 100, qty, idx });
            else if (isInverse) d.deal({ side, price: at, qty: qty * 500 });
            else d.deal({ side, price: at, qty: qty * 0.01, idx });
            judgeRisk(d.books, d.market);
          }
          for (let i = 0; i < moves; i++) {
            at = Math.max(100, at + move);
            for (const d of desks) d.price(at);
            const [lazy, eager] = desks;
            judgeRisk(lazy.books, lazy.market);
            eager.market.riskLow = Infinity;
            noteAccountRisk(eager.account);
            judgeRisk(eager.books, eager.market);
            expect(digest(lazy.books)).toBe(digest(eager.books));
          }
        }
        const [{ account }] = desks;
        for (const { type } of account.executions.newestFirst()) if (type === "BustTrade") liquidations += 1;
        for (const d of desks) holds(d);
        const isFlat = account.holdings.every((holding) => !holding.hasPosition);
        if (isFlat) for (const own of account.coins) expect(own.balance).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 150 },
    );
    expect(liquidations).toBeGreaterThan(10);
  });

  it("deleverages the other side when the fund is empty", () => {
    const d = desk(LINEAR, {
      account: { ...ISOLATED, leverage: 10, balances: { USDT: 6_000 } },
      venue: { insurance: 100 },
    });
    const winner = d.open({ id: "b", balances: { USDT: 100_000 } });
    d.deal({ side: "buy", price: 50_000, qty: 1 });
    d.deal({ side: "sell", price: 50_000, qty: 3 }, winner);
    walkTo(d, 40_000);
    expect(d.position(0, winner).size).toBe(-2000);
    const [execution] = winner.executions.newestFirst();
    expect(execution).toMatchObject({ type: "AdlTrade", price: d.ticks(45_000), qty: 1000, fee: 0 });
    expect(d.money(d.market.coin.insurance)).toBe(100);
    holds(d);
  });
});

describe("fate", () => {
  it("liquidates on demand at the bankruptcy price", () => {
    const d = desk(LINEAR, { account: { ...ISOLATED, leverage: 10, balances: { USDT: 20_000 } } });
    d.price(50_000);
    expect(liquidate(d.books, d.account, d.market)).toBe(false);
    d.deal({ side: "sell", price: 50_000, qty: 1 });
    expect(liquidate(d.books, d.account, d.market)).toBe(true);
    expect(d.position().size).toBe(0);
    const [execution] = d.account.executions.newestFirst();
    expect(execution).toMatchObject({ type: "BustTrade", price: d.ticks(55_000) });
    holds(d);
  });

  it("on demand takes a cross position for its share of the equity, so that another one can stay", () => {
    const other = { ...LINEAR, symbol: "ETHUSDT", baseCoin: "ETH" };
    const d = desk(LINEAR, { account: { balances: { USDT: 6_000 } }, venue: { markets: [{ instrument: other }] } });
    const eth = dealing(d.books, d.books.market("linear/ETHUSDT"), d.account);
    d.price(50_000);
    eth.price(2_000);
    d.deal({ side: "buy", price: 50_000, qty: 0.5 });
    eth.deal({ side: "sell", price: 2_000, qty: 12.5 });
    const before = totals(d.account);
    expect(liquidate(d.books, d.account, d.market)).toBe(true);
    const after = totals(d.account);
    expect([d.position().size, eth.position().size]).toEqual([0, -12_500]);
    expect(after.mm / (after.wallet + after.upl)).toBeCloseTo(before.mm / (before.wallet + before.upl), 5);
    holds(d);
  });

  it("deleverages on demand at the mark price, free of fees", () => {
    const d = desk(LINEAR);
    d.price(50_000);
    expect(deleverage(d.books, d.account, d.market, 0)).toBe(false);
    d.deal({ side: "buy", price: 50_000, qty: 1 });
    d.price(51_000);
    expect(deleverage(d.books, d.account, d.market, 400)).toBe(true);
    expect(d.position().size).toBe(600);
    const [order] = d.account.closed.newestFirst();
    expect(order).toMatchObject({ createType: "CreateByAdl_PassThrough", cumExecFee: 0 });
    expect(d.money(order!.closedPnl)).toBeCloseTo(400 - 20_000 * 0.00055, 8);
    deleverage(d.books, d.account, d.market, 0);
    expect(d.position().size).toBe(0);
    holds(d);
  });
});
