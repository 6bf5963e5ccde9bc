import { describe, expect, it } from "vitest";
import { rest } from "../../src/matching/life.ts";
import { queries } from "../../src/matching/queries.ts";
import { desk, INVERSE, LINEAR, SPOT } from "../support/books-desk.ts";

describe("queries", () => {
  it("quote prices, and 0 for what is unknown", () => {
    const d = desk(LINEAR);
    const { quote, nextSeq } = queries(d.books);
    expect(quote(d.key)).toEqual({ last: 0, mark: 0, index: 0, bid: 0, ask: 0, seq: 0 });
    d.price(100);
    d.market.mark = 10_001;
    nextSeq(d.key);
    expect(quote(d.key)).toEqual({ last: 10_000, mark: 10_001, index: 10_000, bid: 10_000, ask: 10_000, seq: 1 });
  });

  it("list newest first, and forget what is beyond the limit", () => {
    const d = desk(LINEAR, { venue: { historyLimit: 3 } });
    for (const qty of [1, 2, 3, 4, 5]) d.deal({ side: "buy", price: 100, qty });
    const { executions, openOrders, closedOrders, transactions } = queries(d.books);
    expect([...executions("a")].map(({ qty }) => qty)).toEqual([5000, 4000, 3000]);
    expect([...transactions("a")].map(({ id }) => id)).toEqual([7, 6, 5]);
    for (const price of [1, 2, 3, 4, 5]) d.order(d.account, { side: "buy", price, qty: 1 });
    expect([...openOrders("a")].map(({ price }) => price)).toEqual([500, 400, 300, 200, 100]);
    expect([...closedOrders("a")].map(({ qty }) => qty)).toEqual([5000, 4000, 3000]);
    expect([...openOrders("a", "spot/BTCUSDT")]).toEqual([]);
  });

  it("show flat positions of a market asked for, else those that ever traded", () => {
    const d = desk(LINEAR, { account: { positionMode: "hedge" }, venue: { markets: [{ instrument: INVERSE }] } });
    const { positions, positionMode, leverage } = queries(d.books);
    expect(positions("a")).toEqual([]);
    expect(positions("a", d.key).map(({ positionIdx }) => positionIdx)).toEqual([1, 2]);
    expect(positions("a", "inverse/BTCUSD").map(({ positionIdx, seq }) => [positionIdx, seq])).toEqual([[0, -1]]);
    d.deal({ side: "sell", price: 100, qty: 1, idx: 2 });
    d.deal({ side: "buy", price: 100, qty: 1, idx: 2 });
    expect(positions("a").map(({ positionIdx, size }) => [positionIdx, size])).toEqual([[2, 0]]);
    expect([positionMode("a", d.key), positionMode("a", "inverse/BTCUSD")]).toEqual(["hedge", "oneWay"]);
    expect(leverage("a", d.key)).toEqual({ buy: 10, sell: 10 });
  });

  it("add the wallet up in USD by index prices", () => {
    const d = desk(INVERSE, { account: { balances: { USDT: 1_000, BTC: 2 } } });
    d.price(50_000);
    d.deal({ side: "buy", price: 50_000, qty: 10_000 });
    d.price(51_000);
    const wallet = queries(d.books).wallet("a");
    const fee = 0.2 * 0.00055;
    expect(wallet.totalWalletBalance).toBeCloseTo(1_000 + (2 - fee) * 51_000, 4);
    const upl = 10_000 / 50_000 - 10_000 / 51_000;
    expect(wallet.totalPerpUPL).toBeCloseTo(upl * 51_000, 2);
    expect(wallet.totalMarginBalance).toBeCloseTo(wallet.totalWalletBalance + wallet.totalPerpUPL, 6);
    const btc = wallet.coins.find(({ coin }) => coin === "BTC")!;
    expect(btc.equity).toBe(btc.walletBalance + btc.unrealisedPnl);
    expect(btc.usdValue).toBeCloseTo((btc.equity / 1e8) * 51_000, 6);
    expect(wallet.accountIMRate).toBeCloseTo(wallet.totalInitialMargin / wallet.totalMarginBalance, 12);
    expect(wallet.totalAvailableBalance).toBe(wallet.totalMarginBalance - wallet.totalInitialMargin);
  });

  it("do not change the digest, which every fill does", () => {
    const d = desk(LINEAR, { venue: { markets: [{ instrument: SPOT }, { instrument: INVERSE }] } });
    const all = queries(d.books);
    const before = all.digest();
    all.positions("a", "inverse/BTCUSD");
    all.leverage("a", d.key);
    all.wallet("a");
    [...all.openOrders("a")];
    expect(all.digest()).toBe(before);
    d.deal({ side: "buy", price: 100, qty: 1 });
    expect(all.digest()).not.toBe(before);
  });

  it("know the coins", () => {
    const d = desk(LINEAR, { venue: { insurance: 5 } });
    const { insurance, coinScale, market, marginMode } = queries(d.books);
    expect([insurance("USDT"), insurance("NOPE"), coinScale("USDT")]).toEqual([5e8, 0, 8]);
    expect([market(d.key)?.symbol, market("spot/NOPE"), marginMode("a")]).toEqual([
      "BTCUSDT",
      undefined,
      "REGULAR_MARGIN",
    ]);
  });
});

describe("depth", () => {
  it("adds own orders to the ladder around the last price, best first", () => {
    const liquidity = { kind: "ladder", spreadTicks: 2, levelQty: 100, levels: 3 } as const;
    const d = desk(LINEAR, { market: { liquidity } });
    const { depth } = queries(d.books);
    expect(depth(d.key, 5)).toEqual({ bids: [], asks: [] });
    d.market.setLast(10_000, "buy");
    const shown = depth(d.key, 10);
    expect(shown.bids.map(([price]) => price)).toEqual([9_998, 9_997, 9_996]);
    expect(shown.asks.map(([price]) => price)).toEqual([10_000, 10_001, 10_002]);
    for (const [price, qty] of [
      [99.99, 0.5],
      [99.97, 0.25],
      [99.9, 1],
    ] as const) {
      rest(d.order(d.account, { side: "buy", price, qty }));
    }
    const { bids } = depth(d.key, 10);
    expect(bids.map(([price]) => price)).toEqual([9_999, 9_998, 9_997, 9_996, 9_990]);
    expect(bids[0]![1]).toBe(500);
    expect(bids[2]![1]).toBe(shown.bids[1]![1] + 250);
    expect(depth(d.key, 2).bids).toEqual(bids.slice(0, 2));
  });
});
