import { ArgumentError } from "../core/errors.ts";
import type { Metrics } from "./metrics.ts";

export type MetricName = keyof Metrics;
export type MetricUnit = "fraction" | "money" | "ms" | "count" | "ratio";

/** One metric as data, for `--objective`, reports and docs. */
export interface MetricInfo {
  readonly name: MetricName;
  readonly title: string;
  /** One line for people who meet it the first time. */
  readonly about: string;
  /** Which way is good. */
  readonly better: "higher" | "lower";
  readonly unit: MetricUnit;
  /** Whether an optimization may aim at it. */
  readonly objective: boolean;
}

type Row = readonly [MetricName, string, "higher" | "lower", MetricUnit, objective: "objective" | "shown", string];

const ROWS: readonly Row[] = [
  ["totalReturn", "Total return", "higher", "fraction", "objective", "final equity ÷ start equity − 1"],
  ["cagr", "CAGR", "higher", "fraction", "objective", "compound growth per 365 days; −1 after ruin"],
  ["sharpe", "Sharpe", "higher", "ratio", "objective", "mean ÷ deviation of per-bar returns × √(bars per year)"],
  ["sharpeDaily", "Sharpe, daily", "higher", "ratio", "objective", "the same from the closes of UTC days"],
  ["sortino", "Sortino", "higher", "ratio", "objective", "as Sharpe, counting only falls as risk"],
  ["calmar", "Calmar", "higher", "ratio", "objective", "CAGR ÷ max drawdown"],
  ["volatility", "Volatility", "lower", "fraction", "objective", "deviation of per-bar returns × √(bars per year)"],
  ["maxDrawdown", "Max drawdown", "lower", "fraction", "objective", "deepest fall from a peak, fraction of that peak"],
  ["maxDrawdownDurationMs", "Under water", "lower", "ms", "objective", "longest spell below a former peak"],
  ["exposure", "Exposure", "lower", "fraction", "objective", "bars with a position ÷ all bars"],
  ["trades", "Trades", "higher", "count", "objective", "closed trades and one still open"],
  ["winningTrades", "Winners", "higher", "count", "objective", "closed trades that made money after costs"],
  ["losingTrades", "Losers", "lower", "count", "objective", "closed trades that lost money after costs"],
  ["winRate", "Win rate", "higher", "fraction", "objective", "winners ÷ closed trades"],
  [
    "profitFactor",
    "Profit factor",
    "higher",
    "ratio",
    "objective",
    "gross profit ÷ gross loss; undefined without a loss",
  ],
  ["expectancy", "Expectancy", "higher", "money", "objective", "mean net profit of a closed trade"],
  ["netProfit", "Net profit", "higher", "money", "objective", "closed trades after fees and funding"],
  ["grossProfit", "Gross profit", "higher", "money", "objective", "sum of the winners"],
  ["grossLoss", "Gross loss", "lower", "money", "objective", "sum of the losers, positive"],
  ["averageWin", "Average win", "higher", "money", "objective", "mean of the winners"],
  ["averageLoss", "Average loss", "lower", "money", "objective", "mean of the losers, positive"],
  ["largestWin", "Largest win", "higher", "money", "objective", "best closed trade"],
  ["largestLoss", "Largest loss", "lower", "money", "objective", "worst closed trade, positive"],
  ["averageHoldMs", "Average hold", "lower", "ms", "objective", "mean time from entry to exit"],
  ["maxConsecutiveWins", "Wins in a row", "higher", "count", "objective", "longest run of winners"],
  ["maxConsecutiveLosses", "Losses in a row", "lower", "count", "objective", "longest run of losers"],
  ["sqn", "SQN", "higher", "ratio", "objective", "√min(N, 100) × mean ÷ deviation of profit per risk; needs a stop"],
  ["fees", "Fees", "lower", "money", "objective", "paid, all trades"],
  ["funding", "Funding", "higher", "money", "objective", "received (> 0) or paid (< 0), all trades"],
  ["finalEquity", "Final equity", "higher", "money", "objective", "equity at the last close"],
  ["ambiguousBars", "Ambiguous bars", "lower", "count", "shown", "bars that held both a stop and its target"],
];

/** Every metric, in the order of reports. */
export const METRICS: readonly MetricInfo[] = ROWS.map(([name, title, better, unit, objective, about]) => ({
  name,
  title,
  about,
  better,
  unit,
  objective: objective === "objective",
}));

const BY_NAME: ReadonlyMap<string, MetricInfo> = new Map(METRICS.map((metric) => [metric.name, metric]));

/**
 * The metric a user named.
 *
 * @throws ArgumentError `METRIC` listing the names there are
 */
export function metricOf(name: string): MetricInfo {
  const metric = BY_NAME.get(name);
  if (metric) return metric;
  const names = METRICS.map((each) => each.name);
  throw new ArgumentError("METRIC", `unknown metric ${JSON.stringify(name)}; use one of ${names.join(" ")}`, { name });
}
