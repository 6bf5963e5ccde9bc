import { ascending, quantile } from "./quantile.ts";
import { finiteOrNull } from "./tolerance.ts";

/** How the gains and losses of single periods compare. Losses are positive numbers; `null` is "not defined". */
export interface Tails {
  /** 95 % quantile ÷ |5 % quantile|. */
  readonly tailRatio: number | null;
  /** Loss that one period in twenty reaches: minus the 5 % quantile, a fraction. */
  readonly valueAtRisk: number | null;
  /** Mean loss of the periods that reach it. */
  readonly expectedShortfall: number | null;
  /** Sum of gains ÷ sum of losses. */
  readonly omega: number | null;
  /** Sum of returns ÷ sum of losses. */
  readonly gainToPain: number | null;
}

/** The tails of `returns` at 5 %. */
export function tails(returns: Float64Array): Tails {
  const sorted = ascending(returns);
  const low = quantile(sorted, 0.05);
  const high = quantile(sorted, 0.95);
  let gains = 0;
  let losses = 0;
  let beyond = 0;
  let count = 0;
  for (const value of sorted) {
    if (value > 0) gains += value;
    else losses -= value;
    if (value <= low) {
      beyond += value;
      count++;
    }
  }
  return {
    tailRatio: finiteOrNull(Math.abs(high) / Math.abs(low)),
    valueAtRisk: negated(low),
    expectedShortfall: count > 0 ? negated(beyond / count) : null,
    omega: losses > 0 ? gains / losses : null,
    gainToPain: losses > 0 ? (gains - losses) / losses : null,
  };
}

/** Minus `value`, but never −0. */
function negated(value: number): number | null {
  return finiteOrNull(0 - value);
}
