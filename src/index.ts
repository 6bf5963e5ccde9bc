/** The public face of the package: what programs import. Strategy files get the part in `authoring.ts`. */
export * from "./authoring.ts";
export { type BacktestInput, backtest } from "./backtest/backtest.ts";
export type { MarketExtras } from "./backtest/market.ts";
export type { BacktestData, BacktestResult } from "./backtest/result.ts";
export { type BacktestSettings, backtestSettings, DEFAULT_SETTINGS } from "./backtest/settings.ts";
export {
  ArgumentError,
  ConfigError,
  DataError,
  DataGap,
  OutcomeUnknown,
  ToolkitError,
  VenueRejection,
  VenueUnreachable,
} from "./core/errors.ts";
export { formatTime, INTERVALS, intervalMs, parseInterval, parseTime } from "./core/time.ts";
export { INDICATORS, indicatorOf } from "./indicators/catalogue.ts";
export { type BarSource, computeIndicator } from "./indicators/compute.ts";
export type { BarField, Indicator, IndicatorParam, IndicatorValues } from "./indicators/indicator.ts";
export { batch, type Kernel } from "./indicators/kernel.ts";
export { METRICS, type MetricInfo, type MetricName, metricOf } from "./metrics/catalogue.ts";
export { computeMetrics, type Metrics, type MetricsInput } from "./metrics/metrics.ts";
export { deflatedSharpe, minTrackRecordLength, probabilisticSharpe, sharpeSample } from "./metrics/sharpe.ts";
export type { Verdict } from "./metrics/verdict.ts";
export { type Bars, barsBetween, barsOf, joinBars, sliceBars } from "./model/bar.ts";
export type { FundingRates } from "./model/funding.ts";
export type { Category, Instrument, RiskTier } from "./model/instrument.ts";
export type { ExitReason, Side, Trade } from "./model/trade.ts";
export {
  categorical as categoricalDistribution,
  type Distribution,
  float as floatDistribution,
  int as intDistribution,
} from "./optimize/distribution.ts";
export { gridSampler } from "./optimize/samplers/grid.ts";
export { quasiRandomSampler } from "./optimize/samplers/quasi-random.ts";
export { randomSampler } from "./optimize/samplers/random.ts";
export type { SamplerSpec } from "./optimize/samplers/sampler.ts";
export { tpeSampler } from "./optimize/samplers/tpe.ts";
export type { Params, Space } from "./optimize/space.ts";
export { memoryStorage } from "./optimize/storages/memory.ts";
export { sqliteStorage } from "./optimize/storages/sqlite.ts";
export type { Storage } from "./optimize/storages/storage.ts";
export { createStudy, type Study, type StudyOptions } from "./optimize/study.ts";
export type { Trial } from "./optimize/suggest.ts";
export type { Direction, Outcome, TrialRecord, TrialState } from "./optimize/trial.ts";
export { backtestReport } from "./report/backtest.ts";
export { equityCsv, tradesCsv } from "./report/csv.ts";
export { type OptimizeInput, optimize } from "./research/optimize.ts";
export type { Optimized } from "./research/optimize-strategy.ts";
export type { SizingPolicy } from "./risk/policy.ts";
export { type Catalogue, openCatalogue } from "./store/catalogue.ts";
export { type GenerateOptions, generateBars } from "./store/generate.ts";
export { type LoadOptions, loadBars, loadFunding } from "./store/load.ts";
export { loadStrategy } from "./strategies/load.ts";
export { signalsOf } from "./strategy/evaluate.ts";
export type { SignalColumns } from "./strategy/signals.ts";
