import { describe, expect, it } from "vitest";
import type { MarketKey } from "../../../src/matching/types.ts";
import type { FundingRates } from "../../../src/model/funding.ts";
import { BTC, COIN, ETH, exchangeDesk, INSTRUMENTS, SPOT } from "../../support/exchange-desk.ts";

const HOUR = 3_600_000;
const fees = (taker: number, maker: number) => {
  const rates = { taker, maker };
  return { fees: { linear: rates, inverse: rates, spot: rates } };
};
const coin = (units: number) => units / 1e8;

describe("the documentation's samples", () => {
  it("execution: 0.5 at 95,900.1 with 0.00055 costs 26.3725275", () => {
    const desk = exchangeDesk();
    desk.trade(95_900.1);
    desk.sell(0.5);
    const [row] = [...desk.venue.executions("a")];
    expect([row!.value, row!.fee, row!.feeRate, row!.feeCoin]).toEqual([47_950.05e8, 26.3725275e8, 0.00055, "USDT"]);
  });

  it("closed P&L: 3 bought for 3,584.9255, sold for 3,541.795 in four fills, fees 0.0006: −47.4065323", () => {
    const instrument = {
      ...INSTRUMENTS[BTC],
      tickSize: "0.05",
      minPrice: "0.05",
      qtyStep: "0.01",
      minOrderQty: "0.01",
    };
    const desk = exchangeDesk({ ...fees(0.0006, 0.0006), per: { [BTC]: { instrument, lastPrice: 23_900 } } });
    desk.depth(
      [],
      [
        [1_194.95, 1.49],
        [1_195, 1.51],
      ],
    );
    desk.buy(3);
    desk.depth(
      [
        [1_180.65, 1],
        [1_180.6, 1],
        [1_180.55, 0.9],
        [1_180.5, 0.1],
      ],
      [],
    );
    desk.mark(1_185);
    desk.sell(3);
    const [row] = [...desk.venue.closedPnl("a")];
    expect(row).toMatchObject({
      side: "sell",
      qty: 300,
      closedSize: 300,
      fillCount: 4,
      execType: "Trade",
      leverage: 10,
    });
    expect(coin(row!.cumEntryValue)).toBe(3_584.9255);
    expect(coin(row!.cumExitValue)).toBe(3_541.795);
    expect(row!.avgEntryPrice.toFixed(8)).toBe("1194.97516667");
    expect(coin(row!.closedPnl)).toBe(-47.4065323);
    expect(desk.money()).toBeCloseTo(1_000_000 - 47.4065323, 8);
  });

  it("funding: 100 at 0.3676 with 0.0001 pays 0.003676", () => {
    const instrument = { ...INSTRUMENTS[BTC], tickSize: "0.0001", minPrice: "0.0001", qtyStep: "1", minOrderQty: "1" };
    const desk = exchangeDesk({ ...fees(0, 0), per: { [BTC]: { instrument, lastPrice: 3_676 } } });
    desk.buy(100);
    const before = desk.money();
    desk.venue.onFunding(BTC, 0.0001);
    const [row] = [...desk.venue.transactions("a")];
    expect(row).toMatchObject({
      type: "SETTLEMENT",
      side: "buy",
      qty: 100,
      size: 100,
      fee: 0,
      cashFlow: 0,
      feeRate: 0.0001,
    });
    expect([row!.funding, row!.change, row!.price]).toEqual([-367_600, -367_600, 3_676]);
    expect(row!.balance).toBe(Math.round(before * 1e8) - 367_600);
    const [execution] = [...desk.venue.executions("a")];
    expect(execution).toMatchObject({ type: "Funding", orderType: "UNKNOWN", orderId: 0, fee: 367_600, qty: 100 });
  });

  it("an inverse short of 300: average 27,464.50441675, value 0.01092319, unrealised −0.00029413", () => {
    const desk = exchangeDesk({ per: { [COIN]: { lastPrice: 54_929 } }, account: { marginMode: "ISOLATED_MARGIN" } });
    desk.sell(300, { market: COIN });
    desk.mark(28_224.5, COIN);
    const row = desk.position("a", COIN);
    expect(row.entryPrice.toFixed(8)).toBe("27464.50441675");
    expect([coin(row.positionValue), coin(row.unrealisedPnl)]).toEqual([0.01092319, -0.00029413]);
  });
});

