import type { Books } from "./books.ts";
import { flushBook, watch } from "./life.ts";
import { passResting } from "./pass.ts";
import type { MarketState, Order } from "./state.ts";
import { nextTrailing, quietTrailing, ratchet } from "./trailing.ts";
import { fire, followedSources, settlePrices } from "./trigger.ts";
import type { BarInput } from "./types.ts";

/** The last price jumps to the first price of a bar; what lies between fills there. */
export function openBar(books: Books, market: MarketState, open: number): void {
  market.barTime = books.now;
  // Its volume is not known yet: limited shares of it wait for the whole bar.
  market.barLeft = market.options.participation === undefined ? Infinity : 0;
  jump(books, market, open);
  flushBook(books, market);
}

/** Walks a bar whose clock time has come; nothing fills outside of it. */
export function walkBar(books: Books, market: MarketState, bar: BarInput): void {
  if (isQuiet(market, bar)) {
    market.barTime = bar.time;
    market.setLast(bar.close, closingTaker(market, bar));
    return;
  }
  const { participation } = market.options;
  const isOpened = market.barTime === bar.time;
  market.barTime = bar.time;
  market.barLeft = participation === undefined ? Infinity : Math.floor(bar.volume * participation);
  if (!isOpened) jump(books, market, bar.open);
  else if (participation !== undefined) passAtOpen(books, market, bar.open);
  market.isWalking = true;
  market.barLow = bar.low;
  market.barHigh = bar.high;
  walkInside(books, market, bar);
  market.isWalking = false;
  if (market.held.length > 0) for (const order of market.held.splice(0)) if (order.isWaiting) watch(order);
  settlePrices(books, market);
  // Stops follow what a closed bar has shown, never its own extremes while it is open.
  if (market.trailing.length > 0) ratchet(market, bar.low, bar.high);
  market.barLeft = Infinity;
  market.barLow = 0;
  market.barHigh = Infinity;
  flushBook(books, market);
}

/**
 * To the extreme where stops wait first, then to the other one, then to the close: where both a stop and a profit are
 * reached, the stop was first. Profits on the way to the first extreme wait until the second was seen.
 */
function walkInside(books: Books, market: MarketState, bar: BarInput): void {
  const { low, high, open, close } = bar;
  const stops = reachedStops(market, low, high);
  const isNearLow = open - low <= high - open;
  const isLowFirst = stops.low === stops.high ? isNearLow : stops.low;
  const [first, second] = isLowFirst ? [low, high] : [high, low];
  market.heldProfits = isLowFirst ? 2 : 1;
  walkTo(books, market, { from: open, to: first });
  walkTo(books, market, { from: first, to: second });
  fireHeldProfits(books, market, { first, second });
  market.heldProfits = 0;
  walkTo(books, market, { from: second, to: close });
  passResting(books, market, { bids: close, asks: close });
}

/** Which extremes stops wait at; a liquidation is one too. */
function reachedStops(market: MarketState, low: number, high: number): { low: boolean; high: boolean } {
  const reached = { low: nextTrailing(market, -1, Infinity) >= low, high: nextTrailing(market, 1, -Infinity) <= high };
  for (const source of followedSources(market)) {
    const at = market.triggers[source].reachedStops(low, high);
    reached.low ||= at.low;
    reached.high ||= at.high;
  }
  if (!market.hasOwnMark) {
    reached.low ||= market.riskLow >= low;
    reached.high ||= market.riskHigh <= high;
  }
  return reached;
}

/** Profits that the first extreme reached, each at its own price. */
function fireHeldProfits(
  books: Books,
  market: MarketState,
  { first, second }: { first: number; second: number },
): void {
  const held = market.heldProfits;
  const others = (order: Order) => !order.isProfit || order.triggerDirection !== held;
  const profits: [Order, number][] = [];
  const out: Order[] = [];
  for (const source of followedSources(market)) {
    out.length = 0;
    market.triggers[source].take(first, out, others);
    for (const order of out) profits.push([order, order.triggerPrice]);
  }
  if (profits.length === 0) return;
  // The way there passed the nearer ones first.
  profits.sort(([, a], [, b]) => (held === 1 ? a - b : b - a));
  for (const [order, price] of profits) {
    if (!order.isWaiting) continue;
    market.setLast(price, held === 1 ? "buy" : "sell");
    fire(books, order);
  }
  market.setLast(second, held === 1 ? "sell" : "buy");
  settlePrices(books, market);
}

