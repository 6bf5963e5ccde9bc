import type { Kernel } from "../kernel.ts";
import { simpleMean } from "../overlap/sma.ts";
import { rollingRange } from "../rolling/extremes.ts";
import { grow, scratch } from "../stage.ts";

/** Bars worked on at a time, so that the range of a bar is still in the nearest cache when %K is made of it. */
const CHUNK_BARS = 512;

/**
 * Stochastic oscillator over high, low, close: %K smoothed over `kSmooth` bars and %D, its mean over `dPeriod`; 0…100.
 *
 * Both appear together, when %D is known (TA-Lib). Undefined while a window of `kPeriod` bars without any range counts.
 *
 * @throws ArgumentError `PERIOD`
 */
export function stoch(settings: { kPeriod: number; kSmooth: number; dPeriod: number }): Kernel {
  const { kPeriod, kSmooth, dPeriod } = settings;
  const range = rollingRange(kPeriod);
  const smooth = kSmooth === 3 && dPeriod === 3 ? smoothByThree() : smoothBy(kSmooth, dPeriod);
  const warmup = kPeriod + kSmooth + dPeriod - 3;
  return {
    warmup: [warmup, warmup],
    extend(src, out, from, to) {
      // k and d are the highest and the lowest until they are replaced
      for (let begin = from; begin < to; begin += CHUNK_BARS) {
        const end = Math.min(begin + CHUNK_BARS, to);
        range.extend(src, out, begin, end);
        smooth(src[2]!, out, begin, end);
      }
      if (from >= warmup) return;
      for (let i = from; i < to && i < warmup; i++) out[0]![i] = NaN;
    },
  };
}

/** Replaces highest and lowest in `out` by %K and %D. */
type Smooth = (close: Float64Array, out: readonly Float64Array[], from: number, to: number) => void;

const THIRD = 1 / 3;

/** The usual case, whose few values fit into locals: half the time of the general one. */
function smoothByThree(): Smooth {
  const state = new Float64Array(4).fill(NaN);
  return (close, out, from, to) => {
    const k = out[0]!;
    const d = out[1]!;
    let raw1 = state[0]!; // one bar ago
    let raw2 = state[1]!;
    let smooth1 = state[2]!;
    let smooth2 = state[3]!;
    for (let i = from; i < to; i++) {
      const bottom = d[i]!;
      const raw = (100 * (close[i]! - bottom)) / (k[i]! - bottom);
      const smooth = raw + (raw1 - raw + (raw2 - raw)) * THIRD;
      k[i] = smooth;
      d[i] = smooth + (smooth1 - smooth + (smooth2 - smooth)) * THIRD;
      raw2 = raw1;
      raw1 = raw;
      smooth2 = smooth1;
      smooth1 = smooth;
    }
    state[0] = raw1;
    state[1] = raw2;
    state[2] = smooth1;
    state[3] = smooth2;
  };
}

function smoothBy(kSmooth: number, dPeriod: number): Smooth {
  const slow = simpleMean(kSmooth);
  const slower = simpleMean(dPeriod);
  const own = scratch(2);
  return (close, out, from, to) => {
    grow(own, to);
    const raw = own[0]!;
    const smooth = own[1]!;
    const k = out[0]!;
    const d = out[1]!;
    for (let i = from; i < to; i++) raw[i] = (100 * (close[i]! - d[i]!)) / (k[i]! - d[i]!);
    slow.run(raw, smooth, from, to);
    slower.run(smooth, d, from, to);
    for (let i = from; i < to; i++) k[i] = smooth[i]!;
  };
}
