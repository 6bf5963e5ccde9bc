import { describe, expect, it } from "vitest";
import type { AmendRequest } from "../../../src/matching/types.ts";
import { BTC, COIN, ETH, type ExchangeDesk, exchangeDesk, SPOT } from "../../support/exchange-desk.ts";

function quiet(): ExchangeDesk {
  const desk = exchangeDesk();
  desk.depth([[49_000, 10]], [[51_000, 10]]);
  return desk;
}
const amend = (desk: ExchangeDesk, orderId: number, change: Partial<AmendRequest>) =>
  desk.venue.amendOrder("a", { market: BTC, orderId, ...change });

describe("amending", () => {
  it("changes price, quantity and what is left; quantity is the new total", () => {
    const desk = quiet();
    const order = desk.buy(3, { price: 49_500 });
    desk.trade(49_500, { side: "sell", qty: 1 });
    expect(amend(desk, order.id, { qty: desk.steps(1) })).toMatchObject({ ok: false, code: 110_064 });
    expect(amend(desk, order.id, { qty: desk.steps(0.5) })).toMatchObject({ ok: false, code: 110_064 });
    expect(amend(desk, order.id, { qty: desk.steps(1.001) }).ok).toBe(true);
    expect(order).toMatchObject({ qty: 1_001, leavesQty: 1, cumExecQty: 1_000, status: "PartiallyFilled" });
    expect(amend(desk, order.id, { qty: desk.steps(5), price: desk.ticks(49_600) }).ok).toBe(true);
    expect(order).toMatchObject({ qty: 5_000, leavesQty: 4_000, price: desk.ticks(49_600) });
  });

  it("can make a taker of a maker, up to the whole of it", () => {
    const desk = exchangeDesk();
    desk.depth(
      [[49_900, 5]],
      [
        [50_100, 1],
        [50_200, 5],
      ],
    );
    const order = desk.buy(2, { price: 49_950 });
    expect(amend(desk, order.id, { price: desk.ticks(50_100) }).ok).toBe(true);
    expect(order).toMatchObject({ status: "PartiallyFilled", cumExecQty: 1_000 });
    expect(amend(desk, order.id, { price: desk.ticks(50_200) }).ok).toBe(true);
    expect(order.status).toBe("Filled");
    expect([...desk.venue.executions("a")].map((row) => row.isMaker)).toEqual([false, false]);
  });

  it("a PostOnly order that would take is cancelled", () => {
    const desk = quiet();
    const order = desk.buy(1, { price: 49_500, timeInForce: "PostOnly" });
    desk.depth([[49_000, 1]], [[50_000, 1]]);
    expect(amend(desk, order.id, { price: desk.ticks(50_000) }).ok).toBe(true);
    expect(order).toMatchObject({ status: "Cancelled", rejectReason: "EC_PostOnlyWillTakeLiquidity", cumExecQty: 0 });
  });

  it("asks for the margin of the change, and refuses without touching the order", () => {
    const desk = exchangeDesk({ account: { balances: { USDT: 5_000 } } });
    desk.depth([[48_000, 10]], [[51_000, 10]]);
    // 10x at 49,000: 4,900 + 26.95 to open + 24.255 to close.
    const order = desk.buy(1, { price: 49_000 });
    expect(desk.venue.wallet("a").coins[0]!.orderIM).toBe(4_951.205e8);
    const before = desk.venue.digest();
    expect(amend(desk, order.id, { qty: desk.steps(1.01) })).toMatchObject({ ok: false, code: 110_007 });
    expect(amend(desk, order.id, { price: desk.ticks(49_500) })).toMatchObject({ ok: false, code: 110_007 });
    expect(desk.venue.digest()).toBe(before);
    expect(amend(desk, order.id, { price: desk.ticks(49_100) }).ok).toBe(true);
    expect(desk.venue.wallet("a").coins[0]!.orderIM).toBe(Math.round(4_951.205e8 * (491 / 490)));
  });

  it("sets and removes the TP/SL an order carries while it has no fill", () => {
    const desk = quiet();
    const order = desk.buy(2, { price: 49_500 });
    expect(amend(desk, order.id, { stopLoss: { price: desk.ticks(49_600) } })).toMatchObject({ code: 10_001 });
    expect(amend(desk, order.id, { stopLoss: { price: desk.ticks(49_400) } }).ok).toBe(true);
    expect(amend(desk, order.id, { takeProfit: { price: desk.ticks(49_700) } }).ok).toBe(true);
    expect(amend(desk, order.id, { takeProfit: { price: 0 } }).ok).toBe(true);
    expect(order).toMatchObject({ stopLoss: desk.ticks(49_400), takeProfit: 0, tpslMode: "Full" });
    desk.trade(49_500, { side: "sell", qty: 1 });
    expect(desk.waiting()).toEqual([["StopLoss", 49_400, 1]]);
    expect(amend(desk, order.id, { stopLoss: { price: desk.ticks(49_300) } })).toMatchObject({ code: 110_059 });
  });

  it.each([
    ["what is closed", (desk: ExchangeDesk) => desk.buy(1, { price: 48_000, timeInForce: "IOC" }).id, {}, 110_001],
    ["what never was", () => 999, {}, 110_001],
    ["nothing at all", (desk: ExchangeDesk) => desk.buy(1, { price: 48_000 }).id, {}, 10_001],
    [
      "to what it is",
      (desk: ExchangeDesk) => desk.buy(1, { price: 48_000 }).id,
      { qty: 1_000, price: 480_000 },
      10_001,
    ],
    ["to nothing", (desk: ExchangeDesk) => desk.buy(1, { price: 48_000 }).id, { qty: 0 }, 10_001],
    [
      "below the least value",
      (desk: ExchangeDesk) => desk.buy(1, { price: 48_000 }).id,
      { price: 40, qty: 1 },
      110_094,
    ],
    ["beyond the most", (desk: ExchangeDesk) => desk.buy(1, { price: 48_000 }).id, { qty: 1_190_001 }, 10_001],
  ])("refuses %s", (_what, make, change, code) => {
    const desk = quiet();
    const id = make(desk);
    const before = desk.venue.digest();
    expect(amend(desk, id, change)).toMatchObject({ ok: false, code });
    expect(desk.venue.digest()).toBe(before);
  });

  it("on spot locks what more is needed", () => {
    const desk = exchangeDesk({ account: { balances: { USDT: 1_000 } } });
    const order = desk.buy(0.01, { market: SPOT, price: 49_900 });
    const locked = () => desk.venue.wallet("a").coins[0]!.locked / 1e8;
    expect(locked()).toBe(499);
    const change = (qty: number) => desk.venue.amendOrder("a", { market: SPOT, orderId: order.id, qty });
    expect(change(desk.steps(0.021, SPOT))).toMatchObject({ ok: false, code: 170_131 });
    expect(change(desk.steps(0.02, SPOT)).ok).toBe(true);
    expect(locked()).toBe(998);
    expect(change(desk.steps(0.005, SPOT)).ok).toBe(true);
    expect(locked()).toBe(249.5);
    desk.venue.cancelOrder("a", { market: SPOT, orderId: order.id });
    expect(locked()).toBe(0);
  });
});

