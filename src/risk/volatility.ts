/**
 * Annualised volatility known at the close of bar `at`: the sample deviation (ddof 1) of the last `bars` simple
 * close-to-close returns, times √`barsPerYear`. `NaN` while there are fewer returns.
 */
export function realizedVolatility(
  close: Float64Array,
  { at, bars, barsPerYear }: { at: number; bars: number; barsPerYear: number },
): number {
  if (at < bars || bars < 2) return NaN;
  let mean = 0;
  for (let i = at - bars + 1; i <= at; i++) mean += close[i]! / close[i - 1]! - 1;
  mean /= bars;
  let squares = 0;
  for (let i = at - bars + 1; i <= at; i++) {
    const deviation = close[i]! / close[i - 1]! - 1 - mean;
    squares += deviation * deviation;
  }
  return Math.sqrt((squares / (bars - 1)) * barsPerYear);
}
