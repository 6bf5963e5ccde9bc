import { describe, expect, it } from "vitest";
import type { TradingStopRequest } from "../../src/matching/types.ts";
import { P, S, told, venueDesk } from "../support/venue-desk.ts";

function stop(desk: ReturnType<typeof venueDesk>, request: Partial<TradingStopRequest>): number {
  const reply = desk.venue.setTradingStop("a", { market: P, positionIdx: 0, tpslMode: "Full", ...request });
  return reply.ok ? 0 : reply.code;
}

describe("TP/SL", () => {
  it("come with the fill of their entry and go with the position", () => {
    const desk = venueDesk();
    desk.order({ side: "buy", qty: 10, takeProfit: { price: 1_050 }, stopLoss: { price: 980 }, orderLinkId: "entry" });
    expect(desk.waiting()).toEqual([
      ["StopLoss", 980],
      ["TakeProfit", 1_050],
    ]);
    const [leg] = desk.venue.openOrders("a");
    expect(leg).toMatchObject({
      side: "sell",
      qty: 10,
      reduceOnly: true,
      parentOrderLinkId: "entry",
      createType: "CreateByStopLoss",
    });
    expect(desk.venue.positions("a", P)[0]).toMatchObject({ takeProfit: 1_050, stopLoss: 980 });
    desk.order({ side: "sell", qty: 10 });
    expect([...desk.venue.closedOrders("a")].filter((row) => row.cancelType === "CancelByTpSlTsClear")).toHaveLength(2);
    expect(desk.waiting()).toEqual([]);
  });

  it("follow the size of the position, and a newer entry's prices replace them", () => {
    const desk = venueDesk();
    desk.order({ side: "buy", qty: 10, takeProfit: { price: 1_050 }, stopLoss: { price: 980 } });
    desk.order({ side: "buy", qty: 5, stopLoss: { price: 970 } });
    expect(desk.waiting()).toEqual([
      ["StopLoss", 970],
      ["TakeProfit", 1_050],
    ]);
    desk.order({ side: "sell", qty: 3 });
    expect([...desk.venue.openOrders("a")].map(({ qty }) => qty)).toEqual([12, 12]);
    // A turn takes them away.
    desk.order({ side: "sell", qty: 20 });
    expect(desk.waiting()).toEqual([]);
  });

  it("cancel each other", () => {
    const desk = venueDesk();
    desk.order({ side: "buy", qty: 10, takeProfit: { price: 1_050 }, stopLoss: { price: 980 } });
    desk.events.length = 0;
    desk.venue.onTrade(P, { price: 1_050, qty: 1, side: "buy" });
    expect(told(desk.events)).toEqual([
      "order 2 Triggered",
      "order 3 Deactivated",
      "order 2 New",
      "trade 10@1050 sell",
      "execution 2 10@1050",
      "order 2 Filled",
      "position",
      "wallet",
    ]);
    const [, , stopRow] = [...desk.venue.closedOrders("a")].reverse().sort((x, y) => x.id - y.id);
    expect(stopRow).toMatchObject({ id: 3, cancelType: "CancelByOCOSlCanceledByTpTriggered", leavesQty: 0 });
  });

  it("make a pair for each fill in Partial mode, with limit legs that rest", () => {
    const desk = venueDesk();
    const legs = { takeProfit: { price: 1_050, limitPrice: 1_060 }, stopLoss: { price: 980 } };
    desk.order({ side: "buy", qty: 10, tpslMode: "Partial", ...legs });
    expect(desk.waiting()).toEqual([
      ["PartialStopLoss", 980],
      ["PartialTakeProfit", 1_050],
    ]);
    desk.venue.onTrade(P, { price: 1_055, qty: 1, side: "buy" });
    // The limit leg waits in the book at its own price; its stop is gone.
    expect([...desk.venue.openOrders("a")].map(({ status, price }) => [status, price])).toEqual([["New", 1_060]]);
    desk.venue.onTrade(P, { price: 1_061, qty: 1, side: "buy" });
    expect(desk.fills()[1]).toEqual([1_060, 10]);
    expect(desk.size()).toBe(0);
  });

  it("fire by the price they were told to watch", () => {
    const desk = venueDesk();
    desk.order({ side: "buy", qty: 10, stopLoss: { price: 980, triggerBy: "MarkPrice" } });
    desk.venue.setPrices(P, { mark: 1_000, index: 1_000 });
    desk.venue.onTrade(P, { price: 975, qty: 1, side: "sell" });
    expect(desk.size()).toBe(10);
    desk.venue.setMark(P, 980);
    expect(desk.fills()[1]).toEqual([975, 10]);
  });

  it("protect what a spot order bought", () => {
    const desk = venueDesk();
    desk.order({ market: S, side: "buy", qty: 10, price: 999, takeProfit: { price: 1_050 }, stopLoss: { price: 980 } });
    desk.venue.onTrade(S, { price: 998, qty: 1, side: "sell" });
    expect(desk.waiting()).toEqual([
      ["tpslOrder", 980],
      ["tpslOrder", 1_050],
    ]);
    desk.venue.onTrade(S, { price: 979, qty: 1, side: "sell" });
    expect(desk.fills()).toEqual([
      [999, 10],
      [979, 10],
    ]);
    expect(desk.waiting()).toEqual([]);
  });
});

