import { lowerBound } from "../../core/columns.ts";
import { DAY_MS, HOUR_MS, type Interval, intervalMs, MINUTE_MS } from "../../core/time.ts";
import type { Bars } from "../../model/bar.ts";
import type { FundingRates } from "../../model/funding.ts";
import { type Instrument, stepsOf } from "../../model/instrument.ts";
import type { Printing } from "../wire/kline.ts";
import { type Derived, derived } from "./derived.ts";
import { type Fed, missingTicks, ToldPrices } from "./fed.ts";
import { GrowingBars, requireHistory } from "./growing.ts";
import { barTicks, type Tick } from "./path.ts";
import { type BarRow, BarSeries, rowOf } from "./series.ts";

/** Where a market's prices come from: closed bars, some of them history, the rest still to come, or a feed. */
export interface MarketSource {
  readonly instrument: Instrument;
  readonly bars: Bars;
  /** Rates actually settled; without them the exchange's formula makes them. */
  readonly funding?: FundingRates;
  /**
   * What is to come is told by `Exchange.feed`, and the exchange's time with it. `bars` are minutes then, all of them history;
   * the last may be the running one.
   */
  readonly feed?: boolean;
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

/** A bar in whole ticks and steps. */
export interface CountedBar {
  /** Opening, epoch ms. */
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/**
 * What the source does to a market at one time.
 *
 * Walked by ticks: `tick` for every trade, then `close`. Walked by bars: `open` when the bar begins, `walk` a moment before it
 * ends, with the trades that either stands for, then `close`.
 */
export type Moment =
  | { readonly kind: "tick" | "open"; readonly time: number; readonly ticks: readonly Tick[]; readonly price: number }
  | { readonly kind: "walk"; readonly time: number; readonly ticks: readonly Tick[]; readonly bar: CountedBar }
  | { readonly kind: "close"; readonly time: number };

/** How a market walks through its source's bars. */
export type Walk = "ticks" | "bars";

export interface MarketSettings {
  readonly seed: number | string;
  /** Trades between a bar's open, high, low and close. */
  readonly between: number;
  /** Whether mark and index leave the last price. */
  readonly premium: boolean;
  readonly walk: Walk;
}

/** Public trades kept for `/v5/market/recent-trade`. */
const RECENT_TRADES = 1_000;

/** One market: what it has traded, where it stands, and the trades its source has still to make. */
export class Market {
  readonly printing: Printing;
  readonly series: BarSeries;
  readonly derived: Derived;
  /** Newest last. */
  readonly recent: PublicTrade[] = [];
  /** The cross sequence: one counter for trades, executions and books of this market. */
  seq = 0;
  readonly #bars: Bars;
  readonly #settings: MarketSettings;
  readonly #startTime: number;
  readonly #funding: FundingRates | undefined;
  /** What a fed market was told beside trades. */
  readonly #told: ToldPrices | undefined;
  #instrument: Instrument;
  /** The source's bar that is being walked through. */
  #bar: number;
  #moments: Moment[] = [];
  #next = 0;
  #last: number;
  #mark: number;
  #index: number;
  #direction: TickDirection = "ZeroPlusTick";
  #tradeCount = 0;
  #dayCache: { minute: number; base: DayStatistics } | undefined;

