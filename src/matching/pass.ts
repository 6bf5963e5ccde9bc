import type { Books } from "./books.ts";
import { dropReducer, fillMaker, publishAgainst, tradable } from "./fill.ts";
import type { OwnSide } from "./ownbook.ts";
import type { MarketState, Order } from "./state.ts";
import type { TradeInput } from "./types.ts";

/**
 * Fills resting orders that the price went beyond, best first, at their own price (at the open, while it gaps).
 *
 * `bids` and `asks` are the prices the sides are held against; a touch fills nothing, since nobody knows the queue.
 */
export function passResting(books: Books, market: MarketState, at: { bids: number; asks: number }): void {
  const { passTicks } = market.displayed;
  for (let best = market.bids.best; best && best.price - passTicks >= at.bids; best = market.bids.best) {
    if (!passHead(books, market, best.head!)) break;
  }
  for (let best = market.asks.best; best && best.price + passTicks <= at.asks; best = market.asks.best) {
    if (!passHead(books, market, best.head!)) break;
  }
}

/** Fills the first order of a level as far as the bar's volume goes; false when there is none left. */
function passHead(books: Books, market: MarketState, maker: Order): boolean {
  const price = market.gapPrice || insideBar(market, maker.price);
  const wanted = tradable(maker, price);
  if (wanted === 0) {
    dropReducer(books, maker);
    return true;
  }
  const qty = Math.min(wanted, market.barLeft);
  if (qty === 0) return false;
  market.barLeft -= qty;
  publishAgainst(books, maker, price, qty);
  fillMaker(books, maker, { price, qty });
  return true;
}

/** An order that came to rest beyond the bar, for want of depth, trades at the bar's extreme: better than it asked for. */
function insideBar(market: MarketState, price: number): number {
  return market.isWalking ? Math.min(market.barHigh, Math.max(market.barLow, price)) : price;
}

/** A trade of the source passes own orders beyond its price, and serves those at it behind the displayed queue. */
export function passTrade(books: Books, market: MarketState, trade: TradeInput): void {
  const isSell = trade.side === "sell";
  const side = isSell ? market.bids : market.asks;
  const { sign } = side;
  for (let best = side.best; best && sign * (best.price - trade.price) > 0; best = side.best) {
    serve(books, best.head!, Infinity);
  }
  touch(books, side, trade);
  // The other side is only passed when the market has left it behind.
  const { passTicks } = market.displayed;
  const other = market.own(-sign as 1 | -1);
  for (let best = other.best; best && sign * (trade.price - best.price) >= passTicks; best = other.best) {
    serve(books, best.head!, Infinity);
  }
}

/** What a trade leaves for the orders at its price, oldest first, after what was displayed before each. */
function touch(books: Books, side: OwnSide<Order>, trade: TradeInput): void {
  let left = trade.qty;
  // Always the first of the level anew: who was served may have taken others along.
  for (let level = side.best; left > 0 && level?.price === trade.price; level = side.best) {
    const order = level.head!;
    const ahead = Math.min(left, order.queueAhead);
    left -= ahead;
    if (ahead > 0) {
      for (let behind: Order | undefined = order; behind; behind = behind.after) {
        behind.queueAhead = Math.max(0, behind.queueAhead - ahead);
      }
    } else left -= serve(books, order, left);
  }
}

/** Fills a resting order by up to `most` steps of a trade that the source has already told. */
function serve(books: Books, maker: Order, most: number): number {
  const qty = Math.min(most, tradable(maker, maker.price));
  if (qty === 0) dropReducer(books, maker);
  else {
    maker.holding.market.seq += 1;
    fillMaker(books, maker, { price: maker.price, qty });
  }
  return qty;
}

/** Recorded depth now stands against own orders: they trade as makers, as far as it goes. */
export function passDepth(books: Books, market: MarketState): void {
  for (const side of [market.bids, market.asks]) {
    const other = -side.sign as 1 | -1;
    for (let best = side.best; best; best = side.best) {
      const shown = market.displayed.best(other);
      if (!Number.isFinite(shown) || side.sign * (best.price - shown) < 0) break;
      const maker = best.head!;
      const qty = Math.min(tradable(maker, maker.price), market.displayed.qtyAt(other, shown));
      if (qty === 0) {
        dropReducer(books, maker);
        continue;
      }
      market.displayed.take(other, shown, qty);
      publishAgainst(books, maker, maker.price, qty);
      fillMaker(books, maker, { price: maker.price, qty });
    }
  }
}
