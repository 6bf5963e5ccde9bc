import type { Metrics } from "../metrics/metrics.ts";
import type { Verdict } from "../metrics/verdict.ts";
import type { Trade } from "../model/trade.ts";

export type ParamValues = Readonly<Record<string, number | string | boolean>>;

/** The bars a result was made on. Times epoch ms: `from` opens the first bar, `to` opens the last one. */
export interface DataSpan {
  readonly symbol: string;
  readonly interval: string;
  readonly from: number;
  readonly to: number;
  readonly bars: number;
  readonly missingBars?: number;
  readonly zeroVolumeBars?: number;
}

/** A backtest as the reports need it; a `BacktestResult` is one. */
export interface ReportInput {
  readonly strategy: string;
  readonly params: ParamValues;
  readonly data: DataSpan;
  readonly settings: {
    /** Quote currency at the start. */
    readonly cash: number;
    readonly fill: "next-open" | "close";
    readonly slippageBps: number;
  };
  readonly metrics: Metrics;
  readonly trades: readonly Trade[];
  /** Per bar, at its close. */
  readonly equity: Float64Array;
  /** Opening of each bar, epoch ms. */
  readonly time: Float64Array;
  /** Orders not sent, by reason. */
  readonly refusals?: Readonly<Record<string, number>>;
}

/** One finished trial as the table of the best shows it. */
export interface TrialRow {
  readonly number: number;
  readonly value: number;
  readonly params: ParamValues;
  readonly metrics?: Partial<Metrics>;
}

/** An optimization as the reports need it. */
export interface OptimizationInput {
  readonly study: string;
  readonly strategy: string;
  readonly sampler: string;
  /** Name of the metric aimed at. */
  readonly objective: string;
  readonly seed: number;
  readonly trials: {
    readonly total: number;
    readonly complete: number;
    readonly pruned: number;
    readonly failed: number;
  };
  readonly elapsedMs: number;
  readonly best: TrialRow;
  /** Best first. */
  readonly top: readonly TrialRow[];
  /** Objective of each trial in order; `null` for one that was pruned or failed. */
  readonly values?: readonly (number | null)[];
  /** Share of the objective's variance that each parameter explains, together at most 1. */
  readonly importance?: Readonly<Record<string, number>>;
  readonly inSample: ReportInput;
  /** The best parameters on data the search never saw; `null` where none was held out. */
  readonly outOfSample: ReportInput | null;
  readonly verdict: Verdict;
}

/** How a report is drawn. */
export interface ReportStyle {
  readonly color: boolean;
  /** Columns of the screen; reports are at most 80 wide, and never narrower than 60. */
  readonly columns: number;
}

/** Width of a report on such a screen. */
export function reportWidth({ columns }: ReportStyle): number {
  return Math.min(80, Math.max(60, columns));
}
