import { describe, expect, it } from "vitest";
import type { Level, OrderType, TimeInForce } from "../../../src/matching/types.ts";
import { BTC, COIN, ETH, exchangeDesk, SPOT } from "../../support/exchange-desk.ts";

const BIDS: Level[] = [
  [49_999, 1],
  [49_998, 2],
];
const ASKS: Level[] = [
  [50_001, 1],
  [50_002, 2],
  [50_010, 4],
];
const booked = () => {
  const desk = exchangeDesk();
  desk.depth(BIDS, ASKS);
  return desk;
};

type End = readonly [status: string, cumExecQty: number, leavesQty: number, rejectReason: string];
const KEPT = "EC_NoError";
const UNFILLED = "EC_NoImmediateQtyToFill";

describe("order types and times in force, against asks of 1 at 50,001, 2 at 50,002 and 4 at 50,010", () => {
  it.each<[OrderType, TimeInForce | undefined, number, number | undefined, End, [number, number][]]>([
    [
      "Market",
      undefined,
      2,
      undefined,
      ["Filled", 2, 0, KEPT],
      [
        [50_001, 1],
        [50_002, 1],
      ],
    ],
    [
      "Market",
      undefined,
      8,
      undefined,
      ["Cancelled", 7, 0, UNFILLED],
      [
        [50_001, 1],
        [50_002, 2],
        [50_010, 4],
      ],
    ],
    [
      "Market",
      "GTC",
      8,
      undefined,
      ["Cancelled", 7, 0, UNFILLED],
      [
        [50_001, 1],
        [50_002, 2],
        [50_010, 4],
      ],
    ],
    ["Limit", undefined, 2, 50_001, ["PartiallyFilled", 1, 1, KEPT], [[50_001, 1]]],
    ["Limit", "GTC", 2, 50_000, ["New", 0, 2, KEPT], []],
    [
      "Limit",
      "GTC",
      3,
      50_005,
      ["Filled", 3, 0, KEPT],
      [
        [50_001, 1],
        [50_002, 2],
      ],
    ],
    ["Limit", "IOC", 2, 50_001, ["Cancelled", 1, 0, UNFILLED], [[50_001, 1]]],
    ["Limit", "IOC", 2, 50_000.9, ["Cancelled", 0, 0, UNFILLED], []],
    [
      "Limit",
      "IOC",
      3,
      50_002,
      ["Filled", 3, 0, KEPT],
      [
        [50_001, 1],
        [50_002, 2],
      ],
    ],
    [
      "Limit",
      "FOK",
      3,
      50_002,
      ["Filled", 3, 0, KEPT],
      [
        [50_001, 1],
        [50_002, 2],
      ],
    ],
    ["Limit", "FOK", 3.001, 50_002, ["Cancelled", 0, 0, "EC_CancelForNoFullFill"], []],
    ["Limit", "PostOnly", 1, 50_000.9, ["New", 0, 1, KEPT], []],
    ["Limit", "PostOnly", 1, 50_001, ["Cancelled", 0, 0, "EC_PostOnlyWillTakeLiquidity"], []],
    ["Limit", "PostOnly", 1, 50_300, ["Cancelled", 0, 0, "EC_PostOnlyWillTakeLiquidity"], []],
  ])("%s %s of %d at %s ends as it must", (type, timeInForce, qty, price, end, fills) => {
    const desk = booked();
    const order = desk.buy(qty, { type, timeInForce, price });
    const [status, filled, left, reason] = end;
    expect(order).toMatchObject({ status, rejectReason: reason, cancelType: "UNKNOWN" });
    expect([order.cumExecQty, order.leavesQty]).toEqual([desk.steps(filled), desk.steps(left)]);
    expect(desk.fills()).toEqual(fills);
    expect(desk.size()).toBe(filled);
    expect([...desk.venue.executions("a")].every((row) => !row.isMaker && row.feeRate === 0.00055)).toBe(true);
  });

  it("a market order is an IOC order whose price is its bound: 1 % from mark", () => {
    const desk = booked();
    expect(desk.buy(1)).toMatchObject({ timeInForce: "IOC", type: "Market", price: desk.ticks(50_500) });
    // Docs' sample: mark 95,901.48, sell, order price 94,942.5.
    const sample = exchangeDesk();
    sample.mark(95_901.5);
    sample.trade(95_900.1);
    expect(sample.sell(0.5)).toMatchObject({ price: sample.ticks(94_942.5) });
  });

  it("what lies beyond the bound stays untouched", () => {
    const desk = exchangeDesk();
    desk.depth(
      [[49_999, 1]],
      [
        [50_400, 1],
        [50_500, 1],
        [50_500.1, 9],
      ],
    );
    desk.mark(50_000);
    expect(desk.buy(5)).toMatchObject({ status: "Cancelled", rejectReason: UNFILLED });
    expect(desk.fills()).toEqual([
      [50_400, 1],
      [50_500, 1],
    ]);
  });

  it.each([
    [
      "TickSize",
      10,
      "buy",
      50_002,
      [
        [50_001, 1],
        [50_002, 2],
      ],
    ],
    ["TickSize", 9, "buy", 50_001.9, [[50_001, 1]]],
    [
      "Percent",
      0.02,
      "buy",
      50_011,
      [
        [50_001, 1],
        [50_002, 2],
        [50_010, 4],
      ],
    ],
    [
      "TickSize",
      10,
      "sell",
      49_998,
      [
        [49_999, 1],
        [49_998, 2],
      ],
    ],
    [
      "Percent",
      0.01,
      "sell",
      49_994.1,
      [
        [49_999, 1],
        [49_998, 2],
      ],
    ],
  ] as const)("slippage of %s %d lets a %s go to %d", (kind, value, side, price, fills) => {
    const desk = booked();
    const order = desk[side](9, { slippage: { kind, value } });
    expect(order.price).toBe(desk.ticks(price));
    expect(desk.fills()).toEqual(fills);
  });

  it.each([
    ["Counterparty", 1, 50_001],
    ["Counterparty", 3, 50_010],
    ["Queue", 1, 49_999],
    ["Queue", 2, 49_998],
  ] as const)("a price taken from %s %d is %d", (side, level, price) => {
    const desk = booked();
    expect(desk.buy(0.5, { type: "Limit", bbo: { side, level } }).price).toBe(desk.ticks(price));
    expect(desk.refused("buy", 0.5, { type: "Limit", bbo: { side, level: 5 } })).toBe(110_003);
  });
});

