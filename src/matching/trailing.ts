import type { Books } from "./books.ts";
import { closer } from "./legs.ts";
import { register, tell, watch } from "./life.ts";
import type { Holding, MarketState, Order, Position } from "./state.ts";

/** Makes the trailing stop of a position: `distance` in ticks, active at once or from `activePrice` on. */
export function startTrailing(
  books: Books,
  at: { holding: Holding; position: Position },
  wish: { distance: number; activePrice: number },
): void {
  const { holding, position } = at;
  const { last } = holding.market;
  const sign = position.size > 0 ? -1 : 1;
  const qty = Math.abs(position.size);
  const order = closer(holding, position, {
    sign,
    qty,
    stopOrderType: "TrailingStop",
    createType: "CreateByTrailingStop",
  });
  order.tpslMode = "Full";
  order.triggerBy = "LastPrice";
  order.triggerDirection = sign === -1 ? 2 : 1;
  order.triggerPrice = wish.activePrice;
  order.distance = wish.distance;
  activate(order, last);
  position.trailing = order;
  position.touched = true;
  register(books, order);
  watch(order);
  tell(books, order);
}

/** Starts or moves the stop behind `price`, the best price so far; never back. */
function activate(order: Order, price: number): boolean {
  const { sign, distance, triggerPrice, stopPrice } = order;
  const isWaiting = stopPrice === 0 && triggerPrice !== 0 && sign * (price - triggerPrice) > 0;
  if (isWaiting) return false;
  const stop = Math.max(1, price + sign * distance);
  // A stop below a long only rises, one above a short only falls.
  if (stopPrice !== 0 && sign * (stop - stopPrice) >= 0) return false;
  order.stopPrice = stop;
  return true;
}

/** Lets the trailing stops follow prices the market has seen. */
export function ratchet(market: MarketState, low: number, high: number): void {
  for (const order of market.trailing) {
    if (activate(order, order.sign === -1 ? high : low)) market.quietLow = -1;
  }
}

/** Takes out the trailing stops that fire at `price`. */
export function takeTrailing(market: MarketState, price: number, out: Order[]): void {
  const { trailing } = market;
  for (let i = 0; i < trailing.length; ) {
    const order = trailing[i]!;
    if (order.stopPrice !== 0 && order.sign * (price - order.stopPrice) >= 0) {
      trailing.splice(i, 1);
      out.push(order);
    } else i += 1;
  }
}

/** Nearest stop price beyond `price` in the direction of `sign` (−1 down: those of longs); ∓∞ for none. */
export function nextTrailing(market: MarketState, sign: 1 | -1, price: number): number {
  let nearest = sign * Infinity;
  for (const order of market.trailing) {
    if (order.sign !== sign || order.stopPrice === 0 || sign * (order.stopPrice - price) <= 0) continue;
    if (sign * (order.stopPrice - nearest) < 0) nearest = order.stopPrice;
  }
  return nearest;
}

/** Prices strictly between which no trailing stop fires, starts or moves. */
export function quietTrailing(market: MarketState): { low: number; high: number } {
  let low = 0;
  let high = Infinity;
  for (const { sign, stopPrice, distance, triggerPrice } of market.trailing) {
    const stop = stopPrice === 0 ? sign * Infinity : stopPrice;
    const moves = stopPrice === 0 ? triggerPrice : stopPrice - sign * (distance + 1);
    low = Math.max(low, sign === -1 ? stop : moves);
    high = Math.min(high, sign === -1 ? moves : stop);
  }
  return { low, high };
}
