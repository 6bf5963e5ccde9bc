import { describe, expect, it } from "vitest";
import type { TradingStopRequest } from "../../../src/matching/types.ts";
import { BTC, type ExchangeDesk, exchangeDesk } from "../../support/exchange-desk.ts";

function stop(desk: ExchangeDesk, request: Partial<TradingStopRequest>, account = "a") {
  return desk.venue.setTradingStop(account, { market: BTC, positionIdx: 0, tpslMode: "Full", ...request });
}
const closedAs = (desk: ExchangeDesk) =>
  [...desk.venue.closedOrders("a")]
    .reverse()
    .filter((row) => row.stopOrderType !== "")
    .map((row) => [row.stopOrderType, row.status, row.cancelType]);

describe("Full TP/SL", () => {
  it("exist once the entry fills, one pair for the whole position, a newer entry's values in place of the old", () => {
    const desk = exchangeDesk();
    desk.depth([[49_990, 50]], [[50_010, 1]]);
    const entry = desk.buy(2, { price: 50_010, takeProfit: 51_000, stopLoss: 49_000, orderLinkId: "entry" });
    expect(entry).toMatchObject({ status: "PartiallyFilled", tpslMode: "Full" });
    expect(desk.waiting()).toEqual([
      ["StopLoss", 49_000, 1],
      ["TakeProfit", 51_000, 1],
    ]);
    desk.trade(50_000, { side: "sell", qty: 5 });
    expect(desk.waiting()).toEqual([
      ["StopLoss", 49_000, 2],
      ["TakeProfit", 51_000, 2],
    ]);
    const [one, two] = [...desk.venue.openOrders("a")];
    for (const leg of [one!, two!]) {
      expect(leg).toMatchObject({ side: "sell", type: "Market", reduceOnly: true, closeOnTrigger: true });
      expect(leg).toMatchObject({ tpslMode: "Full", parentOrderLinkId: "entry", orderLinkId: "" });
    }
    desk.depth([[49_990, 50]], [[50_010, 3]]);
    desk.buy(3, { stopLoss: 49_500 });
    expect(desk.waiting()).toEqual([
      ["StopLoss", 49_500, 5],
      ["TakeProfit", 51_000, 5],
    ]);
    expect(desk.position()).toMatchObject({ takeProfit: desk.ticks(51_000), stopLoss: desk.ticks(49_500) });
  });

  it("one leg fires, closes all, and cancels the other", () => {
    const desk = exchangeDesk();
    desk.buy(2, { takeProfit: 51_000, stopLoss: 49_000 });
    desk.trade(51_000);
    expect(desk.size()).toBe(0);
    expect(closedAs(desk).sort()).toEqual([
      ["StopLoss", "Deactivated", "CancelByOCOSlCanceledByTpTriggered"],
      ["TakeProfit", "Filled", "UNKNOWN"],
    ]);
    desk.sell(2, { takeProfit: 50_500, stopLoss: 51_500 });
    desk.trade(51_500);
    expect(desk.size()).toBe(0);
    expect(closedAs(desk).slice(2).sort()).toEqual([
      ["StopLoss", "Filled", "UNKNOWN"],
      ["TakeProfit", "Deactivated", "CancelByOCOTpCanceledBySlTriggered"],
    ]);
    expect([...desk.venue.openOrders("a")]).toEqual([]);
  });

  it("go when the position is closed by hand, and when it turns", () => {
    const desk = exchangeDesk();
    desk.buy(2, { takeProfit: 51_000, stopLoss: 49_000 });
    desk.sell(1);
    expect(desk.waiting()).toEqual([
      ["StopLoss", 49_000, 1],
      ["TakeProfit", 51_000, 1],
    ]);
    desk.sell(1);
    expect(closedAs(desk).map(([, status, why]) => [status, why])).toEqual([
      ["Deactivated", "CancelByTpSlTsClear"],
      ["Deactivated", "CancelByTpSlTsClear"],
    ]);
    desk.buy(2, { stopLoss: 49_000 });
    desk.sell(5, { stopLoss: 50_700 });
    expect(desk.size()).toBe(-3);
    expect(desk.waiting()).toEqual([["StopLoss", 50_700, 3]]);
  });

  it("watch the price they were told to", () => {
    const desk = exchangeDesk();
    desk.venue.setPrices(BTC, { mark: desk.ticks(50_000), index: desk.ticks(50_000) });
    desk.buy(1, {
      takeProfit: { price: 51_000, triggerBy: "IndexPrice" },
      stopLoss: { price: 49_000, triggerBy: "MarkPrice" },
    });
    desk.trade(51_500);
    desk.trade(48_900);
    desk.index(48_000);
    desk.trade(50_000);
    expect(desk.size()).toBe(1);
    desk.mark(49_000);
    expect(desk.fills()[1]).toEqual([50_000, 1]);
  });

  it("are set, moved, removed by trading-stop; unchanged is 34040", () => {
    const desk = exchangeDesk();
    expect(stop(desk, { stopLoss: { price: desk.ticks(49_000) } })).toMatchObject({ ok: false, code: 10_001 });
    desk.buy(1);
    expect(stop(desk, { stopLoss: { price: desk.ticks(49_000) }, takeProfit: { price: desk.ticks(51_000) } }).ok).toBe(
      true,
    );
    expect(stop(desk, { stopLoss: { price: desk.ticks(49_000) } })).toMatchObject({ ok: false, code: 34_040 });
    expect(stop(desk, {})).toMatchObject({ ok: false, code: 34_040 });
    expect(stop(desk, { stopLoss: { price: desk.ticks(49_500) } }).ok).toBe(true);
    expect(desk.waiting()).toEqual([
      ["StopLoss", 49_500, 1],
      ["TakeProfit", 51_000, 1],
    ]);
    expect(stop(desk, { takeProfit: { price: 0 } }).ok).toBe(true);
    expect(desk.waiting()).toEqual([["StopLoss", 49_500, 1]]);
    expect(stop(desk, { takeProfit: { price: 0 } })).toMatchObject({ ok: false, code: 34_040 });
    expect(desk.position()).toMatchObject({ takeProfit: 0, stopLoss: desk.ticks(49_500) });
  });

  it.each([
    ["buy", { stopLoss: 50_000 }],
    ["buy", { stopLoss: 50_001 }],
    ["buy", { takeProfit: 50_000 }],
    ["sell", { stopLoss: 49_999 }],
    ["sell", { takeProfit: 50_001 }],
    ["buy", { price: 49_000, stopLoss: 49_500 }],
    ["sell", { price: 51_000, stopLoss: 50_500 }],
    ["buy", { tpslMode: "Full", takeProfit: { price: 51_000, limitPrice: 51_000 } }],
  ] as const)("on the wrong side of a %s are refused: %j", (side, terms) => {
    expect(exchangeDesk().refused(side, 1, terms)).toBe(10_001);
  });

  it("of a resting limit entry are judged from its price, not the last one", () => {
    const desk = exchangeDesk();
    const entry = desk.buy(1, { price: 49_000, stopLoss: 48_500, takeProfit: 49_200 });
    expect(entry.status).toBe("New");
    desk.trade(48_999, { side: "sell" });
    expect(desk.waiting()).toEqual([
      ["StopLoss", 48_500, 1],
      ["TakeProfit", 49_200, 1],
    ]);
  });
});

