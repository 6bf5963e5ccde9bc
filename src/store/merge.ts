import { sharedColumn } from "../core/columns.ts";
import { BAR_COLUMNS, type BarColumn, type Bars, barsOf } from "../model/bar.ts";

export interface Merged {
  readonly bars: Bars;
  /** Bars of `fresh` at times that `stored` did not have. */
  readonly added: number;
  /** Bars of `fresh` that took the place of a different one. */
  readonly replaced: number;
}

/**
 * Both series as one, ascending and without repeats. Where both have a bar, the fresh one counts; what it does not
 * know (NaN volume or turnover) stays as stored.
 */
export function mergeBars(stored: Bars, fresh: Bars): Merged {
  const columns = Object.fromEntries(
    BAR_COLUMNS.map((name) => [name, sharedColumn(stored.length + fresh.length)]),
  ) as Record<BarColumn, Float64Array>;
  let added = 0;
  let replaced = 0;
  let s = 0;
  let f = 0;
  let out = 0;
  while (s < stored.length || f < fresh.length) {
    const storedTime = s < stored.length ? stored.time[s]! : Infinity;
    const freshTime = f < fresh.length ? fresh.time[f]! : Infinity;
    if (storedTime < freshTime) {
      for (const name of BAR_COLUMNS) columns[name][out] = stored[name][s]!;
      s++;
    } else if (freshTime < storedTime) {
      for (const name of BAR_COLUMNS) columns[name][out] = fresh[name][f]!;
      f++;
      added++;
    } else {
      let differs = false;
      for (const name of BAR_COLUMNS) {
        const before = stored[name][s]!;
        const now = fresh[name][f]!;
        columns[name][out] = now === now ? now : before;
        if (now === now && now !== before) differs = true;
      }
      if (differs) replaced++;
      s++;
      f++;
    }
    out++;
  }
  const cut = Object.fromEntries(BAR_COLUMNS.map((name) => [name, columns[name].subarray(0, out)]));
  const bars = barsOf({ symbol: fresh.symbol, interval: fresh.interval }, cut as Record<BarColumn, Float64Array>);
  return { bars, added, replaced };
}

/** First moments of the UTC months `times` touch, and the index at which each begins. */
export function monthsOf(times: Float64Array): { name: string; from: number; to: number }[] {
  const months: { name: string; from: number; to: number }[] = [];
  let from = 0;
  while (from < times.length) {
    const date = new Date(times[from]!);
    const next = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
    let to = from + 1;
    while (to < times.length && times[to]! < next) to++;
    months.push({ name: date.toISOString().slice(0, 7), from, to });
    from = to;
  }
  return months;
}
