import { choice, float, int } from "../strategy/param.ts";
import { defineStrategy } from "../strategy/strategy.ts";

/**
 * Momentum with a licence: MACD crosses its signal while ADX says that there is a trend and its two sides agree.
 *
 * Leaves on the opposite cross; a stop trails at a multiple of the average true range.
 */
export const macdAdx = defineStrategy({
  name: "macd-adx",
  description: "MACD crossings in the direction of a trend that ADX confirms, with a trailing ATR stop, both ways.",
  params: {
    direction: choice(["both", "long", "short"]),
    fast: int(12, { min: 6, max: 20 }),
    slow: int(26, { min: 21, max: 60 }),
    signal: int(9, { min: 4, max: 18 }),
    adxPeriod: int(14, { min: 7, max: 28 }),
    adxFloor: int(20, { min: 10, max: 40 }),
    trailAtr: float(3, { min: 1, max: 8, step: 0.5 }),
  },
  rules: ({ close, macd, adx, atr, distance }, p) => {
    const line = macd(close, p.fast, p.slow, p.signal);
    const trend = adx(p.adxPeriod);
    const strong = trend.adx.above(p.adxFloor);
    const up = line.macd.crossesAbove(line.signal);
    const down = line.macd.crossesBelow(line.signal);
    const long = p.direction !== "short";
    const short = p.direction !== "long";
    return {
      enterLong: long ? up.and(strong).and(trend.plusDi.above(trend.minusDi)) : undefined,
      exitLong: long ? down : undefined,
      enterShort: short ? down.and(strong).and(trend.minusDi.above(trend.plusDi)) : undefined,
      exitShort: short ? up : undefined,
      trailingStop: distance(atr(p.adxPeriod).times(p.trailAtr)),
    };
  },
});
