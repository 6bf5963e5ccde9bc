import { generateKeyPairSync } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, expectTypeOf, it } from "vitest";
import { type CallEvent, type Gateway, type GatewayOptions, openGateway } from "../../src/bybit/gateway.ts";
import { bybitHosts } from "../../src/bybit/hosts.ts";
import {
  demoCredentials,
  gatewayTo,
  OPENING,
  type RestExchange,
  restExchange,
  seededMarket,
} from "./support/exchange.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const ORDER = {
  category: "linear",
  symbol: "BTCUSDT",
  side: "Buy",
  orderType: "Limit",
  qty: "0.01",
  price: "50000",
} as const;

let exchange: RestExchange;
const open: Gateway[] = [];
const gateway = (options: Partial<GatewayOptions> = {}) => {
  const made = gatewayTo(exchange, options);
  open.push(made);
  return made;
};
beforeAll(async () => {
  exchange = await restExchange({ keys: [{ apiKey: "rsaKey000000000001", rsaPublicKey: publicKey }] });
});
afterAll(() => exchange.close());
afterEach(() => {
  exchange.world.faults.clear();
  exchange.world.skewMs = 0;
  for (const each of open.splice(0)) each.close();
});

describe("a gateway", () => {
  it("returns typed results, by either name", async () => {
    const result = await gateway().call("get_kline", {
      category: "linear",
      symbol: "BTCUSDT",
      interval: "60",
      limit: 2,
    });
    expectTypeOf(result.list[0]![0]).toEqualTypeOf<number>();
    expect(result.list.map(([start]) => start)).toEqual([OPENING - 3_600_000, OPENING - 7_200_000]);
    const same = await gateway().call("getKline", { symbol: "BTCUSDT", interval: "60", limit: 2 });
    expect(same).toEqual(result);
    expectTypeOf<Parameters<Gateway["call"]>[0]>().toExtend<string>();
  });

  it("signs with a secret", async () => {
    const info = await gateway().call("get_api_key_information", {});
    expect(info).toMatchObject({ readOnly: 0, uta: 1 });
  });

  it("signs with an RSA key", async () => {
    const credentials = demoCredentials(exchange, { key: "rsaKey000000000001", secret: privateKey });
    const rsa = gateway({ credentials });
    await expect(rsa.call("get_api_key_information", {})).resolves.toMatchObject({ readOnly: 0 });
    await expect(rsa.call("place_order", ORDER)).resolves.toMatchObject({ orderLinkId: "" });
  });

  it("signs what the exchange sees: spaces, commas, percent signs and letters of all kinds", async () => {
    const call = gateway().callNamed("get_internal_transfer_records", { cursor: "a%3Db, c+d&e=f/ü", limit: 5 });
    await expect(call).rejects.toMatchObject({ retCode: 10001 }); // and not 10004
  });

  it("says no in the exchange's words, with what they mean and what to do", async () => {
    const call = gateway().call("place_order", { ...ORDER, orderLinkId: "twice" });
    await call;
    const again = gateway().call("place_order", { ...ORDER, orderLinkId: "twice" });
    await expect(again).rejects.toMatchObject({
      name: "ExchangeRefused",
      code: "RETCODE_110072",
      retCode: 110072,
      retMsg: "OrderLinkedID is duplicate",
      meaning: "this orderLinkId was used before",
      message:
        "place_order refused with 110072: this orderLinkId was used before (OrderLinkedID is duplicate); " +
        "the order is there: get_open_orders orderLinkId=…",
    });
  });

  it("does not send what it knows to be wrong", async () => {
    const before = exchange.log.length;
    await expect(gateway().callNamed("get_kline", { symbol: "BTCUSDT" })).rejects.toMatchObject({ code: "PARAM" });
    await expect(gateway({ credentials: undefined }).call("get_account_info", {})).rejects.toMatchObject({
      code: "NO_KEY",
    });
    const twice = gateway().call("place_order", ORDER, { attempts: 2 });
    await expect(twice).rejects.toMatchObject({ code: "RETRY", message: expect.stringContaining("orderLinkId") });
    const margin = { category: "linear", symbol: "BTCUSDT", margin: "1" } as const;
    await expect(gateway().call("add_or_reduce_margin", margin, { attempts: 2 })).rejects.toMatchObject({
      code: "RETRY",
    });
    expect(exchange.log.length).toBe(before);
  });

  it("tells of each attempt without parameters or secrets", async () => {
    const events: CallEvent[] = [];
    const listening = gateway({ onCall: (event) => events.push(event) });
    await listening.call("get_server_time", {});
    await listening.call("cancel_order", { category: "linear", symbol: "BTCUSDT", orderId: "none" }).catch(() => {});
    expect(events).toMatchObject([
      { name: "get_server_time", attempt: 1, outcome: "accepted", retCode: 0 },
      { name: "cancel_order", attempt: 1, outcome: "refused", retCode: 110001 },
    ]);
    expect(Object.keys(events[1]!)).toEqual(["name", "attempt", "outcome", "retCode", "elapsedMs", "waitedMs"]);
  });
});