describe("Partial TP/SL", () => {
  const market = "linear/BTCUSDT" as const;

  it("make a pair per fill, with limit legs that rest once they fire", () => {
    const desk = exchangeDesk();
    desk.depth([[49_900, 50]], [[50_010, 1]]);
    const legs = { takeProfit: { price: 50_500, limitPrice: 50_600 }, stopLoss: { price: 49_500, limitPrice: 49_400 } };
    desk.buy(3, { price: 50_010, tpslMode: "Partial", ...legs });
    desk.trade(50_000, { side: "sell", qty: 2 });
    expect(desk.waiting()).toEqual([
      ["PartialStopLoss", 49_500, 1],
      ["PartialStopLoss", 49_500, 2],
      ["PartialTakeProfit", 50_500, 1],
      ["PartialTakeProfit", 50_500, 2],
    ]);
    desk.depth([[50_490, 50]], [[50_700, 50]]);
    desk.trade(50_500);
    expect(desk.waiting()).toEqual([]);
    const open = [...desk.venue.openOrders("a")];
    expect(open.map((row) => [row.status, row.price / 10, row.leavesQty / 1_000])).toEqual([
      ["New", 50_600, 2],
      ["New", 50_600, 1],
    ]);
    desk.trade(50_600.1);
    expect(desk.size()).toBe(0);
    expect(desk.fills().slice(2)).toEqual([
      [50_600, 1],
      [50_600, 2],
    ]);
  });

  it("fire for their own size, and never more than the position has", () => {
    const desk = exchangeDesk();
    desk.buy(3);
    const leg = (price: number) => ({ price: desk.ticks(price) });
    expect(stop(desk, { tpslMode: "Partial", size: 2_000, takeProfit: leg(50_500), stopLoss: leg(49_500) }).ok).toBe(
      true,
    );
    expect(stop(desk, { tpslMode: "Partial", size: 2_000, takeProfit: leg(50_600) }).ok).toBe(true);
    expect(stop(desk, { tpslMode: "Partial", size: 3_001, takeProfit: leg(50_600) })).toMatchObject({ code: 110_058 });
    desk.trade(50_500);
    expect(desk.waiting()).toEqual([["PartialTakeProfit", 50_600, 2]]);
    expect(desk.size()).toBe(1);
    desk.trade(50_600);
    expect(desk.size()).toBe(0);
    expect(desk.fills().slice(1)).toEqual([
      [50_500, 2],
      [50_600, 1],
    ]);
  });

  it("are 20 pairs at most", () => {
    const desk = exchangeDesk();
    desk.buy(3);
    const pair = { tpslMode: "Partial", size: 1, stopLoss: { price: desk.ticks(49_000) } } as const;
    const both = { ...pair, takeProfit: { price: desk.ticks(51_000) } };
    for (let i = 0; i < 10; i++) expect(stop(desk, pair).ok && stop(desk, both).ok).toBe(true);
    expect(stop(desk, pair)).toMatchObject({ ok: false, code: 110_061 });
    desk.sell(3);
    expect(desk.waiting()).toEqual([]);
  });

  it("live beside the Full pair; a leg amended or cancelled leaves the others alone", () => {
    const desk = exchangeDesk();
    desk.buy(3, { stopLoss: 48_000 });
    const wish = { takeProfit: { price: desk.ticks(50_500) }, stopLoss: { price: desk.ticks(49_500) } };
    stop(desk, { tpslMode: "Partial", size: 1_000, ...wish });
    const [profit, loss] = ["PartialTakeProfit", "PartialStopLoss"].map(
      (kind) => [...desk.venue.openOrders("a")].find((row) => row.stopOrderType === kind)!,
    );
    expect(desk.venue.amendOrder("a", { market, orderId: loss!.id, triggerPrice: desk.ticks(49_000) }).ok).toBe(true);
    expect(desk.venue.cancelOrder("a", { market, orderId: profit!.id }).ok).toBe(true);
    expect(desk.waiting()).toEqual([
      ["StopLoss", 48_000, 3],
      ["PartialStopLoss", 49_000, 1],
    ]);
    desk.trade(49_000);
    expect([desk.size(), desk.waiting()]).toEqual([2, [["StopLoss", 48_000, 2]]]);
  });

  it("a limit stop that has fired cancels its profit at once, though it has yet to fill", () => {
    const desk = exchangeDesk();
    desk.buy(1);
    const limit = { price: desk.ticks(49_500), limitPrice: desk.ticks(49_600) };
    stop(desk, { tpslMode: "Partial", size: 1_000, takeProfit: { price: desk.ticks(50_500) }, stopLoss: limit });
    desk.depth([[49_400, 9]], [[49_700, 9]]);
    desk.trade(49_500);
    expect(desk.waiting()).toEqual([]);
    expect([...desk.venue.openOrders("a")].map((row) => [row.status, row.price])).toEqual([["New", 496_000]]);
    expect(desk.size()).toBe(1);
  });
});

