import type { Interval } from "../core/time.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Trade } from "../model/trade.ts";
import type { ParamValue } from "../strategy/param.ts";
import type { BacktestSettings } from "./settings.ts";

/** The bars a result was made on. Times epoch ms: `from` opens the first bar, `to` opens the last one. */
export interface BacktestData {
  readonly symbol: string;
  readonly interval: Interval;
  readonly from: number;
  readonly to: number;
  readonly bars: number;
  /** Bars that the span should hold and does not. */
  readonly missingBars: number;
  /** Bars in which nothing traded, so nothing filled. */
  readonly zeroVolumeBars: number;
}

/** One backtest: what was asked, what happened, and what it comes to. */
export interface BacktestResult {
  /** Name of the strategy. */
  readonly strategy: string;
  /** Every parameter with its value. */
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly data: BacktestData;
  readonly settings: BacktestSettings;
  readonly metrics: Metrics;
  /** In order of entry; the last one may still be open. */
  readonly trades: readonly Trade[];
  /** Quote at the close of each bar. */
  readonly equity: Float64Array;
  /** Opening of each bar, epoch ms. */
  readonly time: Float64Array;
  /** Entries that were not made, by reason. */
  readonly refusals: Readonly<Record<string, number>>;
}