describe("environments", () => {
  it.each(["mainnet", "testnet", "demo"] as const)("a %s key does not go to a local address", (environment) => {
    const credentials = { ...demoCredentials(exchange), environment };
    const make = () => gateway({ credentials });
    expect(make).toThrow(expect.objectContaining({ code: "ENVIRONMENT" }));
    const other = () => openGateway({ hosts: bybitHosts(environment), credentials: demoCredentials(exchange) });
    expect(other).toThrow(expect.objectContaining({ code: "ENVIRONMENT" }));
  });
});

describe("the clock", () => {
  it.each([1_200, -6_000, 1_800_000])("is the exchange's, when this machine's is off by %i ms", async (off) => {
    const live = await restExchange({ startTime: Date.now(), markets: marketsNow() });
    live.world.skewMs = -off;
    const skewed = gatewayTo(live);
    try {
      await skewed.call("get_api_key_information", {});
      expect(live.log.filter((line) => line.includes("10002"))).toHaveLength(0);
      live.world.skewMs = -off + 30_000;
      await skewed.call("get_api_key_information", {});
      expect(live.log.filter((line) => line.includes("10002")).length).toBeLessThanOrEqual(1);
    } finally {
      skewed.close();
      await live.close();
    }
  });

  it("a stamp that was refused is not tried again for an order, unless told", async () => {
    const own = gateway();
    await own.call("get_server_time", {});
    exchange.world.skewMs = 20_000;
    await expect(own.call("place_order", { ...ORDER, orderLinkId: "late" })).rejects.toMatchObject({ retCode: 10002 });
    await expect(own.call("place_order", { ...ORDER, orderLinkId: "late" })).resolves.toBeDefined();
  });
});

describe("a dry run", () => {
  it("shows the request as it would go, without key and signature, and sends nothing", async () => {
    const before = exchange.log.length;
    const own = gateway();
    const order = await own.dryRun("placeOrder", { ...ORDER, orderLinkId: "dry" });
    expect(order).toEqual({
      method: "POST",
      url: `${exchange.rest}/v5/order/create`,
      headers: {
        "content-type": "application/json",
        "x-bapi-sign-type": "2",
        "x-bapi-api-key": "[hidden, 18 characters]",
        "x-bapi-timestamp": expect.stringMatching(/^\d{13}$/),
        "x-bapi-sign": "[hidden, 64 characters]",
        "x-bapi-recv-window": "5000",
      },
      body: JSON.stringify({ ...ORDER, orderLinkId: "dry" }),
    });
    const read = await own.dryRun("get_positions", { category: "linear", symbol: "BTCUSDT" });
    expect(read).toMatchObject({ url: `${exchange.rest}/v5/position/list?category=linear&symbol=BTCUSDT`, body: null });
    const open = await own.dryRun("get_kline", { symbol: "BTCUSDT", interval: "60" });
    expect(open).toMatchObject({ method: "GET", url: `${exchange.rest}/v5/market/kline?symbol=BTCUSDT&interval=60` });
    expect(exchange.log.length).toBe(before);
  });
});

/** A market around this machine's time. */
function marketsNow() {
  const { instrument, bars } = seededMarket("BTCUSDT", "linear");
  const shift = Math.floor((Date.now() - OPENING) / 60_000) * 60_000;
  return [{ instrument, bars: { ...bars, time: bars.time.map((time) => time + shift) } }];
}
