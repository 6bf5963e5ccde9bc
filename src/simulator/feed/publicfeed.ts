import type { Category } from "../../model/instrument.ts";
import type { Depth } from "../market/book.ts";
import type { Market, PublicTrade } from "../market/market.ts";
import type { Hub } from "../sockets/hub.ts";
import { hubTopic, type PublicFeed } from "../sockets/public.ts";
import { bookStream, klineStream, type Stream, tickerStream } from "./streams.ts";
import { publicTopic } from "./topics.ts";

/** A liquidation as the public sees it. */
export interface PublicLiquidation {
  readonly time: number;
  /** `buy`: a long was liquidated. */
  readonly side: "buy" | "sell";
  readonly qty: string;
  readonly price: string;
}

/** What the feed needs of the exchange. */
export interface FeedWorld {
  readonly hub: Hub;
  now(): number;
  market(category: Category, symbol: string): Market | undefined;
  /** The book as it stands, own orders in it, at least `levels` deep where it is. */
  depth(market: Market, levels: number): Depth;
}

const MOST_TRADES_PER_MESSAGE = 1_024;
const LIQUIDATION_CADENCE_MS = 500;
const BOOK_LEVELS_FOR_TICKER = 1;

interface Live {
  readonly market: Market;
  readonly stream: Stream;
}

/** Turns what happens in the markets into public pushes, for topics someone listens to. */
export class PublicPublisher implements PublicFeed {
  readonly hub: Hub;
  readonly #world: FeedWorld;
  readonly #streams = new Map<string, Live>();
  readonly #trades = new Map<Market, PublicTrade[]>();
  readonly #liquidations = new Map<Market, PublicLiquidation[]>();
  #liquidationsSentAt = Number.NEGATIVE_INFINITY;

  constructor(world: FeedWorld) {
    this.#world = world;
    this.hub = world.hub;
  }

  knows(category: Category, topic: string): boolean {
    const parsed = publicTopic(category, topic);
    return parsed !== undefined && this.#world.market(category, parsed.symbol) !== undefined;
  }

  snapshot(category: Category, topic: string): string[] {
    const name = hubTopic(category, topic);
    let live = this.#streams.get(name);
    if (!live) {
      live = this.#open(category, topic);
      if (!live) return [];
      this.#streams.set(name, live);
    }
    return live.stream.snapshot(this.#world.now());
  }

  /** A trade was made. */
  traded(market: Market, trade: PublicTrade): void {
    if (!this.hub.hasListeners(`${market.instrument.category}/publicTrade.${market.instrument.symbol}`)) return;
    listIn(this.#trades, market).push(trade);
  }

  /** A position was taken over. */
  liquidated(market: Market, liquidation: PublicLiquidation): void {
    listIn(this.#liquidations, market).push(liquidation);
  }

  /** The time of `market` moves on to `now`: bars that are over are confirmed. */
  roll(market: Market, now: number): void {
    for (const [name, live] of this.#streams) {
      if (live.market !== market || !live.stream.roll) continue;
      const text = live.stream.roll(now);
      if (text !== undefined) this.hub.publish(name, text);
    }
  }

  /** Pushes what has changed; to be called after every moment in which something did. */
  flush(now: number): void {
    for (const [market, trades] of this.#trades) if (trades.length > 0) this.#pushTrades(market, trades, now);
    for (const [name, live] of this.#streams) {
      if (!this.hub.hasListeners(name)) {
        this.#streams.delete(name);
        continue;
      }
      const text = live.stream.flush(now);
      if (text !== undefined) this.hub.publish(name, text);
    }
    if (this.#liquidations.size > 0 && now - this.#liquidationsSentAt >= LIQUIDATION_CADENCE_MS) {
      this.#pushLiquidations(now);
    }
  }

  #open(category: Category, topic: string): Live | undefined {
    const parsed = publicTopic(category, topic);
    const market = parsed && this.#world.market(category, parsed.symbol);
    if (!parsed || !market) return undefined;
    if (parsed.kind === "orderbook") {
      const depthOf = () => this.#world.depth(market, parsed.depth);
      return { market, stream: bookStream(topic, market, parsed.depth, depthOf) };
    }
    if (parsed.kind === "tickers") {
      return { market, stream: tickerStream(topic, market, () => this.#world.depth(market, BOOK_LEVELS_FOR_TICKER)) };
    }
    if (parsed.kind === "kline") {
      return { market, stream: klineStream(topic, market, parsed.interval, this.#world.now()) };
    }
    return undefined;
  }

  #pushTrades(market: Market, trades: PublicTrade[], now: number): void {
    const { category, symbol } = market.instrument;
    const { price, qty } = market.printing;
    const topic = `publicTrade.${symbol}`;
    for (let i = 0; i < trades.length; i += MOST_TRADES_PER_MESSAGE) {
      const data = trades.slice(i, i + MOST_TRADES_PER_MESSAGE).map((trade) => ({
        T: trade.time,
        s: symbol,
        S: trade.side === "buy" ? "Buy" : "Sell",
        v: qty.format(trade.qty),
        p: price.format(trade.price),
        ...(category !== "spot" && { L: trade.direction }),
        i: trade.id,
        BT: false,
        RPI: false,
        seq: trade.seq,
      }));
      this.hub.publish(hubTopic(category, topic), JSON.stringify({ topic, type: "snapshot", ts: now, data }));
    }
    trades.length = 0;
  }

  #pushLiquidations(now: number): void {
    for (const [market, liquidations] of this.#liquidations) {
      const { category, symbol } = market.instrument;
      const topic = `allLiquidation.${symbol}`;
      const data = liquidations.map((l) => ({
        T: l.time,
        s: symbol,
        S: l.side === "buy" ? "Buy" : "Sell",
        v: l.qty,
        p: l.price,
      }));
      this.hub.publish(hubTopic(category, topic), JSON.stringify({ topic, type: "snapshot", ts: now, data }));
    }
    this.#liquidations.clear();
    this.#liquidationsSentAt = now;
  }
}

function listIn<K, V>(map: Map<K, V[]>, key: K): V[] {
  let list = map.get(key);
  if (!list) {
    list = [];
    map.set(key, list);
  }
  return list;
}
