import type { Increment } from "../core/decimal.ts";
import { type Interval, intervalMs } from "../core/time.ts";
import type { Instrument } from "../model/instrument.ts";
import { type FollowRules, followedStop } from "../risk/following.ts";
import { type OrderLimits, orderLimits } from "../risk/limits.ts";
import type { SizingPolicy } from "../risk/policy.ts";
import { roundStop, roundTarget } from "../risk/protection.ts";
import type { Strategy } from "../strategy/strategy.ts";
import { type LevelValue, type SignalRow, type SignalStream, type StreamBar, streamOf } from "../strategy/stream.ts";
import type { EntryRefusal } from "./events.ts";

/** One strategy on one symbol, as configured. */
export interface LaneOptions {
  readonly name: string;
  readonly strategy: Strategy;
  readonly params: Readonly<Record<string, unknown>>;
  readonly interval: Interval;
  readonly instrument: Instrument;
  readonly sizing: SizingPolicy;
  readonly leverage: number;
  /** Taker fee, fraction. */
  readonly feeRate: number;
  /** By how much a market fill is expected to be worse than the last price, fraction. */
  readonly slippage: number;
  readonly side: "both" | "long" | "short";
  /** Fractions of the entry price that replace the strategy's own levels; `null`: the strategy's. */
  readonly stopLoss: number | null;
  readonly takeProfit: number | null;
  readonly trailingStop: number | null;
  /** How stops move beside that; absent: not at all. */
  readonly follow?: FollowRules | undefined;
}

/** +1 long, −1 short. */
export type Direction = 1 | -1;

/** Protective prices for an entry, on the grid; `null` for none. */
export interface EntryLevels {
  readonly stop: number | null;
  readonly target: number | null;
}

/** A running strategy: its stream of signals, and what it must remember between bars to follow a position. */
export class Lane {
  readonly options: LaneOptions;
  /** What its market allows now. */
  limits: OrderLimits;
  readonly symbol: string;
  readonly intervalMs: number;
  private readonly stream: SignalStream;
  private readonly closes: number[] = [];
  /** The last row, and its bar. */
  row: SignalRow | null = null;
  bar: StreamBar | null = null;
  /** Bar index of the entry fill of the position held; −1 when flat. */
  entryIndex = -1;
  /** What the entry was decided by. */
  entryRow: SignalRow | null = null;
  /** Of the position held; NaN when flat. */
  entryPrice = Number.NaN;
  /** Best price of closed bars since the entry, the fill price first. */
  best = Number.NaN;
  /** Why the strategy may not act any more. */
  stopped: string | null = null;
  /** Whether the journal knows of it. */
  isStopTold = false;

  constructor(options: LaneOptions) {
    this.options = options;
    this.symbol = options.instrument.symbol;
    this.limits = orderLimits(options.instrument);
    this.intervalMs = intervalMs(options.interval);
    this.stream = streamOf(options.strategy, options.params, { interval: options.interval });
  }

  get tick(): Increment {
    return this.limits.steps.price;
  }

  /** Bars pushed so far. */
  get length(): number {
    return this.stream.length;
  }

  /** Leading bars on which nothing can fire; `Infinity` while that is not yet known. */
  get warmup(): number {
    return this.stream.warmup;
  }

  /** Takes a closed bar in. @throws whatever the strategy throws */
  push(bar: StreamBar): SignalRow {
    const row = this.stream.push(bar);
    this.row = row;
    this.bar = bar;
    if (this.options.sizing.kind === "volatility") this.closes.push(bar.close);
    return row;
  }

  /** Which way the row wants in; 0 for neither, "conflict" for both. A side that is switched off is not heard. */
  wanted(row: SignalRow): Direction | 0 | "conflict" {
    const { side } = this.options;
    const isLong = row.enterLong && side !== "short";
    const isShort = row.enterShort && side !== "long";
    if (isLong && isShort) return "conflict";
    return isLong ? 1 : isShort ? -1 : 0;
  }

  /** Stop and target of an entry at `price` decided by `row`. */
  levels(row: SignalRow, direction: Direction, price: number): EntryLevels | EntryRefusal {
    const side = direction === 1 ? "buy" : "sell";
    const behind = -direction as Direction;
    const stopAt = priceOf(this.level(row, "stopLoss"), price, behind);
    const trailAt = priceOf(this.level(row, "trailingStop"), price, behind);
    const targetAt = priceOf(this.level(row, "takeProfit"), price, direction);
    if ([stopAt, trailAt, targetAt].some(Number.isNaN)) return "levelUnknown";
    const stops = [stopAt, trailAt].filter((at) => at !== null).map((at) => roundStop(at, side, this.tick));
    const target = targetAt === null ? null : roundTarget(targetAt, side, this.tick);
    if (target !== null && direction * (target - price) <= 0) return "targetWrongSide";
    const stop = stops.length === 0 ? null : direction === 1 ? Math.max(...stops) : Math.min(...stops);
    // No exchange takes a price at or below zero. Such a stop protects nothing; such a target is never reached.
    if (stop !== null && !(stop > 0)) return "levelUnknown";
    return { stop, target: target !== null && target > 0 ? target : null };
  }

