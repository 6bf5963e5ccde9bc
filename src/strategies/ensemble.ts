import { choice, float, int } from "../strategy/param.ts";
import { defineStrategy } from "../strategy/strategy.ts";

/**
 * Five indicators vote, the mean of the votes cast decides.
 *
 * EMA and MACD vote 1 for the side they are on and 2 on the bar where they cross; RSI, Bollinger bands and the stochastic
 * vote 1 against an exaggeration and are silent otherwise. A mean of 0.5 is a plain signal, 1.5 a strong one. A strong
 * opposite is not needed to get out: the plain one ends the trade.
 */
export const ensemble = defineStrategy({
  name: "ensemble",
  description: "EMA cross, RSI, MACD, Bollinger bands and stochastic vote; enters on their mean, both ways.",
  params: {
    direction: choice(["both", "long", "short"]),
    entry: float(0.5, { min: 0.5, max: 1.5, step: 0.25 }),
    exit: float(0.5, { min: 0.25, max: 1.5, step: 0.25 }),
    emaFast: int(9, { min: 5, max: 20 }),
    emaSlow: int(21, { min: 21, max: 60 }),
    rsiPeriod: int(14, { min: 7, max: 28 }),
    oversold: int(30, { min: 15, max: 40 }),
    overbought: int(70, { min: 60, max: 85 }),
    bandPeriod: int(20, { min: 10, max: 40 }),
    bandWidth: float(2, { min: 1.5, max: 3, step: 0.25 }),
    stopLoss: float(0.02, { min: 0.005, max: 0.05, step: 0.005 }),
    takeProfit: float(0.04, { min: 0.01, max: 0.1, step: 0.005 }),
    trailingStop: float(0.015, { min: 0.005, max: 0.05, step: 0.005 }),
  },
  rules: ({ close, ema, rsi, macd, bbands, stoch, votes }, p) => {
    const fast = ema(close, p.emaFast);
    const slow = ema(close, p.emaSlow);
    const strength = rsi(close, p.rsiPeriod);
    const trend = macd(close, 12, 26, 9);
    const band = bbands(close, p.bandPeriod, p.bandWidth);
    const { k, d } = stoch(14, 3, 3);
    const up = [
      fast.above(slow),
      strength.below(p.oversold),
      trend.macd.above(trend.signal),
      close.below(band.lower),
      k.below(20).and(d.below(20)),
    ];
    const down = [
      fast.below(slow),
      strength.above(p.overbought),
      trend.macd.below(trend.signal),
      close.above(band.upper),
      k.above(80).and(d.above(80)),
    ];
    const sum = votes(...up, fast.crossesAbove(slow), trend.macd.crossesAbove(trend.signal)).minus(
      votes(...down, fast.crossesBelow(slow), trend.macd.crossesBelow(trend.signal)),
    );
    const mean = sum.dividedBy(votes(...up, ...down)); // nobody votes: undefined, so neither side fires
    const long = p.direction !== "short";
    const short = p.direction !== "long";
    return {
      enterLong: long ? mean.atLeast(p.entry) : undefined,
      exitLong: long ? mean.neg().atLeast(p.exit) : undefined,
      enterShort: short ? mean.neg().atLeast(p.entry) : undefined,
      exitShort: short ? mean.atLeast(p.exit) : undefined,
      stopLoss: p.stopLoss,
      takeProfit: p.takeProfit,
      trailingStop: p.trailingStop,
    };
  },
});
