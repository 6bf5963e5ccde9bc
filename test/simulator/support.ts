import { WebSocket } from "ws";
import type { Interval } from "../../src/core/time.ts";
import { intervalMs } from "../../src/core/time.ts";
import { type Bars, barsOf } from "../../src/model/bar.ts";
import type { Category } from "../../src/model/instrument.ts";
import { type Exchange, startExchange } from "../../src/simulator/exchange.ts";
import { hmacHex } from "../../src/simulator/gateway/signature.ts";
import { instrumentOf } from "../../src/simulator/market/instruments.ts";
import type { MarketSource } from "../../src/simulator/market/market.ts";
import type { ExchangeOptions } from "../../src/simulator/options.ts";
import { generateBars } from "../../src/store/generate.ts";

/** Midnight UTC at which the tests' exchanges open. */
export const OPENING = Date.UTC(2025, 0, 10);

/** Bars of one minute from rows `[open, high, low, close]`, the first opening at `OPENING`. */
export function minuteBars(
  symbol: string,
  rows: readonly (readonly [number, number, number, number])[],
  volume = 100,
): Bars {
  const column = (f: (i: number) => number) => Float64Array.from(rows, (_, i) => f(i));
  return barsOf(
    { symbol, interval: "1" },
    {
      time: column((i) => OPENING + i * 60_000),
      open: column((i) => rows[i]![0]),
      high: column((i) => rows[i]![1]),
      low: column((i) => rows[i]![2]),
      close: column((i) => rows[i]![3]),
      volume: column(() => volume),
    },
  );
}

const PRICES: Readonly<Record<string, number>> = { BTCUSDT: 60_000, ETHUSDT: 3_000, BTCUSD: 60_000, DOGEUSDT: 0.1 };

/** A seeded market with two days of history before `OPENING` and a day after. */
export function seededMarket(
  symbol: string,
  category: Category,
  options: { interval?: Interval; seed?: number } = {},
): MarketSource {
  const startPrice = PRICES[symbol] ?? 10;
  const instrument = instrumentOf(symbol, category, startPrice);
  const interval = options.interval ?? "1";
  const bars = generateBars({
    seed: `${options.seed ?? 1}/${category}`,
    symbol,
    interval,
    from: OPENING - 2 * 86_400_000,
    length: (3 * 86_400_000) / intervalMs(interval),
    startPrice,
    tickSize: instrument.tickSize,
  });
  return { instrument, bars };
}

/** An exchange whose time moves only when told, with linear and spot BTCUSDT and inverse BTCUSD. */
export function stepExchange(options: Partial<ExchangeOptions> = {}): Promise<Exchange> {
  return startExchange({
    markets: [seededMarket("BTCUSDT", "linear"), seededMarket("BTCUSDT", "spot"), seededMarket("BTCUSD", "inverse")],
    startTime: OPENING,
    speed: "step",
    ackDelayMs: 0,
    ...options,
  });
}

export interface Envelope {
  readonly retCode: number;
  readonly retMsg: string;
  // The tests read what they expect to be there.
  readonly result: Record<string, never> & { list: never[] };
  readonly retExtInfo: unknown;
  readonly time: number;
}

/** A GET, signed when `exchange` is given whole. */
export async function get(
  exchange: Exchange,
  path: string,
  query: Record<string, string | number> = {},
): Promise<Envelope> {
  const text = new URLSearchParams(Object.entries(query).map(([k, v]): [string, string] => [k, String(v)])).toString();
  const response = await fetch(`${exchange.rest}${path}${text === "" ? "" : `?${text}`}`, {
    headers: signature(exchange, text),
  });
  return (await response.json()) as Envelope;
}

/** A signed POST. */
export async function post(exchange: Exchange, path: string, body: unknown): Promise<Envelope> {
  const text = JSON.stringify(body);
  const headers = { ...signature(exchange, text), "Content-Type": "application/json" };
  const response = await fetch(`${exchange.rest}${path}`, { method: "POST", headers, body: text });
  return (await response.json()) as Envelope;
}

export function signature(exchange: Exchange, payload: string): Record<string, string> {
  const stamp = String(Date.now());
  return {
    "X-BAPI-API-KEY": exchange.apiKey,
    "X-BAPI-TIMESTAMP": stamp,
    "X-BAPI-RECV-WINDOW": "5000",
    "X-BAPI-SIGN": hmacHex(exchange.apiSecret, `${stamp}${exchange.apiKey}5000${payload}`),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: messages are read as the test expects them
export type Message = any;

/** A WebSocket client that keeps what it hears. */
export interface Ear {
  readonly heard: Message[];
  send(message: unknown): void;
  /** The next message that `wanted` likes, waiting for it if it is not there yet. */
  next(wanted: (message: Message) => boolean): Promise<Message>;
  /** Sends and waits for the answer with the same op. */
  ask(message: Record<string, unknown>): Promise<Message>;
  readonly closed: Promise<void>;
  close(): void;
}

/** Connects to `url`. */
export async function listen(url: string): Promise<Ear> {
  const socket = new WebSocket(url);
  const heard: Message[] = [];
  const waiting: { wanted: (message: Message) => boolean; done: (message: Message) => void }[] = [];
  let read = 0;
  socket.on("message", (data) => {
    const message: Message = JSON.parse(String(data));
    heard.push(message);
    const i = waiting.findIndex(({ wanted }) => wanted(message));
    if (i >= 0) waiting.splice(i, 1)[0]!.done(message);
  });
  const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
  socket.on("error", () => {});
  await new Promise<void>((resolve, reject) => {
    socket.once("open", () => resolve());
    socket.once("error", reject);
  });
  const ear: Ear = {
    heard,
    send: (message) => socket.send(typeof message === "string" ? message : JSON.stringify(message)),
    next(wanted) {
      for (; read < heard.length; read++) {
        if (wanted(heard[read])) return Promise.resolve(heard[read++]);
      }
      return new Promise((done) => {
        waiting.push({
          wanted,
          done(message) {
            read = Math.max(read, heard.indexOf(message) + 1);
            done(message);
          },
        });
      });
    },
    ask(message) {
      const answer = new Promise<Message>((done) => {
        waiting.push({ wanted: (m) => m.topic === undefined, done });
      });
      ear.send(message);
      return answer;
    },
    closed,
    close: () => socket.close(),
  };
  return ear;
}

/** Logs an ear in, as private and order-entry sockets want it. */
export function logIn(ear: Ear, exchange: Exchange, more: Record<string, unknown> = {}): Promise<Message> {
  const expires = Date.now() + 10_000;
  return ear.ask({
    ...more,
    op: "auth",
    args: [exchange.apiKey, expires, hmacHex(exchange.apiSecret, `GET/realtime${expires}`)],
  });
}