/** Moves the price from event to event; between them nothing can happen. */
function walkTo(books: Books, market: MarketState, { from, to }: { from: number; to: number }): void {
  if (from === to) return;
  const sign = to > from ? 1 : -1;
  const taker = sign === 1 ? "buy" : "sell";
  let price = from;
  for (;;) {
    const next = nextEvent(market, sign, price);
    if (sign * (next - to) > 0 || !Number.isFinite(next)) break;
    price = next;
    market.setLast(price, taker);
    passResting(books, market, { bids: price, asks: price });
    settlePrices(books, market);
  }
  if (market.last !== to) market.setLast(to, taker);
}

/** Nearest price beyond `price` at which a resting order fills, a waiting one fires or a position is judged. */
function nextEvent(market: MarketState, sign: 1 | -1, price: number): number {
  const { passTicks } = market.displayed;
  let next = sign * Infinity;
  const consider = (candidate: number) => {
    if (sign * (candidate - price) > 0 && sign * (candidate - next) < 0) next = candidate;
  };
  if (market.barLeft > 0) consider(market.own(-sign as 1 | -1).bestPrice + sign * passTicks);
  const held = market.heldProfits;
  const skip = held === 0 ? undefined : (order: Order) => order.isProfit && order.triggerDirection === held;
  for (const source of followedSources(market)) {
    const triggers = market.triggers[source];
    if (!triggers.isEmpty) consider(sign === 1 ? triggers.nextRise(skip) : triggers.nextFall(skip));
  }
  if (market.trailing.length > 0) consider(nextTrailing(market, sign, price));
  if (!market.hasOwnMark) consider(sign === 1 ? Math.ceil(market.riskHigh) : Math.floor(market.riskLow));
  if (!market.hasOwnIndex) consider(sign === 1 ? Math.ceil(market.indexHigh) : Math.floor(market.indexLow));
  return next;
}

/** Whether the bar can change nothing but the last price. */
function isQuiet(market: MarketState, { low, high }: BarInput): boolean {
  if (market.quietLow === -1) findQuiet(market);
  if (low <= market.quietLow || high >= market.quietHigh) return false;
  if (!market.hasOwnMark && (low <= market.riskLow || high >= market.riskHigh)) return false;
  return market.hasOwnIndex || (low > market.indexLow && high < market.indexHigh);
}

/** Who took last on the way open, nearer extreme, other extreme, close: the book shown must not tell that nobody looked. */
function closingTaker(market: MarketState, { open, high, low, close }: BarInput): "buy" | "sell" {
  if (low === high) return takerOf(market, close);
  const isLowFirst = open - low <= high - open;
  const isAtSecond = close === (isLowFirst ? high : low);
  return isAtSecond === isLowFirst ? "buy" : "sell";
}

function findQuiet(market: MarketState): void {
  const { passTicks } = market.displayed;
  const trailing = quietTrailing(market);
  let low = Math.max(0, trailing.low, market.bids.bestPrice - passTicks);
  let high = Math.min(trailing.high, market.asks.bestPrice + passTicks);
  for (const source of followedSources(market)) {
    low = Math.max(low, market.triggers[source].nextFall());
    high = Math.min(high, market.triggers[source].nextRise());
  }
  market.quietLow = low;
  market.quietHigh = high;
}

function takerOf(market: MarketState, price: number): "buy" | "sell" {
  return price > market.last ? "buy" : price < market.last ? "sell" : market.lastTaker;
}

/** Whatever the jump passes trades at the open, and nowhere else. */
function jump(books: Books, market: MarketState, open: number): void {
  market.barLow = open;
  market.barHigh = open;
  market.setLast(open, takerOf(market, open));
  passAtOpen(books, market, open);
  settlePrices(books, market);
  market.barLow = 0;
  market.barHigh = Infinity;
}

function passAtOpen(books: Books, market: MarketState, open: number): void {
  market.gapPrice = market.options.gapFill === "limit" ? 0 : open;
  passResting(books, market, { bids: open, asks: open });
  market.gapPrice = 0;
}