describe("cancelling", () => {
  it("ends an order once, says who did it, and gives its margin back", () => {
    const desk = quiet();
    const order = desk.buy(3, { price: 49_500 });
    desk.trade(49_500, { side: "sell", qty: 1 });
    expect(desk.venue.cancelOrder("a", { market: BTC, orderId: order.id }).ok).toBe(true);
    expect(order).toMatchObject({
      status: "Cancelled",
      cancelType: "CancelByUser",
      rejectReason: "EC_PerCancelRequest",
    });
    expect(order).toMatchObject({ qty: 3_000, cumExecQty: 1_000, leavesQty: 0 });
    expect(desk.venue.wallet("a").coins[0]!.orderIM).toBe(0);
    expect(desk.venue.cancelOrder("a", { market: BTC, orderId: order.id })).toMatchObject({ code: 110_001 });
    expect(desk.venue.cancelOrder("a", { market: SPOT, orderId: order.id })).toMatchObject({ code: 170_213 });
  });

  it("on spot a partly filled order ends PartiallyFilledCanceled", () => {
    const desk = exchangeDesk();
    desk.depth([[49_900, 1]], [[50_100, 0.5]], SPOT);
    const order = desk.buy(1, { market: SPOT, price: 50_100 });
    desk.venue.cancelOrder("a", { market: SPOT, orderId: order.id });
    expect(order).toMatchObject({ status: "PartiallyFilledCanceled", cumExecQty: 500_000 });
    const none = desk.buy(1, { market: SPOT, price: 50_000 });
    desk.venue.cancelOrder("a", { market: SPOT, orderId: none.id });
    expect(none.status).toBe("Cancelled");
  });

  it("all: every kind of order, or those that are liked, and of this account only", () => {
    const desk = quiet();
    desk.buy(1, { trigger: { price: 50_500, direction: 1 } });
    desk.buy(1, { price: 49_500 });
    desk.buy(1, { price: 1_900, market: ETH });
    desk.buy(1, { price: 49_500, account: "b" });
    expect(desk.venue.cancelAll("a", (row) => row.market === ETH)).toHaveLength(1);
    expect(desk.venue.cancelAll("a")).toHaveLength(2);
    expect(desk.venue.cancelAll("a")).toEqual([]);
    expect([...desk.venue.openOrders("b")]).toHaveLength(1);
  });
});

