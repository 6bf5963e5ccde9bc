/** One row of results per parameter set: sums from which the metrics follow. Money in quote, returns per bar. */
export const ROW_COLUMNS = [
  "warmup",
  "finalEquity",
  "trades",
  "openTrades",
  "winningTrades",
  "losingTrades",
  "grossProfit",
  "grossLoss",
  "fees",
  "barsInMarket",
  "sum",
  "squares",
  "downside",
  "maxDrawdown",
] as const;
export type RowColumn = (typeof ROW_COLUMNS)[number];

/** Numbers per row. */
export const ROW_WIDTH = ROW_COLUMNS.length;

/** Place of each column within a row. */
export const COLUMN = Object.fromEntries(ROW_COLUMNS.map((name, k) => [name, k])) as Readonly<
  Record<RowColumn, number>
>;

/** What every parameter set is traded with, and what is asked of it. */
export interface RowSettings {
  readonly cash: number;
  readonly feeRate: number;
  readonly slippageFraction: number;
  /** Also sum the squares of losing bars; otherwise `downside` is 0. */
  readonly withDownside: boolean;
  /** Also find the largest drawdown, which costs about as much again as all the rest; otherwise it is 0. */
  readonly withDrawdown: boolean;
}
