import { formatTime, intervalMs } from "../core/time.ts";
import { BAR_COLUMNS, type Bars } from "../model/bar.ts";
import { gridPhase } from "./checks.ts";
import { type Finding, Tally } from "./finding.ts";

/** Rows that are wrong by themselves or by their place: no backtest would load them. */
export function rowFindings(bars: Bars): Finding[] {
  const { time, open, high, low, close, volume, turnover, length } = bars;
  const step = intervalMs(bars.interval);
  const phase = gridPhase(bars.interval);
  const unsorted = new Tally();
  const duplicates = new Tally();
  const offGrid = new Tally();
  const price = new Tally();
  const inverted = new Tally();
  const outside = new Tally();
  const negative = new Tally();
  const seen = isAscending(time) ? undefined : new Map<number, number>();
  for (let i = 0; i < length; i++) {
    const t = time[i]!;
    if ((t - phase) % step !== 0) offGrid.add(t, `${formatTime(t)} opens no bar of interval ${bars.interval}`);
    if (seen) {
      const first = seen.get(t);
      if (first === undefined) seen.set(t, i);
      else duplicates.add(t, `${sameBar(bars, first, i) ? "again" : "again, with other values"}`);
      if (first === undefined && i > 0 && t < time[i - 1]!) unsorted.add(t, `after ${formatTime(time[i - 1]!)}`);
    }
    const [o, h, l, c] = [open[i]!, high[i]!, low[i]!, close[i]!];
    if (!(o > 0 && h > 0 && l > 0 && c > 0 && o + h + l + c < Infinity)) price.add(t, `${o} ${h} ${l} ${c}`);
    else if (h < l) inverted.add(t, `high ${h}, low ${l}`);
    else if (o < l || o > h || c < l || c > h) outside.add(t, `open ${o}, close ${c}, low ${l}, high ${h}`);
    if (volume[i]! < 0 || turnover[i]! < 0) negative.add(t, `volume ${volume[i]}, turnover ${turnover[i]}`);
  }
  return [
    ...unsorted.finding("unsorted", "error", "bars earlier than the one before them: sort the file by time"),
    ...duplicates.finding("duplicates", "error", "times that stand more than once: keep one bar of each"),
    ...offGrid.finding("offGrid", "error", "times that open no bar of this interval: wrong interval, zone or unit"),
    ...price.finding("badPrice", "error", "prices that are not above 0: remove these rows"),
    ...inverted.finding("highBelowLow", "error", "high below low: remove these rows or fetch them again"),
    ...outside.finding("outsideRange", "error", "open or close outside of high and low: fetch these bars again"),
    ...negative.finding("negativeVolume", "error", "volume or turnover below 0: fetch these bars again"),
  ];
}

function isAscending(time: Float64Array): boolean {
  for (let i = 1; i < time.length; i++) if (!(time[i]! > time[i - 1]!)) return false;
  return true;
}

function sameBar(bars: Bars, a: number, b: number): boolean {
  return BAR_COLUMNS.every((name) => Object.is(bars[name][a], bars[name][b]));
}
