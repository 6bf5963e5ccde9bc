import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from "vitest";
import type { Gateway } from "../../src/bybit/gateway.ts";
import { type RowOf, rowsOf } from "../../src/bybit/pages.ts";
import { gatewayTo, OPENING, type RestExchange, restExchange } from "./support/exchange.ts";

let exchange: RestExchange;
let gateway: Gateway;
beforeAll(async () => {
  exchange = await restExchange();
  gateway = gatewayTo(exchange);
});
afterAll(async () => {
  gateway.close();
  await exchange.close();
});

describe("rowsOf", () => {
  const asked = {
    category: "linear",
    symbol: "BTCUSDT",
    intervalTime: "5min",
    startTime: OPENING - 86_400_000,
    endTime: OPENING,
  } as const;

  it("goes through every page, once", async () => {
    const times: number[] = [];
    for await (const row of rowsOf(gateway, "get_open_interest", { ...asked, limit: 100 })) times.push(row.timestamp);
    expect(times).toHaveLength(289);
    expect(new Set(times).size).toBe(289);
    expectTypeOf<RowOf<"get_open_interest">["openInterest"]>().toEqualTypeOf<string>();
  });

  it("asks for no page that nobody reads", async () => {
    const before = exchange.log.length;
    for await (const row of rowsOf(gateway, "getOpenInterest", { ...asked, limit: 100 })) {
      expect(row.timestamp).toBe(OPENING);
      break;
    }
    expect(exchange.log.length - before).toBe(1);
  });

  it("does not go in circles", async () => {
    const stub = { callNamed: () => Promise.resolve({ list: [], nextPageCursor: "again" }) } as unknown as Gateway;
    const read = async () => {
      for await (const _ of rowsOf(stub, "get_open_orders", { category: "spot" }));
    };
    await expect(read()).rejects.toMatchObject({ code: "CURSOR" });
  });
});
