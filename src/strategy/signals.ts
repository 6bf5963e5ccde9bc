import type { Bits } from "../core/bits.ts";

/** Where a protective price lies, as the strategy said it on the signal bar. */
export type Level =
  /** `fraction` of the entry fill price away from it: 0.02 is two percent. */
  | { readonly kind: "fraction"; readonly fraction: number }
  /** A distance in price from the entry fill price, per signal bar (an ATR multiple); `NaN` = not known, no entry. */
  | { readonly kind: "distance"; readonly distance: Float64Array }
  /** A price, per signal bar; `NaN` = not known, no entry. */
  | { readonly kind: "price"; readonly price: Float64Array };

/** What an exit rule may know of the open position at the close of a bar. */
export interface PositionView {
  /** Bars since the entry fill; 0 on the entry bar. */
  barsHeld: number;
  entryPrice: number;
  /** Signed return of the position at this close, a fraction of the entry price. */
  unrealizedFraction: number;
}

/** An exit that reads the position: asked at the close of bar `i` while the position is open. */
export type PositionRule = (i: number, position: PositionView) => boolean;

/** All a strategy says about a span of bars, bar `i` judged at its close. Absent = never. */
export interface SignalColumns {
  readonly length: number;
  /** Leading bars on which no rule can fire. */
  readonly warmup: number;
  readonly enterLong?: Bits;
  readonly exitLong?: Bits | PositionRule;
  readonly enterShort?: Bits;
  readonly exitShort?: Bits | PositionRule;
  readonly stopLoss?: Level;
  readonly takeProfit?: Level;
  /** Distance kept behind the best price of closed bars; `price` levels are a stop that only moves in favour. */
  readonly trailingStop?: Level;
  /** Multiplies what the sizing policy gives, per signal bar; `NaN` or ≤ 0 = no entry. */
  readonly size?: Float64Array;
}
