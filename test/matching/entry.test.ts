import { describe, expect, it } from "vitest";
import { P, S, told, venueDesk } from "../support/venue-desk.ts";

describe("order entry", () => {
  it.each([
    ["an unknown contract", { market: "linear/NONE" as const }, 10001],
    ["an unknown spot pair", { market: "spot/NONE" as const }, 170121],
    ["a position index of the other mode", { positionIdx: 1 as const }, 10001],
    ["no quantity", { qty: 0 }, 10001],
    ["a broken quantity", { qty: 1.5 }, 10001],
    ["too much at market", { qty: 5_001 }, 10001],
    ["too much at a limit", { qty: 10_001, price: 1_000 }, 10001],
    ["a price beyond the instrument's", { price: 1_000_001 }, 110003],
    ["a limit order without price", { type: "Limit" as const }, 10001],
    ["a rise that is no rise", { trigger: { price: 1_000, direction: 1 as const } }, 110092],
    ["a fall that is no fall", { trigger: { price: 1_000, direction: 2 as const } }, 110093],
    ["a trigger without direction", { trigger: { price: 900 } }, 10001],
    ["a profit on the wrong side", { takeProfit: { price: 999 } }, 10001],
    ["a stop on the wrong side", { price: 990, stopLoss: { price: 995 } }, 10001],
    [
      "limit legs of a Full pair",
      { tpslMode: "Full" as const, takeProfit: { price: 1_010, limitPrice: 1_009 } },
      10001,
    ],
    ["a reduction of nothing", { reduceOnly: true }, 110017],
    ["spot that reduces", { market: S, reduceOnly: true }, 10001],
    ["spot above the band", { market: S, price: 1_006 }, 170193],
    ["spot beyond its means", { market: S, price: 1_000, qty: 1_001 }, 170131],
    ["spot TP/SL at market", { market: S, qty: 100e8, takeProfit: { price: 1_010 } }, 10001],
  ])("refuses %s and changes nothing", (_what, change, code) => {
    const desk = venueDesk();
    const before = desk.venue.digest();
    expect(desk.code({ side: "buy", qty: 10, ...change })).toBe(code);
    expect(desk.venue.digest()).toBe(before);
    expect(desk.events).toEqual([]);
  });

  it("refuses orders until there is a price", () => {
    const desk = venueDesk({ lastPrice: 0 });
    expect(desk.code({ side: "buy", qty: 10 })).toBe(110118);
    desk.venue.onTrade(P, { price: 1_000, qty: 1, side: "buy" });
    expect(desk.order({ side: "buy", qty: 10 }).status).toBe("Filled");
  });

  it("takes a client's id once, also when its order is long closed", () => {
    const { order, code } = venueDesk();
    order({ side: "buy", qty: 10, orderLinkId: "mine" });
    expect(code({ side: "buy", qty: 10, orderLinkId: "mine" })).toBe(110072);
    expect(code({ market: S, side: "sell", qty: 10, orderLinkId: "mine" })).toBe(170141);
    expect(order({ side: "buy", qty: 10, orderLinkId: "mine" }, "b").status).toBe("Filled");
  });

  it("moves a contract's limit price to the band", () => {
    const { order } = venueDesk();
    expect(order({ side: "buy", qty: 10, price: 1_200, timeInForce: "IOC" })).toMatchObject({ price: 1_010 });
    expect(order({ side: "sell", qty: 10, price: 800, timeInForce: "IOC" })).toMatchObject({ price: 990 });
  });

  it("asks for the margin of what opens, of the dearer side", () => {
    const { order, code, venue } = venueDesk();
    venue.openAccount({ id: "c", balances: { USDT: 1_000 } });
    // 10x: 100 + fees of 0.0055 + 0.00495 for each 10 at 1,000.
    order({ side: "buy", qty: 9, price: 900 }, "c");
    expect(code({ side: "buy", qty: 2, price: 950 }, "c")).toBe(110007);
    // The other side costs nothing while it is the cheaper one.
    order({ side: "sell", qty: 7, price: 1_100 }, "c");
    expect(code({ side: "sell", qty: 3, price: 1_100 }, "c")).toBe(110007);
    expect([...venue.openOrders("c")]).toHaveLength(2);
  });

  it("cuts a reducing order to the position, and takes it all for quantity 0", () => {
    const { order, size } = venueDesk();
    order({ side: "buy", qty: 10 });
    expect(order({ side: "sell", qty: 25, price: 1_100, reduceOnly: true })).toMatchObject({ qty: 10, leavesQty: 10 });
    expect(order({ side: "sell", qty: 0, reduceOnly: true, closeOnTrigger: true })).toMatchObject({ qty: 10 });
    expect(size()).toBe(0);
  });

  it("cuts and cancels resting reducing orders as the position shrinks", () => {
    const { order, size, bar } = venueDesk();
    order({ side: "buy", qty: 10 });
    const near = order({ side: "sell", qty: 8, price: 1_010, reduceOnly: true });
    const far = order({ side: "sell", qty: 10, price: 1_020, reduceOnly: true });
    order({ side: "sell", qty: 5 });
    expect([near.leavesQty, far.leavesQty]).toEqual([5, 5]);
    bar(1_000, 1_100, 1_000, 1_050);
    expect(near).toMatchObject({ status: "Filled", cumExecQty: 5 });
    expect(far).toMatchObject({ status: "Cancelled", cancelType: "CancelByReduceOnly" });
    expect(size()).toBe(0);
  });

  it("closes by itself in hedge mode, never beyond the side", () => {
    const { venue, order, code } = venueDesk();
    venue.switchPositionMode("a", { market: P }, "hedge");
    expect(code({ side: "buy", qty: 10 })).toBe(10001);
    order({ side: "buy", qty: 10, positionIdx: 1 });
    order({ side: "sell", qty: 4, positionIdx: 2 });
    expect(order({ side: "sell", qty: 30, positionIdx: 1 })).toMatchObject({ reduceOnly: true, cumExecQty: 10 });
    expect(venue.positions("a", P).map(({ size }) => size)).toEqual([0, -4]);
    expect(code({ side: "sell", qty: 1, positionIdx: 1 })).toBe(110017);
  });

  it("holds 500 active and 10 conditional orders of a contract", () => {
    const { order, code } = venueDesk();
    for (let i = 0; i < 500; i++) order({ side: "buy", qty: 1, price: 900 });
    expect(code({ side: "buy", qty: 1, price: 900 })).toBe(110020);
    const trigger = { price: 1_100, direction: 1 } as const;
    for (let i = 0; i < 10; i++) order({ side: "buy", qty: 1, trigger });
    expect(code({ side: "buy", qty: 1, trigger })).toBe(110009);
  });

  it("takes a price from the book", () => {
    const { order, venue, code } = venueDesk();
    venue.onBook(P, "snapshot", {
      bids: [
        [999, 10],
        [997, 20],
      ],
      asks: [[1_002, 10]],
    });
    const limit = { side: "buy", qty: 1, type: "Limit" } as const;
    expect(order({ ...limit, bbo: { side: "Queue", level: 2 } }).price).toBe(997);
    expect(order({ ...limit, bbo: { side: "Counterparty", level: 1 } })).toMatchObject({
      price: 1_002,
      status: "Filled",
    });
    expect(code({ ...limit, bbo: { side: "Counterparty", level: 3 } })).toBe(110003);
  });

  it("runs a batch item by item, unless it is too long", () => {
    const { venue } = venueDesk();
    const good = { market: P, side: "buy", type: "Market", qty: 1 } as const;
    const bad = { ...good, qty: 0 };
    expect(venue.placeBatch("a", [good, bad, good]).map((reply) => reply.ok)).toEqual([true, false, true]);
    const long = venue.placeBatch("a", new Array(21).fill(good));
    expect(long).toHaveLength(21);
    expect(long.every((reply) => !reply.ok && reply.code === 10001)).toBe(true);
    expect(venue.positions("a", P)[0]!.size).toBe(2);
  });

  it("says what an order would do to the margin rates without sending it", () => {
    const { venue, events } = venueDesk();
    venue.openAccount({ id: "c", balances: { USDT: 1_000 } });
    const request = { market: P, side: "buy", type: "Market", qty: 5 } as const;
    // 5,000 at 10x: 500 + 2.75 to open + 2.475 to close; maintenance 0.5 % + 2.475 to close.
    expect(venue.preCheck("c", request)).toEqual({
      ok: true,
      before: [0, 0],
      after: [0.505225, expect.closeTo(0.027475, 12)],
    });
    expect(venue.preCheck("c", { ...request, qty: 50 })).toMatchObject({ ok: false, code: 110007 });
    expect(events).toEqual([]);
  });
});

