import { describe, expect, it } from "vitest";
import type { PriceSource } from "../../../src/matching/types.ts";
import { BTC, exchangeDesk, SPOT } from "../../support/exchange-desk.ts";

describe("a conditional order", () => {
  const up = { price: 50_100, direction: 1 } as const;
  const down = { price: 49_900, direction: 2 } as const;

  it.each<["buy" | "sell", 1 | 2, number, boolean]>([
    ["buy", 1, 50_099.9, false],
    ["buy", 1, 50_100, true],
    ["sell", 1, 50_100.1, true],
    ["buy", 2, 49_900.1, false],
    ["sell", 2, 49_900, true],
    ["buy", 2, 49_000, true],
  ])("to %s in direction %d, last price at %d: fires %s", (side, direction, price, fires) => {
    const desk = exchangeDesk();
    const order = desk[side](1, { trigger: direction === 1 ? up : down });
    expect(order).toMatchObject({ status: "Untriggered", stopOrderType: "Stop", createType: "CreateByStopOrder" });
    desk.trade(price);
    expect(order.status).toBe(fires ? "Filled" : "Untriggered");
    expect(desk.fills()).toEqual(fills(fires, price));
  });
  const fills = (fires: boolean, price: number) => (fires ? [[price, 1]] : []);

  it.each<PriceSource>(["LastPrice", "MarkPrice", "IndexPrice"])("watches the %s and no other", (by) => {
    const desk = exchangeDesk();
    desk.venue.setPrices(BTC, { mark: desk.ticks(50_000), index: desk.ticks(50_000) });
    const order = desk.buy(1, { trigger: { ...up, by } });
    if (by !== "LastPrice") desk.trade(50_200);
    if (by !== "MarkPrice") desk.mark(50_200);
    if (by !== "IndexPrice") desk.index(50_200);
    expect(order).toMatchObject({ status: "Untriggered", triggerBy: by });
    if (by === "LastPrice") desk.trade(50_200);
    if (by === "MarkPrice") desk.mark(50_200);
    if (by === "IndexPrice") desk.index(50_200);
    expect(order.status).toBe("Filled");
  });

  it("needs its trigger ahead of the price it watches, at the price is not ahead", () => {
    const desk = exchangeDesk();
    desk.venue.setPrices(BTC, { mark: desk.ticks(50_050), index: desk.ticks(49_950) });
    const trigger = (price: number, direction: 1 | 2, by?: PriceSource) => ({ trigger: { price, direction, by } });
    expect(desk.refused("buy", 1, trigger(50_000, 1))).toBe(110_092);
    expect(desk.refused("buy", 1, trigger(50_000, 2))).toBe(110_093);
    expect(desk.refused("buy", 1, trigger(50_050, 1, "MarkPrice"))).toBe(110_092);
    expect(desk.refused("buy", 1, trigger(49_950, 2, "IndexPrice"))).toBe(110_093);
    expect(desk.buy(1, trigger(50_000, 2, "MarkPrice")).status).toBe("Untriggered");
    expect(desk.buy(1, trigger(50_000, 1, "IndexPrice")).status).toBe("Untriggered");
  });

  it("ties up nothing while it waits, and is rejected when nothing can pay then", () => {
    const desk = exchangeDesk({ account: { balances: { USDT: 1_000 } } });
    // 10x: 0.2 BTC need 1,000 + fees.
    const order = desk.buy(0.2, { trigger: up });
    expect(desk.venue.wallet("a").totalInitialMargin).toBe(0);
    desk.trade(50_100);
    expect(order).toMatchObject({ status: "Rejected", rejectReason: "EC_Others", cumExecQty: 0, leavesQty: 0 });
    expect(desk.size()).toBe(0);
  });

  it("becomes the limit order it is, resting, post-only, or immediate", () => {
    const desk = exchangeDesk();
    desk.depth([[50_000, 10]], [[50_200, 10]]);
    const rests = desk.buy(1, { price: 50_150, trigger: up });
    const posts = desk.buy(1, { price: 50_200, trigger: up, timeInForce: "PostOnly" });
    const misses = desk.buy(1, { price: 50_150, trigger: up, timeInForce: "IOC" });
    const takes = desk.buy(1, { price: 50_200, trigger: up });
    desk.trade(50_100);
    expect(rests).toMatchObject({ status: "New", leavesQty: 1_000, price: desk.ticks(50_150) });
    expect(posts).toMatchObject({ status: "Cancelled", rejectReason: "EC_PostOnlyWillTakeLiquidity" });
    expect(misses).toMatchObject({ status: "Cancelled", rejectReason: "EC_NoImmediateQtyToFill" });
    expect(takes.status).toBe("Filled");
    expect(desk.fills()).toEqual([[50_200, 1]]);
  });

  it("tells Untriggered, Triggered, New, then what came of it", () => {
    const desk = exchangeDesk();
    const { id } = desk.buy(1, { trigger: up });
    desk.trade(50_100);
    const told = desk.events.flatMap((event) => (event.type === "order" && event.order.id === id ? [event.order] : []));
    expect(told.map((order) => order.status)).toEqual(["Untriggered", "Triggered", "New", "Filled"]);
    expect(told[0]!.price).toBe(0);
    expect(told[3]!.price).toBe(desk.ticks(50_601));
  });

  it("is Deactivated when cancelled before it fires", () => {
    const desk = exchangeDesk();
    const order = desk.buy(1, { trigger: up });
    desk.venue.cancelOrder("a", { market: BTC, orderId: order.id });
    expect(order).toMatchObject({ status: "Deactivated", cancelType: "CancelByUser" });
    desk.trade(51_000);
    expect(desk.fills()).toEqual([]);
  });

  it("can be moved, to another price and to another source", () => {
    const desk = exchangeDesk();
    desk.venue.setPrices(BTC, { mark: desk.ticks(50_000), index: desk.ticks(50_000) });
    const order = desk.buy(1, { trigger: up });
    const amend = (change: object) => desk.venue.amendOrder("a", { market: BTC, orderId: order.id, ...change });
    expect(amend({ triggerPrice: desk.ticks(49_000) })).toMatchObject({ ok: false, code: 110_092 });
    expect(amend({ triggerPrice: desk.ticks(50_300) }).ok).toBe(true);
    desk.trade(50_200);
    expect(order.status).toBe("Untriggered");
    expect(amend({ triggerBy: "MarkPrice", qty: 2_000 }).ok).toBe(true);
    desk.trade(50_300);
    expect(order.status).toBe("Untriggered");
    desk.mark(50_300);
    expect(order).toMatchObject({ status: "Filled", cumExecQty: 2_000 });
  });

  it("of ten that wait in one contract an eleventh is refused, and room comes back", () => {
    const desk = exchangeDesk();
    const orders = Array.from({ length: 10 }, () => desk.buy(0.01, { trigger: up }));
    expect(desk.refused("buy", 0.01, { trigger: up })).toBe(110_009);
    expect(desk.buy(0.01).status).toBe("Filled");
    desk.venue.cancelOrder("a", { market: BTC, orderId: orders[3]!.id });
    expect(desk.buy(0.01, { trigger: up }).status).toBe("Untriggered");
  });

  it("nearest first, then oldest first, all in one jump", () => {
    const desk = exchangeDesk();
    const far = desk.buy(1, { trigger: { price: 50_300, direction: 1 } });
    const near = desk.buy(1, { trigger: up });
    const twin = desk.buy(1, { trigger: up });
    desk.trade(50_400);
    const order = [...desk.venue.executions("a")].map((row) => row.orderId).reverse();
    expect(order).toEqual([near.id, twin.id, far.id]);
  });

  it("in a bar fires at its own price; jumped over, at the open", () => {
    const desk = exchangeDesk();
    desk.buy(1, { trigger: up });
    desk.bar([50_000, 50_300, 49_950, 50_000]);
    expect(desk.fills()).toEqual([[50_100, 1]]);
    desk.sell(1, { trigger: down });
    desk.bar([49_700, 49_800, 49_600, 49_650]);
    expect(desk.fills()).toEqual([
      [50_100, 1],
      [49_700, 1],
    ]);
  });

  it("carries TP/SL that are judged from its trigger price", () => {
    const desk = exchangeDesk();
    expect(desk.refused("buy", 1, { trigger: up, stopLoss: 50_100 })).toBe(10_001);
    expect(desk.refused("buy", 1, { trigger: up, takeProfit: 50_050 })).toBe(10_001);
    desk.buy(1, { trigger: up, stopLoss: 50_050, takeProfit: 50_200 });
    expect(desk.waiting()).toEqual([["Stop", 50_100, 1]]);
    desk.trade(50_100);
    expect(desk.waiting()).toEqual([
      ["StopLoss", 50_050, 1],
      ["TakeProfit", 50_200, 1],
    ]);
  });

  it("on spot: a StopOrder holds no coins until it fires, a tpslOrder at once", () => {
    const desk = exchangeDesk({ account: { balances: { USDT: 1_000, BTC: 1 } } });
    const locked = (coin: string) => desk.venue.wallet("a").coins.find((row) => row.coin === coin)!.locked / 1e8;
    desk.sell(1, { market: SPOT, trigger: { price: 49_500 }, orderFilter: "StopOrder" });
    expect(locked("BTC")).toBe(0);
    desk.sell(1, { market: SPOT, trigger: { price: 49_500 }, orderFilter: "tpslOrder" });
    expect(locked("BTC")).toBe(1);
    expect(desk.refused("sell", 0.000_5, { market: SPOT, price: 50_100 })).toBe(170_131);
    desk.trade(49_500, { market: SPOT });
    const [stop, tpsl] = [...desk.venue.closedOrders("a")].sort((x, y) => x.id - y.id);
    expect([stop!.status, tpsl!.status]).toEqual(["Rejected", "Filled"]);
    expect(desk.money("a", "BTC")).toBe(0);
    // 49,500 less 0.1 %.
    expect(desk.money()).toBe(1_000 + 49_500 - 49.5);
  });
});
