import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type RestExchange, restExchange } from "../bybit/support/exchange.ts";
import { grimoire } from "../support/cli.ts";

let exchange: RestExchange;
beforeAll(async () => {
  exchange = await restExchange();
  vi.stubEnv("BYBIT_LOCAL_API_KEY", exchange.apiKey);
  vi.stubEnv("BYBIT_LOCAL_API_SECRET", exchange.apiSecret);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await exchange.close();
});
const api = (...argv: string[]) => grimoire("api", ...argv, "--url", exchange.rest);
const ORDER = [
  "place_order",
  "category=linear",
  "symbol=BTCUSDT",
  "side=Buy",
  "orderType=Limit",
  "qty=0.01",
  "price=50000",
];

describe("grimoire api", () => {
  it("calls a function by either name and prints its result", async () => {
    const { code, out, err } = await api("get_kline", "category=linear", "symbol=BTCUSDT", "interval=60", "limit=5");
    expect([code, err]).toEqual([0, ""]);
    expect(JSON.parse(out).list).toHaveLength(5);
    expect((await api("getKline", "category=linear", "symbol=BTCUSDT", "interval=60", "limit=5")).out).toBe(out);
    expect((await api("get_public_trading_history", "category=linear", "symbol=BTCUSDT", "--json")).code).toBe(0);
  });

  it("takes a day for a time, words for lists and truth values", async () => {
    const { out } = await api(
      "get_kline",
      "symbol=BTCUSDT",
      "interval=60",
      "start=2025-01-09",
      "end=2025-01-09T03:00",
      "limit=9",
    );
    expect(JSON.parse(out).list.map(([start]: [number]) => new Date(start).getUTCHours())).toEqual([3, 2, 1, 0]);
    const { out: dry } = await api(...ORDER, "reduceOnly=true", "positionIdx=0", "--dry-run");
    expect(JSON.parse(JSON.parse(dry).body)).toMatchObject({ reduceOnly: true, positionIdx: 0, qty: "0.01" });
    const request = JSON.stringify([{ symbol: "BTCUSDT", orderLinkId: "a" }]);
    const { out: batch } = await api("cancel_batch_order", "category=linear", `request=${request}`, "--dry-run");
    expect(JSON.parse(JSON.parse(batch).body).request).toEqual([{ symbol: "BTCUSDT", orderLinkId: "a" }]);
  });

  it("places an order where no money is, and tells a no as it is", async () => {
    const { code, out } = await api(...ORDER, "orderLinkId=one");
    expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ orderLinkId: "one" })]);
    const again = await api(...ORDER, "orderLinkId=one", "--json");
    expect(again.code).toBe(1);
    expect(again.err).toContain("this orderLinkId was used before");
    expect(JSON.parse(again.out).error).toMatchObject({ code: "RETCODE_110072", details: { retCode: 110072 } });
  });

  it.each([
    [["get_kline", "symbol=BTCUSDT", "interval=7"], "interval must be one of 1 3 5"],
    [
      ["get_kline", "symbol=BTCUSDT", "interval=60", "limit=many"],
      "limit must be an integer (1 to 1000, usually 200), such as 5",
    ],
    [["get_kline", "symbol=BTCUSDT", "interval=60", "start=yesterday"], "not a time"],
    [["get_kline", "symbol"], 'parameters are written name=value, was "symbol"'],
    [["get_kline", "symbol=A", "symbol=B"], "symbol is there twice"],
    [["cancel_batch_order", "category=linear", "request=[{"], "request must be a list"],
    [["place_active_order"], "instead: place_order"],
    [["nonsense"], "no function nonsense"],
    [[], "name a function"],
  ])("%j is wrong use", async (words, expected) => {
    const { code, err } = await api(...words);
    expect(code).toBe(2);
    expect(err).toContain(expected);
  });

  it("asks before it does anything on mainnet, and only there", async () => {
    for (const words of [
      ORDER,
      ["set_leverage", "category=linear", "symbol=BTCUSDT", "buyLeverage=2", "sellLeverage=2"],
    ]) {
      const { code, err } = await grimoire("api", ...words, "--environment", "mainnet");
      expect(code).toBe(2);
      expect(err).toContain("add --yes");
    }
    const reading = await grimoire(
      "api",
      "get_positions",
      "category=linear",
      "symbol=BTCUSDT",
      "--environment",
      "mainnet",
    );
    expect(reading.err).toContain("BYBIT_MAINNET_API_KEY");
  });

  it("shows the request it would send, and neither key nor secret nor signature", async () => {
    const { out, err } = await api(...ORDER, "--dry-run");
    expect(JSON.parse(out)).toMatchObject({ method: "POST", url: `${exchange.rest}/v5/order/create` });
    for (const secret of [exchange.apiKey, exchange.apiSecret]) expect(out + err).not.toContain(secret);
    expect(out).not.toMatch(/[0-9a-f]{64}/);
    const info = await api("get_api_key_information");
    expect(info.code).toBe(0);
    for (const secret of [exchange.apiKey, exchange.apiSecret]) expect(info.out).not.toContain(secret);
  });

  it("lists every function, for people and as JSON", async () => {
    const { out } = await grimoire("api", "--list");
    expect(out).toMatch(/place_batch_order +up to 20 new orders/);
    const list = JSON.parse((await grimoire("api", "--list", "--json")).out);
    expect(list.length).toBeGreaterThan(90);
    expect(list[0]).toMatchObject({ name: "get_server_time", pybitName: "get_server_time", path: "/v5/market/time" });
  });

  it("helps with itself and with each function", async () => {
    expect((await grimoire("api", "--help")).out).toContain("grimoire api --list");
    const { code, out } = await grimoire("api", "place_order", "--help");
    expect(code).toBe(0);
    expect(out).toContain("send again   under the same orderLinkId");
    expect(JSON.parse((await grimoire("api", "placeOrder", "-h", "--json")).out).name).toBe("place_order");
  });
});