describe("amending", () => {
  function queue() {
    const desk = venueDesk();
    desk.venue.onBook(P, "snapshot", { bids: [[990, 5]], asks: [[1_010, 5]] });
    const first = desk.order({ side: "buy", qty: 10, price: 1_000 });
    const second = desk.order({ side: "buy", qty: 10, price: 1_000 }, "b");
    return { ...desk, first, second };
  }

  it("keeps the place in the queue with less, loses it with more", () => {
    const less = queue();
    less.venue.amendOrder("a", { market: P, orderId: less.first.id, qty: 6 });
    less.venue.onTrade(P, { price: 1_000, qty: 6, side: "sell" });
    expect([less.first.status, less.second.status]).toEqual(["Filled", "New"]);
    const more = queue();
    more.venue.amendOrder("a", { market: P, orderId: more.first.id, qty: 11 });
    more.venue.onTrade(P, { price: 1_000, qty: 10, side: "sell" });
    expect([more.first.status, more.second.status]).toEqual(["New", "Filled"]);
  });

  it("can turn a maker into a taker", () => {
    const { venue, first } = queue();
    venue.amendOrder("a", { market: P, orderId: first.id, price: 1_010 });
    expect(first).toMatchObject({ status: "PartiallyFilled", cumExecQty: 5, leavesQty: 5, price: 1_010 });
    expect([...venue.executions("a")][0]).toMatchObject({ isMaker: false, price: 1_010 });
  });

  it("refuses what cannot be, and changes nothing", () => {
    const { venue, first } = queue();
    venue.onTrade(P, { price: 1_000, qty: 4, side: "sell" });
    const before = venue.digest();
    const amend = (change: object) => {
      const reply = venue.amendOrder("a", { market: P, orderId: first.id, ...change });
      return reply.ok ? 0 : reply.code;
    };
    expect(amend({ qty: 4 })).toBe(110064);
    expect(amend({ qty: 10, price: 1_000 })).toBe(10001);
    expect(amend({ price: 0 })).toBe(10001);
    expect(amend({ price: 2_000_000 })).toBe(110003);
    expect(amend({ takeProfit: { price: 1_100 } })).toBe(110059);
    expect(venue.amendOrder("a", { market: P, orderId: 999, qty: 1 })).toMatchObject({ code: 110001 });
    expect(venue.amendOrder("b", { market: P, orderId: first.id, qty: 1 })).toMatchObject({ code: 110001 });
    expect(venue.amendOrder("a", { market: S, orderId: first.id, qty: 1 })).toMatchObject({ code: 170213 });
    expect(venue.digest()).toBe(before);
  });
});

