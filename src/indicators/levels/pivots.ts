import { DAY_MS } from "../../core/time.ts";
import type { Kernel } from "../kernel.ts";

/** Whose formula turns the day before into levels. */
export type PivotKind = "classic" | "fibonacci" | "camarilla";
export const PIVOT_KINDS: readonly PivotKind[] = ["classic", "fibonacci", "camarilla"];

/** Distances of levels 1 to 4 in ranges of the day before: from the pivot (fibonacci) or from its close (camarilla). */
const FIBONACCI = [0.382, 0.618, 1, 1.618] as const;
const CAMARILLA = [1.1 / 12, 1.1 / 6, 1.1 / 4, 1.1 / 2] as const;

/**
 * Pivot levels p, r1…r4, s1…s4 from the previous UTC day's high, low, close; time, high, low, close in.
 *
 * Known from the first bar after a day that was seen from its first moment; how many bars that is, the data tell. `warmup`
 * is the least there can be.
 */
export function pivots(kind: PivotKind): Kernel {
  const levels = new Float64Array(9).fill(NaN);
  const state = Float64Array.of(-Infinity, NaN, NaN, NaN);
  return {
    warmup: [1, 1, 1, 1, 1, 1, 1, 1, 1],
    extend(src, out, from, to) {
      const time = src[0]!;
      const high = src[1]!;
      const low = src[2]!;
      const close = src[3]!;
      let nextDay = state[0]!;
      let top = state[1]!;
      let bottom = state[2]!;
      let last = state[3]!;
      for (let i = from; i < to; i++) {
        const now = time[i]!;
        if (now >= nextDay) {
          if (i > 0) fillLevels(levels, kind, { top, bottom, last });
          const day = Math.floor(now / DAY_MS) * DAY_MS;
          const partial = i === 0 && now !== day;
          nextDay = day + DAY_MS;
          top = partial ? NaN : -Infinity;
          bottom = partial ? NaN : Infinity;
        }
        top = Math.max(top, high[i]!);
        bottom = Math.min(bottom, low[i]!);
        last = close[i]!;
        for (let k = 0; k < 9; k++) out[k]![i] = levels[k]!;
      }
      state[0] = nextDay;
      state[1] = top;
      state[2] = bottom;
      state[3] = last;
    },
  };
}

/** Writes p, r1…r4, s1…s4. */
function fillLevels(levels: Float64Array, kind: PivotKind, day: { top: number; bottom: number; last: number }): void {
  const { top, bottom, last } = day;
  const pivot = (top + bottom + last) / 3;
  const range = top - bottom;
  levels[0] = pivot;
  if (kind === "classic") {
    levels[1] = 2 * pivot - bottom;
    levels[2] = pivot + range;
    levels[3] = top + 2 * (pivot - bottom);
    levels[4] = top + 3 * (pivot - bottom);
    levels[5] = 2 * pivot - top;
    levels[6] = pivot - range;
    levels[7] = bottom - 2 * (top - pivot);
    levels[8] = bottom - 3 * (top - pivot);
    return;
  }
  const origin = kind === "fibonacci" ? pivot : last;
  const distances = kind === "fibonacci" ? FIBONACCI : CAMARILLA;
  for (let k = 0; k < 4; k++) {
    levels[1 + k] = origin + distances[k]! * range;
    levels[5 + k] = origin - distances[k]! * range;
  }
}
