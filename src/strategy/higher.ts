import { floorToInterval, type Interval, intervalMs } from "../core/time.ts";
import type { BarField } from "../indicators/indicator.ts";
import { growSlot, isBits, numberSlot, type Slot } from "./slot.ts";
import type { Step } from "./steps.ts";
import { higherRatio } from "./warmup.ts";

export type FieldSlots = Readonly<Record<BarField, Slot>>;
export const BAR_FIELDS = ["time", "open", "high", "low", "close", "volume"] as const satisfies readonly BarField[];

/**
 * The bars of a longer interval, made from base bars as these close. A bucket that lacks a base bar gives no bar.
 *
 * The same rule as the store's resampling, here one bar at a time.
 */
export class HigherBars {
  readonly fields: FieldSlots;
  /** Higher bars closed so far. */
  length = 0;
  /** Index of the base bar at whose close each higher bar became known. */
  readonly closedAt: number[] = [];
  /** Slots of nodes over these bars that must grow along. */
  readonly followers: Slot[] = [];
  private readonly interval: Interval;
  private readonly ratio: number;
  private readonly bucketMs: number;
  private room: number;
  private bucket = NaN;
  private count = 0;
  private readonly now = { open: 0, high: 0, low: 0, close: 0, volume: 0 };

  /** @throws ArgumentError `INTERVAL` unless `interval` is a whole multiple of `base` */
  constructor(base: Interval, interval: Interval, room: number) {
    this.interval = interval;
    this.ratio = higherRatio(base, interval);
    this.bucketMs = intervalMs(interval);
    this.room = Math.max(1, Math.ceil(room / this.ratio));
    const slots = BAR_FIELDS.map((field) => [field, numberSlot(new Float64Array(this.room))] as const);
    this.fields = Object.fromEntries(slots) as Record<BarField, Slot>;
  }

  /** Bars there is room for. */
  get capacity(): number {
    return this.room;
  }

  /** Takes the base bars [`from`, `to`) in. Calls are contiguous. */
  extend(base: FieldSlots, from: number, to: number): void {
    const time = base.time.numbers;
    const [open, high, low] = [base.open.numbers, base.high.numbers, base.low.numbers];
    const [close, volume] = [base.close.numbers, base.volume.numbers];
    const { now } = this;
    for (let i = from; i < to; i++) {
      if (!(time[i]! < this.bucket + this.bucketMs)) {
        this.bucket = floorToInterval(time[i]!, this.interval);
        this.count = 0;
      }
      if (this.count === 0) {
        now.open = open[i]!;
        now.high = high[i]!;
        now.low = low[i]!;
        now.volume = volume[i]!;
      } else {
        now.high = Math.max(now.high, high[i]!);
        now.low = Math.min(now.low, low[i]!);
        now.volume += volume[i]!;
      }
      now.close = close[i]!;
      if (++this.count === this.ratio) this.close(i);
    }
  }

  private close(at: number): void {
    const { fields, now, length } = this;
    if (length === this.room) this.grow(2 * this.room);
    fields.time.numbers[length] = this.bucket;
    fields.open.numbers[length] = now.open;
    fields.high.numbers[length] = now.high;
    fields.low.numbers[length] = now.low;
    fields.close.numbers[length] = now.close;
    fields.volume.numbers[length] = now.volume;
    this.closedAt.push(at);
    this.length++;
  }

  private grow(room: number): void {
    this.room = room;
    for (const slot of [...Object.values(this.fields), ...this.followers]) growSlot(slot, room);
  }
}

/** The step that shows a higher series or condition on the base bars: from the close of its bar until the next one closes. */
export function alignStep(bars: HigherBars, input: Slot, out: Slot): Step {
  const boolean = isBits(out);
  let shown = -1; // index of the higher bar on show
  out.warmup = Infinity;
  return {
    extend(from, to) {
      const { closedAt } = bars;
      for (let i = from; i < to; i++) {
        while (shown + 1 < closedAt.length && closedAt[shown + 1]! <= i) {
          shown++;
          if (shown === input.warmup) out.warmup = i;
        }
        if (!boolean) out.numbers[i] = shown < 0 ? NaN : input.numbers[shown]!;
        else if (shown >= 0 && ((input.bits[shown >>> 5]! >>> (shown & 31)) & 1) === 1) {
          out.bits[i >>> 5]! |= 1 << (i & 31);
        }
      }
    },
  };
}
