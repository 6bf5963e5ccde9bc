import { intervalMs } from "../core/time.ts";
import type { Bars } from "../model/bar.ts";

/** A span without bars: from the opening of the first missing bar to that of the next one present. */
export interface Gap {
  /** Epoch ms, inclusive. */
  readonly from: number;
  /** Epoch ms, exclusive. */
  readonly to: number;
  /** Whole bars missing. */
  readonly bars: number;
  /** Index of the bar that follows the gap. */
  readonly at: number;
}

/** Every hole in `bars`, in order. Nothing fills them: no bar is made up, and nothing trades inside. */
export function gapsOf(bars: Pick<Bars, "time" | "interval">): Gap[] {
  const step = intervalMs(bars.interval);
  const gaps: Gap[] = [];
  const { time } = bars;
  for (let i = 1; i < time.length; i++) {
    const from = time[i - 1]! + step;
    const to = time[i]!;
    if (to > from) gaps.push({ from, to, bars: Math.round((to - from) / step), at: i });
  }
  return gaps;
}
