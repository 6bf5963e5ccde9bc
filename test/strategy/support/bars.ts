import { random } from "../../../src/core/random.ts";
import { type Interval, intervalMs } from "../../../src/core/time.ts";
import { type Bars, barsOf } from "../../../src/model/bar.ts";

/**
 * Bars that provoke: prices on a coarse grid (equal values), flat stretches (undefined oscillators), bars without volume
 * and, with `gaps`, missing bars.
 */
export function provokingBars(
  seed: number | string,
  length: number,
  options: { interval?: Interval; gaps?: boolean; flats?: boolean } = {},
): Bars {
  const { interval = "15", gaps = false, flats = true } = options;
  const rng = random(seed);
  const columns = Object.fromEntries(
    ["time", "open", "high", "low", "close", "volume"].map((name) => [name, new Float64Array(length)]),
  ) as Record<"time" | "open" | "high" | "low" | "close" | "volume", Float64Array>;
  const step = intervalMs(interval);
  let time = Date.UTC(2024, 0, 1) + rng.below(97) * step;
  let price = 1000;
  let flat = 0;
  for (let i = 0; i < length; i++) {
    if (gaps && rng.next() < 0.02) time += step * (1 + rng.below(20));
    if (flats && flat === 0 && rng.next() < 0.03) flat = 1 + rng.below(25);
    const open = price;
    const move = flat > 0 ? 0 : Math.round(rng.normal() * 8) / 2;
    const close = Math.max(1, open + move);
    const reach = flat > 0 ? 0 : 0.5;
    columns.time[i] = time;
    columns.open[i] = open;
    columns.high[i] = Math.max(open, close) + reach * rng.below(6);
    columns.low[i] = Math.max(0.5, Math.min(open, close) - reach * rng.below(6));
    columns.close[i] = close;
    columns.volume[i] = flat > 0 && rng.next() < 0.7 ? 0 : 1 + rng.below(500) / 10;
    price = close;
    time += step;
    if (flat > 0) flat--;
  }
  return barsOf({ symbol: "TESTUSDT", interval }, columns);
}

/** The bars with everything from bar `from` on changed by `poison`. */
export function poisoned(bars: Bars, from: number, poison: "nan" | "scale" | "permute", seed: number): Bars {
  const rng = random(seed);
  const order = Array.from({ length: bars.length - from }, (_, k) => from + k);
  for (let k = order.length - 1; k > 0; k--) {
    const j = rng.below(k + 1);
    [order[k], order[j]] = [order[j]!, order[k]!];
  }
  const change = (column: Float64Array): Float64Array =>
    column.map((value, i) => {
      if (i < from) return value;
      return poison === "nan" ? NaN : poison === "scale" ? value * 1000 : column[order[i - from]!]!;
    });
  const { time, open, high, low, close, volume } = bars;
  return barsOf(bars, {
    time,
    open: change(open),
    high: change(high),
    low: change(low),
    close: change(close),
    volume: change(volume),
  });
}
