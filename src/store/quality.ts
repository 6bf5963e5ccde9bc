import type { Interval } from "../core/time.ts";
import { BAR_COLUMNS, type BarColumn, type Bars, barsOf } from "../model/bar.ts";
import type { Finding, Severity } from "./finding.ts";
import { marketFindings } from "./qualitymarket.ts";
import { rowFindings } from "./qualityrows.ts";
import { seriesFindings } from "./qualityseries.ts";

export interface QualityReport {
  readonly symbol: string;
  readonly interval: Interval;
  readonly bars: number;
  /** Opening of the first and the last bar, epoch ms. */
  readonly from: number;
  readonly to: number;
  /** Bars missing between them, and as a fraction of the bars there should be. */
  readonly missing: number;
  readonly missingFraction: number;
  /** Worst first. */
  readonly findings: readonly Finding[];
  /** No error among them. */
  readonly ok: boolean;
}

const ORDER: readonly Severity[] = ["error", "warning", "note"];

/**
 * Everything suspicious in `bars`, which may be unsorted, doubled and wrong. `now` (epoch ms) tells bars still open.
 *
 * Broken rows are counted once and left out of the rest, so that one typo does not look like a crash.
 */
export function checkQuality(bars: Bars, now: number): QualityReport {
  const rows = rowFindings(bars);
  const clean = usableBars(bars);
  const series = seriesFindings(clean, now);
  const findings = [...rows, ...series.findings, ...marketFindings(clean)];
  findings.sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  return {
    symbol: bars.symbol,
    interval: bars.interval,
    bars: bars.length,
    from: clean.time[0] ?? NaN,
    to: clean.time[clean.length - 1] ?? NaN,
    missing: series.missing,
    missingFraction: clean.length > 0 ? series.missing / (series.missing + clean.length) : 0,
    findings,
    ok: findings.every((finding) => finding.severity !== "error"),
  };
}

/** The bars that could have traded, ascending, the first of each time. */
function usableBars(bars: Bars): Bars {
  const { time, open, high, low, close } = bars;
  const keep: number[] = [];
  let sorted = true;
  for (let i = 0; i < bars.length; i++) {
    const inside = low[i]! > 0 && open[i]! >= low[i]! && open[i]! <= high[i]! && close[i]! >= low[i]!;
    if (!(inside && close[i]! <= high[i]! && Number.isFinite(time[i]!))) continue;
    if (keep.length > 0 && time[i]! <= time[keep.at(-1)!]!) sorted = false;
    keep.push(i);
  }
  if (keep.length === bars.length && sorted) return bars;
  if (!sorted) keep.sort((a, b) => time[a]! - time[b]! || a - b);
  const rows = keep.filter((row, k) => k === 0 || time[row]! !== time[keep[k - 1]!]!);
  const pick = (name: BarColumn) => Float64Array.from(rows, (row) => bars[name][row]!);
  const columns = Object.fromEntries(BAR_COLUMNS.map((name) => [name, pick(name)])) as Record<BarColumn, Float64Array>;
  return barsOf({ symbol: bars.symbol, interval: bars.interval }, columns);
}
