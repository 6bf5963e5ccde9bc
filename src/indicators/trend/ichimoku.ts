import { checkPeriod, type Kernel } from "../kernel.ts";
import { rollingRange } from "../rolling/extremes.ts";
import { grow, scratch } from "../stage.ts";

/**
 * Ichimoku of high, low: tenkan, kijun; senkouA, senkouB as they lie under the current bar; leadA, leadB as known now.
 *
 * A span drawn `displacement` bars ahead, counting the current one, lies under the bar `displacement` - 1 later. There is
 * no chikou: it is the close of the future.
 *
 * @throws ArgumentError `PERIOD`
 */
export function ichimoku(settings: { tenkan: number; kijun: number; senkou: number; displacement: number }): Kernel {
  const { tenkan, kijun, senkou, displacement } = settings;
  checkPeriod(displacement);
  const ranges = [rollingRange(tenkan), rollingRange(kijun), rollingRange(senkou)];
  const pair = scratch(2);
  const leads = scratch(2);
  const shift = displacement - 1;
  const aFrom = Math.max(tenkan, kijun) - 1;
  const bFrom = senkou - 1;
  return {
    warmup: [tenkan - 1, kijun - 1, aFrom + shift, bFrom + shift, aFrom, bFrom],
    extend(src, out, from, to) {
      grow(pair, to);
      grow(leads, to);
      const top = pair[0]!;
      const bottom = pair[1]!;
      const a = leads[0]!;
      const b = leads[1]!;
      const quick = out[0]!;
      const calm = out[1]!;
      const senkouA = out[2]!;
      const senkouB = out[3]!;
      const leadA = out[4]!;
      const leadB = out[5]!;
      for (let k = 0; k < 3; k++) {
        const y = k === 0 ? quick : k === 1 ? calm : b;
        ranges[k]!.extend(src, pair, from, to);
        for (let i = from; i < to; i++) y[i] = (top[i]! + bottom[i]!) / 2;
      }
      for (let i = from; i < to; i++) {
        a[i] = (quick[i]! + calm[i]!) / 2;
        leadA[i] = a[i]!;
        leadB[i] = b[i]!;
        senkouA[i] = i < shift ? NaN : a[i - shift]!;
        senkouB[i] = i < shift ? NaN : b[i - shift]!;
      }
    },
  };
}
