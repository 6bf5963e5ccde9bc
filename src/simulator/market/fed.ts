import { ArgumentError } from "../../core/errors.ts";
import type { Printing } from "../wire/kline.ts";
import type { Tick } from "./path.ts";
import type { BarRow } from "./series.ts";

/**
 * What a fed market is told by whoever feeds it.
 *
 * Times are epoch ms and move the exchange's time on; what comes late happens now. Prices are quote, quantities the
 * instrument's own.
 */
export type Fed =
  | {
      readonly type: "trade";
      readonly time: number;
      readonly price: number;
      readonly qty: number;
      /** Of the taker. */
      readonly side: "buy" | "sell";
    }
  /** Mark and index; an absent one stays. Until the first they are the last price. */
  | { readonly type: "prices"; readonly time: number; readonly mark?: number; readonly index?: number }
  /** The rate as it stands for the settlement at `nextTime`. */
  | { readonly type: "funding"; readonly time: number; readonly rate: number; readonly nextTime: number }
  /**
   * The running minute in the source's own words, or one still to come. Prices it has seen and this market has not are traded
   * now, then the bar is as it says. It closes when time goes on; a word on a minute that has closed changes nothing.
   */
  | { readonly type: "bar"; readonly bar: BarRow }
  | { readonly type: "time"; readonly time: number };

/** The time that `fed` is of, epoch ms. @throws ArgumentError `FED` for numbers that cannot be */
export function timeOfFed(fed: Fed): number {
  const time = fed.type === "bar" ? fed.bar.time : fed.time;
  if (!Number.isSafeInteger(time) || numbersOf(fed).some((value) => !(value > 0 && Number.isFinite(value)))) {
    throw new ArgumentError("FED", `no market can be told ${JSON.stringify(fed)}; prices and quantities are above 0`);
  }
  return time;
}

/** Numbers that must be above 0. */
function numbersOf(fed: Fed): readonly number[] {
  if (fed.type === "trade") return [fed.price, fed.qty];
  if (fed.type === "prices") return [fed.mark ?? 1, fed.index ?? 1];
  if (fed.type === "bar") return [fed.bar.open, fed.bar.high, fed.bar.low, fed.bar.close];
  return [];
}

/** Mark, index and funding as a market was told them. */
export class ToldPrices {
  /** Whole ticks; 0: not told. */
  mark = 0;
  index = 0;
  /** The settlement the newest rate is for, epoch ms; 0: not told. */
  nextFunding = 0;
  /** Rates by the time of their settlement, epoch ms. */
  readonly rates = new Map<number, number>();

  take(fed: Extract<Fed, { type: "prices" | "funding" }>, printing: Printing): void {
    if (fed.type === "funding") {
      this.nextFunding = fed.nextTime;
      this.rates.set(fed.nextTime, fed.rate);
      return;
    }
    const ticks = (price: number) => Math.max(1, printing.price.count(price, "nearest"));
    if (fed.mark !== undefined) this.mark = ticks(fed.mark);
    if (fed.index !== undefined) this.index = ticks(fed.index);
  }
}

/**
 * Trades at `at.time` that a market must still make to have seen all of `bar`: the open when it has none of it yet, the
 * extremes it lacks, the nearer one first, the close. They carry the volume it lacks, a step each at least.
 */
export function missingTicks(
  bar: BarRow,
  formed: BarRow | undefined,
  { printing, last, time }: { printing: Printing; last: number; time: number },
): Tick[] {
  if (bar.volume <= 0) return [];
  const ticks = (price: number) => printing.price.count(price, "nearest");
  const [open, high, low, close] = [bar.open, bar.high, bar.low, bar.close].map(ticks) as [
    number,
    number,
    number,
    number,
  ];
  const seen = formed ? { high: ticks(formed.high), low: ticks(formed.low) } : { high: open, low: open };
  const from = formed ? last : open;
  const prices: number[] = [];
  if (!formed) prices.push(open);
  const lacking = [...(high > seen.high ? [high] : []), ...(low < seen.low ? [low] : [])];
  prices.push(...lacking.sort((a, b) => Math.abs(a - from) - Math.abs(b - from)));
  const lacked = printing.qty.count(bar.volume, "nearest") - printing.qty.count(formed?.volume ?? 0, "nearest");
  if ((prices.at(-1) ?? last) !== close || (prices.length === 0 && lacked > 0)) prices.push(close);
  const each = Math.max(1, Math.floor(lacked / prices.length));
  let before = last;
  let side: Tick["side"] = "buy";
  return prices.map((price, i) => {
    if (price !== before) side = price > before ? "buy" : "sell";
    before = price;
    const rest = i === prices.length - 1 ? Math.max(1, lacked - each * i) : each;
    return { time, price, qty: rest, side };
  });
}
