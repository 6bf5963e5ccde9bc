import { DAY_MS, HOUR_MS, type Interval, intervalMs, MINUTE_MS } from "../../core/time.ts";
import type { Bars } from "../../model/bar.ts";
import type { FundingRates } from "../../model/funding.ts";
import { type Instrument, stepsOf } from "../../model/instrument.ts";
import type { Printing } from "../wire/kline.ts";
import { type Derived, derived } from "./derived.ts";
import { barTicks, type Tick } from "./path.ts";
import { BarSeries } from "./series.ts";

/** Where a market's prices come from: closed bars, some of them history, the rest still to come. */
export interface MarketSource {
  readonly instrument: Instrument;
  readonly bars: Bars;
  /** Rates actually settled; without them the exchange's formula makes them. */
  readonly funding?: FundingRates;
}

/** A trade as the public sees it. */
export interface PublicTrade {
  readonly id: string;
  readonly time: number;
  /** Whole ticks and steps. */
  readonly price: number;
  readonly qty: number;
  readonly side: "buy" | "sell";
  readonly direction: TickDirection;
  readonly seq: number;
}

export type TickDirection = "PlusTick" | "ZeroPlusTick" | "MinusTick" | "ZeroMinusTick";

/** The last 24 hours of a market; prices quote. */
export interface DayStatistics {
  readonly open: number;
  readonly openOfHour: number;
  readonly high: number;
  readonly low: number;
  readonly volume: number;
  readonly turnover: number;
}

/** Public trades kept for `/v5/market/recent-trade`. */
const RECENT_TRADES = 1_000;

/** One market: what it has traded, where it stands, and the trades its source has still to make. */
export class Market {
  readonly instrument: Instrument;
  readonly printing: Printing;
  readonly series: BarSeries;
  readonly derived: Derived;
  /** Newest last. */
  readonly recent: PublicTrade[] = [];
  readonly #bars: Bars;
  readonly #source: { seed: number | string; between: number };
  /** The source's bar whose trades are being made. */
  #bar: number;
  #ticks: Tick[] = [];
  #tick = 0;
  #last: number;
  #direction: TickDirection = "ZeroPlusTick";
  #seq = 1_000_000;
  #tradeCount = 0;
  #dayCache: { minute: number; base: DayStatistics } | undefined;

  constructor(
    source: MarketSource,
    startTime: number,
    options: { seed: number | string; between: number; premium: boolean },
  ) {
    const { instrument, bars } = source;
    this.instrument = instrument;
    const steps = stepsOf(instrument);
    this.printing = { price: steps.price, qty: steps.qty };
    this.#bars = bars;
    this.#source = options;
    let closed = 0;
    while (closed < bars.length && bars.time[closed]! + intervalMs(bars.interval) <= startTime) closed += 1;
    this.series = new BarSeries(bars, closed);
    this.#bar = closed;
    const price = closed > 0 ? bars.close[closed - 1]! : (bars.open[0] ?? 1);
    this.#last = Math.max(1, steps.price.count(price, "nearest"));
    this.derived = derived({
      seed: options.seed,
      symbol: `${instrument.category}/${instrument.symbol}`,
      isContract: instrument.category !== "spot" && options.premium,
      fundingIntervalMs: instrument.fundingIntervalMs,
      funding: source.funding,
    });
    this.#load();
  }

  /** `linear/BTCUSDT`: symbols alone are not unique. */
  get key(): string {
    return `${this.instrument.category}/${this.instrument.symbol}`;
  }

  /** Last traded price in whole ticks. */
  get last(): number {
    return this.#last;
  }

