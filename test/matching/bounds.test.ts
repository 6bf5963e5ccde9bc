import { describe, expect, it } from "vitest";
import { boundMarket, isReached } from "../../src/matching/bounds.ts";
import { positionRow } from "../../src/matching/positionrow.ts";
import { judgeRisk } from "../../src/matching/risk.ts";
import { dealing, desk, LINEAR, SPOT } from "../support/books-desk.ts";

const ISOLATED = { marginMode: "ISOLATED_MARGIN" } as const;

describe("bounds", () => {
  it("are the liquidation prices of isolated positions, the nearest of all accounts", () => {
    const d = desk(LINEAR, { account: { ...ISOLATED, leverage: 10 } });
    const [near, short] = [d.open({ id: "b", leverage: 20 }), d.open({ id: "c" })];
    d.price(50_000);
    d.deal({ side: "buy", price: 50_000, qty: 1 });
    d.deal({ side: "buy", price: 50_000, qty: 1 }, near);
    d.deal({ side: "sell", price: 50_000, qty: 1 }, short);
    judgeRisk(d.books, d.market);
    const liqPrice = (account: typeof near) => positionRow(account.at(d.market), d.position(0, account)).liqPrice;
    expect([d.market.riskLow, d.market.riskHigh]).toEqual([liqPrice(near), liqPrice(short)]);
    d.price(liqPrice(near) * 0.01 + 0.01);
    expect(d.market.holders.map(isReached)).toEqual([false, false, false]);
    d.price(liqPrice(near) * 0.01);
    expect(d.market.holders.map(isReached)).toEqual([false, true, false]);
  });

  it("are widened again when the price comes to one that has gone", () => {
    const d = desk(LINEAR, { account: { ...ISOLATED, leverage: 50 } });
    d.price(50_000);
    d.deal({ side: "buy", price: 50_000, qty: 1 });
    judgeRisk(d.books, d.market);
    const { riskLow } = d.market;
    d.deal({ side: "sell", price: 50_000, qty: 1 });
    judgeRisk(d.books, d.market);
    expect(d.market.riskLow).toBe(riskLow);
    d.price(riskLow * 0.01);
    judgeRisk(d.books, d.market);
    expect([d.market.riskLow, d.market.riskHigh]).toEqual([0, Number.POSITIVE_INFINITY]);
  });

  it("let all prices of a cross account with two positions move alike", () => {
    const other = { ...LINEAR, symbol: "ETHUSDT", baseCoin: "ETH" };
    const d = desk(LINEAR, { account: { balances: { USDT: 10_000 } }, venue: { markets: [{ instrument: other }] } });
    const eth = dealing(d.books, d.books.market("linear/ETHUSDT"), d.account);
    d.price(50_000);
    eth.price(2_000);
    d.deal({ side: "buy", price: 50_000, qty: 1 });
    eth.deal({ side: "sell", price: 2_000, qty: 25 });
    judgeRisk(d.books, d.market);
    // 10,000 − fees − 500 of maintenance margin − fees to close, over twice 100,000 of exposure.
    const move = (10_000 - 55 - 500 - 50_000 * 0.9 * 0.00055 - 50_000 * 1.1 * 0.00055) / 200_000;
    expect(1 - d.market.riskLow / 5_000_000).toBeCloseTo(move, 5);
    expect(eth.market.riskHigh / 200_000 - 1).toBeCloseTo(move, 4);
    expect([d.market.indexLow, eth.market.indexHigh]).toEqual([0, Number.POSITIVE_INFINITY]);
  });

  it("watch the index of the market that prices a coin of the wallet", () => {
    const d = desk(LINEAR, { account: { balances: { BTC: 1 } }, venue: { markets: [{ instrument: SPOT }] } });
    d.price(50_000);
    d.deal({ side: "sell", price: 50_000, qty: 1 });
    judgeRisk(d.books, d.market);
    const { indexLow, indexHigh, riskLow } = d.market;
    expect(indexLow).toBe(4_500_000);
    expect(indexHigh).toBe(5_500_000);
    expect(riskLow).toBe(indexLow);
    boundMarket(d.market);
    expect(d.market).toMatchObject({ indexLow, indexHigh, riskLow, quietLow: -1 });
  });
});
