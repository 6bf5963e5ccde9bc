import type { Increment } from "../core/decimal.ts";
import type { Side } from "../model/trade.ts";

/**
 * A stop on the price grid, rounded toward the entry (a long's up, a short's down), so that no more is lost than planned.
 *
 * `side` is that of the entry. Without a grid the price stays as it is.
 */
export function roundStop(price: number, side: Side, tick: Increment | null): number {
  return tick === null ? price : tick.value(tick.count(price, side === "buy" ? "ceil" : "floor"));
}

/** A target on the price grid, rounded toward the entry (a long's down, a short's up), so that it is not out of reach. */
export function roundTarget(price: number, side: Side, tick: Increment | null): number {
  return tick === null ? price : tick.value(tick.count(price, side === "buy" ? "floor" : "ceil"));
}
