import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ApiFunction } from "../../src/bybit/catalogue/entry.ts";
import { FUNCTION_NAMES, FUNCTIONS, type FunctionName } from "../../src/bybit/catalogue.ts";
import { type Gateway, openGateway } from "../../src/bybit/gateway.ts";
import { localHosts } from "../../src/bybit/hosts.ts";
import { rowsOf } from "../../src/bybit/pages.ts";
import type { Exchange } from "../../src/simulator/exchange.ts";
import { testedAgainst } from "../bybit/support/answers.ts";
import { OPENING, seededMarket } from "../bybit/support/exchange.ts";

// The handbook against the whole local exchange, its trading side included.
const hasVenue = existsSync(new URL("../../src/matching/create.ts", import.meta.url));
const BTC = { category: "linear", symbol: "BTCUSDT" } as const;

let exchange: Exchange;
let gateway: Gateway;
beforeAll(async () => {
  if (!hasVenue) return;
  const { startExchange } = await import("../../src/simulator/exchange.ts");
  exchange = await startExchange({
    markets: [seededMarket("BTCUSDT", "linear"), seededMarket("BTCUSDT", "spot"), seededMarket("BTCUSD", "inverse")],
    startTime: OPENING,
    speed: "step",
    ackDelayMs: 0,
  });
  const { apiKey: key, apiSecret } = exchange;
  gateway = openGateway({
    hosts: localHosts({ rest: exchange.rest, ws: exchange.ws }),
    credentials: { key, secret: { reveal: () => apiSecret }, kind: "hmac", environment: "local" },
    limitScale: Infinity,
  });
});
afterAll(async () => {
  gateway?.close();
  await exchange?.close();
});

/** What a fresh account is refused, rightly: its mode is that already, it has no position, it is in cross margin. */
const REFUSED: Partial<Readonly<Record<FunctionName, number>>> = {
  switch_position_mode: 110025,
  set_trading_stop: 10001,
  set_auto_add_margin: 110076,
  add_or_reduce_margin: 110015,
  create_internal_transfer: 131212,
};

describe.runIf(hasVenue)("the handbook against the local exchange", () => {
  it.each(FUNCTION_NAMES.map((name) => [name]))("%s", async (name) => {
    const { example }: ApiFunction = FUNCTIONS[name];
    const call = gateway.callNamed(name, example);
    const isServed = testedAgainst(name).includes("local exchange");
    const retCode = isServed ? REFUSED[name] : 10017;
    if (retCode === undefined) expect(await call).toBeDefined();
    else await expect(call).rejects.toMatchObject({ retCode });
    if (name === "place_batch_order") await gateway.call("cancel_all_orders", BTC);
  });

  it("trades: an order with its stop, the position, the stop moved, the close, what it came to", async () => {
    const order = { ...BTC, orderType: "Market", qty: "0.1" } as const;
    const price = Number((await gateway.call("get_tickers", BTC)).list[0]!.lastPrice);
    const tick = (factor: number) => (Math.round(price * factor * 10) / 10).toFixed(2);
    const { orderId } = await gateway.call("place_order", {
      ...order,
      side: "Buy",
      orderLinkId: "e2e-in",
      stopLoss: tick(0.9),
      tpslMode: "Full",
    });
    const [position] = (await gateway.call("get_positions", BTC)).list;
    expect(position).toMatchObject({ side: "Buy", size: "0.100", positionIdx: 0 });
    expect(Number(position!.stopLoss)).toBeCloseTo(price * 0.9, 0);
    const stop = { ...BTC, tpslMode: "Full", positionIdx: 0, stopLoss: tick(0.95) } as const;
    await gateway.call("set_trading_stop", stop);
    await expect(gateway.call("set_trading_stop", stop)).rejects.toMatchObject({ retCode: 34040 });
    await gateway.call("place_order", { ...order, side: "Sell", orderLinkId: "e2e-out", reduceOnly: true });
    expect((await gateway.call("get_positions", BTC)).list[0]).toMatchObject({ side: "", size: "0" });
    const fills = [];
    for await (const fill of rowsOf(gateway, "get_executions", { ...BTC, limit: 1 })) fills.push(fill);
    expect(fills.map((fill) => fill.orderLinkId)).toEqual(expect.arrayContaining(["e2e-in", "e2e-out"]));
    expect(fills.some((fill) => fill.orderId === orderId)).toBe(true);
    const [closed] = (await gateway.call("get_closed_pnl", BTC)).list;
    expect(Number(closed!.closedPnl)).toBeLessThan(0); // spread and fees
    const wallet = (await gateway.call("get_wallet_balance", { accountType: "UNIFIED" })).list[0]!;
    expect(wallet.coin.map((coin) => coin.coin)).toContain("USDT");
  });

  it("an order whose answer was lost is found, not doubled", async () => {
    exchange.control.faults.add({ fault: "answerLost", on: "/v5/order/create", count: 1 });
    const params = {
      ...BTC,
      side: "Buy",
      orderType: "Limit",
      qty: "0.01",
      price: "30000",
      orderLinkId: "e2e-lost",
    } as const;
    const ack = await gateway.call("place_order", params, { attempts: 2 });
    const open = (await gateway.call("get_open_orders", BTC)).list.filter((row) => row.orderLinkId === "e2e-lost");
    expect(open.map((row) => row.orderId)).toEqual([ack.orderId]);
    await gateway.call("cancel_order", { ...BTC, orderLinkId: "e2e-lost" });
  });

  it("a batch tells of each of its orders", async () => {
    const order = { symbol: "BTCUSDT", side: "Buy", orderType: "Limit", qty: "0.01" } as const;
    const request = [
      { ...order, price: "30000", orderLinkId: "e2e-b1" },
      { ...order, price: "30000.05", orderLinkId: "e2e-b2" },
    ];
    const { outcomes, list } = await gateway.call("place_batch_order", { category: "linear", request });
    expect(outcomes.map((outcome) => outcome.code === 0)).toEqual([true, false]);
    expect(list.map((slot) => slot.orderId !== "")).toEqual([true, false]);
    await gateway.call("cancel_all_orders", BTC);
  });
});
