import { int } from "../strategy/param.ts";
import { defineStrategy } from "../strategy/strategy.ts";

/** Buys weakness in an up-trend: RSI oversold while the close is above a long average; sells strength. */
export const rsiTrend = defineStrategy({
  name: "rsi-trend",
  description: "Buys when RSI is oversold above a long EMA, sells when it is overbought. Long only.",
  params: {
    rsiPeriod: int(14, { min: 10, max: 30 }),
    oversold: int(30, { min: 20, max: 40 }),
    overbought: int(70, { min: 60, max: 80 }),
    emaPeriod: int(200, { min: 100, max: 300 }),
  },
  rules: ({ close, rsi, ema }, p) => ({
    enterLong: rsi(close, p.rsiPeriod)
      .below(p.oversold)
      .and(close.above(ema(close, p.emaPeriod))),
    exitLong: rsi(close, p.rsiPeriod).above(p.overbought),
  }),
});
