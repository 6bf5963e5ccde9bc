import { increment } from "../../src/core/decimal.ts";
import { type Random, random } from "../../src/core/random.ts";
import { HOUR_MS, intervalMs } from "../../src/core/time.ts";
import { type Bars, barsOf } from "../../src/model/bar.ts";
import type { SizingPolicy } from "../../src/risk/policy.ts";
import type { Rules } from "../../src/strategy/rules.ts";
import type { Scope } from "../../src/strategy/scope.ts";
import { defineStrategy, type Strategy } from "../../src/strategy/strategy.ts";
import { randomRules } from "../strategy/support/randomrules.ts";
import type { LiveMarket } from "./live-bot.ts";
import { randomBars, randomFunding, testInstrument } from "./random-market.ts";

const POLICIES: readonly SizingPolicy[] = [
  { kind: "all-in" },
  { kind: "quote", quote: 2500 },
  { kind: "qty", qty: 7 },
  { kind: "fraction", fraction: 2.5 },
  { kind: "risk", fraction: 0.02 },
  { kind: "volatility", target: 1.2, bars: 20 },
];
const TICK = increment("0.05");

/**
 * A random strategy on a random market under random settings; the same seed, the same market.
 *
 * Without what an exchange and a replay are known to do differently: it settles funding before a price jumps, and within a bar
 * before the bar is walked; and where bars are missing, what was decided on the last one fills at its close.
 */
export function randomLiveMarket(seed: number): LiveMarket {
  const dice = random(`live/${seed}`);
  const pick = <T>(values: readonly T[]): T => values[dice.below(values.length)]!;
  const maybe = (value: number) => (dice.next() < 0.25 ? value : null);
  const isSmooth = dice.next() < 0.5;
  const bars = marketOf(dice, pick, isSmooth);
  return {
    strategy: traderOf(dice, seed),
    bars,
    instrument: testInstrument(),
    settings: {
      cash: pick([300, 10_000]),
      slippageBps: pick([0, 0, 0, 5]),
      sizing: pick(POLICIES),
      leverage: pick([1, 1, 1, 3, 25]),
      side: pick(["both", "both", "long", "short"] as const),
      stopLoss: maybe(0.015),
      takeProfit: maybe(0.02),
      trailingStop: maybe(0.02),
    },
    ...(isSmooth && {
      funding: randomFunding(dice, bars, Math.max(intervalMs(bars.interval), pick([1, 8]) * HOUR_MS)),
    }),
  };
}

/**
 * Bars on the instrument's price grid, as an exchange would show them. Where it is smooth, a bar opens where the last one closed;
 * else prices jump now and then.
 */
function marketOf(dice: Random, pick: <T>(values: readonly T[]) => T, isSmooth: boolean): Bars {
  const length = 100 + dice.below(150);
  const interval = pick(["1", "5", "60", "D"] as const);
  const { symbol, time, volume, ...bars } = randomBars(dice, {
    length,
    interval,
    deviation: pick([0.004, 0.01, 0.03]),
  });
  const column = (values: Float64Array) => values.map((value) => TICK.value(Math.max(1, TICK.count(value, "nearest"))));
  const [open, high, low, close] = [column(bars.open), column(bars.high), column(bars.low), column(bars.close)];
  for (let i = 1; isSmooth && i < length; i++) {
    open[i] = close[i - 1]!;
    high[i] = Math.max(high[i]!, open[i]!);
    low[i] = Math.min(low[i]!, open[i]!);
  }
  return barsOf({ symbol, interval }, { time, open, high, low, close, volume });
}

function traderOf(dice: Random, seed: number): Strategy {
  const position = dice.next() < 0.3;
  const isWild = dice.next() < 0.3;
  const isPlain = dice.next() < 0.5;
  const [own, levels] = [dice.below(1e9), dice.below(1e9)];
  return defineStrategy({
    name: `random-${seed}`,
    params: {},
    rules: (scope) => {
      const signals = isPlain ? crossings(scope, random(own)) : randomRules(scope, random(own), { position });
      return isWild ? signals : { ...signals, size: undefined, ...levelsOf(scope, random(levels)) };
    },
  });
}

/** Signals that come often, one side or both. */
function crossings({ close, ema, highest, lowest, position }: Scope, dice: Random): Rules {
  const average = ema(close, 2 + dice.below(20));
  const other = ema(close, 2 + dice.below(9));
  const high = close.atLeast(highest(close, 2 + dice.below(10)));
  const low = close.atMost(lowest(close, 2 + dice.below(10)));
  const any = [close.crossesAbove(average), close.crossesBelow(average), high, low, close.above(average)];
  const exits = [undefined, close.crossesBelow(other), close.crossesAbove(other), position.barsHeld.atLeast(3)];
  const chance = dice.next();
  return {
    enterLong: chance < 0.8 ? any[dice.below(any.length)] : undefined,
    enterShort: chance > 0.2 ? any[dice.below(any.length)] : undefined,
    exitLong: exits[dice.below(exits.length)],
    exitShort: exits[dice.below(exits.length)],
  };
}

/** Levels as people write them. */
function levelsOf(scope: Scope, dice: Random): Pick<Rules, "stopLoss" | "takeProfit" | "trailingStop"> {
  const { low, high, close, atr, lowest, highest, sma } = scope;
  const behind = () =>
    [
      0.005 + 0.03 * dice.next(),
      scope.distance(atr(7).times(1 + dice.below(4))),
      scope.price(dice.next() < 0.5 ? lowest(low, 10) : highest(high, 10)),
      scope.price(sma(close, 9)),
    ][dice.below(4)];
  const ahead = () => [0.005 + 0.04 * dice.next(), scope.distance(atr(7).times(1 + dice.below(5)))][dice.below(2)];
  const maybe = <T>(make: () => T, chance: number) => (dice.next() < chance ? make() : undefined);
  return { stopLoss: maybe(behind, 0.5), takeProfit: maybe(ahead, 0.3), trailingStop: maybe(behind, 0.4) };
}
