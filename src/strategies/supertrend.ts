import { choice, float, int } from "../strategy/param.ts";
import { defineStrategy } from "../strategy/strategy.ts";

/**
 * In the market with the trend that the supertrend line shows: turns when the close crosses the line.
 *
 * The line itself is the stop, which follows it and never goes back.
 */
export const supertrend = defineStrategy({
  name: "supertrend",
  description: "Turns with the supertrend line and trails its stop along it, both ways.",
  params: {
    direction: choice(["both", "long", "short"]),
    period: int(10, { min: 5, max: 40 }),
    multiplier: float(3, { min: 1.5, max: 6, step: 0.25 }),
  },
  rules: ({ supertrend, price }, p) => {
    const line = supertrend(p.period, p.multiplier);
    const rises = line.direction.crossesAbove(0);
    const falls = line.direction.crossesBelow(0);
    const long = p.direction !== "short";
    const short = p.direction !== "long";
    return {
      enterLong: long ? rises : undefined,
      exitLong: long ? falls : undefined,
      enterShort: short ? falls : undefined,
      exitShort: short ? rises : undefined,
      trailingStop: price(line.supertrend),
    };
  },
});
