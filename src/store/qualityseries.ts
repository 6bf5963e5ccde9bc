import { formatDuration, formatTime, intervalMs } from "../core/time.ts";
import type { Bars } from "../model/bar.ts";
import { type Finding, follows, median, type Severity, Tally } from "./finding.ts";
import { type Gap, gapsOf } from "./gaps.ts";

/** Above this fraction of missing bars a series is no series. */
const MISSING_ERROR = 0.05;
/** So many equal bars in a row are no chance: each has five numbers. */
const COPY_BARS = 12;

/** What is wrong with sound bars as a whole: holes, pages cut short, copied blocks, bars saved before they closed. */
export function seriesFindings(bars: Bars, now: number): { findings: Finding[]; missing: number } {
  const gaps = gapsOf(bars);
  const missing = gaps.reduce((sum, gap) => sum + gap.bars, 0);
  const findings = [
    ...gapFindings(bars, gaps, missing),
    ...truncatedPages(bars, gaps),
    ...copiedBlocks(bars),
    ...unfinishedInside(bars),
    ...unfinishedLast(bars, now),
  ];
  return { findings, missing };
}

function gapFindings(bars: Bars, gaps: readonly Gap[], missing: number): Finding[] {
  const tally = new Tally();
  for (const gap of gaps) tally.add(gap.from, `${counted(gap.bars)} (${formatDuration(gap.to - gap.from)})`);
  const fraction = missing / Math.max(1, missing + bars.length);
  const severity: Severity = fraction > MISSING_ERROR ? "error" : "warning";
  const share = fraction >= 0.0001 ? `${(fraction * 100).toFixed(2)} %` : "under 0.01 %";
  return tally.finding(
    "gaps",
    severity,
    `gaps, ${counted(missing)} missing (${share}): fetch them, nothing trades inside`,
  );
}

const counted = (bars: number) => `${bars} bar${bars === 1 ? "" : "s"}`;

/** Downloads that kept only the first part of each page leave runs of one length, one page apart. */
function truncatedPages(bars: Bars, gaps: readonly Gap[]): Finding[] {
  if (gaps.length < 3) return [];
  const step = intervalMs(bars.interval);
  const runs = new Map<string, number>();
  for (let g = 1; g < gaps.length; g++) {
    const kept = gaps[g]!.at - gaps[g - 1]!.at;
    const page = Math.round((gaps[g]!.to - gaps[g - 1]!.to) / step);
    const key = `${kept} of every ${page}`;
    runs.set(key, (runs.get(key) ?? 0) + 1);
  }
  const [pattern, count] = [...runs].sort((a, b) => b[1] - a[1])[0]!;
  if (count < 2 || count < 0.5 * (gaps.length - 1)) return [];
  const tally = new Tally();
  for (const gap of gaps) tally.add(gap.from, counted(gap.bars));
  const message = `pages cut short: ${pattern} bars are there; download again with the right page size`;
  return [{ kind: "truncatedPages", severity: "error", count: gaps.length, message, examples: tally.examples }];
}

/** The same bars once more at a later time, such as a last day that was filled with the one before. */
function copiedBlocks(bars: Bars): Finding[] {
  const { high, low, close, open, volume, length } = bars;
  const table = new Int32Array(2 ** Math.ceil(Math.log2(length * 2 + 2))).fill(-1);
  const [closeWords, volumeWords] = [words(close), words(volume)];
  const same = (a: number, b: number) =>
    close[a] === close[b] && open[a] === open[b] && high[a] === high[b] && low[a] === low[b] && volume[a] === volume[b];
  const tally = new Tally();
  let lag = 0;
  let run = 0;
  const finish = (end: number) => {
    const step = intervalMs(bars.interval);
    if (run >= COPY_BARS) {
      tally.add(bars.time[end - run]!, `${run} bars equal those ${formatDuration(lag * step)} before`);
    }
    run = 0;
  };
  for (let i = 0; i < length; i++) {
    if (high[i] === low[i]) continue; // still markets repeat themselves
    const priceKey = closeWords[2 * i]! ^ Math.imul(closeWords[2 * i + 1]!, 0x9e3779b1);
    const key = Math.imul(priceKey ^ volumeWords[2 * i]! ^ Math.imul(volumeWords[2 * i + 1]!, 0x85ebca6b), 0xc2b2ae35);
    const slot = (key ^ (key >>> 15)) & (table.length - 1);
    if (run > 0 && same(i, i - lag)) {
      run++;
    } else {
      finish(i);
      const before = table[slot]!;
      if (before >= 0 && same(before, i)) {
        lag = i - before;
        run = 1;
      }
    }
    table[slot] = i;
  }
  finish(length);
  return tally.finding("copiedBars", "error", "blocks of bars that repeat earlier ones: fetch these spans again");
}

/** The bits of a column, two words a number. */
function words(column: Float64Array): Uint32Array {
  return new Uint32Array(column.buffer, column.byteOffset, column.length * 2);
}

/**
 * Where every bar opens at the close before it, one that does not follows a bar that was saved before it closed.
 * Venues whose bars open at the first trade (Binance) show nothing here.
 */
function unfinishedInside(bars: Bars): Finding[] {
  const { open, close, length } = bars;
  let pairs = 0;
  let equal = 0;
  const moves = new Float64Array(Math.max(0, length - 1));
  for (let i = 1; i < length; i++) {
    moves[i - 1] = Math.abs(close[i]! / close[i - 1]! - 1);
    if (!follows(bars, i)) continue;
    pairs++;
    if (open[i] === close[i - 1]) equal++;
  }
  if (pairs < 100 || equal < 0.95 * pairs) return [];
  const least = median(moves) / 2;
  const tally = new Tally();
  for (let i = 1; i < length; i++) {
    if (!follows(bars, i) || Math.abs(open[i]! / close[i - 1]! - 1) <= least) continue;
    tally.add(bars.time[i - 1]!, `closes at ${close[i - 1]}, the next opens at ${open[i]}`);
  }
  const message = "bars that close away from the next open, probably saved before they closed: fetch them again";
  return tally.finding("unfinishedInside", "warning", message);
}

function unfinishedLast(bars: Bars, now: number): Finding[] {
  const last = bars.length - 1;
  if (last < 0) return [];
  const time = bars.time[last]!;
  const tally = new Tally();
  if (time + intervalMs(bars.interval) > now)
    tally.add(time, `closes at ${formatTime(time + intervalMs(bars.interval))}`);
  else if (bars.length >= 20 && bars.volume[last]! < 0.05 * median(bars.volume.filter((v) => v > 0))) {
    tally.add(time, `volume ${bars.volume[last]} is under 5 % of the usual`);
  }
  return tally.finding("unfinishedLast", "warning", "the last bar may not be finished: drop it");
}
