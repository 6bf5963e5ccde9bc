import { ArgumentError } from "../core/errors.ts";
import type { Instrument } from "../model/instrument.ts";
import type { Books } from "./books.ts";
import { flushBook } from "./life.ts";
import { passDepth, passTrade } from "./pass.ts";
import { noteRisk } from "./stale.ts";
import type { MarketState } from "./state.ts";
import { ratchet } from "./trailing.ts";
import { settlePrices } from "./trigger.ts";
import type { Depth, TradeInput } from "./types.ts";

/** A trade of the source: the last price is its, resting orders it reaches fill. */
export function onTrade(books: Books, market: MarketState, trade: TradeInput): void {
  market.seq += 1;
  market.setLast(trade.price, trade.side);
  passTrade(books, market, trade);
  afterPrice(books, market);
}

/** Changes the recorded depth. Own orders in its way trade with it; those it left behind move up in the queue. */
export function onBook(books: Books, market: MarketState, type: "snapshot" | "delta", depth: Depth): void {
  const recorded = market.recorded();
  if (type === "snapshot") recorded.clear();
  for (const [price, qty] of depth.bids) recorded.set(1, price, qty);
  for (const [price, qty] of depth.asks) recorded.set(-1, price, qty);
  market.quietLow = -1;
  for (const side of [market.bids, market.asks]) {
    for (const level of side.bestFirst()) {
      const shown = recorded.qtyAt(side.sign, level.price);
      for (let order = level.head; order; order = order.after) order.queueAhead = Math.min(order.queueAhead, shown);
    }
  }
  if (market.last === 0) {
    const [bid, ask] = [recorded.best(1), recorded.best(-1)];
    if (Number.isFinite(bid) && Number.isFinite(ask)) market.noteLast(Math.round((bid + ask) / 2));
  }
  passDepth(books, market);
  afterPrice(books, market);
}

/** Moves mark and index price, both at once; an absent one stays. */
export function setPrices(
  books: Books,
  market: MarketState,
  prices: { readonly mark?: number; readonly index?: number },
): void {
  if (prices.mark !== undefined) {
    if (!market.hasOwnMark) market.quietLow = -1;
    market.mark = prices.mark;
    market.hasOwnMark = true;
  }
  if (prices.index !== undefined) {
    if (!market.hasOwnIndex) market.quietLow = -1;
    market.index = prices.index;
    market.hasOwnIndex = true;
  }
  afterPrice(books, market);
}

function afterPrice(books: Books, market: MarketState): void {
  settlePrices(books, market);
  if (market.trailing.length > 0) {
    ratchet(market, market.last, market.last);
  }
  flushBook(books, market);
}

/** Puts changed rules in place. @throws ArgumentError `INSTRUMENT` when tick, step or symbol differ */
export function setInstrument(market: MarketState, instrument: Instrument): void {
  const { instrument: now } = market;
  const fixed = ["symbol", "category", "tickSize", "qtyStep", "baseCoin", "quoteCoin", "settleCoin"] as const;
  for (const name of fixed) {
    if (now[name] === instrument[name]) continue;
    throw new ArgumentError("INSTRUMENT", `${name} of ${market.key} cannot change, was to be ${instrument[name]}`, {
      market: market.key,
      [name]: instrument[name],
    });
  }
  market.setInstrument(instrument);
  for (const holding of market.holders) noteRisk(holding);
  market.quietLow = -1;
}
