import { type Depth, depthChange, type Level, topOf } from "../market/book.ts";
import { openingOf, type WireInterval } from "../market/intervals.ts";
import type { Market } from "../market/market.ts";
import { klinePush } from "../wire/kline.ts";
import { ticker } from "../wire/ticker.ts";
import { BOOK_CADENCE_MS } from "./topics.ts";

/** A public topic that has a state: a newcomer gets its snapshot, everyone the changes. */
export interface Stream {
  /** The state as last pushed, for a newcomer. */
  snapshot(now: number): string[];
  /** The message for what has changed since, when it is time for one. */
  flush(now: number): string | undefined;
  /** Time moves on to `now`: the message for a bar that is over by then. */
  roll?(now: number): string | undefined;
}

/** Level 1 says the same again after this long without a change. */
const REPEAT_MS = 3_000;
const TICKER_CADENCE_MS = { contract: 100, spot: 50 };
const KLINE_CADENCE_MS = 1_000;

/** `orderbook.{depth}.{symbol}`; `depthOf` gives the book as it stands. */
export function bookStream(topic: string, market: Market, depth: number, depthOf: () => Depth): Stream {
  const cadence = BOOK_CADENCE_MS[depth]!;
  let sent: Depth | undefined;
  let update = 0;
  let sentAt = Number.NEGATIVE_INFINITY;

  const rows = (levels: readonly Level[]) =>
    levels.map(([price, qty]) => [market.printing.price.format(price), market.printing.qty.format(qty)]);
  function message(type: "snapshot" | "delta", now: number, change: Depth): string {
    const data = {
      s: market.instrument.symbol,
      b: rows(change.bids),
      a: rows(change.asks),
      u: update,
      seq: market.seq,
    };
    const head = market.instrument.category === "spot" ? { topic, ts: now, type } : { topic, type, ts: now };
    return JSON.stringify({ ...head, data, cts: now });
  }

  return {
    snapshot(now) {
      if (!sent) {
        sent = topOf(depthOf(), depth);
        update += 1;
        sentAt = now;
      }
      return [message("snapshot", now, sent)];
    },
    flush(now) {
      if (now - sentAt < cadence && now >= sentAt) return undefined;
      const fresh = topOf(depthOf(), depth);
      const change = depthChange(sent ?? { bids: [], asks: [] }, fresh);
      const same = change.bids.length === 0 && change.asks.length === 0;
      if (same && !(depth === 1 && now - sentAt >= REPEAT_MS)) return undefined;
      sentAt = now;
      sent = fresh;
      if (!same) update += 1;
      return depth === 1 ? message("snapshot", now, fresh) : message("delta", now, change);
    },
  };
}

/** `tickers.{symbol}`: contracts push what changed, spot everything. */
export function tickerStream(topic: string, market: Market, depthOf: () => Depth): Stream {
  const isSpot = market.instrument.category === "spot";
  // Walked by bars, a bar's last trade and the next open are a moment apart: both are told.
  const cadence = market.walk === "bars" ? 0 : isSpot ? TICKER_CADENCE_MS.spot : TICKER_CADENCE_MS.contract;
  let sent: Record<string, string> = {};
  let sentAt = Number.NEGATIVE_INFINITY;

  function fieldsNow(now: number): Record<string, string> {
    const fields = ticker(market, topOf(depthOf(), 1), now);
    if (!isSpot) return { ...fields, tickDirection: market.direction };
    const { bid1Price: _bid, bid1Size: _bidSize, ask1Price: _ask, ask1Size: _askSize, ...pushed } = fields;
    return pushed;
  }
  function message(type: "snapshot" | "delta", now: number, data: Record<string, string>): string {
    if (isSpot) return JSON.stringify({ topic, ts: now, type, cs: market.seq, data });
    return JSON.stringify({ topic, type, data, cs: market.seq, ts: now });
  }

  return {
    snapshot(now) {
      if (sentAt === Number.NEGATIVE_INFINITY) {
        sent = fieldsNow(now);
        sentAt = now;
      }
      return [message("snapshot", now, sent)];
    },
    flush(now) {
      if (now - sentAt < cadence && now >= sentAt) return undefined;
      const fields = fieldsNow(now);
      const changed = Object.entries(fields).filter(([name, value]) => sent[name] !== value);
      if (changed.length === 0) return undefined;
      sent = fields;
      sentAt = now;
      if (isSpot) return message("snapshot", now, fields);
      return message("delta", now, { symbol: market.instrument.symbol, ...Object.fromEntries(changed) });
    },
  };
}

/** `kline.{interval}.{symbol}`: the running bar about every second, once more with `confirm` when it is over. */
export function klineStream(topic: string, market: Market, interval: WireInterval, startedAt: number): Stream {
  let opening = openingOf(startedAt, interval);
  let sentAt = Number.NEGATIVE_INFINITY;
  let sentSeq = -1;

  function message(time: number, now: number, confirm: boolean): string | undefined {
    const row = market.series.current(interval, time);
    if (!row) return undefined;
    const data = klinePush(row, interval, { printing: market.printing, confirm, timestamp: now });
    return JSON.stringify({ topic, data: [data], ts: now, type: "snapshot" });
  }

  return {
    snapshot: () => [],
    roll(now) {
      const running = openingOf(now, interval);
      if (running <= opening) return undefined;
      const over = opening;
      opening = running;
      sentAt = Number.NEGATIVE_INFINITY;
      return message(over, now, true);
    },
    flush(now) {
      if (sentSeq === market.seq || (now - sentAt < KLINE_CADENCE_MS && now >= sentAt)) return undefined;
      const text = message(opening, now, false);
      if (text === undefined) return undefined;
      sentAt = now;
      sentSeq = market.seq;
      return text;
    },
  };
}
