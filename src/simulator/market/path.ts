import { random } from "../../core/random.ts";
import { intervalMs } from "../../core/time.ts";
import type { Bars } from "../../model/bar.ts";
import type { Printing } from "../wire/kline.ts";

/** One trade of the market: whole ticks and whole steps. */
export interface Tick {
  /** Epoch ms. */
  readonly time: number;
  readonly price: number;
  readonly qty: number;
  /** Side of the taker. */
  readonly side: "buy" | "sell";
}

/**
 * The trades that make bar `i`: open, the extreme nearer to the open, the other extreme, close, and `between` more
 * within the range. Together they have the bar's open, high, low, close and volume; none lies outside its range.
 *
 * A bar without volume makes no trades.
 */
export function barTicks(
  bars: Bars,
  i: number,
  printing: Printing,
  options: { seed: number | string; between: number },
): Tick[] {
  const volume = printing.qty.count(bars.volume[i]!, "nearest");
  if (volume <= 0) return [];
  const steps = (price: number) => printing.price.count(price, "nearest");
  const [open, high, low, close] = [bars.open[i]!, bars.high[i]!, bars.low[i]!, bars.close[i]!].map(steps) as [
    number,
    number,
    number,
    number,
  ];
  const start = bars.time[i]!;
  const length = intervalMs(bars.interval);
  const highFirst = high - open < open - low;
  const anchors = highFirst ? [open, high, low, close] : [open, low, high, close];
  const dice = random(`${options.seed}/path/${bars.symbol}/${start}`);
  const perLeg = Math.ceil(options.between / 3);
  const prices: number[] = [open];
  for (let leg = 0; leg < 3; leg++) {
    const from = anchors[leg]!;
    const to = anchors[leg + 1]!;
    for (let k = 1; k <= perLeg; k++) {
      const straight = from + ((to - from) * k) / (perLeg + 1);
      const noise = dice.normal() * (high - low) * 0.06;
      prices.push(Math.min(high, Math.max(low, Math.round(straight + noise))));
    }
    prices.push(to);
  }
  return spread(prices, volume, { start, length, before: i > 0 ? steps(bars.close[i - 1]!) : open });
}

/** Gives each price a moment, a quantity and a taker; quantities sum to `volume` and are at least one step. */
function spread(prices: number[], volume: number, at: { start: number; length: number; before: number }): Tick[] {
  // Too little volume for a trade at each price: the anchors in front win, and the last is the close.
  const count = Math.min(prices.length, volume);
  const chosen = count === prices.length ? prices : fewest(prices, count);
  const each = Math.floor(volume / count);
  let last = at.before;
  let side: Tick["side"] = "buy";
  return chosen.map((price, k) => {
    if (price !== last) side = price > last ? "buy" : "sell";
    last = price;
    const offset = k === count - 1 && count > 1 ? at.length - 1 : Math.floor((at.length * k) / count);
    return { time: at.start + offset, price, qty: k === count - 1 ? volume - each * (count - 1) : each, side };
  });
}

/** `count` of the prices in their order, the last always among them, extremes before the rest. */
function fewest(prices: readonly number[], count: number): number[] {
  const last = prices.length - 1;
  const high = prices.indexOf(Math.max(...prices));
  const low = prices.indexOf(Math.min(...prices));
  const wanted = [...new Set([last, high, low, 0, ...prices.keys()])].slice(0, count);
  return wanted.sort((a, b) => a - b).map((k) => prices[k]!);
}
