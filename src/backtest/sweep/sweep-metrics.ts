import { type Interval, intervalMs, YEAR_MS } from "../../core/time.ts";
import type { Metrics } from "../../metrics/metrics.ts";
import { annualized, cagr, calmar } from "../../metrics/ratios.ts";
import { finiteOrNull, ROUNDING } from "../../metrics/tolerance.ts";
import { COLUMN } from "./row.ts";

/** Metrics that follow from a row whatever it was asked for. */
const ALWAYS = [
  "totalReturn",
  "cagr",
  "sharpe",
  "volatility",
  "exposure",
  "trades",
  "winningTrades",
  "losingTrades",
  "winRate",
  "profitFactor",
  "expectancy",
  "netProfit",
  "grossProfit",
  "grossLoss",
  "averageWin",
  "averageLoss",
  "sqn",
  "fees",
  "funding",
  "finalEquity",
  "ambiguousBars",
] as const satisfies readonly (keyof Metrics)[];
const WITH_DRAWDOWN = ["maxDrawdown", "calmar"] as const satisfies readonly (keyof Metrics)[];
const WITH_DOWNSIDE = ["sortino"] as const satisfies readonly (keyof Metrics)[];

type Always = (typeof ALWAYS)[number];
type Asked = (typeof WITH_DRAWDOWN | typeof WITH_DOWNSIDE)[number];

/** The metrics of a sweep; those that were not asked for are left out. */
export type SweptMetrics = Pick<Metrics, Always> & Partial<Pick<Metrics, Asked>>;

/** What rows must hold so that metrics follow from them. */
export interface RowNeeds {
  readonly withDownside: boolean;
  readonly withDrawdown: boolean;
}

/** What rows must hold for `metrics`; `null` when one of them does not follow from any row. */
export function rowNeeds(metrics: readonly (keyof Metrics)[]): RowNeeds | null {
  const among = (names: readonly string[]) => (name: string) => names.includes(name);
  if (!metrics.every(among([...ALWAYS, ...WITH_DRAWDOWN, ...WITH_DOWNSIDE]))) return null;
  return { withDownside: metrics.some(among(WITH_DOWNSIDE)), withDrawdown: metrics.some(among(WITH_DRAWDOWN)) };
}

/** What is the same for all rows of a sweep. */
export interface RowContext extends RowNeeds {
  readonly cash: number;
  readonly bars: number;
  readonly interval: Interval;
  /** Σ r² and Σ min(r, 0)² over all bars of the market. */
  readonly squares: number;
  readonly downside: number;
}

/**
 * A sum over the bars of one trade is a difference of two sums from the first bar on, each wrong by a unit of its
 * last place. What is left of a sum that is this small a part of them per trade has fewer than nine digits.
 */
const LEAST_SHARE = 2.5e-7;

/**
 * The metrics of the row at `rows[at…]`, to nine digits those of `backtest`.
 *
 * `null` where the row cannot tell: rules that were never known, returns that hardly vary, trades in bars that hardly move.
 */
export function sweepMetrics(rows: Float64Array, at: number, context: RowContext): SweptMetrics | null {
  const get = (name: keyof typeof COLUMN) => rows[at + COLUMN[name]]!;
  const { cash, bars } = context;
  const [finalEquity, trades, sum, squares] = [get("finalEquity"), get("trades"), get("sum"), get("squares")];
  const downside = get("downside");
  const mean = sum / bars;
  const least = LEAST_SHARE * trades;
  if (get("warmup") >= bars || bars < 2 || sum * mean > 0.99 * squares) return null;
  if (squares < least * context.squares || (context.withDownside && downside < least * context.downside)) return null;
  const barsPerYear = YEAR_MS / intervalMs(context.interval);
  const deviation = clean(Math.sqrt((squares - sum * mean) / (bars - 1)));
  const growth = cagr({ startEquity: cash, finalEquity, bars, barsPerYear });
  const maxDrawdown = clean(get("maxDrawdown"));
  const [winningTrades, losingTrades] = [get("winningTrades"), get("losingTrades")];
  const [grossProfit, grossLoss] = [get("grossProfit"), get("grossLoss")];
  const closedTrades = trades - get("openTrades");
  const metrics: { -readonly [K in keyof SweptMetrics]: SweptMetrics[K] } = {
    totalReturn: finalEquity / cash - 1,
    cagr: growth,
    sharpe: annualized(mean, deviation, barsPerYear),
    volatility: finiteOrNull(deviation * Math.sqrt(barsPerYear)),
    exposure: get("barsInMarket") / bars,
    trades,
    winningTrades,
    losingTrades,
    winRate: ratio(winningTrades, closedTrades),
    profitFactor: ratio(grossProfit, grossLoss),
    expectancy: ratio(grossProfit - grossLoss, closedTrades),
    netProfit: grossProfit - grossLoss,
    grossProfit,
    grossLoss,
    averageWin: ratio(grossProfit, winningTrades),
    averageLoss: ratio(grossLoss, losingTrades),
    sqn: null, // there is no stop
    fees: get("fees"),
    funding: 0,
    finalEquity,
    ambiguousBars: 0,
  };
  if (context.withDownside) metrics.sortino = annualized(mean, clean(Math.sqrt(downside / bars)), barsPerYear);
  if (context.withDrawdown) {
    metrics.maxDrawdown = maxDrawdown;
    metrics.calmar = calmar(growth, maxDrawdown);
  }
  return metrics;
}

function clean(value: number): number {
  return value <= ROUNDING ? 0 : value;
}

function ratio(value: number, by: number): number | null {
  return by > 0 ? value / by : null;
}
