import { describe, expect, it } from "vitest";
import { audit } from "../../src/matching/audit.ts";
import { fundingRows, nextFundingTime, settleDue, settleFunding } from "../../src/matching/funding.ts";
import { desk, INVERSE, LINEAR } from "../support/books-desk.ts";

const XRP = { ...LINEAR, symbol: "XRPUSDT", baseCoin: "XRP", tickSize: "0.0001", minPrice: "0.0001", qtyStep: "0.1" };
const HOUR = 3_600_000;

function rates(...rows: readonly (readonly [time: number, rate: number])[]) {
  const time = Float64Array.from(rows, ([at]) => at);
  return { symbol: "BTCUSDT", time, rate: Float64Array.from(rows, ([, rate]) => rate) };
}
const usdt = ({ account }: ReturnType<typeof desk>) => account.coins.find((own) => own.coin.name === "USDT")!.balance;

describe("settleFunding", () => {
  it("books the funding sample of the documentation", () => {
    const d = desk(XRP, { account: { balances: { USDT: 1000 } } });
    d.deal({ side: "buy", price: 0.36, qty: 100 });
    d.price(0.3676);
    const before = usdt(d);
    settleFunding(d.books, d.market, 0.0001);
    expect(d.money(usdt(d) - before)).toBeCloseTo(-0.003676, 10);
    const [row] = d.account.transactions.newestFirst();
    expect(row).toMatchObject({ type: "SETTLEMENT", side: "buy", fee: 0, cashFlow: 0, feeRate: 0.0001, price: 3676 });
    expect(row).toMatchObject({ size: 1000, qty: 1000, funding: -367_600, change: -367_600, orderId: 0 });
    const [execution] = d.account.executions.newestFirst();
    expect(execution).toMatchObject({ type: "Funding", orderType: "UNKNOWN", fee: 367_600, qty: 1000, price: 3676 });
    expect(execution!.seq).toBe(d.position().seq);
  });

  it("pays shorts what longs pay, at the mark price", () => {
    const d = desk(LINEAR);
    const short = d.open({ id: "b" });
    d.price(50_000);
    d.deal({ side: "buy", price: 50_000, qty: 0.5 });
    d.deal({ side: "sell", price: 50_000, qty: 0.5 }, short);
    const [long, other] = [usdt(d), usdt({ ...d, account: short })];
    settleFunding(d.books, d.market, 0.0001);
    expect(d.money(usdt(d) - long)).toBe(-2.5);
    expect(d.money(usdt({ ...d, account: short }) - other)).toBe(2.5);
    expect([...short.transactions.newestFirst()][0]).toMatchObject({ feeRate: -0.0001, size: -500 });
    expect(audit(d.books).coins.map(({ residual }) => residual)).toEqual([0, 0]);
  });

  it("is counted in the realised profit of the position, not in closed P&L", () => {
    const d = desk(LINEAR, { venue: { fees: { linear: { taker: 0, maker: 0 } } } });
    d.price(50_000);
    d.deal({ side: "buy", price: 50_000, qty: 0.5 });
    settleFunding(d.books, d.market, 0.0001);
    expect(d.money(d.position().curRealised)).toBe(-2.5);
    const closing = d.deal({ side: "sell", price: 51_000, qty: 0.5 });
    expect(d.money(closing.closedPnl)).toBe(500);
    expect(d.money(d.position().cumRealised)).toBe(497.5);
  });

  it("nets the round trip worked out by hand: profit, both fees, one settlement", () => {
    const d = desk(LINEAR);
    const before = usdt(d);
    d.deal({ side: "buy", price: 50_000, qty: 0.5 });
    d.price(50_500);
    settleFunding(d.books, d.market, 0.0001);
    d.deal({ side: "sell", price: 51_000, qty: 0.5 });
    expect(d.money(usdt(d) - before)).toBe(469.7);
    expect(d.money(d.position().cumRealised)).toBe(469.7);
  });

  it("pays inverse contracts in coin", () => {
    const d = desk(INVERSE, { account: { balances: { BTC: 1 } } });
    d.price(50_000);
    d.deal({ side: "sell", price: 50_000, qty: 10_000 });
    settleFunding(d.books, d.market, 0.0001);
    expect([...d.account.transactions.newestFirst()][0]).toMatchObject({ coin: "BTC", funding: 2000 });
  });

  it("takes from an isolated position's margin what the free balance cannot pay", () => {
    const d = desk(LINEAR, { account: { marginMode: "ISOLATED_MARGIN", balances: { USDT: 5_060 } } });
    d.price(50_000);
    d.deal({ side: "buy", price: 50_000, qty: 1 });
    settleFunding(d.books, d.market, 0.0003);
    // 5,060 − 27.5 to open − 15 funding leaves 5,017.5 for 5,024.75 of initial margin.
    expect(d.money(d.position().extra)).toBe(-7.25);
  });

  it("can liquidate", () => {
    const d = desk(LINEAR, { account: { leverage: 100, balances: { USDT: 600 } } });
    d.price(50_000);
    d.deal({ side: "buy", price: 50_000, qty: 1 });
    settleFunding(d.books, d.market, 0.0075);
    expect(d.position().size).toBe(0);
    expect(audit(d.books).coins.map(({ residual }) => residual)).toEqual([0, 0]);
  });
});

describe("settleDue", () => {
  it("settles at each symbol's own times, in order, and moves the clock there", () => {
    const other = { ...LINEAR, symbol: "ETHUSDT", baseCoin: "ETH" };
    const every8 = rates([8 * HOUR, 0.0001], [16 * HOUR, 0.0002]);
    const every4 = rates([4 * HOUR, -0.0001], [8 * HOUR, -0.0002], [12 * HOUR, 0.0003]);
    const d = desk(LINEAR, {
      market: { funding: every8 },
      venue: { markets: [{ instrument: other, funding: every4 }] },
    });
    d.price(50_000);
    d.deal({ side: "buy", price: 50_000, qty: 1 });
    expect(nextFundingTime(d.books)).toBe(4 * HOUR);
    settleDue(d.books, 12 * HOUR - 1);
    expect(fundingRows(d.books, d.market)).toEqual([{ time: 8 * HOUR, rate: 0.0001 }]);
    expect(fundingRows(d.books, d.books.market("linear/ETHUSDT")).map(({ rate }) => rate)).toEqual([-0.0001, -0.0002]);
    expect([...d.account.executions.newestFirst()][0]).toMatchObject({ type: "Funding", time: 8 * HOUR });
    expect(nextFundingTime(d.books)).toBe(12 * HOUR);
    settleDue(d.books, 99 * HOUR);
    expect(nextFundingTime(d.books)).toBe(Number.POSITIVE_INFINITY);
    expect(d.books.now).toBe(16 * HOUR);
  });

  it("keeps settlements before the venue's start as history nobody paid", () => {
    const d = desk(LINEAR, {
      venue: { startTime: 10 * HOUR },
      market: { funding: rates([0, 0.0001], [8 * HOUR, 0.0002], [16 * HOUR, 0.0003]) },
    });
    expect(nextFundingTime(d.books)).toBe(16 * HOUR);
    expect(fundingRows(d.books, d.market).map(({ time }) => time)).toEqual([0, 8 * HOUR]);
    expect(d.books.now).toBe(10 * HOUR);
  });
});