describe("cancelling", () => {
  it("ends an order once, by either name, and says who did it", () => {
    const { order, venue } = venueDesk();
    const row = order({ side: "buy", qty: 10, price: 900, orderLinkId: "x" });
    expect(venue.cancelOrder("a", { market: P, orderLinkId: "x" })).toEqual({
      ok: true,
      orderId: row.id,
      orderLinkId: "x",
    });
    expect(row).toMatchObject({ status: "Cancelled", cancelType: "CancelByUser", rejectReason: "EC_PerCancelRequest" });
    expect(venue.cancelOrder("a", { market: P, orderId: row.id })).toMatchObject({ code: 110001 });
  });

  it("cancels all that are wanted, oldest first", () => {
    const { order, venue, events } = venueDesk();
    order({ side: "buy", qty: 1, price: 900 });
    order({ side: "buy", qty: 2, price: 901 });
    order({ side: "buy", qty: 1, trigger: { price: 1_100, direction: 1 } });
    events.length = 0;
    expect(venue.cancelAll("a", (row) => row.qty === 1).map(({ orderId }) => orderId)).toEqual([1, 3]);
    expect(told(events)).toEqual(["order 1 Cancelled", "order 3 Deactivated", "book"]);
    expect([...venue.openOrders("a")].map(({ id }) => id)).toEqual([2]);
  });
});
