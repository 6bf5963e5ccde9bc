import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rest } from "../../src/matching/life.ts";
import {
  available,
  bankruptcyValue,
  liquidationValue,
  orderIM,
  positionIM,
  positionMM,
  spendable,
  totals,
  unrealised,
  withdrawable,
} from "../../src/matching/margin.ts";
import { desk, INVERSE, LINEAR } from "../support/books-desk.ts";

const ISOLATED = { marginMode: "ISOLATED_MARGIN" } as const;

describe("margin", () => {
  it("ties up for an order what the help centre's example says: value / leverage, fee to open, fee to close", () => {
    const d = desk(LINEAR, { account: { leverage: 10 } });
    d.price(50_000);
    rest(d.order(d.account, { side: "buy", price: 50_000, qty: 1 }));
    expect(d.money(orderIM(d.account.at(d.market), d.position()))).toBeCloseTo(5_000 + 27.5 + 24.75, 8);
    rest(d.order(d.account, { side: "sell", price: 50_000, qty: 1 }));
    // The dearer side alone: a short's fee to close is larger.
    expect(d.money(orderIM(d.account.at(d.market), d.position()))).toBeCloseTo(5_000 + 27.5 + 30.25, 8);
  });

  it("asks nothing for orders that only close", () => {
    const d = desk(LINEAR);
    d.price(50_000);
    d.deal({ side: "buy", price: 50_000, qty: 1 });
    rest(d.order(d.account, { side: "sell", price: 51_000, qty: 1 }));
    expect(orderIM(d.account.at(d.market), d.position())).toBe(0);
    rest(d.order(d.account, { side: "sell", price: 51_000, qty: 1 }));
    expect(d.money(orderIM(d.account.at(d.market), d.position()))).toBeCloseTo(
      5_100 + 28.05 + 51_000 * 1.1 * 0.00055,
      6,
    );
  });

  it("leaves to an isolated order what margins do not need, profit not counted", () => {
    const d = desk(LINEAR, { account: { ...ISOLATED, balances: { USDT: 10_000 } } });
    d.price(50_000);
    d.deal({ side: "buy", price: 50_000, qty: 1 });
    d.price(60_000);
    const holding = d.account.at(d.market);
    expect(d.money(available(holding))).toBeCloseTo(10_000 - 27.5 - 5_024.75, 6);
    expect(spendable(d.account, holding.settle)).toBe(available(holding));
  });

  it("counts profit for cross orders, and coins that have no price yet for themselves", () => {
    const d = desk(LINEAR, { account: { balances: { USDT: 10_000 } } });
    d.price(50_000);
    d.deal({ side: "buy", price: 50_000, qty: 1 });
    d.price(60_000);
    expect(d.money(available(d.account.at(d.market)))).toBeCloseTo(20_000 - 27.5 - 6_000 - 54_000 * 0.00055, 6);
    expect(d.money(withdrawable(d.account, d.market.coin))).toBeCloseTo(10_000 - 27.5 - 6_000 - 54_000 * 0.00055, 6);
    const unpriced = desk(INVERSE, { account: { balances: { BTC: 2 } } });
    expect(available(unpriced.account.at(unpriced.market))).toBe(2e8);
  });

  it("values the account alike whatever coin holds the money", () => {
    const d = desk(INVERSE, { account: { balances: { BTC: 1, USDT: 50_000 } } });
    d.price(50_000);
    expect(totals(d.account)).toEqual({ wallet: 100_000, upl: 0, im: 0, mm: 0 });
  });

  const setup = fc.record({
    instrument: fc.constantFrom(LINEAR, INVERSE),
    side: fc.constantFrom("buy" as const, "sell" as const),
    price: fc.integer({ min: 1_000, max: 90_000 }),
    qty: fc.integer({ min: 1, max: 40 }),
    leverage: fc.integer({ min: 1, max: 100 }),
    balance: fc.integer({ min: 1, max: 2_000_000 }),
    isIsolated: fc.boolean(),
  });
  type Setup = typeof setup extends fc.Arbitrary<infer T> ? T : never;
  const opened = ({ instrument, side, price, qty, leverage, balance, isIsolated }: Setup) => {
    const isInverse = instrument === INVERSE;
    const balances = { [instrument.settleCoin]: isInverse ? balance / price : balance };
    const marginMode = isIsolated ? "ISOLATED_MARGIN" : "REGULAR_MARGIN";
    const d = desk(instrument, { account: { balances, leverage, marginMode } });
    d.price(price);
    d.deal({ side, price, qty: isInverse ? qty * 1000 : qty });
    const holding = d.account.at(d.market);
    return { d, holding, position: d.position() };
  };
  /** Sets the mark to the price of a value; false when that is no price. */
  const goTo = ({ d, position }: ReturnType<typeof opened>, value: number) => {
    if (!(value > 0)) return false;
    d.market.mark = d.market.contract.priceOf(value, Math.abs(position.size));
    d.market.index = d.market.mark;
    return d.market.mark > 1 && d.market.mark < d.market.contract.maxPrice;
  };

  it("finds the value at which nothing is left beyond maintenance margin", () => {
    let tried = 0;
    fc.assert(
      fc.property(setup, (it) => {
        const state = opened(it);
        const { d, holding, position } = state;
        const value = liquidationValue(holding, position);
        if (!goTo(state, value)) return;
        tried += 1;
        const mm = positionMM(holding, position);
        const left = it.isIsolated
          ? positionIM(holding, position) + position.extra + unrealised(holding, position) - mm
          : holding.settle.balance + unrealised(holding, position) - mm;
        // Values are whole units; the ladder's floats add a hair.
        expect(Math.abs(left)).toBeLessThan(2 + value * 1e-9);
        expect(d.money(left)).toBeCloseTo(0, 2);
      }),
    );
    expect(tried).toBeGreaterThan(30);
  });

  it("finds the value at which closing as a taker leaves nothing", () => {
    let tried = 0;
    fc.assert(
      fc.property(setup, (it) => {
        const state = opened(it);
        const { holding, position } = state;
        const value = bankruptcyValue(holding, position);
        const margin = it.isIsolated ? positionIM(holding, position) + position.extra : holding.settle.balance;
        if (!goTo(state, value)) return;
        tried += 1;
        expect(Math.abs(margin + unrealised(holding, position) - value * 0.00055)).toBeLessThan(2 + value * 1e-9);
      }),
    );
    expect(tried).toBeGreaterThan(30);
  });
});
