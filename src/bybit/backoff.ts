/** Longest wait between two attempts, ms. */
const MOST_MS = 30_000;

/**
 * Wait before the next attempt after `failures` in a row: `firstMs` doubled each time up to 30 s, half of it random, so
 * that many clients of one exchange do not come back together.
 */
export function backoffMs(failures: number, firstMs: number, chance: () => number = Math.random): number {
  const whole = Math.min(MOST_MS, firstMs * 2 ** Math.min(failures, 20));
  return Math.round(whole / 2 + (whole / 2) * chance());
}
