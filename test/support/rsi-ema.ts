import { int } from "../../src/strategy/param.ts";
import { defineStrategy } from "../../src/strategy/strategy.ts";

/** The rules of `rsi-trend` with room for any parameters. */
export const rsiEma = defineStrategy({
  name: "rsi-ema",
  params: {
    rsiPeriod: int(14, { min: 2, max: 100 }),
    oversold: int(30, { min: 1, max: 99 }),
    overbought: int(70, { min: 1, max: 99 }),
    emaPeriod: int(200, { min: 2, max: 1000 }),
  },
  rules: ({ close, rsi, ema }, p) => ({
    enterLong: rsi(close, p.rsiPeriod)
      .below(p.oversold)
      .and(close.above(ema(close, p.emaPeriod))),
    exitLong: rsi(close, p.rsiPeriod).above(p.overbought),
  }),
});
