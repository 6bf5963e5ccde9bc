import { describe, expect, it } from "vitest";
import { Quotes } from "../../src/live/quotes.ts";

const whole = { symbol: "BTCUSDT", lastPrice: "100.5", bid1Price: "100.4", ask1Price: "100.6", markPrice: "100.45" };

describe("quotes", () => {
  it("keep what a delta does not say", () => {
    const quotes = new Quotes();
    quotes.take("BTCUSDT", whole, { isDelta: false, time: 1 });
    const quote = quotes.take("BTCUSDT", { symbol: "BTCUSDT", bid1Price: "100.5" }, { isDelta: true, time: 2 });
    expect(quote).toEqual({ last: 100.5, bid: 100.5, ask: 100.6, mark: 100.45, time: 2 });
  });

  it("forget everything before a snapshot", () => {
    const quotes = new Quotes();
    quotes.take("BTCUSDT", whole, { isDelta: false, time: 1 });
    const row = { symbol: "BTCUSDT", lastPrice: "99" };
    const quote = quotes.take("BTCUSDT", row, { isDelta: false, time: 2 });
    expect(quote).toEqual({ last: 99, bid: null, ask: null, mark: null, time: 2 });
  });

  it("know no price from a delta without a snapshot, nor where nobody traded", () => {
    const quotes = new Quotes();
    expect(quotes.take("BTCUSDT", { symbol: "BTCUSDT", lastPrice: "1" }, { isDelta: true, time: 1 })).toBeNull();
    const row = { symbol: "BTCUSDT", lastPrice: "", bid1Price: "1" };
    expect(quotes.take("BTCUSDT", row, { isDelta: false, time: 2 })).toBeNull();
    expect(quotes.take("BTCUSDT", { symbol: "BTCUSDT", lastPrice: "0" }, { isDelta: true, time: 3 })).toBeNull();
  });

  it("keep symbols apart", () => {
    const quotes = new Quotes();
    quotes.take("BTCUSDT", whole, { isDelta: false, time: 1 });
    expect(quotes.take("ETHUSDT", { symbol: "ETHUSDT", bid1Price: "1" }, { isDelta: true, time: 1 })).toBeNull();
  });
});
