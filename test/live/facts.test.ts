import { describe, expect, it } from "vitest";
import {
  executionFactOf,
  isOrderNews,
  orderFactOf,
  positionFactOf,
  type WireExecution,
  type WireOrder,
  type WirePosition,
} from "../../src/live/facts.ts";

const order: WireOrder = {
  ...{ symbol: "BTCUSDT", orderId: "o1", orderLinkId: "mine", orderStatus: "PartiallyFilled", cumExecQty: "0.100" },
  ...{ qty: "0.2", reduceOnly: false, stopOrderType: "UNKNOWN", rejectReason: "EC_NoError", updatedTime: 5 },
};
const execution: WireExecution = {
  ...{ symbol: "BTCUSDT", execId: "e1", orderId: "o1", orderLinkId: "", side: "Sell", execPrice: "100.50" },
  ...{ execQty: "0.1", execFee: "0.005", execType: "Trade", execTime: 9, feeCurrency: "", stopOrderType: "StopLoss" },
};
const position: WirePosition = {
  ...{ symbol: "BTCUSDT", side: "Sell", size: "0.30", avgPrice: "100.5", stopLoss: "110.0", takeProfit: "0.00" },
  ...{ trailingStop: "0", liqPrice: "" },
};

describe("an order fact", () => {
  it("has quantities without zeros that say nothing, and no kind for a plain order", () => {
    expect(orderFactOf(order)).toEqual({
      ...{ symbol: "BTCUSDT", orderId: "o1", orderLinkId: "mine", status: "PartiallyFilled", cumExecQty: "0.1" },
      ...{ qty: "0.2", reduceOnly: false, stopOrderType: "", rejectReason: "EC_NoError", updatedTime: 5 },
    });
  });

  it.each([
    ["one of the bot's own, whatever it says", { orderStatus: "New" }, true],
    [
      "a stop of the position that has fired",
      { orderLinkId: "", stopOrderType: "StopLoss", orderStatus: "Filled" },
      true,
    ],
    ["a stop that waits", { orderLinkId: "", stopOrderType: "StopLoss", orderStatus: "Untriggered" }, false],
    ["a plain order of somebody without a name", { orderLinkId: "", orderStatus: "Filled" }, false],
  ])("is news of %s: %o, %s", (_, change, isNews) => {
    expect(isOrderNews({ ...order, ...change })).toBe(isNews);
  });
});

describe("an execution fact", () => {
  it("pays its fee in the settle coin where no other is named", () => {
    expect(executionFactOf(execution, "USDT")).toEqual({
      ...{ symbol: "BTCUSDT", execId: "e1", orderId: "o1", orderLinkId: "", side: "sell", price: "100.50", qty: "0.1" },
      ...{ fee: "0.005", feeCoin: "USDT", type: "Trade", stopOrderType: "StopLoss", time: 9 },
    });
    expect(executionFactOf({ ...execution, feeCurrency: "BTC" }, "USDT").feeCoin).toBe("BTC");
  });

  it("without a fee has paid none", () => {
    expect(executionFactOf({ ...execution, execFee: "" }, "USDT").fee).toBe("0");
  });

  it("keeps the market's sequence where there is one, as number or text", () => {
    expect(executionFactOf({ ...execution, seq: "17" }, "USDT").seq).toBe(17);
    expect(executionFactOf(execution, "USDT")).not.toHaveProperty("seq");
  });
});

describe("a position fact", () => {
  it("is negative when short, and has no price where the exchange writes a zero", () => {
    expect(positionFactOf(position)).toEqual({
      ...{ symbol: "BTCUSDT", size: "-0.3", entryPrice: 100.5, stopLoss: "110.0", takeProfit: null },
      ...{ trailingStop: null, liquidationPrice: null },
    });
  });

  it("takes the entry price by either of its names", () => {
    const { avgPrice: _, ...streamed } = position;
    expect(positionFactOf({ ...streamed, entryPrice: "99" }).entryPrice).toBe(99);
  });

  it("has no sign when flat", () => {
    expect(positionFactOf({ ...position, side: "Sell", size: "0.00" }).size).toBe("0");
    expect(positionFactOf({ ...position, side: "", size: "0", avgPrice: "" }).entryPrice).toBe(0);
  });
});
