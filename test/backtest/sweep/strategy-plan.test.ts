import { describe, expect, it } from "vitest";
import { strategyPlan } from "../../../src/backtest/sweep/strategy-plan.ts";
import type { SweepInput } from "../../../src/backtest/sweep/sweepable.ts";
import { random } from "../../../src/core/random.ts";
import { choice, int } from "../../../src/strategy/param.ts";
import type { Rules } from "../../../src/strategy/rules.ts";
import type { Scope } from "../../../src/strategy/scope.ts";
import { defineStrategy } from "../../../src/strategy/strategy.ts";
import { randomBars, randomFunding, splitBars, testInstrument } from "../../support/random-market.ts";
import { rsiEma } from "../../support/rsi-ema.ts";

const bars = randomBars(random(1), { length: 100 });
const reason = (input: Partial<SweepInput>, metrics: Parameters<typeof strategyPlan>[1] = ["sharpe"]) => {
  const made = strategyPlan({ strategy: rsiEma, bars, ...input }, metrics);
  if (!made.ok) return `not swept: ${made.reason}`;
  return made.plan.rows.ok ? null : made.plan.rows.reason;
};
const rules = (of: (series: Scope, p: { period: number }) => Rules, max = 9) => ({
  strategy: defineStrategy({ name: "own", params: { period: int(5, { min: 2, max }) }, rules: of }),
});

const enterLong = ({ close, rsi }: Scope, period: number) => rsi(close, period).below(30);

describe("strategyPlan", () => {
  it("finds no sums under settings where a position is not all of the equity until a signal", () => {
    expect(reason({})).toBeNull();
    expect(reason({ settings: { fill: "close", side: "long", slippageBps: 3, makerFeeRate: 0 } })).toBeNull();
    expect(reason({ settings: { sizing: { kind: "fraction", fraction: 1 } } })).toMatch(/all-in/);
    expect(reason({ settings: { leverage: 2 } })).toMatch(/leverage/);
    expect(reason({ settings: { leverage: 0.5 } })).toMatch(/leverage/);
    expect(reason({ settings: { side: "short" } })).toMatch(/short/);
    expect(reason({ settings: { stopLoss: 0.1 } })).toMatch(/stop/);
    expect(reason({ settings: { takeProfit: 0.1 } })).toMatch(/profit/);
    expect(reason({ settings: { trailingStop: 0.1 } })).toMatch(/stop/);
    expect(reason({ settings: { participation: 0.1 } })).toMatch(/volume/);
  });

  it("finds none on markets that round, charge or liquidate", () => {
    const funding = randomFunding(random(1), bars, 8 * 3_600_000);
    expect(reason({ funding })).toMatch(/funding/);
    expect(reason({ funding, settings: { funding: false } })).toBeNull();
    expect(reason({ instrument: testInstrument() })).toMatch(/instrument/);
    expect(reason({ mark: bars })).toMatch(/mark/);
    expect(reason({ detail: splitBars(random(2), bars, "30", 2) })).toMatch(/^detail/);
  });

  it("finds none for metrics that need the curve", () => {
    expect(reason({}, ["calmar", "sortino", "profitFactor", "maxDrawdown"])).toBeNull();
    expect(reason({}, ["sharpe", "sharpeDaily"])).toMatch(/equity curve/);
    expect(reason({}, ["maxDrawdownDurationMs"])).toMatch(/equity curve/);
    expect(reason({}, ["largestWin"])).toMatch(/equity curve/);
  });

  it("finds none for rules with more than signals of long positions", () => {
    expect(reason(rules((s, p) => ({ enterLong: enterLong(s, p.period) })))).toBeNull();
    for (const more of [
      (s: Scope) => ({ enterShort: s.close.above(1) }),
      () => ({ stopLoss: 0.1 }),
      (s: Scope) => ({ size: s.close }),
    ]) {
      expect(reason(rules((s, p) => ({ enterLong: enterLong(s, p.period), ...more(s) })))).toMatch(
        /^its rules say more/,
      );
    }
  });

  it("leaves to whole backtests what shares nothing, or is wrong", () => {
    const left = (input: Partial<SweepInput>) => expect(reason(input));
    left(rules((s, p) => ({ enterLong: enterLong(s, p.period * 2) }))).toMatch(/^not swept: .*plain JavaScript/);
    const asks = rules((s, p) => ({ enterLong: enterLong(s, p.period), exitLong: s.position.barsHeld.above(3) }));
    left(asks).toMatch(/^not swept: its rules look at the position/);
    left({ history: bars }).toMatch(/^not swept: history/);
    left({ history: null }).toBeNull();
    left({ detail: bars }).toMatch(/^not swept: detail bars must be shorter/);
    left({ instrument: testInstrument({ category: "inverse" }) }).toMatch(/^not swept: .*inverse/);
  });

  it("sorts sets by their words, and leaves out those the strategy refuses", () => {
    const strategy = defineStrategy({
      name: "words",
      params: { kind: choice(["a", "b"]), period: int(5, { min: 2, max: 9 }) },
      rules: ({ close, rsi, ema }, p) => ({
        enterLong: p.kind === "a" ? rsi(close, p.period).below(30) : close.above(ema(close, p.period)),
      }),
    });
    const made = strategyPlan({ strategy, bars }, ["sharpe"]);
    if (!made.ok) throw new Error(made.reason);
    const shares = made.plan.shares([{ kind: "b", period: 3 }, { kind: "a" }, { period: 99 }, { kind: "b" }]);
    expect(shares.map(({ plan, members }) => [plan, members])).toEqual([
      [0, [1]],
      [1, [0, 3]],
    ]);
    expect([...shares[1]!.table.columns.period!]).toEqual([3, 5]);
  });

  it("sweeps nothing any more once the rules were seen to branch on a number", () => {
    const made = strategyPlan(
      {
        bars,
        ...rules((s, p) => ({ enterLong: p.period === 77 ? s.close.above(3) : enterLong(s, p.period) }), 1000),
      },
      ["sharpe"],
    );
    if (!made.ok) throw new Error(made.reason);
    expect(made.plan.shares([{ period: 5 }])).toHaveLength(1);
    expect(made.plan.shares([{ period: 77 }])).toEqual([]);
    expect(made.plan.shares([{ period: 5 }])).toEqual([]);
  });
});
