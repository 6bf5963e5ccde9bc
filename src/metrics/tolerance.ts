/**
 * Relative differences of an equity curve up to this are rounding, not movement.
 *
 * An equity of cash plus quantity × price carries a few units in the last place; a curve that is flat but for those
 * has no variance and no drawdown, and its Sharpe ratio is undefined instead of enormous.
 */
export const ROUNDING = 1e-12;

/** `value`, or `null` where it is not a finite number: an undefined metric is never 0, `NaN` or infinite. */
export function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
