import { describe, expect, it } from "vitest";
import { P, S, told, venueDesk } from "../support/venue-desk.ts";

const LADDER = { liquidity: { kind: "ladder", spreadTicks: 2, levelQty: 10, levels: 5 } } as const;

/** A recorded book: 10 at 999 and 1,001, 20 at 998 and 1,002. */
function recorded() {
  const desk = venueDesk();
  desk.venue.onBook(P, "snapshot", {
    bids: [
      [999, 10],
      [998, 20],
    ],
    asks: [
      [1_001, 10],
      [1_002, 20],
    ],
  });
  return desk;
}

describe("matching", () => {
  it("tells an order, its trades, its end, the position and the wallet, in that order", () => {
    const { order, events } = recorded();
    events.length = 0;
    order({ side: "buy", qty: 15 });
    expect(told(events)).toEqual([
      "order 1 New",
      "trade 10@1001 buy",
      "execution 1 10@1001",
      "trade 5@1002 buy",
      "execution 1 5@1002",
      "order 1 Filled",
      "position",
      "wallet",
    ]);
  });

  it("serves what was displayed before an own order first, and what came later after it", () => {
    const { order, venue, fills } = recorded();
    order({ side: "sell", qty: 5, price: 1_001 }, "b");
    venue.onBook(P, "delta", { bids: [], asks: [[1_001, 14]] });
    order({ side: "buy", qty: 12 });
    expect(fills()).toEqual([
      [1_001, 10],
      [1_001, 2],
    ]);
    expect(fills("b")).toEqual([[1_001, 2]]);
    order({ side: "buy", qty: 4 });
    expect(fills("b")).toEqual([
      [1_001, 2],
      [1_001, 3],
    ]);
  });

  it("serves own orders at one price in the order they came", () => {
    const { order, fills } = recorded();
    order({ side: "sell", qty: 3, price: 1_000 }, "b");
    order({ side: "sell", qty: 3, price: 1_000 });
    order({ side: "sell", qty: 3, price: 1_000 }, "b");
    order({ side: "buy", qty: 4, price: 1_000 }, "b");
    expect(fills("a")).toEqual([[1_000, 1]]);
  });

  it("lets a trade of the source eat the queue before an own order", () => {
    const { order, venue, fills } = recorded();
    const first = order({ side: "buy", qty: 5, price: 999 });
    order({ side: "buy", qty: 5, price: 999 }, "b");
    venue.onTrade(P, { price: 999, qty: 12, side: "sell" });
    expect(fills()).toEqual([[999, 2]]);
    expect(first.status).toBe("PartiallyFilled");
    venue.onTrade(P, { price: 999, qty: 4, side: "sell" });
    expect(fills()).toEqual([
      [999, 2],
      [999, 3],
    ]);
    expect(fills("b")).toEqual([[999, 1]]);
    venue.onTrade(P, { price: 998, qty: 1, side: "sell" });
    expect(fills("b")).toEqual([
      [999, 1],
      [999, 4],
    ]);
  });

  it("fills a fill-or-kill order whole or not at all", () => {
    const { order, size } = recorded();
    expect(order({ side: "buy", qty: 31, price: 1_002, timeInForce: "FOK" })).toMatchObject({
      status: "Cancelled",
      rejectReason: "EC_CancelForNoFullFill",
    });
    expect(size()).toBe(0);
    expect(order({ side: "buy", qty: 30, price: 1_002, timeInForce: "FOK" }).status).toBe("Filled");
    expect(size()).toBe(30);
  });

  it("cancels what an immediate order leaves, and a post-only order that would take", () => {
    const { order, size } = recorded();
    expect(order({ side: "buy", qty: 15, price: 1_001, timeInForce: "IOC" })).toMatchObject({
      status: "Cancelled",
      cumExecQty: 10,
      leavesQty: 0,
      rejectReason: "EC_NoImmediateQtyToFill",
    });
    const post = order({ side: "sell", qty: 5, price: 999, timeInForce: "PostOnly" });
    expect(post).toMatchObject({ status: "Cancelled", rejectReason: "EC_PostOnlyWillTakeLiquidity" });
    expect(order({ side: "sell", qty: 5, price: 1_000, timeInForce: "PostOnly" }).status).toBe("New");
    expect(size()).toBe(10);
  });

  it("stops a market order at one percent from the mark price", () => {
    const { order, venue } = recorded();
    venue.onBook(P, "snapshot", {
      bids: [[980, 5]],
      asks: [
        [1_005, 5],
        [1_011, 5],
      ],
    });
    expect(order({ side: "buy", qty: 9 })).toMatchObject({ price: 1_010, cumExecQty: 5, status: "Cancelled" });
    expect(order({ side: "sell", qty: 9 })).toMatchObject({ price: 995, cumExecQty: 0, status: "Cancelled" });
  });

  it("keeps a market order within the slippage it allows", () => {
    const { order } = recorded();
    const slippage = { kind: "TickSize", value: 0 } as const;
    expect(order({ side: "buy", qty: 15, slippage })).toMatchObject({ price: 1_001, cumExecQty: 10 });
  });

  it.each([
    ["CancelMaker", "Cancelled", "New", 0],
    ["CancelTaker", "New", "Cancelled", 0],
    ["CancelBoth", "Cancelled", "Cancelled", 0],
    ["None", "Filled", "Filled", 0],
  ] as const)("prevents self matches by the taker's wish: %s", (smpType, maker, taker, size) => {
    const desk = recorded();
    const resting = desk.order({ side: "sell", qty: 5, price: 1_000 });
    const second = desk.order({ side: "buy", qty: 5, price: 1_000, smpType });
    expect([resting.status, second.status, desk.size()]).toEqual([maker, taker, size]);
    if (resting.status === "Cancelled") expect(resting.smpOrderId).toBe(second.id);
    if (second.status === "Cancelled") expect(second.smpOrderId).toBe(resting.id);
  });

  it("moves the last price with own fills unless told not to", () => {
    const moving = venueDesk(LADDER);
    moving.order({ side: "buy", qty: 5 });
    expect(moving.venue.quote(P).last).toBe(1_000);
    const ask = moving.venue.quote(P).ask;
    moving.order({ side: "sell", qty: 40 });
    expect(moving.venue.quote(P).last).toBeLessThan(ask);
    const still = venueDesk(LADDER, { ownTradesMovePrice: false });
    still.order({ side: "sell", qty: 40 });
    expect(still.venue.quote(P).last).toBe(1_000);
  });

  it("spends quote money on spot as far as whole steps go", () => {
    const { order, venue } = venueDesk();
    const bought = order({ market: S, side: "buy", qty: 5_555e8 });
    expect(bought).toMatchObject({ status: "Filled", cumExecQty: 5, cumExecValue: 5_000e8, marketUnit: "quoteCoin" });
    const coins = venue.wallet("a").coins;
    expect(coins.find(({ coin }) => coin === "USDT")?.walletBalance).toBe(995_000e8);
    // 0.1 % of what was bought goes as fee.
    const unit = 10 ** venue.coinScale("XYZ");
    expect(coins.find(({ coin }) => coin === "XYZ")?.walletBalance).toBe(Math.round(1_004.995 * unit));
  });

  it("locks what a spot order may need and frees what it did not", () => {
    const { order, venue, code } = venueDesk();
    const locked = () => venue.wallet("a").coins.find(({ coin }) => coin === "USDT")!.locked;
    const { id } = order({ market: S, side: "buy", qty: 600, price: 999 });
    expect(locked()).toBe(599_400e8);
    expect(code({ market: S, side: "buy", qty: 402, price: 999 })).toBe(170131);
    venue.amendOrder("a", { market: S, orderId: id, qty: 100 });
    expect(locked()).toBe(99_900e8);
    venue.cancelOrder("a", { market: S, orderId: id });
    expect(locked()).toBe(0);
  });
});