describe("the trading stop of a position", () => {
  it("needs a position, prices on their sides, and a change", () => {
    const desk = venueDesk();
    expect(stop(desk, { stopLoss: { price: 900 } })).toBe(10001);
    desk.order({ side: "buy", qty: 10 });
    expect(stop(desk, { stopLoss: { price: 1_000 } })).toBe(10001);
    expect(stop(desk, { takeProfit: { price: 1_000 } })).toBe(10001);
    expect(stop(desk, { stopLoss: { price: 0 } })).toBe(34040);
    expect(stop(desk, { stopLoss: { price: 980 } })).toBe(0);
    expect(stop(desk, { stopLoss: { price: 980 } })).toBe(34040);
    expect(stop(desk, { stopLoss: { price: 985 }, takeProfit: { price: 1_100 } })).toBe(0);
    expect(desk.waiting()).toEqual([
      ["StopLoss", 985],
      ["TakeProfit", 1_100],
    ]);
    expect(stop(desk, { stopLoss: { price: 0 } })).toBe(0);
    expect(desk.waiting()).toEqual([["TakeProfit", 1_100]]);
  });

  it("adds pairs in Partial mode, 20 at most, none larger than the position", () => {
    const desk = venueDesk();
    desk.order({ side: "buy", qty: 40 });
    const pair = { tpslMode: "Partial", takeProfit: { price: 1_100 }, stopLoss: { price: 900 } } as const;
    expect(stop(desk, { ...pair, size: 41 })).toBe(110058);
    for (let i = 0; i < 20; i++) expect(stop(desk, { ...pair, size: 2 })).toBe(0);
    expect(stop(desk, { ...pair, size: 2 })).toBe(110061);
    desk.venue.onTrade(P, { price: 1_100, qty: 1, side: "buy" });
    expect(desk.fills().slice(1)).toEqual(new Array(20).fill([1_100, 2]));
    expect(desk.size()).toBe(0);
  });

  it("trails trade by trade, and only forward", () => {
    const desk = venueDesk();
    desk.order({ side: "sell", qty: 10 });
    expect(stop(desk, { trailingStop: 10, activePrice: 990 })).toBe(0);
    expect(stop(desk, { trailingStop: 10, activePrice: 990 })).toBe(34040);
    const [row] = desk.venue.openOrders("a");
    const at = (price: number) => {
      desk.venue.onTrade(P, { price, qty: 1, side: "buy" });
      return row!.stopPrice;
    };
    expect([at(1_005), at(991), at(989), at(995), at(970), at(979)]).toEqual([0, 0, 999, 999, 980, 980]);
    expect(desk.size()).toBe(-10);
    at(982);
    expect(desk.fills()[1]).toEqual([982, 10]);
    expect(desk.venue.positions("a", P)[0]).toMatchObject({ size: 0, trailingStop: 0 });
  });

  it("can be amended and cancelled leg by leg", () => {
    const desk = venueDesk();
    desk.order({ side: "buy", qty: 10, takeProfit: { price: 1_050 }, stopLoss: { price: 980 } });
    const [stopLoss, takeProfit] = desk.venue.openOrders("a");
    const amend = (triggerPrice: number) =>
      desk.venue.amendOrder("a", { market: P, orderId: stopLoss!.id, triggerPrice }).ok;
    expect([amend(990), amend(1_001), amend(990)]).toEqual([true, false, false]);
    expect(desk.venue.positions("a", P)[0]).toMatchObject({ stopLoss: 990 });
    desk.venue.cancelOrder("a", { market: P, orderId: takeProfit!.id });
    expect(desk.waiting()).toEqual([["StopLoss", 990]]);
    desk.bar(1_000, 1_000, 985, 1_000);
    expect(desk.fills()[1]).toEqual([990, 10]);
  });
});

