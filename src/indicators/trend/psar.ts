import type { Kernel } from "../kernel.ts";

/**
 * Wilder's parabolic stop and reverse of high, low: the stop, and its direction: 1 below the price (long), -1 above.
 *
 * `acceleration` is the first step and its growth at each new extreme, up to `maximum`. The first direction is down if the
 * second bar's low falls by more than its high rises (TA-Lib).
 */
export function psar(settings: { acceleration: number; maximum: number }): Kernel {
  const { maximum } = settings;
  const acceleration = Math.min(settings.acceleration, maximum);
  const state = new Float64Array(4);
  return {
    warmup: [1, 1],
    extend(src, out, from, to) {
      const high = src[0]!;
      const low = src[1]!;
      const stop = out[0]!;
      const direction = out[1]!;
      let sar = state[0]!;
      let extreme = state[1]!;
      let speed = state[2]!;
      let side = state[3]!;
      for (let i = from; i < to; i++) {
        if (i === 0) {
          stop[0] = direction[0] = NaN;
          continue;
        }
        const h = high[i]!;
        const l = low[i]!;
        let lastHigh = high[i - 1]!;
        let lastLow = low[i - 1]!;
        if (i === 1) {
          const fall = lastLow - l;
          side = fall > 0 && fall > h - lastHigh ? -1 : 1;
          sar = side > 0 ? lastLow : lastHigh;
          extreme = side > 0 ? h : l;
          speed = acceleration;
          lastHigh = h;
          lastLow = l;
        }
        if (side > 0 ? l <= sar : h >= sar) {
          side = -side; // touched: the stop jumps to the extreme of the move that ended
          sar = side > 0 ? Math.min(extreme, lastLow, l) : Math.max(extreme, lastHigh, h);
          stop[i] = sar;
          speed = acceleration;
          extreme = side > 0 ? h : l;
        } else {
          stop[i] = sar;
          if (side > 0 ? h > extreme : l < extreme) {
            extreme = side > 0 ? h : l;
            speed = Math.min(speed + acceleration, maximum);
          }
        }
        direction[i] = side;
        sar += speed * (extreme - sar);
        sar = side > 0 ? Math.min(sar, lastLow, l) : Math.max(sar, lastHigh, h);
      }
      state[0] = sar;
      state[1] = extreme;
      state[2] = speed;
      state[3] = side;
    },
  };
}