describe("the price band", () => {
  it("moves contract prices to min(mark (1 + Y), max(index, mark (1 + X)))", () => {
    const desk = exchangeDesk();
    desk.venue.setPrices(BTC, { mark: desk.ticks(50_000), index: desk.ticks(50_700) });
    desk.depth([], []);
    expect(desk.buy(0.1, { price: 60_000 }).price).toBe(desk.ticks(50_700));
    desk.venue.setPrices(BTC, { mark: desk.ticks(50_000), index: desk.ticks(52_000) });
    expect(desk.buy(0.1, { price: 60_000 }).price).toBe(desk.ticks(51_000));
    desk.venue.setPrices(BTC, { mark: desk.ticks(50_000), index: desk.ticks(49_000) });
    expect(desk.buy(0.1, { price: 60_000 }).price).toBe(desk.ticks(50_500));
    desk.venue.cancelAll("a");
    expect(desk.sell(0.1, { price: 40_000 }).price).toBe(desk.ticks(49_000));
    expect(desk.sell(0.1, { price: 49_000 }).price).toBe(desk.ticks(49_000));
  });

  it("refuses spot prices beyond it: 0.5 % from the index", () => {
    const desk = exchangeDesk();
    expect(desk.refused("buy", 0.01, { market: SPOT, price: 50_250.1 })).toBe(170_193);
    expect(desk.refused("sell", 0.01, { market: SPOT, price: 49_749.9 })).toBe(170_194);
    expect(desk.buy(0.01, { market: SPOT, price: 50_250 }).status).toBe("Filled");
  });
});

describe("limits of what an order may be", () => {
  it.each([
    ["one step below the least quantity", BTC, 0, { price: 50_000 }, 10_001],
    ["value just under 5", BTC, 0.001, { price: 4_999.9 }, 110_094],
    ["the most at a limit, and a step", BTC, 1_190.001, { price: 50_000 }, 10_001],
    ["the most at market, and a step", BTC, 500.001, {}, 10_001],
    ["a price below the least", BTC, 1, { price: 0.05 }, 10_001],
    ["a price above the most", BTC, 1, { price: 1_999_999.9 }, 110_003],
    ["off the tick", BTC, 1, { price: 50_000.05 }, 10_001],
    ["off the step", ETH, 0.015, {}, 10_001],
    ["spot under 5 USDT", SPOT, 0.000_099, { price: 50_000 }, 170_140],
    ["spot over the limit quantity", SPOT, 83.000_001, { price: 50_000 }, 170_341],
    ["inverse of nothing", COIN, 0, {}, 10_001],
  ] as const)("refuses %s", (_what, market, qty, terms, code) => {
    expect(exchangeDesk().refused("buy", qty, { market, ...terms })).toBe(code);
  });

  it("takes 5 USDT exactly", () => {
    const desk = exchangeDesk();
    expect(desk.buy(0.0001, { market: SPOT, price: 50_000 }).cumExecValue).toBe(5e8);
    desk.trade(5_000);
    expect(desk.buy(0.001, { price: 5_000 }).cumExecValue).toBe(5e8);
  });

  it("closing orders need no least value, but the least quantity", () => {
    const desk = exchangeDesk();
    desk.buy(0.001);
    desk.trade(4_000);
    expect(desk.sell(0.001, { reduceOnly: true }).status).toBe("Filled");
  });
});