  /** Where the stop belongs after the bar in `row`, on the grid; `null` where nothing moves it. */
  trail(row: SignalRow, direction: Direction): number | null {
    const { follow } = this.options;
    const { entryPrice, best } = this;
    const wanted = [this.trailed(row, direction), follow ? followedStop(follow, { direction, entryPrice, best }) : null]
      .filter((at) => at !== null && at > 0)
      .map((at) => roundStop(at!, direction === 1 ? "buy" : "sell", this.tick));
    if (wanted.length === 0) return null;
    return direction === 1 ? Math.max(...wanted) : Math.min(...wanted);
  }

  /** The trailing stop that the exchange is to keep for a position, plain decimals on the grid; `null` for none. */
  exchangeTrail(direction: Direction): { readonly distance: string; readonly activePrice: string | null } | null {
    const trailing = this.options.follow?.trailing;
    if (trailing?.by !== "exchange") return null;
    const { tick, entryPrice } = this;
    const distance = Math.max(1, tick.count(entryPrice * trailing.distance, "floor"));
    const from = entryPrice * (1 + direction * trailing.activation);
    const activePrice =
      trailing.activation === 0 ? null : tick.format(tick.count(from, direction === 1 ? "ceil" : "floor"));
    return { distance: tick.format(distance), activePrice };
  }

  private trailed(row: SignalRow, direction: Direction): number | null {
    const said = this.level(row, "trailingStop");
    if (!said) return null;
    // A price follows its column; a distance stays as it was when the entry was decided.
    const level = said.kind === "price" ? said : this.level(this.entryRow ?? row, "trailingStop");
    return priceOf(level, this.best, -direction as Direction);
  }

  /** Whether the stop of a position entered at `price` is the trailing one, and no more the fixed one. */
  isTrailing(stop: number, direction: Direction, price: number): boolean {
    const { entryRow, tick } = this;
    const { follow } = this.options;
    const follows = Boolean(follow?.trailing ?? follow?.breakEven);
    if (!entryRow || (!follows && !this.level(entryRow, "trailingStop"))) return false;
    const fixed = priceOf(this.level(entryRow, "stopLoss"), price, -direction as Direction);
    return fixed === null || stop !== roundStop(fixed, direction === 1 ? "buy" : "sell", tick);
  }

  /** When a bar closes, epoch ms. */
  closeTime(bar: StreamBar): number {
    return bar.time + this.intervalMs;
  }

  /** An entry is sent that this row decided on. */
  deciding(row: SignalRow): void {
    this.entryRow = row;
  }

  /** A position was entered at the price: its first bar is the one after the last pushed. */
  entered(price: number): void {
    this.entryIndex = this.length;
    this.entryPrice = price;
    this.best = price;
  }

  left(): void {
    this.entryIndex = -1;
    this.entryRow = null;
    this.entryPrice = Number.NaN;
    this.best = Number.NaN;
  }

  /** The bar just pushed was held to its close. */
  held(bar: StreamBar, direction: Direction): void {
    const extreme = direction === 1 ? bar.high : bar.low;
    if (!(direction * (extreme - this.best) <= 0)) this.best = extreme;
  }

  /** The last `count` + 1 closes up to the row's, where the sizing policy wants volatility. */
  recentCloses(row: SignalRow, count: number): Float64Array {
    return Float64Array.from(this.closes.slice(Math.max(0, row.index - count), row.index + 1));
  }

  private level(row: SignalRow, name: "stopLoss" | "takeProfit" | "trailingStop"): LevelValue | null {
    // A rule of the lane's own takes the place of the strategy's.
    if (name === "trailingStop" && this.options.follow?.trailing) return null;
    const fraction = this.options[name];
    return fraction === null ? (row[name] ?? null) : { kind: "fraction", value: fraction };
  }
}

/** Price of a level; `away` +1 above `base`, −1 below. `null` for no level, `NaN` for one that is not known, or infinite. */
function priceOf(level: LevelValue | null, base: number, away: Direction): number | null {
  if (!level) return null;
  const { kind, value } = level;
  const price = kind === "fraction" ? base * (1 + away * value) : kind === "distance" ? base + away * value : value;
  return Number.isFinite(price) ? price : Number.NaN;
}
