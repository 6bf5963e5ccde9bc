import { describe, expect, it } from "vitest";
import {
  addMargin,
  confirmPendingMmr,
  feeRates,
  openAccount,
  setAutoAddMargin,
  setFees,
  setLeverage,
  setMarginMode,
  switchPositionMode,
  transfer,
} from "../../src/matching/account.ts";
import { audit } from "../../src/matching/audit.ts";
import { rest } from "../../src/matching/life.ts";
import { desk, INVERSE, LINEAR, SPOT } from "../support/books-desk.ts";

const ISOLATED = { marginMode: "ISOLATED_MARGIN" } as const;
const refused = (code: number) => expect.objectContaining({ ok: false, code });
const done = expect.objectContaining({ ok: true });

describe("openAccount", () => {
  it("books the first balances as transfers, exact to the unit", () => {
    const { books, account } = desk(LINEAR, { account: { balances: { USDT: "10000.12345678", BTC: 0.1 } } });
    expect(account.coins.map(({ coin, balance }) => [coin.name, balance])).toEqual([
      ["USDT", 1_000_012_345_678],
      ["BTC", 10_000_000],
    ]);
    expect([...account.transactions.newestFirst()].map(({ type }) => type)).toEqual(["TRANSFER_IN", "TRANSFER_IN"]);
    expect(audit(books).coins.every(({ residual }) => residual === 0)).toBe(true);
  });

  it.each([-1, 1e9, Number.NaN, "1e3"])("refuses a balance of %s and opens nothing", (amount) => {
    const { books } = desk(LINEAR);
    expect(() => openAccount(books, { id: "x", balances: { USDT: 5, USDC: amount } })).toThrow();
    expect(books.accounts.has("x")).toBe(false);
    expect(books.coin("USDT").deposits).toBe(1_000_000e8);
  });
});

describe("transfer", () => {
  it("takes out no more than is free", () => {
    const { books, account, deal, price } = desk(LINEAR, { account: { balances: { USDT: 10_000 } } });
    price(50_000);
    deal({ side: "buy", price: 50_000, qty: 1 });
    // 10,000 − 27.5 fee − 5,000 margin − 24.75 to close.
    expect(transfer(books, account, "USDT", -494_775_000_001)).toEqual(refused(110004));
    expect(transfer(books, account, "USDT", -494_775_000_000)).toEqual({ ok: true, balance: 502_475_000_000 });
    expect(transfer(books, account, "DOGE", -1)).toEqual(refused(110004));
    expect(audit(books).coins.map(({ residual }) => residual)).toEqual([0, 0]);
  });

  it("cannot take out what only prices promise", () => {
    const { books, account, deal, price } = desk(LINEAR, { account: { balances: { USDT: 6_000 } } });
    deal({ side: "buy", price: 50_000, qty: 1 });
    price(60_000);
    const free = 6_000 - 27.5 - 6_000 - 60_000 * 0.9 * 0.00055;
    expect(free).toBeLessThan(0);
    expect(transfer(books, account, "USDT", -1)).toEqual(refused(110004));
  });

  it.each([0, 0.5, Number.NaN])("refuses to move %s units", (amount) => {
    const { books, account } = desk(LINEAR);
    expect(transfer(books, account, "USDT", amount)).toEqual(refused(10001));
  });

  it("takes in coins that no market here knows", () => {
    const { books, account } = desk(LINEAR);
    expect(transfer(books, account, "DOGE", 5)).toEqual({ ok: true, balance: 5 });
  });
});

describe("fee rates", () => {
  it("are the account's own, by category", () => {
    const { account, market, deal } = desk(LINEAR);
    expect(feeRates(account, market)).toEqual({ taker: 0.00055, maker: 0.0002 });
    setFees(account, "linear", { taker: 0.0003, maker: -0.0001 });
    expect(feeRates(account, market).maker).toBe(-0.0001);
    expect(deal({ side: "buy", price: 100, qty: 1, isMaker: true }).cumExecFee).toBe(-1_000_000);
  });
});

