import { RestClientV5, WebsocketAPIClient, WebsocketClient } from "bybit-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Exchange } from "../../src/simulator/exchange.ts";
import { ccxtClient, lifeExchange, MINUTE, silent } from "./exchange-clients.ts";

const SYMBOL = { category: "linear", symbol: "BTCUSDT" } as const;

// biome-ignore lint/suspicious/noExplicitAny: pushes are read as they come
type Push = any;

let exchange: Exchange;
let rest: RestClientV5;
let entry: WebsocketAPIClient;
let stream: WebsocketClient;
const pushes: Record<string, Push[]> = { order: [], execution: [], position: [], wallet: [] };

beforeAll(async () => {
  exchange = await lifeExchange();
  const { apiKey: key, apiSecret: secret } = exchange;
  rest = new RestClientV5({ key, secret, baseUrl: exchange.rest, parseAPIRateLimits: true });
  entry = new WebsocketAPIClient({ key, secret, wsUrl: exchange.wsTrade }, silent);
  stream = new WebsocketClient({ key, secret, wsUrl: exchange.wsPrivate }, silent);
  stream.on("update", (message: Push) => pushes[message.topic]?.push(...message.data));
  const subscribed = new Promise((resolve) => stream.on("response", (m: Push) => m.op === "subscribe" && resolve(m)));
  stream.subscribeV5(["order", "execution", "position", "wallet"], "linear");
  await subscribed;
});
afterAll(async () => {
  stream.closeAll(true);
  entry.getWSClient().closeAll(true);
  await exchange.close();
});

