import { RestClientV5 } from "bybit-api";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Exchange } from "../../src/simulator/exchange.ts";
import { ccxtClient, lifeExchange, MINUTE } from "./exchange-clients.ts";

// The life of exchange.life.test.ts on the same market, by ccxt alone; bybit-api reads along.

const SYMBOL = "BTC/USDT:USDT";
const NATIVE = { category: "linear", symbol: "BTCUSDT" } as const;

// biome-ignore lint/suspicious/noExplicitAny: ccxt's unified structures are read as they come
type Unified = any;

let exchange: Exchange;
let client: Awaited<ReturnType<typeof ccxtClient>>;
let rest: RestClientV5;
const log: string[] = [];
const isSubscribed = (topic: string) => (line: string) => line.includes('"subscribe"') && line.includes(`"${topic}`);
/** What was pushed, as ccxt keeps it: the newest of each order and position, every trade, the balance. */
const pushed = {
  order: (wanted: (o: Unified) => boolean) => settled(() => cached(client.orders).find(wanted)),
  trade: (wanted: (t: Unified) => boolean) => settled(() => cached(client.myTrades).find(wanted)),
  position: (wanted: (p: Unified) => boolean) => settled(() => cached(client.positions).find(wanted)),
};
const balance = (): Unified => (client.balance as Unified)?.unified;
const cached = (rows: Unified): Unified[] => (Array.isArray(rows) ? [...rows] : []);

async function settled<T>(read: () => T | undefined): Promise<T> {
  for (let i = 0; i < 400; i++) {
    const value = read();
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error("nothing was pushed");
}

beforeAll(async () => {
  exchange = await lifeExchange((line) => log.push(line));
  const { apiKey: key, apiSecret: secret } = exchange;
  rest = new RestClientV5({ key, secret, baseUrl: exchange.rest });
  client = await ccxtClient(exchange, ["linear"]);
  await client.loadMarkets();
  // Else the first watch gives the flat start and never subscribes.
  client.options.watchPositions = { fetchPositionsSnapshot: false, awaitPositionsSnapshot: false };
  const watches = [
    client.watchOrders(SYMBOL),
    client.watchMyTrades(SYMBOL),
    client.watchPositions([SYMBOL]),
    client.watchBalance(),
  ];
  // Each resolves with the first push, or is refused when the client closes.
  for (const watch of watches) watch.catch(() => {});
  const topics = ["order", "execution", "position", "wallet"];
  await settled(() => topics.every((topic) => log.some(isSubscribed(topic))) || undefined);
});
afterAll(async () => {
  await client.close();
  await exchange.close();
});

const position = async () => (await client.fetchPositions([SYMBOL]))[0] as Unified;

describe("the same life, through ccxt unmodified", () => {
  it("sets the leverage", async () => {
    await client.setLeverage(20, SYMBOL);
    const { list } = (await rest.getPositionInfo(NATIVE)).result;
    expect(list[0]!.leverage).toBe("20");
  });

  it("enters at market over the order-entry socket, stop and target attached", async () => {
    const legs = { takeProfit: { triggerPrice: 66_000 }, stopLoss: { triggerPrice: 59_000 } };
    const { id } = await client.createOrderWs(SYMBOL, "market", "buy", 0.1, undefined, legs);
    const trade = await pushed.trade((t) => t.order === id);
    expect(trade).toMatchObject({ price: 60_000, amount: 0.1, cost: 6_000, takerOrMaker: "taker", fee: { cost: 3.3 } });
    const order = await pushed.order((o) => o.id === id && o.status === "closed");
    expect(order).toMatchObject({ filled: 0.1, average: 60_000, cost: 6_000 });
    const fetched = (await client.fetchClosedOrder(id!, SYMBOL)) as Unified;
    for (const name of ["filled", "average", "cost", "amount", "price", "side", "type", "timestamp"]) {
      expect(fetched[name], name).toEqual(order[name]);
    }
    expect(await position()).toMatchObject({ contracts: 0.1, side: "long", entryPrice: 60_000, leverage: 20 });
    const held = await pushed.position((p) => p.contracts === 0.1 && p.stopLossPrice === 59_000);
    expect(held).toMatchObject({ entryPrice: 60_000, takeProfitPrice: 66_000, stopLossPrice: 59_000 });
  });

  it("amends the stop", async () => {
    const stops = (await client.fetchOpenOrders(SYMBOL)) as Unified[];
    const stop = stops.find((o) => o.info.stopOrderType === "StopLoss");
    await client.editOrder(stop.id, SYMBOL, "market", "sell", undefined, undefined, { triggerPrice: "59500" });
    expect(await position()).toMatchObject({ stopLossPrice: 59_500, takeProfitPrice: 66_000 });
    await pushed.position((p) => p.stopLossPrice === 59_500);
  });

  it("closes a part by a limit order placed over the order-entry socket", async () => {
    const { id } = await client.createOrderWs(SYMBOL, "limit", "sell", 0.04, 61_500, { reduceOnly: true });
    exchange.control.step(2 * MINUTE);
    const order = await pushed.order((o) => o.id === id && o.status === "closed");
    expect(order).toMatchObject({ filled: 0.04, average: 61_500, reduceOnly: true });
    const trade = await pushed.trade((t) => t.order === id);
    const [fetched] = (await client.fetchMyTrades(SYMBOL, undefined, 1)) as Unified[];
    for (const name of ["id", "order", "price", "amount", "cost", "takerOrMaker", "timestamp"]) {
      expect(fetched[name], name).toEqual(trade[name]);
    }
    expect(trade).toMatchObject({ takerOrMaker: "maker", fee: { cost: 0.492, currency: "USDT" } });
  });

  it("trails: the stop follows the peak and fires on the way down", async () => {
    await client.createOrder(SYMBOL, "market", "sell", 0.06, undefined, { trailingAmount: "500", reduceOnly: true });
    expect((await position()).info).toMatchObject({ trailingStop: "500.00", size: "0.060" });
    exchange.control.step(MINUTE);
    const fired = await pushed.trade((t) => t.info.stopOrderType === "TrailingStop");
    expect(fired).toMatchObject({ price: 61_500, amount: 0.06, fee: { cost: 2.0295 } });
    await pushed.position((p) => p.contracts === 0);
    expect(await client.fetchOpenOrders(SYMBOL)).toEqual([]);
  });

  it("tells closed P&L and wallet as bybit-api does, to the last digit", async () => {
    const history = (await client.fetchPositionsHistory([SYMBOL])) as Unified[];
    const { list } = (await rest.getClosedPnL({ category: "linear", symbol: "BTCUSDT" })).result;
    expect(list.map(({ closedPnl }) => closedPnl)).toEqual(["85.9905", "58.188"]);
    expect(history.map(({ info }) => info).sort((x, y) => y.updatedTime - x.updatedTime)).toEqual(list);
    const { result } = await rest.getWalletBalance({ accountType: "UNIFIED", coin: "USDT" });
    const held = result.list[0]!.coin[0]!.walletBalance;
    expect(held).toBe("100144.1785");
    const fetched = (await client.fetchBalance()) as Unified;
    const last = await settled(() => (balance()?.USDT?.total === Number(held) ? balance() : undefined));
    expect(fetched.USDT.total).toBe(Number(held));
    expect(fetched.USDT).toMatchObject(last.USDT);
  });
});
