import { describe, expect, it } from "vitest";
import { audit } from "../../src/matching/audit.ts";
import { coverDebt } from "../../src/matching/debt.ts";
import type { Account } from "../../src/matching/state.ts";
import { desk, LINEAR } from "../support/books-desk.ts";

const own = (account: Account, coin: string) => account.coins.find((it) => it.coin.name === coin)!;

/** A desk at 50,000 whose account lost `lost` USDT of its hundred. */
function indebted(options: Parameters<typeof desk>[1] & { lost: number }) {
  const d = desk(LINEAR, { ...options, venue: { fees: { linear: { taker: 0, maker: 0 } } } });
  d.price(50_000);
  d.deal({ side: "buy", price: 50_000, qty: 1 });
  d.deal({ side: "sell", price: 50_000 - options.lost, qty: 1 });
  const fund = { USDT: d.books.coin("USDT").insurance, BTC: d.books.coin("BTC").insurance };
  return { ...d, fund };
}

describe("coverDebt", () => {
  it("repays with other coins at index prices; the fund only changes coins", () => {
    const { books, account, fund } = indebted({ account: { balances: { USDT: 100, BTC: 1 } }, lost: 5_100 });
    expect(own(account, "USDT").balance).toBe(-5_000e8);
    coverDebt(books, account);
    expect([own(account, "USDT").balance, own(account, "BTC").balance]).toEqual([0, 0.9e8]);
    expect(books.coin("USDT").insurance - fund.USDT).toBe(-5_000e8);
    expect(books.coin("BTC").insurance - fund.BTC).toBe(0.1e8);
    expect(audit(books).coins.map(({ residual }) => residual)).toEqual([0, 0]);
  });

  it("lets the fund pay what is missing then", () => {
    const { books, account, fund } = indebted({ account: { balances: { USDT: 100, BTC: 0.01 } }, lost: 5_100 });
    coverDebt(books, account);
    expect([own(account, "USDT").balance, own(account, "BTC").balance]).toEqual([0, 0]);
    expect(books.coin("USDT").insurance - fund.USDT).toBe(-5_000e8);
    expect([...account.transactions.newestFirst()][0]).toMatchObject({
      type: "LIQUIDATION",
      change: 4_500e8,
      balance: 0,
    });
    expect(audit(books).coins.map(({ residual }) => residual)).toEqual([0, 0]);
  });

  it("does not touch other coins of an isolated account", () => {
    const marginMode = "ISOLATED_MARGIN";
    const { books, account } = indebted({ account: { marginMode, balances: { USDT: 100, BTC: 1 } }, lost: 200 });
    coverDebt(books, account);
    expect([own(account, "USDT").balance, own(account, "BTC").balance]).toEqual([0, 1e8]);
  });

  it("waits while a position is open, or orders hold the coins", () => {
    const d = indebted({ account: { balances: { USDT: 100, BTC: 1 } }, lost: 200 });
    own(d.account, "BTC").locked = 1e8;
    coverDebt(d.books, d.account);
    expect(own(d.account, "USDT").balance).toBe(-100e8);
    own(d.account, "BTC").locked = 0;
    d.deal({ side: "buy", price: 50_000, qty: 0.1 });
    coverDebt(d.books, d.account);
    expect(own(d.account, "USDT").balance).toBe(-100e8);
  });
});