describe("fees", () => {
  it("are the taker's and the maker's own, on the value of each fill", () => {
    const desk = exchangeDesk();
    desk.depth([[49_000, 1]], [[51_000, 1]]);
    desk.sell(2, { price: 50_000.1, account: "b" });
    desk.buy(2, { price: 50_000.1 });
    // 100,000.2 × 0.00055 and × 0.0002.
    expect(desk.money("a")).toBe(1_000_000 - 55.00011);
    expect(desk.money("b")).toBe(1_000_000 - 20.00004);
  });

  it("a rebate is paid to the maker", () => {
    const desk = exchangeDesk(fees(0.0005, -0.0001));
    desk.depth([[49_000, 1]], [[51_000, 1]]);
    desk.sell(2, { price: 50_000, account: "b" });
    desk.buy(2, { price: 50_000 });
    expect([desk.money("a"), desk.money("b")]).toEqual([1_000_000 - 50, 1_000_000 + 10]);
    expect(desk.venue.audit().coins.find((row) => row.coin === "USDT")).toMatchObject({ fees: 40e8, residual: 0 });
  });

  it("spot: out of what is received, base when bought, quote when sold", () => {
    const desk = exchangeDesk();
    const bought = desk.buy(0.5, { market: SPOT, price: 50_000 });
    expect(bought).toMatchObject({ feeCoin: "BTC", cumExecFee: 0.000_5e8 });
    expect([desk.money(), desk.money("a", "BTC")]).toEqual([975_000, 10 + 0.5 - 0.000_5]);
    const sold = desk.sell(0.5, { market: SPOT, price: 50_000 });
    expect(sold).toMatchObject({ feeCoin: "USDT", cumExecFee: 25e8 });
    expect([desk.money(), desk.money("a", "BTC")]).toEqual([999_975, 9.9995]);
  });

  it("spot: a maker's rebate is paid in the other coin, quote when bought, base when sold", () => {
    const desk = exchangeDesk(fees(0.001, -0.0001));
    desk.depth([[49_000, 1]], [[51_000, 1]], SPOT);
    desk.buy(1, { market: SPOT, price: 50_000 });
    desk.sell(1, { market: SPOT, price: 50_000, account: "b" });
    expect([desk.money("a"), desk.money("a", "BTC")]).toEqual([950_000 + 5, 11]);
    desk.sell(1, { market: SPOT, price: 50_000 });
    desk.buy(1, { market: SPOT, price: 50_000, account: "b" });
    expect([desk.money("a"), desk.money("a", "BTC")]).toEqual([1_000_005, 10.0001]);
    for (const { residual } of desk.venue.audit().coins) expect(residual).toBe(0);
  });
});

describe("profit", () => {
  it("averages the entry over fills, by value", () => {
    const desk = exchangeDesk(fees(0, 0));
    desk.buy(1);
    desk.trade(50_300);
    desk.buy(2);
    expect(desk.position().entryPrice).toBe(50_200);
    desk.trade(50_500);
    desk.sell(1.5);
    expect(coin([...desk.venue.closedPnl("a")][0]!.closedPnl)).toBe(450);
    expect(desk.position()).toMatchObject({ entryPrice: 50_200, size: 1_500, curRealisedPnl: 450e8 });
  });

  it("takes the share of the entry fees that belongs to what is closed", () => {
    const desk = exchangeDesk(fees(0.001, 0.001));
    desk.buy(4);
    desk.trade(51_000);
    desk.sell(1);
    // 1,000 − a quarter of 200 − 51.
    const [row] = [...desk.venue.closedPnl("a")];
    expect([row!.openFee, row!.closeFee, row!.closedPnl].map(coin)).toEqual([50, 51, 899]);
    desk.sell(3);
    expect(coin([...desk.venue.closedPnl("a")][0]!.closedPnl)).toBe(2_697);
    expect(desk.money()).toBe(1_000_000 + 899 + 2_697);
    expect(desk.position()).toMatchObject({ size: 0, cumRealisedPnl: 3_596e8, curRealisedPnl: 3_596e8 });
  });

  it("a turn closes the old side whole and opens the remainder with its own fee", () => {
    const desk = exchangeDesk(fees(0.001, 0.001));
    desk.buy(1);
    desk.trade(49_000);
    desk.sell(3);
    const [row] = [...desk.venue.closedPnl("a")];
    expect([row!.openFee, row!.closeFee, row!.closedPnl].map(coin)).toEqual([50, 49, -1_099]);
    expect(desk.position()).toMatchObject({ size: -2_000, entryPrice: 49_000, curRealisedPnl: -98e8 });
    expect(desk.money()).toBe(1_000_000 - 50 - 1_000 - 147);
  });

  it("breaks even at (E·Q − realised) / (Q − |Q|·max(taker, 0.00055))", () => {
    const desk = exchangeDesk();
    desk.buy(2);
    // (100,000 + 55) / (2 − 0.0011); short: (−100,000 + 55) / (−2 − 0.0011).
    expect(desk.position().breakEvenPrice).toBeCloseTo(100_055 / 1.9989, 6);
    desk.sell(2, { account: "b" });
    expect(desk.position("b").breakEvenPrice).toBeCloseTo(99_945 / 2.0011, 6);
  });

  it("inverse: value is quantity / price, average entry is harmonic, profit is coin", () => {
    const desk = exchangeDesk(fees(0, 0));
    desk.buy(50_000, { market: COIN });
    desk.trade(40_000, { market: COIN });
    desk.buy(40_000, { market: COIN });
    expect(desk.position("a", COIN).entryPrice).toBe(45_000);
    desk.mark(60_000, COIN);
    // 90,000 × (1 / 45,000 − 1 / 60,000).
    expect(coin(desk.position("a", COIN).unrealisedPnl)).toBe(0.5);
    desk.trade(60_000, { market: COIN });
    desk.sell(90_000, { market: COIN });
    expect([desk.money("a", "BTC"), desk.money()]).toEqual([10.5, 1_000_000]);
    const short = exchangeDesk(fees(0, 0));
    short.sell(50_000, { market: COIN });
    short.trade(40_000, { market: COIN });
    short.mark(40_000, COIN);
    short.buy(50_000, { market: COIN });
    expect(short.money("a", "BTC")).toBe(10.25);
  });
});