/** Waits until what was pushed has arrived. */
async function settled<T>(read: () => T | undefined): Promise<T> {
  for (let i = 0; i < 200; i++) {
    const value = read();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error("nothing was pushed");
}
const step = (minutes: number) => exchange.control.step(minutes * MINUTE);
const position = async () => (await rest.getPositionInfo(SYMBOL)).result.list[0]!;
const usdt = async () => {
  const { result } = await rest.getWalletBalance({ accountType: "UNIFIED", coin: "USDT" });
  return result.list[0]!.coin[0]!.walletBalance;
};

describe("a life on the exchange, through bybit-api and ccxt unmodified", () => {
  it("sets the leverage, once", async () => {
    const wish = { ...SYMBOL, buyLeverage: "20", sellLeverage: "20" };
    expect(await rest.setLeverage(wish)).toMatchObject({ retCode: 0, result: {} });
    expect(await rest.setLeverage(wish)).toMatchObject({ retCode: 110043 });
    expect((await position()).leverage).toBe("20");
  });

  it("enters at market over the order-entry socket, stop and target attached", async () => {
    const ack = await entry.submitNewOrder({
      ...SYMBOL,
      side: "Buy",
      orderType: "Market",
      qty: "0.1",
      takeProfit: "66000",
      stopLoss: "59000",
      orderLinkId: "entry-1",
    });
    expect(ack).toMatchObject({ retCode: 0, op: "order.create", data: { orderLinkId: "entry-1" } });
    expect(await position()).toMatchObject({ side: "Buy", size: "0.100", avgPrice: "60000", takeProfit: "66000.00" });
    const { orderId } = ack.data;
    const fill = await settled(() => pushes.execution!.find((e) => e.orderId === orderId));
    expect(fill).toMatchObject({ execPrice: "60000.00", execQty: "0.100", execValue: "6000", execFee: "3.3" });
    const [listed] = (await rest.getExecutionList({ ...SYMBOL, orderId })).result.list;
    for (const [name, value] of Object.entries(listed!)) expect(fill[name], name).toEqual(value);
    const filled = await settled(() => pushes.order!.find((o) => o.orderId === orderId && o.orderStatus === "Filled"));
    const [kept] = (await rest.getHistoricOrders({ ...SYMBOL, orderId })).result.list;
    for (const [name, value] of Object.entries(kept!))
      if (name !== "extraFees") expect(filled[name], name).toEqual(value);
    const children = (await rest.getActiveOrders(SYMBOL)).result.list;
    expect(children.map((o) => [o.stopOrderType, o.triggerPrice, o.side, o.reduceOnly]).sort()).toEqual([
      ["StopLoss", "59000.00", "Sell", true],
      ["TakeProfit", "66000.00", "Sell", true],
    ]);
    expect(await usdt()).toBe("99996.7");
  });

  it("amends the stop", async () => {
    const wish = { ...SYMBOL, tpslMode: "Full", positionIdx: 0, stopLoss: "59500" } as const;
    expect(await rest.setTradingStop(wish)).toMatchObject({ retCode: 0 });
    expect(await rest.setTradingStop(wish)).toMatchObject({ retCode: 34040 });
    expect(await position()).toMatchObject({ stopLoss: "59500.00", takeProfit: "66000.00" });
    await settled(() => pushes.position!.find((p) => p.stopLoss === "59500.00"));
  });

  it("closes a part by a limit order that ccxt sends and watches", async () => {
    const client = await ccxtClient(exchange, ["linear"]);
    await client.loadMarkets();
    const watched = client.watchOrders("BTC/USDT:USDT");
    const created = await client.createOrder("BTC/USDT:USDT", "limit", "sell", 0.04, 61_500, { reduceOnly: true });
    expect(created.id).toMatch(/^[0-9a-f-]{36}$/);
    step(2);
    let [order] = await watched;
    while (order?.status !== "closed") [order] = await client.watchOrders("BTC/USDT:USDT");
    expect(order).toMatchObject({ id: created.id, filled: 0.04, average: 61_500, reduceOnly: true });
    const [trade] = await client.fetchMyTrades("BTC/USDT:USDT", undefined, 1);
    expect(trade).toMatchObject({
      order: created.id,
      price: 61_500,
      amount: 0.04,
      takerOrMaker: "maker",
      fee: { cost: 0.492 },
    });
    const [held] = await client.fetchPositions(["BTC/USDT:USDT"]);
    expect(held).toMatchObject({ contracts: 0.06, side: "long", entryPrice: 60_000, leverage: 20 });
    await client.close();
  });

  it("trails: the stop follows the peak and fires on the way down", async () => {
    const wish = { ...SYMBOL, tpslMode: "Full", positionIdx: 0, trailingStop: "500" } as const;
    expect(await rest.setTradingStop(wish)).toMatchObject({ retCode: 0 });
    expect(await position()).toMatchObject({ trailingStop: "500.00", size: "0.060" });
    step(1);
    expect(await position()).toMatchObject({ side: "", size: "0", stopLoss: "", takeProfit: "", trailingStop: "0" });
    const fired = await settled(() => pushes.execution!.find((e) => e.stopOrderType === "TrailingStop"));
    expect(fired).toMatchObject({ execPrice: "61500.00", execQty: "0.060", closedSize: "0.060", execFee: "2.0295" });
    expect((await rest.getActiveOrders(SYMBOL)).result.list).toEqual([]);
  });

  it("tells closed P&L and wallet, to the last digit everywhere", async () => {
    const { list } = (await rest.getClosedPnL({ category: "linear", symbol: "BTCUSDT" })).result;
    expect(list.map((row) => [row.closedSize, row.avgEntryPrice, row.avgExitPrice, row.closedPnl])).toEqual([
      ["0.060", "60000", "61500", "85.9905"],
      ["0.040", "60000", "61500", "58.188"],
    ]);
    expect(await usdt()).toBe("100144.1785");
    const last = await settled(() => pushes.wallet!.findLast((w) => w.coin[0].walletBalance === "100144.1785"));
    expect(last.coin[0]).toMatchObject({
      coin: "USDT",
      equity: "100144.1785",
      unrealisedPnl: "0",
      totalPositionIM: "0",
    });
    const log = (await rest.getTransactionLog({ accountType: "UNIFIED", category: "linear" })).result.list;
    expect(log.map((row) => [row.type, row.change, row.cashBalance])).toEqual([
      ["TRADE", "87.9705", "100144.1785"],
      ["TRADE", "59.508", "100056.208"],
      ["TRADE", "-3.3", "99996.7"],
    ]);
    const client = await ccxtClient(exchange, ["linear"]);
    expect(((await client.fetchBalance()) as Push).USDT.total).toBe(100_144.1785);
    await client.close();
  });
});
