import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { hmacHex } from "../../src/simulator/gateway/signature.ts";
import type { ExchangeOptions } from "../../src/simulator/options.ts";
import { OPENING, signature, stepExchange } from "./support.ts";

/** Everything a connection hears, byte for byte. */
async function tape(url: string, hello: readonly unknown[]): Promise<{ bytes: Buffer[]; socket: WebSocket }> {
  const socket = new WebSocket(url);
  const bytes: Buffer[] = [];
  socket.on("message", (data: Buffer) => bytes.push(data));
  await new Promise((resolve) => socket.once("open", resolve));
  for (const message of hello) {
    socket.send(JSON.stringify(message));
    await new Promise((resolve) => socket.once("message", resolve));
  }
  return { bytes, socket };
}

const TOPICS = [
  "orderbook.50.BTCUSDT",
  "orderbook.1.BTCUSDT",
  "kline.1.BTCUSDT",
  "kline.60.BTCUSDT",
  "tickers.BTCUSDT",
  "publicTrade.BTCUSDT",
];

/** What is asked when the hour is over. */
const LISTS = [
  "/v5/order/history?category=linear&symbol=BTCUSDT",
  "/v5/order/realtime?category=linear&symbol=BTCUSDT",
  "/v5/execution/list?category=linear&symbol=BTCUSDT&limit=100",
  "/v5/execution/list?category=spot&symbol=BTCUSDT&limit=100",
  "/v5/position/list?category=linear&symbol=BTCUSDT",
  "/v5/position/closed-pnl?category=linear&symbol=BTCUSDT",
  "/v5/account/wallet-balance?accountType=UNIFIED",
  "/v5/account/transaction-log?accountType=UNIFIED",
  "/v5/market/tickers?category=linear",
  "/v5/market/orderbook?category=linear&symbol=BTCUSDT&limit=200",
  "/v5/market/recent-trade?category=linear&symbol=BTCUSDT&limit=1000",
  "/v5/market/kline?category=linear&symbol=BTCUSDT&interval=1&limit=1000",
  "/v5/market/instruments-info?category=linear",
];

/** An hour of trading: what every socket heard and every request was answered. */
async function hour(options: Partial<ExchangeOptions>): Promise<Record<string, string>> {
  const exchange = await stepExchange(options);
  const expires = Date.now() + 10_000;
  const auth = { op: "auth", args: [exchange.apiKey, expires, hmacHex(exchange.apiSecret, `GET/realtime${expires}`)] };
  const publicTape = await tape(exchange.wsPublic.linear, [{ op: "subscribe", args: TOPICS }]);
  const privateTape = await tape(exchange.wsPrivate, [
    auth,
    { op: "subscribe", args: ["order", "execution", "position", "wallet"] },
  ]);
  const spotTape = await tape(exchange.wsPublic.spot, [{ op: "subscribe", args: TOPICS }]);
  const entryTape = await tape(exchange.wsTrade, [auth]);
  const tapes = [publicTape, privateTape, spotTape, entryTape];
  /** Over the order-entry socket, one after the other. */
  const enter = async (op: string, body: object) => {
    const heard = new Promise((resolve) => entryTape.socket.once("message", resolve));
    // The stamp is the client's own and comes back in no answer.
    const header = { "X-BAPI-TIMESTAMP": String(Date.now()) };
    entryTape.socket.send(JSON.stringify({ op, reqId: `r${entryTape.bytes.length}`, header, args: [body] }));
    await heard;
  };
  const answers: string[] = [];
  const read = async (path: string) => {
    const response = await fetch(`${exchange.rest}${path}`, {
      headers: signature(exchange, path.slice(path.indexOf("?") + 1)),
    });
    answers.push(await response.text());
  };
  const send = async (path: string, body: unknown) => {
    const text = JSON.stringify(body);
    const response = await fetch(`${exchange.rest}${path}`, {
      method: "POST",
      headers: signature(exchange, text),
      body: text,
    });
    answers.push(JSON.stringify([response.headers.get("traceid"), await response.text()]));
  };
  const order = { category: "linear", symbol: "BTCUSDT", side: "Buy", qty: "0.1" };
  for (let i = 0; i < 20; i++) {
    const side = i % 2 === 0 ? "Buy" : "Sell";
    await send("/v5/order/create", { ...order, side, orderType: "Market", orderLinkId: `m${i}` });
    await send("/v5/order/create", { ...order, orderType: "Limit", price: "59000", orderLinkId: `l${i}` });
    if (i % 3 === 0) await send("/v5/order/cancel", { category: "linear", symbol: "BTCUSDT", orderLinkId: `l${i}` });
    await send("/v5/order/cancel", { category: "linear", symbol: "BTCUSDT", orderLinkId: "never" });
    await enter("order.create", { ...order, category: "spot", side, orderType: "Limit", price: "60000", qty: "0.01" });
    await enter("order.cancel", { category: "spot", symbol: "BTCUSDT", orderLinkId: "never" });
    exchange.control.step(180_000);
  }
  for (const path of LISTS) await read(path);
  await silence(tapes);
  const digest = exchange.control.digest();
  for (const { socket } of tapes) socket.terminate();
  await exchange.close();
  const hash = (parts: readonly (Buffer | string)[]) => {
    const sum = createHash("sha256");
    for (const part of parts) sum.update(part).update("\n");
    return `${parts.length} ${sum.digest("hex")}`;
  };
  return {
    public: hash(publicTape.bytes),
    private: hash(privateTape.bytes),
    spot: hash(spotTape.bytes),
    entry: hash(entryTape.bytes),
    answers: hash(answers),
    digest,
  };
}

/** Waits until all sockets have been silent for a moment. */
async function silence(tapes: readonly { bytes: Buffer[] }[]): Promise<void> {
  for (let before = -1; ; ) {
    const now = tapes.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (now === before) return;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe("same market, seed and request history", () => {
  it("give the same bytes on every socket and in every answer", async () => {
    const first = await hour({ startTime: OPENING });
    expect(Number(first.public!.split(" ")[0])).toBeGreaterThan(300);
    expect(Number(first.private!.split(" ")[0])).toBeGreaterThan(60);
    expect(Number(first.spot!.split(" ")[0])).toBeGreaterThan(300);
    expect(Number(first.entry!.split(" ")[0])).toBe(41);
    expect(await hour({ startTime: OPENING })).toEqual(first);
    const other = await hour({ startTime: OPENING, seed: 2 });
    expect(other.answers).not.toBe(first.answers);
    expect(other.private).not.toBe(first.private);
  });
});
