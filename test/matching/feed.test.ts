import { describe, expect, it } from "vitest";
import { P, PLAIN, told, venueDesk } from "../support/venue-desk.ts";

describe("the market's feed", () => {
  it("trades recorded depth that comes to stand against resting orders, as far as it goes", () => {
    const desk = venueDesk();
    desk.venue.onBook(P, "snapshot", { bids: [[995, 5]], asks: [[1_005, 5]] });
    const row = desk.order({ side: "buy", qty: 10, price: 1_000 });
    desk.events.length = 0;
    desk.venue.onBook(P, "delta", { bids: [], asks: [[1_000, 4]] });
    expect(row).toMatchObject({ status: "PartiallyFilled", leavesQty: 6 });
    expect(told(desk.events)).toEqual([
      "trade 4@1000 sell",
      "execution 1 4@1000",
      "order 1 PartiallyFilled",
      "position",
      "wallet",
      "book",
    ]);
    // What traded is gone from the depth.
    expect(desk.venue.depth(P, 5)).toEqual({
      bids: [
        [1_000, 6],
        [995, 5],
      ],
      asks: [[1_005, 5]],
    });
  });

  it("moves an order up in the queue when what stood before it leaves", () => {
    const desk = venueDesk();
    desk.venue.onBook(P, "snapshot", { bids: [[995, 50]], asks: [[1_005, 5]] });
    desk.order({ side: "buy", qty: 10, price: 995 });
    desk.venue.onBook(P, "delta", { bids: [[995, 2]], asks: [] });
    desk.venue.onBook(P, "delta", { bids: [[995, 80]], asks: [] });
    desk.venue.onTrade(P, { price: 995, qty: 5, side: "sell" });
    expect(desk.fills()).toEqual([[995, 3]]);
  });

  it("keeps mark and index at the last price until they are fed", () => {
    const { venue } = venueDesk();
    venue.onTrade(P, { price: 1_010, qty: 1, side: "buy" });
    expect(venue.quote(P)).toMatchObject({ last: 1_010, mark: 1_010, index: 1_010 });
    venue.setMark(P, 1_005);
    venue.onTrade(P, { price: 1_020, qty: 1, side: "buy" });
    expect(venue.quote(P)).toMatchObject({ last: 1_020, mark: 1_005, index: 1_020 });
  });

  it("does not tell the source's own trades again", () => {
    const desk = venueDesk();
    desk.order({ side: "buy", qty: 10, price: 990 });
    desk.events.length = 0;
    desk.venue.onTrade(P, { price: 980, qty: 3, side: "sell" });
    expect(told(desk.events)).toEqual(["execution 1 10@990", "order 1 Filled", "position", "wallet", "book"]);
  });

  it("tells that the book changed when a deleveraged position takes its reducing orders along", () => {
    const desk = venueDesk();
    desk.order({ side: "buy", qty: 10 });
    desk.order({ side: "sell", qty: 10, price: 1_100, reduceOnly: true });
    desk.events.length = 0;
    desk.venue.deleverage("a", P, 0);
    expect(told(desk.events).filter((line) => /order 2|book/.test(line))).toEqual(["order 2 Cancelled", "book"]);
  });

  it("puts changed rules in place for new orders, but not another grid", () => {
    const desk = venueDesk();
    const row = desk.order({ side: "buy", qty: 10, price: 990 });
    desk.venue.setInstrument(P, { ...PLAIN, minOrderQty: "20" });
    expect(desk.code({ side: "buy", qty: 10, price: 990 })).toBe(10001);
    expect(row.status).toBe("New");
    expect(() => desk.venue.setInstrument(P, { ...PLAIN, tickSize: "0.5" })).toThrow(
      /tickSize of linear\/PLAIN cannot change/,
    );
  });

  it("does not turn the clock back", () => {
    const { venue } = venueDesk();
    venue.advanceTo(5);
    expect(() => venue.advanceTo(4)).toThrow(/time does not go back: it is 5, was to be 4/);
    venue.onBar(P, { time: 3, open: 1_000, high: 1_000, low: 1_000, close: 1_000, volume: 1 });
    expect(venue.now()).toBe(5);
    venue.onBar(P, { time: 9, open: 1_000, high: 1_000, low: 1_000, close: 1_000, volume: 1 });
    expect(venue.now()).toBe(9);
  });

  it("numbers events from 1 without a gap, and says nothing to no one", () => {
    const { order, events, venue, bar } = venueDesk();
    order({ side: "buy", qty: 10, takeProfit: { price: 1_010 }, stopLoss: { price: 990 } });
    venue.listen(undefined);
    order({ side: "buy", qty: 10 });
    venue.listen((event) => events.push(event));
    bar(1_000, 1_020, 995, 1_000);
    expect(events.map(({ n }) => n)).toEqual(events.map((_, i) => i + 1));
    expect(events.length).toBeGreaterThan(10);
  });
});
