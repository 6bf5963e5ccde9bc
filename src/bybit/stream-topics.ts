import { ArgumentError } from "../core/errors.ts";
import type { SessionKind } from "./stream-session.ts";

/** A topic of V5, as data. */
export interface StreamTopic {
  /** `{…}` stands for a word. */
  readonly pattern: string;
  readonly sockets: readonly SessionKind[];
  /** What its messages are. */
  readonly about: string;
  readonly example: string;
}

const FUTURES: readonly SessionKind[] = ["linear", "inverse"];
const MARKETS: readonly SessionKind[] = ["linear", "inverse", "spot"];
const PRIVATE: readonly SessionKind[] = ["private"];

/** Every topic of the public and private sockets. */
export const STREAM_TOPICS: readonly StreamTopic[] = [
  {
    pattern: "orderbook.{1|50|200|1000}.{symbol}",
    sockets: MARKETS,
    about: "order book: a snapshot, then deltas (level 1: snapshots only)",
    example: "orderbook.50.BTCUSDT",
  },
  {
    pattern: "orderbook.{25|100}.{symbol}",
    sockets: ["option"],
    about: "order book of an option",
    example: "orderbook.25.BTC-27MAR26-70000-C",
  },
  { pattern: "publicTrade.{symbol}", sockets: MARKETS, about: "trades of the market", example: "publicTrade.BTCUSDT" },
  { pattern: "publicTrade.{baseCoin}", sockets: ["option"], about: "trades of options", example: "publicTrade.BTC" },
  {
    pattern: "tickers.{symbol}",
    sockets: [...MARKETS, "option"],
    about: "prices: a snapshot, then what changed (spot and options: snapshots only)",
    example: "tickers.BTCUSDT",
  },
  {
    pattern: "kline.{interval}.{symbol}",
    sockets: MARKETS,
    about: "the running bar; confirm is true once, when it is closed",
    example: "kline.60.BTCUSDT",
  },
  {
    pattern: "allLiquidation.{symbol}",
    sockets: FUTURES,
    about: "positions that were taken over",
    example: "allLiquidation.BTCUSDT",
  },
  {
    pattern: "priceLimit.{symbol}",
    sockets: FUTURES,
    about: "highest buy and lowest sell price",
    example: "priceLimit.BTCUSDT",
  },
  { pattern: "insurance.{pool}", sockets: FUTURES, about: "balances of the insurance fund", example: "insurance.USDT" },
  {
    pattern: "adlAlert.{pool}",
    sockets: FUTURES,
    about: "when auto-deleveraging comes near",
    example: "adlAlert.USDT",
  },
  { pattern: "order", sockets: PRIVATE, about: "every change of an order; also order.linear …", example: "order" },
  {
    pattern: "execution",
    sockets: PRIVATE,
    about: "fills, funding, settlement, liquidation; also execution.linear …",
    example: "execution",
  },
  { pattern: "execution.fast", sockets: PRIVATE, about: "fills only, sooner", example: "execution.fast" },
  {
    pattern: "position",
    sockets: PRIVATE,
    about: "positions after any order; also position.linear …",
    example: "position",
  },
  { pattern: "wallet", sockets: PRIVATE, about: "balances after a change", example: "wallet" },
  { pattern: "greeks", sockets: PRIVATE, about: "greeks of options", example: "greeks" },
  {
    pattern: "dcp",
    sockets: PRIVATE,
    about: "arms cancel-on-disconnect: dcp.future, dcp.spot, dcp.option",
    example: "dcp.future",
  },
];

/** Topics that are gone, and what to ask for instead. */
const GONE: readonly { readonly was: RegExp; readonly instead: string }[] = [
  { was: /^liquidation\.(.+)$/, instead: "allLiquidation.$1" },
  { was: /^orderbook\.(?:25|100|500)\.([A-Z0-9]+)$/, instead: "orderbook.200.$1 (depths: 1, 50, 200, 1000)" },
  { was: /^orderBookL2_\d+\.(.+)$/, instead: "orderbook.50.$1" },
  { was: /^(?:kline_lt|tickers_lt|lt)\./, instead: "nothing: leveraged tokens have no stream any more" },
  { was: /^instrument_info\.\w+\.(.+)$/, instead: "tickers.$1" },
  { was: /^trade\.(.+)$/, instead: "publicTrade.$1" },
  { was: /^klineV2\.(\w+)\.(.+)$/, instead: "kline.$1.$2" },
  { was: /^(?:stop_order)$/, instead: "order: conditional orders are in it" },
];

/** Refuses a topic that Bybit once had, naming what took its place. @throws ArgumentError `TOPIC_REMOVED` */
export function requireLivingTopic(topic: string, kind: SessionKind): void {
  if (kind === "option" && topic.startsWith("orderbook.")) return; // options have other depths
  for (const { was, instead } of GONE) {
    if (!was.test(topic)) continue;
    const advice = topic.replace(was, instead);
    throw new ArgumentError("TOPIC_REMOVED", `${topic} is no topic any more; ask for ${advice}`, { topic, advice });
  }
}