describe("funding", () => {
  const rates = (symbol: string, ...rows: [hours: number, rate: number][]): FundingRates => ({
    symbol,
    time: Float64Array.from(rows, ([hours]) => hours * HOUR),
    rate: Float64Array.from(rows, ([, rate]) => rate),
  });

  it("is settled at each symbol's own times, before anything else of that moment", () => {
    const desk = exchangeDesk({
      ...fees(0, 0),
      per: {
        [BTC]: { funding: rates("BTCUSDT", [8, 0.0001], [16, -0.0002]) },
        [ETH]: { funding: rates("ETHUSDT", [4, 0.001], [8, 0.002], [12, 0.003]) },
      },
    });
    const { venue } = desk;
    desk.buy(1);
    desk.sell(10, { market: ETH });
    expect(venue.nextTime()).toBe(4 * HOUR);
    venue.advanceTo(4 * HOUR - 1);
    expect(desk.money()).toBe(1_000_000);
    venue.advanceTo(4 * HOUR);
    expect(desk.money()).toBe(1_000_020);
    venue.advanceTo(13 * HOUR);
    // + 40 − 5 at 8 h, + 60 at 12 h.
    expect(desk.money()).toBe(1_000_115);
    const settled = [...venue.transactions("a")].filter((row) => row.type === "SETTLEMENT").reverse();
    expect(settled.map((row) => [row.market, row.time / HOUR, coin(row.funding), row.feeRate])).toEqual([
      [ETH, 4, 20, -0.001],
      [BTC, 8, -5, 0.0001],
      [ETH, 8, 40, -0.002],
      [ETH, 12, 60, -0.003],
    ]);
    desk.sell(1);
    venue.advanceTo(17 * HOUR);
    expect([desk.money(), venue.nextTime()]).toEqual([1_000_115, Infinity]);
    expect(venue.fundingHistory(BTC).map(({ time, rate }) => [time / HOUR, rate])).toEqual(
      expect.arrayContaining([
        [8, 0.0001],
        [16, -0.0002],
      ]),
    );
  });

  it("goes by the mark price, each side of hedge mode by itself, and is not in closed P&L", () => {
    const desk = exchangeDesk({ ...fees(0, 0), account: { positionMode: "hedge" } });
    desk.buy(3, { positionIdx: 1 });
    desk.sell(1, { positionIdx: 2 });
    desk.mark(60_000);
    desk.venue.onFunding(BTC, 0.0001);
    expect(desk.money()).toBe(1_000_000 - 18 + 6);
    expect(desk.position("a", BTC, 1).curRealisedPnl).toBe(-18e8);
    expect(desk.position("a", BTC, 2).curRealisedPnl).toBe(6e8);
    desk.mark(50_000);
    desk.sell(3, { positionIdx: 1 });
    expect([...desk.venue.closedPnl("a")][0]!.closedPnl).toBe(0);
  });

  it("of inverse contracts is coin: Q / mark × rate", () => {
    const desk = exchangeDesk(fees(0, 0));
    desk.buy(100_000, { market: COIN });
    desk.mark(40_000, COIN);
    desk.venue.onFunding(COIN, 0.0001);
    expect(desk.money("a", "BTC")).toBe(10 - 0.00025);
    desk.venue.onFunding(COIN, -0.0001);
    expect(desk.money("a", "BTC")).toBe(10);
  });

  it("pays nobody who is flat, and sums to nothing between equal sides", () => {
    const desk = exchangeDesk(fees(0, 0));
    desk.buy(1);
    desk.sell(1, { account: "b" });
    desk.venue.openAccount({ id: "c", balances: { USDT: 1 } });
    desk.venue.onFunding(BTC, 0.000_123_4);
    expect(desk.money("a") + desk.money("b")).toBe(2_000_000);
    expect(desk.money("a")).toBe(1_000_000 - 6.17);
    expect([...desk.venue.transactions("c")]).toHaveLength(1);
    expect(desk.venue.audit().coins.find((row) => row.coin === "USDT")).toMatchObject({ funding: 0, residual: 0 });
  });
});