describe("setLeverage", () => {
  it("sets both sides, and says when nothing changes", () => {
    const { books, account, key } = desk(LINEAR);
    expect(setLeverage(books, account, key, { buy: 20, sell: 20 })).toEqual(done);
    expect(setLeverage(books, account, key, { buy: 20, sell: 20 })).toEqual(refused(110043));
  });

  it.each([
    [{ buy: 101, sell: 101 }, 110013],
    [{ buy: 0.5, sell: 0.5 }, 10001],
    [{ buy: Number.NaN, sell: Number.NaN }, 10001],
    [{ buy: 5.005, sell: 5.005 }, 10001],
    [{ buy: 5, sell: 6 }, 10001],
  ])("refuses %o with %i", (leverage, code) => {
    const { books, account, key } = desk(LINEAR);
    expect(setLeverage(books, account, key, leverage)).toEqual(refused(code));
  });

  it("lets the sides differ in isolated hedge mode only", () => {
    const { books, account, key } = desk(LINEAR, { account: { ...ISOLATED, positionMode: "hedge" } });
    expect(setLeverage(books, account, key, { buy: 5, sell: 6 })).toEqual(done);
    expect(setMarginMode(books, account, "REGULAR_MARGIN")).toEqual(done);
    expect(account.holdings[0]).toMatchObject({ leverageBuy: 5, leverageSell: 5 });
  });

  it("is bound by the rung of the risk ladder the position is on", () => {
    const { books, account, key, deal, price } = desk(LINEAR);
    price(50_000);
    deal({ side: "buy", price: 50_000, qty: 50 });
    expect(setLeverage(books, account, key, { buy: 95, sell: 95 })).toEqual(refused(110013));
    expect(setLeverage(books, account, key, { buy: 90, sell: 90 })).toEqual(done);
  });

  it("needs money for less of it, and never liquidates with more of it", () => {
    const { books, account, key, deal, price } = desk(LINEAR, { account: { ...ISOLATED, balances: { USDT: 6_000 } } });
    price(50_000);
    deal({ side: "buy", price: 50_000, qty: 1 });
    expect(setLeverage(books, account, key, { buy: 5, sell: 5 })).toEqual(refused(110044));
    price(48_000);
    expect(setLeverage(books, account, key, { buy: 50, sell: 50 })).toEqual(refused(110011));
    expect(account.holdings[0]).toMatchObject({ leverageBuy: 10, leverageSell: 10 });
  });

  it("is not for spot, nor for markets that are not here", () => {
    const { books, account, key } = desk(SPOT);
    expect(setLeverage(books, account, key, { buy: 2, sell: 2 })).toEqual(refused(10001));
    expect(setLeverage(books, account, "linear/NOPE", { buy: 2, sell: 2 })).toEqual(refused(10001));
  });
});

describe("setMarginMode", () => {
  it("switches an account that can bear it, with its position", () => {
    const { books, account, deal, price, position } = desk(LINEAR);
    price(50_000);
    deal({ side: "buy", price: 50_000, qty: 1 });
    expect(setMarginMode(books, account, "REGULAR_MARGIN")).toEqual(refused(110026));
    expect(setMarginMode(books, account, "ISOLATED_MARGIN")).toEqual(done);
    expect(position().extra).toBe(0);
  });

  it("refuses when a position could not stand on its own margin", () => {
    const { books, account, deal, price } = desk(LINEAR, { account: { balances: { USDT: 20_000 } } });
    price(50_000);
    deal({ side: "buy", price: 50_000, qty: 1 });
    price(45_100);
    expect(setMarginMode(books, account, "ISOLATED_MARGIN")).toEqual(refused(110073));
    expect(account.isIsolated).toBe(false);
  });
});

describe("setMarginMode of an account that owes a coin", () => {
  it("is refused: isolated margin lends nothing", () => {
    const { books, account } = desk(LINEAR);
    account.coins[0]!.balance = -1;
    expect(setMarginMode(books, account, "ISOLATED_MARGIN")).toEqual(refused(110073));
  });
});

