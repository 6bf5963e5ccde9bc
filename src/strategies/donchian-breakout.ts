import { choice, float, int } from "../strategy/param.ts";
import { defineStrategy } from "../strategy/strategy.ts";

/**
 * The turtles' rule: buys a close above the highest high of the bars before, leaves on a close below a shorter lowest low.
 *
 * Wins seldom and big. The stop is a multiple of the average true range from the entry.
 */
export const donchianBreakout = defineStrategy({
  name: "donchian-breakout",
  description: "Follows breakouts of the highest high and lowest low, with an ATR stop, both ways.",
  params: {
    direction: choice(["both", "long", "short"]),
    entryPeriod: int(55, { min: 10, max: 120 }),
    exitPeriod: int(20, { min: 5, max: 60 }),
    atrPeriod: int(20, { min: 7, max: 40 }),
    stopAtr: float(2, { min: 1, max: 5, step: 0.25 }),
  },
  rules: ({ close, high, low, highest, lowest, atr, distance }, p) => {
    const long = p.direction !== "short";
    const short = p.direction !== "long";
    return {
      enterLong: long ? close.above(highest(high, p.entryPeriod).lag(1)) : undefined,
      exitLong: long ? close.below(lowest(low, p.exitPeriod).lag(1)) : undefined,
      enterShort: short ? close.below(lowest(low, p.entryPeriod).lag(1)) : undefined,
      exitShort: short ? close.above(highest(high, p.exitPeriod).lag(1)) : undefined,
      stopLoss: distance(atr(p.atrPeriod).times(p.stopAtr)),
    };
  },
});
