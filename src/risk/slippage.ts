import type { Increment } from "../core/decimal.ts";

/** In ticks: float noise around a whole tick is that tick. */
const NOISE = 1e-6;

/** By how much market fills are worse, a fraction, and the price grid they lie on; `null` for none. */
export interface Slippage {
  readonly slippage: number;
  readonly tick: Increment | null;
}

/**
 * Price of a market fill: `base` worsened by slippage. `direction` 1 buys, -1 sells.
 *
 * On a price grid it is the next tick against the taker, as an exchange fills it; a slippage of 0 leaves the price alone.
 */
export function marketPrice(base: number, direction: 1 | -1, { slippage, tick }: Slippage): number {
  if (slippage === 0) return base;
  const worse = base * (1 + direction * slippage);
  if (tick === null) return worse;
  const ticks = worse / tick.step;
  return tick.value(Math.max(1, direction === 1 ? Math.ceil(ticks - NOISE) : Math.floor(ticks + NOISE)));
}