describe("spot", () => {
  const market: MarketKey = SPOT;

  it("a market buy spends quote money in whole steps, a sale base", () => {
    const desk = exchangeDesk();
    const order = desk.buy(1_234.56, { market, marketUnit: "quoteCoin" });
    // 0.024691 BTC cost 1,234.55; the rest buys no step.
    expect(order).toMatchObject({ status: "Filled", cumExecQty: 24_691, cumExecValue: 1_234.55e8 });
    expect(desk.money()).toBe(1_000_000 - 1_234.55);
    expect(desk.sell(0.01, { market }).cumExecQty).toBe(10_000);
    expect(desk.buy(0.01, { market, marketUnit: "baseCoin" }).cumExecValue).toBe(500e8);
    expect(desk.sell(100, { market, marketUnit: "quoteCoin" })).toMatchObject({ cumExecQty: 2_000, status: "Filled" });
  });

  it("locks what an open order may need; two orders cannot use one coin", () => {
    const desk = exchangeDesk({ account: { balances: { USDT: 1_000, BTC: 1 } } });
    desk.buy(0.015, { market, price: 49_900 });
    expect(desk.refused("buy", 0.006, { market, price: 49_900 })).toBe(170_131);
    desk.sell(0.9, { market, price: 50_100 });
    expect(desk.refused("sell", 0.100_001, { market, price: 50_100 })).toBe(170_131);
    expect(desk.venue.transfer("a", "BTC", -0.2e8)).toMatchObject({ ok: false, code: 110_004 });
    const [usdt, btc] = ["USDT", "BTC"].map((name) => desk.venue.wallet("a").coins.find((row) => row.coin === name)!);
    expect([usdt!.locked, btc!.locked]).toEqual([748.5e8, 0.9e8]);
  });

  it("has no positions, no leverage and no funding", () => {
    const desk = exchangeDesk();
    desk.buy(0.1, { market, price: 50_000 });
    expect(desk.refused("buy", 0.1, { market, price: 50_000, reduceOnly: true })).toBe(10_001);
    expect(desk.venue.setLeverage("a", market, { buy: 2, sell: 2 })).toMatchObject({ code: 10_001 });
    expect(desk.venue.positions("a").filter((row) => row.market === market)).toEqual([]);
  });

  it("protects what a limit purchase got, less its fee, and the legs cancel each other", () => {
    const desk = exchangeDesk({ account: { balances: { USDT: 10_000 } } });
    desk.buy(0.1, { market, price: 50_000, takeProfit: 51_000, stopLoss: 49_000 });
    expect([...desk.venue.openOrders("a")].map((row) => [row.side, row.stopOrderType])).toEqual([
      ["sell", "tpslOrder"],
      ["sell", "tpslOrder"],
    ]);
    desk.trade(49_000, { market });
    expect([...desk.venue.openOrders("a")]).toEqual([]);
    // 0.1 less 0.0001 sold at 49,000 less 0.1 %.
    expect(desk.money()).toBeCloseTo(10_000 - 5_000 + 0.0999 * 49_000 * 0.999, 8);
    expect(desk.money("a", "BTC")).toBe(0);
  });
});

describe("transfers", () => {
  it("chain with everything else: each row's balance is the one before it plus its change", () => {
    const desk = exchangeDesk();
    desk.venue.transfer("a", "USDT", 5e8);
    desk.buy(1);
    desk.venue.onFunding(BTC, 0.0001);
    desk.sell(1);
    desk.venue.transfer("a", "USDT", -5e8);
    const rows = [...desk.venue.transactions("a")].filter((row) => row.coin === "USDT").reverse();
    expect(rows.map((row) => row.type)).toEqual([
      "TRANSFER_IN",
      "TRANSFER_IN",
      "TRADE",
      "SETTLEMENT",
      "TRADE",
      "TRANSFER_OUT",
    ]);
    let balance = 0;
    for (const row of rows) {
      expect(row.change).toBe(row.cashFlow + row.funding - row.fee);
      balance += row.change;
      expect(row.balance).toBe(balance);
    }
    expect(balance).toBe(Math.round(desk.money() * 1e8));
  });
});