  get lastPrice(): number {
    return this.printing.price.value(this.#last);
  }

  get direction(): TickDirection {
    return this.#direction;
  }

  /** The cross sequence: one counter for trades, executions and books of this market. */
  get seq(): number {
    return this.#seq;
  }

  nextSeq(): number {
    this.#seq += 1;
    return this.#seq;
  }

  /** Length of the source's bars. */
  get barInterval(): Interval {
    return this.#bars.interval;
  }

  /** Opening of the first bar the source holds, epoch ms; when the symbol was listed. */
  get firstTime(): number {
    return this.#bars.time[0] ?? 0;
  }

  /** When the source has its last bar closed, epoch ms; afterwards the market stands still. */
  get endTime(): number {
    return this.#bars.length === 0 ? 0 : this.#bars.time[this.#bars.length - 1]! + intervalMs(this.#bars.interval);
  }

  /** When something next happens by itself: a trade or the close of a bar, epoch ms. */
  get nextTime(): number {
    const tick = this.#ticks[this.#tick];
    if (tick) return tick.time;
    return this.#bar < this.#bars.length ? this.#closeTime() : Number.POSITIVE_INFINITY;
  }

  /** Takes what happens at `nextTime`: a trade of the source, or `undefined` when a bar has closed. */
  advance(): Tick | undefined {
    const tick = this.#ticks[this.#tick];
    if (tick) {
      this.#tick += 1;
      return tick;
    }
    this.series.close();
    this.#bar += 1;
    this.#load();
    return undefined;
  }

  /** Books a trade that happened in this market, the source's or one of an account's orders. */
  book(trade: { time: number; price: number; qty: number; side: "buy" | "sell" }): PublicTrade {
    const { price, qty, time, side } = trade;
    const moved = Math.sign(price - this.#last);
    if (moved !== 0) this.#direction = moved > 0 ? "PlusTick" : "MinusTick";
    else if (!this.#direction.startsWith("Zero")) this.#direction = `Zero${this.#direction}` as TickDirection;
    this.#last = price;
    this.#tradeCount += 1;
    const id = this.#tradeId();
    const made = { id, time, price, qty, side, direction: this.#direction, seq: this.nextSeq() };
    this.recent.push(made);
    if (this.recent.length > 2 * RECENT_TRADES) this.recent.splice(0, RECENT_TRADES);
    const priceValue = this.printing.price.value(price);
    const size = this.printing.qty.value(qty);
    this.series.trade(time, priceValue, size, this.turnoverOf(priceValue, size));
    return made;
  }

  /** Value of `qty` at `price`: quote for linear and spot, coin for inverse. */
  turnoverOf(price: number, qty: number): number {
    return this.instrument.category === "inverse" ? qty / price : price * qty;
  }

  markPrice(time: number): number {
    return this.derived.mark(this.lastPrice, time);
  }

  indexPrice(time: number): number {
    return this.derived.index(this.lastPrice, time);
  }

  /** The next funding settlement after `time`, epoch ms; 0 when there is none. */
  nextFunding(time: number): number {
    const every = this.instrument.fundingIntervalMs;
    return every === 0 ? 0 : (Math.floor(time / every) + 1) * every;
  }

  /** The 24 hours before `time`. */
  day(time: number): DayStatistics {
    const minute = Math.floor(time / MINUTE_MS);
    if (this.#dayCache?.minute !== minute) this.#dayCache = { minute, base: this.#dayUntil(time) };
    const { base } = this.#dayCache;
    return { ...base, high: Math.max(base.high, this.lastPrice), low: Math.min(base.low, this.lastPrice) };
  }

  #dayUntil(time: number): DayStatistics {
    const interval = this.#bars.interval;
    const step = intervalMs(interval);
    const limit = Math.max(1, Math.ceil(DAY_MS / step));
    const rows = this.series.rows({ interval, from: time - DAY_MS, to: time, limit, keep: "newest" });
    const last = this.lastPrice;
    let [high, low, volume, turnover] = [last, last, 0, 0];
    for (const row of rows) {
      high = Math.max(high, row.high);
      low = Math.min(low, row.low);
      volume += row.volume;
      turnover += row.turnover;
    }
    const hour = rows.find((row) => row.time + step > time - HOUR_MS);
    return { open: rows[0]?.open ?? last, openOfHour: hour?.open ?? last, high, low, volume, turnover };
  }

  #load(): void {
    this.#tick = 0;
    this.#ticks = this.#bar < this.#bars.length ? barTicks(this.#bars, this.#bar, this.printing, this.#source) : [];
  }

  #closeTime(): number {
    return this.#bars.time[this.#bar]! + intervalMs(this.#bars.interval);
  }

  /** Futures name their trades by UUIDs, spot by 19 digits. */
  #tradeId(): string {
    if (this.instrument.category === "spot") return `22900000000${String(this.#tradeCount).padStart(8, "0")}`;
    const tail = this.#tradeCount.toString(16).padStart(12, "0");
    return `${checksum(this.key)}-5000-5000-8000-${tail}`;
  }
}

/** Eight hex digits that differ between markets (FNV-1a). */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