describe("within a bar", () => {
  it.each([
    ["buy", 49_500, 50_500, [50_000, 50_600, 49_400, 50_300], 49_500],
    ["buy", 49_500, 50_100, [50_090, 50_600, 49_400, 50_300], 49_500],
    ["sell", 50_500, 49_500, [49_501, 50_600, 49_400, 50_300], 50_500],
    ["buy", 49_500, 50_500, [49_300, 50_600, 49_200, 50_300], 49_300],
    ["buy", 49_500, 50_500, [50_700, 50_800, 49_400, 50_300], 50_700],
    ["buy", 49_500, 50_500, [50_000, 50_600, 49_501, 50_300], 50_500],
  ] as const)("a %s with stop %d and profit %d on bar %j leaves at %d", (side, stopLoss, takeProfit, bar, exit) => {
    const desk = exchangeDesk();
    desk[side](1, { stopLoss, takeProfit });
    desk.bar(bar);
    expect(desk.fills().slice(1)).toEqual([[exit, 1]]);
    expect(desk.waiting()).toEqual([]);
  });

  it.each([
    [50_000, 50_650, 49_350],
    [50_450, 50_650, 49_350],
    [49_550, 50_650, 49_350],
  ])("opened at %d both sides of a hedge are stopped, neither profits", (open, high, low) => {
    const desk = exchangeDesk({ account: { positionMode: "hedge" } });
    desk.buy(1, { positionIdx: 1, stopLoss: 49_500, takeProfit: 50_500 });
    desk.sell(2, { positionIdx: 2, stopLoss: 50_600, takeProfit: 49_400 });
    desk.bar([open, high, low, open]);
    expect(desk.fills().slice(2).sort()).toEqual([
      [49_500, 1],
      [50_600, 2],
    ]);
    expect(desk.waiting()).toEqual([]);
  });

  it("a stop comes before a profit that rests as a limit order, though the open is nearer to that", () => {
    const desk = exchangeDesk();
    desk.buy(1, { stopLoss: 49_500 });
    const profit = desk.sell(1, { reduceOnly: true, price: 50_500 });
    desk.bar([50_450, 50_600, 49_400, 50_000]);
    expect(desk.fills().slice(1)).toEqual([[49_500, 1]]);
    expect(profit.cancelType).toBe("CancelByReduceOnly");
  });
});

