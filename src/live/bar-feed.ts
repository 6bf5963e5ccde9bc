import type { Gateway } from "../bybit/gateway.ts";
import { fetchBars } from "../bybit/history.ts";
import type { KlineRow } from "../bybit/stream-rows.ts";
import { ToolkitError } from "../core/errors.ts";
import { formatTime, type Interval, intervalMs } from "../core/time.ts";
import type { StreamBar } from "../strategy/stream.ts";

export interface BarSeries {
  readonly lane: string;
  readonly symbol: string;
  readonly interval: Interval;
}

export interface BarFeedOptions {
  readonly gateway: Gateway;
  /** The exchange's time, epoch ms. */
  readonly now: () => number;
  /** After its end a bar may still change for so long; then it may be taken from a list. Ms of the exchange. */
  readonly settleMs: number;
  /** A closed bar of a lane: in order, each once, none left out. */
  readonly onBar: (lane: string, bar: StreamBar) => void;
  readonly onTrouble: (text: string) => void;
}

interface Line {
  readonly series: BarSeries;
  readonly stepMs: number;
  /** Opening of the next bar that is wanted; NaN until it is warm. */
  next: number;
  /** Closed bars that came on the stream and have to wait for earlier ones. */
  readonly ahead: Map<number, StreamBar>;
  filling: Promise<void> | null;
  /** The missing bar that was told of last. */
  lacking: number;
}

/** Closed bars of several lanes: from the stream, and from lists what the stream left out. */
export class BarFeed {
  private readonly options: BarFeedOptions;
  private readonly lines = new Map<string, Line>();

  constructor(options: BarFeedOptions, series: readonly BarSeries[]) {
    this.options = options;
    for (const each of series) {
      const stepMs = intervalMs(each.interval);
      this.lines.set(each.lane, {
        series: each,
        stepMs,
        next: Number.NaN,
        ahead: new Map(),
        filling: null,
        lacking: 0,
      });
    }
  }

  /** Opening of the next bar a lane waits for; NaN before `warmUp`. */
  nextOf(lane: string): number {
    return this.lines.get(lane)!.next;
  }

  /** When the next bar of any lane closes, epoch ms; Infinity before `warmUp`. */
  get nextClose(): number {
    let at = Infinity;
    for (const { next, stepMs } of this.lines.values()) if (next + stepMs < at) at = next + stepMs;
    return at;
  }

  /** Whether a list is being read. */
  get isFilling(): boolean {
    return [...this.lines.values()].some(({ filling }) => filling !== null);
  }

  /**
   * The closed bars of a lane from `from` on, epoch ms, ascending; what comes later is told to `onBar`.
   *
   * @throws as `fetchBars`
   */
  async warmUp(lane: string, from: number): Promise<StreamBar[]> {
    const line = this.lines.get(lane)!;
    const bars = await this.fetch(line, Math.ceil(from / line.stepMs) * line.stepMs);
    const last = bars.at(-1);
    line.next = last ? last.time + line.stepMs : this.closedUntil(line);
    return bars;
  }

  /** A row of a kline stream. Bars that are not closed are not looked at. */
  take(symbol: string, row: KlineRow): void {
    if (!row.confirm) return;
    for (const line of this.lines.values()) {
      const { series, stepMs } = line;
      if (series.symbol !== symbol || series.interval !== row.interval || row.start % stepMs !== 0) continue;
      const { start: time, open, high, low, close, volume } = row;
      if (time < line.next) continue;
      line.ahead.set(time, { time, open, high, low, close, volume });
      if (Number.isNaN(line.next)) continue;
      if (time > line.next) this.fill(line);
      else this.tell(line);
    }
  }

  /** Looks whether bars are missing that should have come: after a lost connection, and now and then. */
  catchUp(): void {
    for (const line of this.lines.values()) {
      if (!Number.isNaN(line.next) && this.closedUntil(line) > line.next) this.fill(line);
    }
  }

  /** Resolves when no list is being read any more. */
  async idle(): Promise<void> {
    for (const line of this.lines.values()) await line.filling;
  }

  /** Opening of the first bar that is not surely closed. */
  private closedUntil({ stepMs }: Line): number {
    return Math.floor((this.options.now() - this.options.settleMs) / stepMs) * stepMs;
  }

  private fill(line: Line): void {
    line.filling ??= this.fetchMissing(line).finally(() => {
      line.filling = null;
    });
  }

  private async fetchMissing(line: Line): Promise<void> {
    const { series, stepMs } = line;
    const about = `${series.symbol} ${series.interval}`;
    let listed: StreamBar[];
    try {
      listed = await this.fetch(line, line.next);
    } catch (error) {
      if (!(error instanceof ToolkitError)) throw error;
      this.options.onTrouble(`${about}: missing bars cannot be had: ${error.message}`);
      return;
    }
    for (const bar of listed) if (bar.time >= line.next) line.ahead.set(bar.time, bar);
    this.tell(line);
    const newest = listed.at(-1)?.time ?? 0;
    while (line.next <= newest) {
      // It lists later ones: nobody traded, or it was closed, and what is missing will never come.
      const first = Math.min(...line.ahead.keys());
      const count = (first - line.next) / stepMs;
      this.options.onTrouble(
        `${about}: the exchange has no bars for ${count} intervals from ${formatTime(line.next)} on`,
      );
      line.next = first;
      this.tell(line);
    }
    if (line.lacking === line.next || this.closedUntil(line) <= line.next) return;
    line.lacking = line.next;
    this.options.onTrouble(`${about}: the exchange does not have the bar of ${formatTime(line.next)} yet`);
  }

  private async fetch(line: Line, from: number): Promise<StreamBar[]> {
    const { symbol, interval } = line.series;
    const to = this.closedUntil(line);
    if (to <= from) return [];
    const wanted = { category: "linear", symbol, interval, kind: "trade" } as const;
    const { length, time, open, high, low, close, volume } = await fetchBars(this.options.gateway, wanted, [
      { from, to },
    ]);
    return Array.from({ length }, (_, i) => ({
      time: time[i]!,
      open: open[i]!,
      high: high[i]!,
      low: low[i]!,
      close: close[i]!,
      volume: volume[i]!,
    }));
  }

  /** Tells the bars that are next, as far as they go. */
  private tell(line: Line): void {
    for (let bar = line.ahead.get(line.next); bar; bar = line.ahead.get(line.next)) {
      line.ahead.delete(line.next);
      line.next += line.stepMs;
      this.options.onBar(line.series.lane, bar);
    }
    for (const time of line.ahead.keys()) if (time < line.next) line.ahead.delete(time);
  }
}