  constructor(source: MarketSource, startTime: number, settings: MarketSettings) {
    const { instrument, bars } = source;
    this.#instrument = instrument;
    const steps = stepsOf(instrument);
    this.printing = { price: steps.price, qty: steps.qty };
    this.#settings = settings;
    this.#startTime = startTime;
    this.#funding = source.funding;
    let closed = 0;
    while (closed < bars.length && bars.time[closed]! + intervalMs(bars.interval) <= startTime) closed += 1;
    if (source.feed) requireHistory(bars, closed);
    this.#bars = source.feed ? new GrowingBars(bars, closed) : bars;
    this.#told = source.feed ? new ToldPrices() : undefined;
    this.series = new BarSeries(this.#bars, closed, source.feed ? "close" : "trade");
    this.#bar = closed;
    const isRunning = source.feed === true && closed < bars.length;
    if (isRunning) this.series.take(rowOf(bars, closed));
    const price = isRunning ? bars.close[closed]! : closed > 0 ? bars.close[closed - 1]! : (bars.open[0] ?? 1);
    this.#last = Math.max(1, steps.price.count(price, "nearest"));
    this.derived = derived({
      seed: settings.seed,
      symbol: `${instrument.category}/${instrument.symbol}`,
      isContract: instrument.category !== "spot" && settings.premium && !source.feed,
      fundingIntervalMs: instrument.fundingIntervalMs,
      funding: source.funding,
    });
    this.#mark = this.#last;
    this.#index = this.#last;
    this.#load();
  }

  get instrument(): Instrument {
    return this.#instrument;
  }

  /** How it goes through its source's bars. */
  get walk(): Walk {
    return this.#settings.walk;
  }

  /** Puts other rules in place; tick and step stay, the books count in them. */
  setInstrument(instrument: Instrument): void {
    this.#instrument = instrument;
  }

  /** Whether what happens here is told from outside. */
  get isFed(): boolean {
    return this.#told !== undefined;
  }

  /** Rates the source brought along. */
  get funding(): FundingRates | undefined {
    return this.#funding;
  }

  /** Mean volume of a bar of the source, steps. */
  get meanVolume(): number {
    let sum = 0;
    for (const volume of this.#bars.volume) sum += volume;
    return this.#bars.length === 0 ? 0 : sum / this.#bars.length / this.printing.qty.step;
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
    if (this.#told) return Number.POSITIVE_INFINITY;
    return this.#bars.length === 0 ? 0 : this.#bars.time[this.#bars.length - 1]! + intervalMs(this.#bars.interval);
  }

  /** When something next happens by itself: a trade, a bar's end, epoch ms. */
  get nextTime(): number {
    return this.#moments[this.#next]?.time ?? Number.POSITIVE_INFINITY;
  }

  /** Takes what happens at `nextTime`. */
  advance(): Moment {
    const moment = this.#moments[this.#next]!;
    this.#next += 1;
    if (moment.kind === "close") {
      if (this.#bars instanceof GrowingBars) this.#bars.push(this.#rowAtEnd());
      this.series.close();
      this.#bar += 1;
      this.#load();
    }
    return moment;
  }

  /** Takes what a fed market is told at `now`; returns the trades that it stands for, which are still to be made. */
  take(fed: Fed, now: number): readonly Tick[] {
    const { price, qty } = this.printing;
    if (fed.type === "trade") {
      const [ticks, steps] = [price.count(fed.price, "nearest"), qty.count(fed.qty, "nearest")];
      return [{ time: now, price: Math.max(1, ticks), qty: Math.max(1, steps), side: fed.side }];
    }
    if (fed.type === "bar") {
      return missingTicks(fed.bar, this.series.forming, { printing: this.printing, last: this.#last, time: now });
    }
    if (fed.type !== "time") this.#told?.take(fed, this.printing);
    return [];
  }

  /** Prices as the venue has them, in ticks. */
  setPrices(prices: { mark: number; index: number }): void {
    this.#mark = prices.mark;
    this.#index = prices.index;
  }

  /** Books a trade that happened in this market, the source's or one of an account's orders, under its sequence number. */
  book(trade: Tick, seq: number): PublicTrade {
    const { price, qty, time, side } = trade;
    this.seq = seq;
    const moved = Math.sign(price - this.#last);
    if (moved !== 0) this.#direction = moved > 0 ? "PlusTick" : "MinusTick";
    else if (!this.#direction.startsWith("Zero")) this.#direction = `Zero${this.#direction}` as TickDirection;
    this.#last = price;
    this.#tradeCount += 1;
    const id = this.#tradeId();
    const made = { id, time, price, qty, side, direction: this.#direction, seq };
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

  /** Mark and index as last set, quote. */
  get markPrice(): number {
    return this.printing.price.value(this.#mark);
  }

  get indexPrice(): number {
    return this.printing.price.value(this.#index);
  }

  /** Where mark and index should stand at `time`, in ticks. */
  pricesAt(time: number): { mark: number; index: number } {
    const ticks = (price: number) => Math.max(1, this.printing.price.count(price, "nearest"));
    const last = this.lastPrice;
    if (this.#told) return { mark: this.#told.mark || this.#last, index: this.#told.index || this.#last };
    return { mark: ticks(this.derived.mark(last, time)), index: ticks(this.derived.index(last, time)) };
  }

  /** The next funding settlement after `time`, epoch ms; 0 when there is none. */
  nextFunding(time: number): number {
    if (this.#told && this.#told.nextFunding > time) return this.#told.nextFunding;
    const times = this.#funding?.time;
    const stored = times?.[lowerBound(times, time + 1)];
    if (stored !== undefined) return stored;
    const every = this.instrument.fundingIntervalMs;
    return every === 0 ? 0 : (Math.floor(time / every) + 1) * every;
  }

  /** The rate that is, or was, settled at `time`, as far as it is known. */
  fundingRate(time: number): number {
    return this.#told?.rates.get(time) ?? this.derived.fundingRate(time);
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
    this.#next = 0;
    if (this.#told) {
      const { time, interval } = this.#bars;
      this.#moments = [{ kind: "close", time: time[this.#bar - 1]! + 2 * intervalMs(interval) }];
      return;
    }
    this.#moments = this.#bar < this.#bars.length ? this.#momentsOf(this.#bar) : [];
  }

  /** The bar of a fed market that ends now; without a trade it repeats the close. */
  #rowAtEnd(): BarRow {
    const time = this.#bars.time[this.#bar - 1]! + intervalMs(this.#bars.interval);
    const { forming } = this.series;
    if (forming?.time === time) return forming;
    const price = this.#bars.close[this.#bar - 1]!;
    return { time, open: price, high: price, low: price, close: price, volume: 0, turnover: 0 };
  }

  #momentsOf(i: number): Moment[] {
    // An exchange that starts within a bar begins with what has been traded of it by then.
    const begin = this.#startTime;
    const made = barTicks(this.#bars, i, this.printing, this.#settings);
    const ticks = made.map((tick) => (tick.time < begin ? { ...tick, time: begin } : tick));
    const start = Math.max(begin, this.#bars.time[i]!);
    const end = this.#bars.time[i]! + intervalMs(this.#bars.interval);
    const close: Moment = { kind: "close", time: end };
    if (this.#settings.walk === "ticks") {
      return [
        ...ticks.map((tick) => ({ kind: "tick" as const, time: tick.time, ticks: [tick], price: tick.price })),
        close,
      ];
    }
    const bar = this.#counted(i);
    const [first, ...rest] = ticks;
    const opens = first !== undefined && first.price === bar.open && first.time === start;
    const walked = (opens ? rest : ticks).map((tick) => ({ ...tick, time: end - 1 }));
    return [
      { kind: "open", time: start, ticks: opens ? [first] : [], price: bar.open },
      { kind: "walk", time: end - 1, ticks: walked, bar },
      close,
    ];
  }

  #counted(i: number): CountedBar {
    const { price, qty } = this.printing;
    const { time, open, high, low, close, volume } = this.#bars;
    const ticks = (value: number) => price.count(value, "nearest");
    return {
      time: time[i]!,
      open: ticks(open[i]!),
      high: ticks(high[i]!),
      low: ticks(low[i]!),
      close: ticks(close[i]!),
      volume: Math.max(0, qty.count(volume[i]!, "nearest")),
    };
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