describe("a client's own order id", () => {
  it("is taken once per account, for good, whatever became of the order", () => {
    const desk = exchangeDesk();
    desk.buy(1, { orderLinkId: "filled" });
    desk.buy(1, { orderLinkId: "resting", price: 49_900 });
    desk.buy(1, { orderLinkId: "missed", price: 49_900, timeInForce: "IOC" });
    desk.buy(1, { orderLinkId: "waiting", trigger: { price: 51_000, direction: 1 } });
    for (const orderLinkId of ["filled", "resting", "missed", "waiting"]) {
      expect(desk.refused("sell", 1, { orderLinkId })).toBe(110_072);
      expect(desk.refused("sell", 1, { orderLinkId, market: ETH })).toBe(110_072);
      expect(desk.refused("sell", 0.1, { orderLinkId, market: SPOT })).toBe(170_141);
    }
    expect(desk.refused("buy", 1, { orderLinkId: "refused", price: 0.05 })).toBe(10_001);
    expect(desk.buy(1, { orderLinkId: "refused" }).status).toBe("Filled");
    expect(desk.buy(1, { orderLinkId: "filled", account: "b" }).status).toBe("Filled");
    expect(desk.buy(1, { orderLinkId: "" }).orderLinkId).toBe(desk.buy(1, { orderLinkId: "" }).orderLinkId);
  });

  it("names its order, but the number wins", () => {
    const desk = exchangeDesk();
    const one = desk.buy(1, { orderLinkId: "one", price: 49_000 });
    const two = desk.buy(1, { orderLinkId: "two", price: 49_000 });
    const reply = desk.venue.cancelOrder("a", { market: BTC, orderId: two.id, orderLinkId: "one" });
    expect(reply).toEqual({ ok: true, orderId: two.id, orderLinkId: "two" });
    expect([one.status, two.status]).toEqual(["New", "Cancelled"]);
    expect(desk.venue.cancelOrder("a", { market: ETH, orderLinkId: "one" })).toMatchObject({ code: 110_001 });
    expect(desk.venue.cancelOrder("b", { market: BTC, orderLinkId: "one" })).toMatchObject({ code: 110_001 });
    expect(desk.venue.order("a", { market: BTC, orderLinkId: "one" })).toBe(one);
  });
});

describe("self-match prevention", () => {
  it.each([
    [
      "None",
      "Filled",
      "Filled",
      [
        [49_990, 1],
        [49_990, 1],
      ],
    ],
    ["CancelMaker", "Cancelled", "Cancelled", []],
    ["CancelTaker", "New", "Cancelled", []],
    ["CancelBoth", "Cancelled", "Cancelled", []],
  ] as const)("%s: the maker ends %s, the taker %s", (smpType, maker, taker, fills) => {
    const desk = exchangeDesk();
    desk.depth([[49_000, 1]], [[51_000, 1]]);
    const bid = desk.buy(1, { price: 49_990, smpType: "CancelBoth" });
    const ask = desk.sell(1, { price: 49_990, timeInForce: "IOC", smpType });
    expect([bid.status, ask.status]).toEqual([maker, taker]);
    expect(desk.fills()).toEqual(fills);
    if (smpType !== "None" && smpType !== "CancelTaker")
      expect(bid).toMatchObject({ cancelType: "CancelBySmp", smpOrderId: ask.id });
    if (smpType === "CancelTaker") expect(ask).toMatchObject({ cancelType: "CancelBySmp", smpOrderId: bid.id });
  });

  it.each(["CancelTaker", "CancelBoth"] as const)(
    "%s: all or nothing stays so when its own order is in the way",
    (smpType) => {
      const desk = exchangeDesk();
      desk.depth([[49_000, 1]], [[51_000, 1]]);
      desk.sell(1, { price: 50_000, account: "b" });
      const own = desk.sell(1, { price: 50_000 });
      desk.sell(1, { price: 50_000, account: "b" });
      const terms = { price: 50_000, timeInForce: "FOK", smpType } as const;
      expect(desk.buy(2, terms)).toMatchObject({ status: "Cancelled", cumExecQty: 0 });
      expect(own.status).toBe("New");
      expect(desk.buy(1, terms)).toMatchObject({ status: "Filled", cumExecQty: 1_000 });
    },
  );

  it("CancelMaker: all or nothing does not count its own order", () => {
    const desk = exchangeDesk();
    desk.depth([[49_000, 1]], [[51_000, 1]]);
    desk.sell(1, { price: 50_000, account: "b" });
    const own = desk.sell(1, { price: 50_000 });
    desk.sell(1, { price: 50_000, account: "b" });
    const terms = { price: 50_000, timeInForce: "FOK", smpType: "CancelMaker" } as const;
    expect(desk.buy(3, terms)).toMatchObject({ status: "Cancelled", cumExecQty: 0 });
    expect(desk.buy(2, terms)).toMatchObject({ status: "Filled", cumExecQty: 2_000 });
    expect(own).toMatchObject({ status: "Cancelled", cancelType: "CancelBySmp" });
  });

  it("lets other accounts trade whatever both wish", () => {
    const desk = exchangeDesk();
    desk.depth([[49_000, 1]], [[51_000, 1]]);
    desk.buy(1, { price: 49_990, smpType: "CancelBoth" });
    expect(desk.sell(1, { price: 49_990, account: "b", smpType: "CancelBoth" }).status).toBe("Filled");
  });
});