describe("a trailing stop", () => {
  const trail = (desk: ExchangeDesk, distance: number, activePrice?: number) =>
    stop(desk, {
      trailingStop: desk.ticks(distance),
      activePrice: activePrice === undefined ? undefined : desk.ticks(activePrice),
    });

  it("of a long follows the highest last price since it was set, and only up", () => {
    const desk = exchangeDesk();
    desk.buy(1);
    desk.trade(50_400);
    desk.trade(50_000);
    expect(trail(desk, 200).ok).toBe(true);
    expect(desk.waiting()).toEqual([["TrailingStop", 49_800, 1]]);
    desk.trade(50_300);
    desk.trade(50_150);
    expect(desk.waiting()).toEqual([["TrailingStop", 50_100, 1]]);
    desk.trade(50_100.1);
    expect(desk.size()).toBe(1);
    desk.trade(50_100);
    expect(desk.fills()[1]).toEqual([50_100, 1]);
    const [order] = [...desk.venue.closedOrders("a")];
    expect(order).toMatchObject({ createType: "CreateByTrailingStop", type: "Market", side: "sell", status: "Filled" });
  });

  it("of a short follows the lowest", () => {
    const desk = exchangeDesk();
    desk.sell(1);
    trail(desk, 200);
    desk.trade(49_700);
    desk.trade(49_899.9);
    expect(desk.size()).toBe(-1);
    desk.trade(49_900);
    expect(desk.fills()[1]).toEqual([49_900, 1]);
  });

  it("with activePrice waits for it, and then stands its distance behind", () => {
    const desk = exchangeDesk();
    desk.buy(1);
    trail(desk, 200, 50_500);
    desk.trade(50_499.9);
    desk.trade(49_000);
    expect(desk.size()).toBe(1);
    expect([...desk.venue.openOrders("a")][0]).toMatchObject({ stopPrice: 0, triggerPrice: desk.ticks(50_500) });
    desk.trade(50_500);
    expect([...desk.venue.openOrders("a")][0]).toMatchObject({ stopPrice: desk.ticks(50_300) });
    desk.trade(50_300);
    expect(desk.fills()[1]).toEqual([50_300, 1]);
  });

  it("is moved, kept and removed by trading-stop; it goes with the position and shrinks with it", () => {
    const desk = exchangeDesk();
    desk.buy(2);
    trail(desk, 200);
    expect(trail(desk, 200)).toMatchObject({ ok: false, code: 34_040 });
    trail(desk, 100);
    expect(desk.waiting()).toEqual([["TrailingStop", 49_900, 2]]);
    expect(desk.position().trailingStop).toBe(desk.ticks(100));
    desk.sell(1);
    expect(desk.waiting()).toEqual([["TrailingStop", 49_900, 1]]);
    expect(trail(desk, 0).ok).toBe(true);
    expect(desk.waiting()).toEqual([]);
    trail(desk, 300);
    desk.sell(1);
    expect(desk.waiting()).toEqual([]);
    expect([...desk.venue.closedOrders("a")].find((row) => row.cancelType === "CancelByTpSlTsClear")).toBeDefined();
  });

  it("stands beside a stop-loss: whichever is nearer closes all", () => {
    const desk = exchangeDesk();
    desk.buy(1, { stopLoss: 49_500 });
    trail(desk, 200);
    desk.bar([50_000, 50_000, 49_000, 49_200]);
    expect(desk.fills()[1]).toEqual([49_800, 1]);
    expect(desk.waiting()).toEqual([]);
  });

  it("in bars rests where closed bars left it, and cannot ride the bar that hits it", () => {
    const desk = exchangeDesk();
    desk.buy(1);
    trail(desk, 200);
    desk.bar([50_000, 51_000, 49_900, 50_950]);
    expect(desk.waiting()).toEqual([["TrailingStop", 50_800, 1]]);
    desk.bar([50_950, 52_000, 50_801, 51_900]);
    expect(desk.waiting()).toEqual([["TrailingStop", 51_800, 1]]);
    desk.bar([51_850, 52_500, 51_700, 52_400]);
    expect(desk.fills()[1]).toEqual([51_800, 1]);
  });

  it("is armed by a bar that reaches its activePrice, from the close on", () => {
    const desk = exchangeDesk();
    desk.buy(1);
    trail(desk, 200, 50_500);
    desk.bar([50_000, 50_499.9, 49_000, 50_400]);
    expect([...desk.venue.openOrders("a")][0]).toMatchObject({ stopPrice: 0 });
    desk.bar([50_400, 50_700, 50_300, 50_650]);
    expect([...desk.venue.openOrders("a")][0]).toMatchObject({ stopPrice: desk.ticks(50_500) });
    desk.bar([50_650, 50_660, 50_450, 50_460]);
    expect(desk.fills()[1]).toEqual([50_500, 1]);
  });

  it("gapped over fills at the open", () => {
    const desk = exchangeDesk();
    desk.buy(1);
    trail(desk, 200);
    desk.bar([49_500, 49_700, 49_400, 49_600]);
    expect(desk.fills()[1]).toEqual([49_500, 1]);
  });
});
