import { DataError } from "../core/errors.ts";
import { intervalMs } from "../core/time.ts";
import { computeMetrics } from "../metrics/metrics.ts";
import { type Bars, joinBars } from "../model/bar.ts";
import type { ColumnCache } from "../strategy/cache.ts";
import { signalsOf } from "../strategy/evaluate.ts";
import { resolveParams } from "../strategy/resolve.ts";
import type { Strategy } from "../strategy/strategy.ts";
import type { MarketExtras } from "./market.ts";
import type { BacktestData, BacktestResult } from "./result.ts";
import { type BacktestSettings, backtestSettings } from "./settings.ts";
import { simulate } from "./simulate.ts";

export interface BacktestInput extends MarketExtras {
  readonly strategy: Strategy;
  /** Those not given have their defaults. */
  readonly params?: Readonly<Record<string, unknown>>;
  readonly bars: Bars;
  /** Those not given have their defaults. */
  readonly settings?: Partial<BacktestSettings>;
  /** Bars just before `bars` that only warm the indicators up: nothing trades in them, no metric sees them. */
  readonly history?: Bars | null;
  /** Keeps columns for the next call on the same bars. */
  readonly cache?: ColumnCache;
  /** Memory for the result's equity, one number per bar of `history` and `bars`: a search need not make it new each time. */
  readonly equity?: Float64Array;
}

/**
 * Backtests a strategy over bars, from indicators to metrics.
 *
 * @throws ArgumentError `SETTING`, and as `signalsOf` and `simulate`; ConfigError as `signalsOf`; DataError `TOO_FEW_BARS`
 */
export function backtest(input: BacktestInput): BacktestResult {
  const { strategy, params: given, bars, settings: wanted, history = null, cache, ...extras } = input;
  const settings = backtestSettings(wanted);
  const params = resolveParams(strategy, given);
  const start = history?.length ?? 0;
  const all = history ? joinBars(history, bars) : bars;
  const signals = signalsOf(strategy, params, all, cache);
  if (signals.warmup >= all.length) throw tooFewBars(strategy, params, all);
  const { trades, equity, barsInMarket, ambiguousBars, refusals } = simulate(signals, all, settings, {
    ...extras,
    start,
  });
  const own = start > 0 ? equity.subarray(start) : equity;
  const metrics = computeMetrics({
    startEquity: settings.cash,
    time: bars.time,
    equity: own,
    intervalMs: intervalMs(bars.interval),
    trades,
    barsInMarket,
    ambiguousBars,
  });
  const data = describeBars(bars);
  return { strategy: strategy.name, params, data, settings, metrics, trades, equity: own, time: bars.time, refusals };
}

/** What there is to say of the bars of a backtest. Bars without volume are counted when first asked for. */
export function describeBars({ symbol, interval, length, time, volume }: Bars): BacktestData {
  const from = time[0]!;
  const to = time[length - 1]!;
  const missingBars = Math.round((to - from) / intervalMs(interval)) + 1 - length;
  let idle = -1;
  return {
    symbol,
    interval,
    from,
    to,
    bars: length,
    missingBars,
    // a search makes thousands of results and asks none of them; the count costs a tenth of a whole backtest
    get zeroVolumeBars() {
      if (idle < 0) idle = volume.reduce((count, traded) => (traded === 0 ? count + 1 : count), 0);
      return idle;
    },
  };
}

/** That a strategy warms up for longer than the bars last. */
export function tooFewBars(strategy: Strategy, params: Readonly<Record<string, unknown>>, bars: Bars): DataError {
  const warmup = strategy.warmup(params, bars.interval);
  const message =
    `strategy ${strategy.name} needs ${warmup} bars of ${bars.symbol} ${bars.interval} before it can say anything, ` +
    `there ${bars.length === 1 ? "is" : "are"} ${bars.length}; take a longer span, or warm up on the bars before it`;
  return new DataError("TOO_FEW_BARS", message, { strategy: strategy.name, warmup, bars: bars.length });
}
