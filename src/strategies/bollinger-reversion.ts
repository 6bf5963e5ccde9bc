import { choice, float, int } from "../strategy/param.ts";
import { defineStrategy } from "../strategy/strategy.ts";

/**
 * Bets on the way back: enters when the close returns into the Bollinger bands while no trend is strong, leaves at the
 * middle band or when the bet has taken too long.
 *
 * The time limit reads the position, so its exits are asked bar by bar.
 */
export const bollingerReversion = defineStrategy({
  name: "bollinger-reversion",
  description:
    "Buys the return into the lower Bollinger band in a market without trend, leaves at the middle, both ways.",
  params: {
    direction: choice(["both", "long", "short"]),
    period: int(20, { min: 10, max: 60 }),
    width: float(2, { min: 1, max: 3, step: 0.25 }),
    adxPeriod: int(14, { min: 7, max: 28 }),
    adxLimit: int(25, { min: 15, max: 40 }),
    longestBars: int(48, { min: 6, max: 240 }),
    stopAtr: float(3, { min: 1, max: 6, step: 0.5 }),
  },
  rules: ({ close, bbands, adx, atr, distance, position }, p) => {
    const band = bbands(close, p.period, p.width);
    const calm = adx(p.adxPeriod).adx.below(p.adxLimit);
    const tooLong = position.barsHeld.atLeast(p.longestBars);
    const long = p.direction !== "short";
    const short = p.direction !== "long";
    return {
      enterLong: long ? close.crossesAbove(band.lower).and(calm) : undefined,
      exitLong: long ? close.atLeast(band.middle).or(tooLong) : undefined,
      enterShort: short ? close.crossesBelow(band.upper).and(calm) : undefined,
      exitShort: short ? close.atMost(band.middle).or(tooLong) : undefined,
      stopLoss: distance(atr(14).times(p.stopAtr)),
    };
  },
});
