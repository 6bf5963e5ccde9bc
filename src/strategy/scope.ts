import type { Interval } from "../core/time.ts";
import type { LevelsFunctions } from "./indicators/levels.ts";
import type { MomentumFunctions } from "./indicators/momentum.ts";
import type { OverlapFunctions } from "./indicators/overlap.ts";
import type { StatisticsFunctions } from "./indicators/statistics.ts";
import type { TrendFunctions } from "./indicators/trend.ts";
import type { VolatilityFunctions } from "./indicators/volatility.ts";
import type { VolumeFunctions } from "./indicators/volume.ts";
import type { LevelExpression } from "./level.ts";
import type { Condition, Operand, Series } from "./series.ts";

/** Every indicator of the catalogue as a function. */
export interface IndicatorFunctions
  extends OverlapFunctions,
    MomentumFunctions,
    VolatilityFunctions,
    TrendFunctions,
    VolumeFunctions,
    StatisticsFunctions,
    LevelsFunctions {}

/** The columns of the bars: prices in quote per base, `volume` in base. */
export interface BarSeries {
  readonly open: Series;
  readonly high: Series;
  readonly low: Series;
  readonly close: Series;
  readonly volume: Series;
  /** (high + low) / 2 */
  readonly hl2: Series;
  /** (high + low + close) / 3 */
  readonly hlc3: Series;
  /** (open + high + low + close) / 4 */
  readonly ohlc4: Series;
}

/** The bar a `scan` step sees: its own values at the close, and those of the series and conditions handed in by name. */
export type ScanBar<I> = { readonly open: number; readonly high: number; readonly low: number } & {
  readonly close: number;
  readonly volume: number;
} & { readonly [K in keyof I]: I[K] extends Condition ? boolean : number };

/** One's own streaming computation: `state` goes from bar to bar through `step`, the series shows `value(state)`. */
export interface ScanOptions<S, I extends Readonly<Record<string, Series | Condition>>> {
  /** State before the first bar: plain data, copied for every run. */
  readonly initial: S;
  /** The state after a bar. It must be pure: no clock, no randomness, nothing kept outside the state. */
  readonly step: (state: S, bar: ScanBar<I>) => S;
  /** What the series shows; the state itself unless told. `NaN` = undefined. */
  readonly value?: (state: S) => number;
  /** Series and conditions the step reads beside the bar. Bars on which one is undefined are passed over. */
  readonly of?: I;
  /** Leading values that are not yet meaningful and are hidden; 0 unless told. */
  readonly warmup?: number;
}

/** The open position, for exits only: `position.barsHeld.above(24)`. */
export interface PositionSeries {
  /** Bars since the entry fill; 0 on the entry bar. */
  readonly barsHeld: Series;
  readonly entryPrice: Series;
  /** Signed return of the position at this close, a fraction of the entry price. */
  readonly unrealizedFraction: Series;
}

/** What can be said over bars of any interval. */
export interface BarScope extends BarSeries, IndicatorFunctions {
  /** `value` on every bar. */
  constant(value: number): Series;
  /** `yes` where `condition` is true, else `no`; undefined during the warm-up of all three. */
  select(condition: Condition, yes: Operand, no: Operand): Series;
  /** Bars since `condition` was last true, 0 on such a bar; undefined before the first. */
  barsSince(condition: Condition): Series;
  /** How many of `conditions` are true. */
  votes(...conditions: Condition[]): Series;
  /** One's own causal computation, the escape hatch for what cannot be said otherwise. */
  scan<S, const I extends Readonly<Record<string, Series | Condition>> = Record<never, never>>(
    options: ScanOptions<S, I>,
  ): Series;
}

/** The first argument of `rules`. */
export interface Scope extends BarScope {
  /**
   * A series or condition of a longer interval ("240", "4h", "D", …), e.g. `on("D", (day) => day.ema(day.close, 50))`.
   *
   * Only whole closed bars count: a longer bar shows from the close of its last base bar on, until the next one closes.
   * Buckets are aligned to UTC, weeks begin on Monday; a bucket that lacks a bar is left out.
   */
  on<T extends Series | Condition>(interval: Interval | (string & {}), define: (series: BarScope) => T): T;
  readonly position: PositionSeries;
  /** A level this far (in price) from the entry: `stopLoss: distance(atr(14).times(2))`. */
  distance(series: Operand): LevelExpression;
  /** A level at this price: `stopLoss: price(low.lowest(20))`. */
  price(series: Operand): LevelExpression;
}