describe("switchPositionMode", () => {
  it("waits for a market without position and orders", () => {
    const { books, account, key, deal, order } = desk(LINEAR);
    expect(switchPositionMode(books, account, { market: key }, "oneWay")).toEqual(refused(110025));
    const resting = order(account, { side: "buy", price: 100, qty: 1 });
    rest(resting);
    expect(switchPositionMode(books, account, { market: key }, "hedge")).toEqual(refused(110028));
    deal({ side: "buy", price: 100, qty: 1 });
    expect(switchPositionMode(books, account, { market: key }, "hedge")).toEqual(refused(110024));
  });

  it("by coin switches only what is free", () => {
    const other = { ...LINEAR, symbol: "ETHUSDT", baseCoin: "ETH" };
    const { books, account, market, deal } = desk(LINEAR, { venue: { markets: [{ instrument: other }] } });
    deal({ side: "buy", price: 100, qty: 1 });
    expect(switchPositionMode(books, account, { coin: "USDT" }, "hedge")).toEqual(done);
    expect(account.at(market).isHedge).toBe(false);
    expect(account.at(books.market("linear/ETHUSDT")).isHedge).toBe(true);
    expect(switchPositionMode(books, account, { coin: "USDT" }, "hedge")).toEqual(refused(110025));
    expect(switchPositionMode(books, account, {}, "hedge")).toEqual(refused(10001));
  });

  it("is not for inverse contracts", () => {
    const { books, account, key } = desk(INVERSE);
    expect(switchPositionMode(books, account, { market: key }, "hedge")).toEqual(refused(110029));
  });
});

describe("addMargin", () => {
  const isolated = () => {
    const d = desk(LINEAR, { account: { ...ISOLATED, balances: { USDT: 10_000 } } });
    const add = (amount: number, positionIdx: 0 | 1 = 0) =>
      addMargin(d.books, d.account, d.key, { amount, positionIdx });
    d.price(50_000);
    return { ...d, add };
  };

  it("moves free money to a position's margin and back, never more than there is", () => {
    const { add, deal, position, price } = isolated();
    expect(add(1)).toEqual(refused(110033));
    deal({ side: "buy", price: 50_000, qty: 1 });
    expect(add(5_000e8)).toEqual(refused(110014));
    expect(add(1_000e8)).toEqual(done);
    expect(position().extra).toBe(1_000e8);
    price(49_400);
    expect(add(-401e8)).toEqual(refused(110044));
    expect(add(-400e8)).toEqual(done);
    expect(add(0)).toEqual(refused(10001));
    expect(add(1e8, 1)).toEqual(refused(10001));
  });

  it("is released with the part of the position that closes", () => {
    const { add, deal, position } = isolated();
    deal({ side: "buy", price: 50_000, qty: 1 });
    add(1_000e8);
    deal({ side: "sell", price: 50_000, qty: 0.25 });
    expect(position().extra).toBe(750e8);
    deal({ side: "sell", price: 50_000, qty: 0.75 });
    expect(position().extra).toBe(0);
  });

  it("and its automatic form are for isolated margin", () => {
    const { books, account, key } = desk(LINEAR);
    expect(addMargin(books, account, key, { amount: 1, positionIdx: 0 })).toEqual(refused(110015));
    expect(setAutoAddMargin(books, account, key, { on: true, positionIdx: 0 })).toEqual(refused(110076));
    const own = isolated();
    const auto = (on: boolean) => setAutoAddMargin(own.books, own.account, own.key, { on, positionIdx: 0 });
    expect([auto(true), auto(true), auto(false)]).toEqual([done, refused(34040), done]);
  });
});

describe("confirmPendingMmr", () => {
  it("has nothing to confirm for contracts, and is not for spot", () => {
    const linear = desk(LINEAR);
    expect(confirmPendingMmr(linear.books, linear.account, linear.key)).toEqual(done);
    const spot = desk(SPOT);
    expect(confirmPendingMmr(spot.books, spot.account, spot.key)).toEqual(refused(10001));
  });
});
