/** Fee of one fill, quote. > 0 paid. */
export function feeOf(price: number, quantity: number, feeRate: number): number {
  return price * quantity * feeRate;
}

/** Profit of a linear position between two prices, quote, before fees. `size` is signed base. */
export function linearPnl(size: number, entryPrice: number, exitPrice: number): number {
  return size * (exitPrice - entryPrice);
}

/** Profit of an inverse position between two prices, coin, before fees. `size` is signed quote contracts. */
export function inversePnl(size: number, entryPrice: number, exitPrice: number): number {
  return size * (1 / entryPrice - 1 / exitPrice);
}

/** Cash of one funding settlement, quote: < 0 paid. `size` is signed base; with a positive rate longs pay shorts. */
export function fundingCash(size: number, markPrice: number, rate: number): number {
  return -size * markPrice * rate;
}

/** What a closed linear position came to, quote. */
export interface RoundTrip {
  readonly gross: number;
  readonly entryFee: number;
  readonly exitFee: number;
  /** gross − fees + funding. */
  readonly net: number;
}

/** The books of one linear trade with its funding, quote: > 0 received. */
export function roundTrip(trade: {
  readonly size: number;
  readonly entryPrice: number;
  readonly exitPrice: number;
  readonly entryFeeRate: number;
  readonly exitFeeRate: number;
  readonly funding: number;
}): RoundTrip {
  const { size, entryPrice, exitPrice, entryFeeRate, exitFeeRate, funding } = trade;
  const quantity = Math.abs(size);
  const gross = linearPnl(size, entryPrice, exitPrice);
  const entryFee = feeOf(entryPrice, quantity, entryFeeRate);
  const exitFee = feeOf(exitPrice, quantity, exitFeeRate);
  return { gross, entryFee, exitFee, net: gross - (entryFee + exitFee) + funding };
}
