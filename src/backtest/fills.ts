import type { Increment } from "../core/decimal.ts";

/** Direction of a position: 1 long, -1 short. */
export type Direction = 1 | -1;

/**
 * Price the market must reach before a resting limit order is taken as filled.
 *
 * On a price grid that is one tick beyond the limit, since nobody knows the queue at the limit itself; without a grid a
 * touch fills. `direction` 1 for a buy limit, -1 for a sell limit.
 */
export function limitTrigger(limit: number, direction: Direction, tick: Increment | null): number {
  if (tick === null) return limit;
  return tick.value(tick.count(limit, direction === 1 ? "floor" : "ceil") - direction);
}

/** What of `quantity` one bar can fill at a share of its volume; the rest carries over or is canceled by the caller. */
export function volumeCap(
  quantity: number,
  volume: number,
  participation: number,
): { readonly filled: number; readonly remaining: number } {
  const filled = Math.min(quantity, volume * participation);
  return { filled, remaining: quantity - filled };
}

/** Average price of several fills, by quantity. */
export function averagePrice(fills: readonly { readonly price: number; readonly quantity: number }[]): number {
  let value = 0;
  let total = 0;
  for (const { price, quantity } of fills) {
    value += price * quantity;
    total += quantity;
  }
  return value / total;
}

/** First bar at or after `from` in which anything traded; `volume.length` if there is none. Unknown volume trades. */
export function nextTradingBar(volume: Float64Array, from: number): number {
  let i = from;
  while (i < volume.length && volume[i] === 0) i++;
  return i;
}
