/** Funding settlements of one symbol, ascending in `time` (epoch ms). A positive rate: longs pay shorts. */
export interface FundingRates {
  readonly symbol: string;
  readonly time: Float64Array;
  /** Fraction of position value paid at that settlement. */
  readonly rate: Float64Array;
}
