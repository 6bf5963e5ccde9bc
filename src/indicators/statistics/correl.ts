import { checkPeriod, type Kernel } from "../kernel.ts";
import { newTails } from "../rolling/sums.ts";

/**
 * Pearson's correlation of `src[columns.x]` and `src[columns.y]` over the last `period` bars, -1…1.
 *
 * Undefined where one of them is flat.
 *
 * @throws ArgumentError `PERIOD` (at least 2)
 */
export function correl(period: number, columns: { x: number; y: number }): Kernel {
  checkPeriod(period, 2);
  const tails = {
    a: newTails(period),
    b: newTails(period),
    aa: newTails(period),
    bb: newTails(period),
    ab: newTails(period),
  };
  const state = new Float64Array(7);
  return {
    warmup: [period - 1],
    extend(src, out, from, to) {
      const x = src[columns.x]!;
      const y = src[columns.y]!;
      const result = out[0]!;
      let pivotX = state[0]!;
      let pivotY = state[1]!;
      let a = state[2]!;
      let b = state[3]!;
      let aa = state[4]!;
      let bb = state[5]!;
      let ab = state[6]!;
      for (let i = from; i < to; ) {
        const begin = i - (i % period);
        const end = Math.min(begin + period, to);
        if (i === begin) {
          pivotX = x[begin]!;
          pivotY = y[begin]!;
          a = b = aa = bb = ab = 0;
          for (let m = 1; m < period && begin > 0; m++) {
            const dx = x[begin - m]! - pivotX;
            const dy = y[begin - m]! - pivotY;
            tails.a[m] = a += dx;
            tails.b[m] = b += dy;
            tails.aa[m] = aa += dx * dx;
            tails.bb[m] = bb += dy * dy;
            tails.ab[m] = ab += dx * dy;
          }
          a = b = aa = bb = ab = 0;
        }
        for (let m = begin + period - 1 - i; i < end; i++, m--) {
          const dx = x[i]! - pivotX;
          const dy = y[i]! - pivotY;
          a += dx;
          b += dy;
          aa += dx * dx;
          bb += dy * dy;
          ab += dx * dy;
          const meanX = (tails.a[m]! + a) / period;
          const sumY = tails.b[m]! + b;
          const spreadX = tails.aa[m]! + aa - (tails.a[m]! + a) * meanX;
          const spreadY = tails.bb[m]! + bb - (sumY * sumY) / period;
          const together = (tails.ab[m]! + ab - meanX * sumY) / Math.sqrt(spreadX * spreadY);
          result[i] = Math.max(-1, Math.min(1, together));
        }
      }
      state[0] = pivotX;
      state[1] = pivotY;
      state[2] = a;
      state[3] = b;
      state[4] = aa;
      state[5] = bb;
      state[6] = ab;
    },
  };
}
