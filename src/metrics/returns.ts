import type { EquityCurve } from "./curve.ts";

/**
 * Simple return of each bar, the first against the start equity; shorter than the curve after ruin.
 *
 * Ruin (equity ≤ 0) is a return of −1, and the last one.
 */
export function returnsOf({ startEquity, equity }: Pick<EquityCurve, "startEquity" | "equity">): Float64Array {
  const returns = new Float64Array(equity.length);
  let previous = startEquity;
  for (let i = 0; i < equity.length; i++) {
    const value = equity[i]!;
    if (value <= 0) {
      returns[i] = -1;
      return returns.subarray(0, i + 1);
    }
    returns[i] = value / previous - 1;
    previous = value;
  }
  return returns;
}

/** Equity that compounds `returns` from `startEquity`: one longer than `returns`, the start equity first. */
export function compound(returns: Float64Array, startEquity = 1): Float64Array {
  const curve = new Float64Array(returns.length + 1);
  let value = startEquity;
  curve[0] = value;
  for (let i = 0; i < returns.length; i++) {
    value *= 1 + returns[i]!;
    curve[i + 1] = value;
  }
  return curve;
}
