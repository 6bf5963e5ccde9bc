import { checkPeriod, type Kernel } from "../kernel.ts";

/** Change over `period` bars, in the unit of the series. @throws ArgumentError `PERIOD` */
export function mom(period: number): Kernel {
  checkPeriod(period);
  return {
    warmup: [period],
    extend(src, out, from, to) {
      const x = src[0]!;
      const y = out[0]!;
      let i = from;
      for (; i < to && i < period; i++) y[i] = NaN;
      for (; i < to; i++) y[i] = x[i]! - x[i - period]!;
    },
  };
}

/** Change over `period` bars in percent of the value then. @throws ArgumentError `PERIOD` */
export function roc(period: number): Kernel {
  checkPeriod(period);
  return {
    warmup: [period],
    extend(src, out, from, to) {
      const x = src[0]!;
      const y = out[0]!;
      let i = from;
      for (; i < to && i < period; i++) y[i] = NaN;
      for (; i < to; i++) y[i] = (100 * (x[i]! - x[i - period]!)) / x[i - period]!;
    },
  };
}