describe("a batch", () => {
  const item = { market: BTC, side: "buy", type: "Limit", price: 480_000, qty: 10 } as const;

  it("answers item by item; one that fails stops no other", () => {
    const desk = quiet();
    const replies = desk.venue.placeBatch("a", [
      { ...item, orderLinkId: "x" },
      { ...item, orderLinkId: "x" },
      { ...item, qty: 0 },
      { ...item, orderLinkId: "y" },
    ]);
    expect(replies.map((reply) => (reply.ok ? 0 : reply.code))).toEqual([0, 110_072, 10_001, 0]);
    const amended = desk.venue.amendBatch("a", [
      { market: BTC, orderLinkId: "x", qty: 20 },
      { market: BTC, orderLinkId: "z", qty: 20 },
      { market: BTC, orderLinkId: "y", price: 470_000 },
    ]);
    expect(amended.map((reply) => (reply.ok ? 0 : reply.code))).toEqual([0, 110_001, 0]);
    expect([...desk.venue.openOrders("a")].map((row) => [row.qty, row.price])).toEqual([
      [10, 470_000],
      [20, 480_000],
    ]);
    const gone = desk.venue.cancelBatch(
      "a",
      ["x", "x", "y"].map((orderLinkId) => ({ market: BTC, orderLinkId })),
    );
    expect(gone.map((reply) => (reply.ok ? 0 : reply.code))).toEqual([0, 110_001, 0]);
  });

  it.each([
    [BTC, 20],
    [COIN, 20],
    [SPOT, 10],
  ] as const)("of %s carries %d; one more and all are refused", (market, most) => {
    const desk = quiet();
    const orders = (count: number) =>
      Array.from({ length: count }, () => ({ ...item, market, qty: 1_000, price: desk.ticks(49_900, market) }));
    const before = desk.venue.digest();
    const replies = desk.venue.placeBatch("a", orders(most + 1));
    expect(replies.map((reply) => (reply.ok ? 0 : reply.code))).toEqual(Array(most + 1).fill(10_001));
    expect(desk.venue.digest()).toBe(before);
    expect(desk.venue.placeBatch("a", orders(most)).every((reply) => reply.ok)).toBe(true);
  });
});

describe("changed instrument rules", () => {
  it("bind new orders, leave open ones, and keep the grid", () => {
    const desk = quiet();
    const before = desk.buy(0.005, { price: 49_500 });
    const rules = desk.venue.market(BTC)!;
    desk.venue.setInstrument(BTC, { ...rules, minOrderQty: "0.01", maxOrderQty: "2", minNotionalValue: "600" });
    expect(before.status).toBe("New");
    expect(desk.refused("buy", 0.009, { price: 49_500 })).toBe(10_001);
    expect(desk.refused("buy", 2.001, { price: 49_500 })).toBe(10_001);
    expect(desk.refused("buy", 0.012, { price: 49_500 })).toBe(110_094);
    expect(desk.buy(0.013, { price: 49_500 }).status).toBe("New");
    desk.trade(49_400, { side: "sell" });
    expect(before.status).toBe("Filled");
    expect(() => desk.venue.setInstrument(BTC, { ...rules, tickSize: "0.5" })).toThrow(
      expect.objectContaining({ code: "INSTRUMENT" }),
    );
    expect(desk.venue.market(BTC)!.minOrderQty).toBe("0.01");
  });

  it("with a dearer risk ladder liquidate who stands too thin", () => {
    const desk = exchangeDesk({ account: { marginMode: "ISOLATED_MARGIN", leverage: 50 } });
    desk.buy(1);
    const rules = desk.venue.market(BTC)!;
    const [rung] = rules.riskTiers;
    desk.venue.setInstrument(BTC, { ...rules, riskTiers: [{ ...rung!, maintenanceMarginRate: "0.019" }] });
    desk.mark(50_000);
    expect(desk.size()).toBe(1);
    desk.venue.setInstrument(BTC, { ...rules, riskTiers: [{ ...rung!, maintenanceMarginRate: "0.021" }] });
    desk.mark(50_000);
    expect(desk.size()).toBe(0);
    expect([...desk.venue.executions("a")][0]).toMatchObject({ type: "BustTrade", price: desk.ticks(49_000) });
  });
});
