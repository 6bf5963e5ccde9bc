import { describe, expect, it } from "vitest";
import { streamMessage } from "../../src/bybit/stream-message.ts";
import { Inbound } from "../../src/live/inbound.ts";

const execution = {
  ...{ category: "linear", symbol: "BTCUSDT", orderId: "o", orderLinkId: "mine", execId: "e", side: "Buy" },
  ...{ execPrice: "100", execQty: "1", execValue: "100", execFee: "0.05", feeRate: "0.0005", isMaker: false },
  ...{ execType: "Trade", execTime: "7", seq: 3 },
};
const frame = (topic: string, data: unknown, more: object = {}) => streamMessage({ topic, data, ...more } as never);

describe("a stream message", () => {
  it("of executions is a fact each, of linear contracts only", () => {
    const read = new Inbound("USDT").read(frame("execution", [execution, { ...execution, category: "spot" }]));
    expect(read.inputs).toMatchObject([{ type: "execution", fact: { execId: "e", time: 7, feeCoin: "USDT" } }]);
  });

  it("of a ticker is a price, and asks nothing of the bot", () => {
    const data = { symbol: "BTCUSDT", lastPrice: "100", bid1Price: "99" };
    const read = new Inbound("USDT").read(frame("tickers.BTCUSDT", data, { type: "snapshot", ts: 5 }));
    expect(read.quote).toEqual({ symbol: "BTCUSDT", quote: { last: 100, bid: 99, ask: null, mark: null, time: 5 } });
    expect(read.inputs).toEqual([]);
  });

  it("that cannot be read, or is of bars, tells nothing", () => {
    const inbound = new Inbound("USDT");
    const nothing = { quote: null, position: [], inputs: [] };
    expect(inbound.read(frame("execution", [{ ...execution, execQty: "much" }]))).toEqual(nothing);
    expect(inbound.read(frame("kline.1.BTCUSDT", []))).toEqual(nothing);
  });
});
