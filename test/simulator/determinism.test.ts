import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { Exchange } from "../../src/simulator/exchange.ts";
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
  const answers: string[] = [];
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
    exchange.control.step(180_000);
  }
  answers.push(await heardUntil(exchange, publicTape, privateTape));
  const digest = exchange.control.digest();
  publicTape.socket.terminate();
  privateTape.socket.terminate();
  await exchange.close();
  const hash = (parts: readonly (Buffer | string)[]) => {
    const sum = createHash("sha256");
    for (const part of parts) sum.update(part).update("\n");
    return `${parts.length} ${sum.digest("hex")}`;
  };
  return { public: hash(publicTape.bytes), private: hash(privateTape.bytes), answers: hash(answers), digest };
}

/** Waits until both sockets have been silent for a moment. */
async function heardUntil(_exchange: Exchange, ...tapes: { bytes: Buffer[] }[]): Promise<string> {
  let before = -1;
  for (;;) {
    const now = tapes.reduce((sum, { bytes }) => sum + bytes.length, 0);
    if (now === before) return "";
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe("same market, seed and request history", () => {
  it("give the same bytes on every socket and in every answer", async () => {
    const first = await hour({ startTime: OPENING });
    expect(Number(first.public!.split(" ")[0])).toBeGreaterThan(300);
    expect(Number(first.private!.split(" ")[0])).toBeGreaterThan(60);
    expect(await hour({ startTime: OPENING })).toEqual(first);
    expect((await hour({ startTime: OPENING, seed: 2 })).answers).not.toBe(first.answers);
  });
});