describe("conditional orders", () => {
  it("wait, fire, and live on as what they are", () => {
    const desk = venueDesk();
    const market = desk.order({ side: "buy", qty: 10, trigger: { price: 1_010, direction: 1 } });
    const limit = desk.order({ side: "buy", qty: 5, price: 985, trigger: { price: 990, direction: 2 } });
    expect([market.status, limit.status]).toEqual(["Untriggered", "Untriggered"]);
    expect(market).toMatchObject({ stopOrderType: "Stop", createType: "CreateByStopOrder", price: 0 });
    desk.venue.onTrade(P, { price: 1_010, qty: 1, side: "buy" });
    expect(market).toMatchObject({ status: "Filled", price: 1_020 });
    desk.venue.onTrade(P, { price: 990, qty: 1, side: "sell" });
    expect(limit).toMatchObject({ status: "New", leavesQty: 5 });
  });

  it("are rejected when nothing can pay for them, and cancelled when nothing is left to reduce", () => {
    const desk = venueDesk();
    desk.venue.openAccount({ id: "c", balances: { USDT: 100 } });
    const dear = desk.order({ side: "buy", qty: 10, trigger: { price: 1_010, direction: 1 } }, "c");
    const closing = desk.order(
      { side: "sell", qty: 10, reduceOnly: true, trigger: { price: 1_010, direction: 1 } },
      "c",
    );
    desk.venue.onTrade(P, { price: 1_010, qty: 1, side: "buy" });
    expect(dear).toMatchObject({ status: "Rejected", rejectReason: "EC_Others" });
    expect(closing).toMatchObject({ status: "Cancelled", cancelType: "CancelByReduceOnly" });
  });

  it("fire one another through the prices they make", () => {
    const desk = venueDesk();
    desk.venue.onBook(P, "snapshot", {
      bids: [[999, 50]],
      asks: [
        [1_001, 5],
        [1_004, 5],
        [1_008, 50],
      ],
    });
    const second = desk.order({ side: "buy", qty: 1, trigger: { price: 1_004, direction: 1 } });
    const third = desk.order({ side: "buy", qty: 1, trigger: { price: 1_008, direction: 1 } });
    desk.order({ side: "buy", qty: 10 });
    expect([second.status, third.status]).toEqual(["Filled", "Filled"]);
    expect(desk.fills()).toEqual([
      [1_001, 5],
      [1_004, 5],
      [1_008, 1],
      [1_008, 1],
    ]);
  });

  it("hold the coins of a spot TP/SL order while it waits", () => {
    const { order, venue, code } = venueDesk();
    const trigger = { price: 900 };
    order({ market: S, side: "sell", qty: 600, trigger, orderFilter: "tpslOrder" });
    const locked = () =>
      venue.wallet("a").coins.find(({ coin }) => coin === "XYZ")!.locked / 10 ** venue.coinScale("XYZ");
    expect(locked()).toBe(600);
    expect(code({ market: S, side: "sell", qty: 600, trigger, orderFilter: "tpslOrder" })).toBe(170131);
    order({ market: S, side: "sell", qty: 600, trigger, orderFilter: "StopOrder" });
    expect(locked()).toBe(600);
  });
});
