import type { ReplayInput } from "../../../src/backtest/replay/input.ts";
import { increment } from "../../../src/core/decimal.ts";
import { type Random, random } from "../../../src/core/random.ts";
import { HOUR_MS } from "../../../src/core/time.ts";
import { type Bars, barsOf } from "../../../src/model/bar.ts";
import type { SizingPolicy } from "../../../src/risk/policy.ts";
import type { Rules } from "../../../src/strategy/rules.ts";
import type { Scope } from "../../../src/strategy/scope.ts";
import { defineStrategy, type Strategy } from "../../../src/strategy/strategy.ts";
import { provokingBars } from "../../strategy/support/bars.ts";
import { randomRules } from "../../strategy/support/randomrules.ts";
import { randomBars, randomFunding, testInstrument } from "../../support/random-market.ts";

const POLICIES: readonly SizingPolicy[] = [
  { kind: "all-in" },
  { kind: "quote", quote: 2500 },
  { kind: "qty", qty: 7 },
  { kind: "fraction", fraction: 2.5 },
  { kind: "risk", fraction: 0.02 },
  { kind: "volatility", target: 1.2, bars: 20 },
];
const TICK = increment("0.05");

/** A random strategy on a random market under random settings; the same seed, the same replay. */
export function randomReplay(seed: number): ReplayInput {
  const dice = random(`replay/${seed}`);
  const pick = <T>(values: readonly T[]): T => values[dice.below(values.length)]!;
  const maybe = (value: number) => (dice.next() < 0.25 ? value : null);
  const bars = randomMarket(dice, pick);
  const makerFeeRate = dice.next() < 0.1 ? 0.0002 : null;
  return {
    strategy: randomTrader(dice, seed),
    bars,
    instrument: testInstrument(),
    settings: {
      cash: pick([300, 10_000]),
      feeRate: pick([0, 0.00055, 0.002]),
      makerFeeRate,
      slippageBps: pick([0, 0, 0, 5]),
      sizing: pick(POLICIES),
      leverage: pick([1, 1, 1, 3, 25]),
      side: pick(["both", "both", "long", "short"] as const),
      stopLoss: maybe(0.015),
      takeProfit: maybe(0.02),
      trailingStop: maybe(0.02),
      funding: dice.next() < 0.9,
    },
    ...(dice.next() < 0.6 && { funding: randomFunding(dice, bars, pick([HOUR_MS, 8 * HOUR_MS])) }),
    ...(dice.next() < 0.2 && { mark: markOf(dice, bars) }),
    ...(dice.next() < 0.2 && { history: historyOf(dice, bars) }),
  };
}

function randomMarket(dice: Random, pick: <T>(values: readonly T[]) => T): Bars {
  const length = 200 + dice.below(400);
  const gaps = dice.next() < 0.3;
  if (dice.next() < 0.3) return provokingBars(dice.below(1e9), length, { interval: pick(["15", "60"]), gaps });
  const interval = pick(["5", "60", "D"] as const);
  const deviation = pick([0.004, 0.01, 0.03]);
  return onGrid(randomBars(dice, { length, interval, deviation, missing: gaps ? 0.02 : 0, idle: pick([0, 0, 0.1]) }));
}

/** The bars on the instrument's price grid, as an exchange would show them. */
function onGrid(bars: Bars): Bars {
  const column = (values: Float64Array) => values.map((value) => TICK.value(Math.max(1, TICK.count(value, "nearest"))));
  const { symbol, interval, time, volume } = bars;
  const prices = { open: column(bars.open), high: column(bars.high), low: column(bars.low), close: column(bars.close) };
  return barsOf({ symbol, interval }, { time, volume, ...prices });
}

/** Mark prices near the last ones. */
function markOf(dice: Random, bars: Bars): Bars {
  const shift = bars.open.map(() => 1 + 0.002 * dice.normal());
  const column = (values: Float64Array) => values.map((value, i) => value * shift[i]!);
  const { symbol, interval, time, volume } = bars;
  const prices = { open: column(bars.open), high: column(bars.high), low: column(bars.low), close: column(bars.close) };
  return onGrid(barsOf({ symbol, interval }, { time, volume, ...prices }));
}

/** Bars before `bars`, which only warm up. */
function historyOf(dice: Random, bars: Bars): Bars {
  const before = onGrid(randomBars(dice, { length: 50 + dice.below(200), interval: bars.interval }));
  const shift = before.time[before.length - 1]! + bars.time[1]! - bars.time[0]! - bars.time[0]!;
  const { symbol, interval, open, high, low, close, volume } = before;
  return barsOf({ symbol, interval }, { time: before.time.map((at) => at - shift), open, high, low, close, volume });
}

function randomTrader(dice: Random, seed: number): Strategy {
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

/** Signals that come often: averages and extremes crossed, one side or both, left by another cross. */
function crossings({ close, ema, sma, highest, lowest, position }: Scope, dice: Random): Rules {
  const average = dice.next() < 0.5 ? ema(close, 2 + dice.below(20)) : sma(close, 2 + dice.below(20));
  const other = ema(close, 2 + dice.below(9));
  const high = close.atLeast(highest(close, 2 + dice.below(10)));
  const low = close.atMost(lowest(close, 2 + dice.below(10)));
  const any = [close.crossesAbove(average), close.crossesBelow(average), high, low, close.above(average)];
  const pick = () => any[dice.below(any.length)]!;
  const exits = [undefined, close.crossesBelow(other), close.crossesAbove(other), position.barsHeld.atLeast(3)];
  const exit = () => exits[dice.below(exits.length)];
  const chance = dice.next();
  return {
    enterLong: chance < 0.8 ? pick() : undefined,
    enterShort: chance > 0.2 ? pick() : undefined,
    exitLong: exit(),
    exitShort: exit(),
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
  const ahead = () =>
    [0.005 + 0.04 * dice.next(), scope.distance(atr(7).times(1 + dice.below(5))), scope.price(sma(close, 30))][
      dice.below(3)
    ];
  const maybe = <T>(make: () => T, chance: number) => (dice.next() < chance ? make() : undefined);
  return { stopLoss: maybe(behind, 0.5), takeProfit: maybe(ahead, 0.3), trailingStop: maybe(behind, 0.4) };
}
