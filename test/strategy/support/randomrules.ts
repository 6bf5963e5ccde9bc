import { type Random, random } from "../../../src/core/random.ts";
import { INDICATORS } from "../../../src/indicators/catalogue.ts";
import type { Indicator } from "../../../src/indicators/indicator.ts";
import type { Rules } from "../../../src/strategy/rules.ts";
import type { BarScope, Scope } from "../../../src/strategy/scope.ts";
import { type Condition, Series } from "../../../src/strategy/series.ts";
import { defineStrategy, type Strategy } from "../../../src/strategy/strategy.ts";

export interface RandomRulesOptions {
  /** Only what the fused loop can say. */
  readonly fusable?: boolean;
  /** Longer intervals to use; none unless told. */
  readonly higher?: readonly string[];
  /** Exits may read the position. */
  readonly position?: boolean;
}

/** A strategy of random rules; the same seed, the same rules. */
export function randomStrategy(seed: number, options: RandomRulesOptions = {}): Strategy {
  return defineStrategy({
    name: `random-${seed}`,
    params: {},
    rules: (scope) => randomRules(scope, random(seed), options),
  });
}

/** Random rules over `scope`. */
export function randomRules(scope: Scope, rng: Random, options: RandomRulesOptions): Rules {
  const pick = new Picker(scope, rng, options);
  const maybe = (rule: () => Condition) => (rng.next() < 0.6 ? rule() : undefined);
  const exit = () => (options.position && rng.next() < 0.5 ? pick.positionExit(scope) : pick.condition(3));
  const rules = {
    enterLong: pick.condition(4),
    exitLong: maybe(exit),
    enterShort: maybe(() => pick.condition(3)),
    exitShort: maybe(exit),
  };
  if (options.fusable) return { ...rules, stopLoss: rng.next() < 0.5 ? 0.02 : undefined };
  return {
    ...rules,
    stopLoss: rng.next() < 0.3 ? 0.01 : rng.next() < 0.5 ? scope.distance(pick.series(2)) : undefined,
    takeProfit: rng.next() < 0.3 ? scope.price(pick.series(2)) : undefined,
    size: rng.next() < 0.3 ? pick.series(2) : undefined,
  };
}

const FUSABLE = ["ema", "rma", "rsi", "sma", "atr"];

class Picker {
  private readonly scope: BarScope;
  private readonly rng: Random;
  private readonly options: RandomRulesOptions;
  private readonly indicators: readonly Indicator[];

  constructor(scope: BarScope, rng: Random, options: RandomRulesOptions) {
    this.scope = scope;
    this.rng = rng;
    this.options = options;
    this.indicators = options.fusable ? INDICATORS.filter(({ name }) => FUSABLE.includes(name)) : INDICATORS;
  }

  condition(depth: number): Condition {
    const { rng } = this;
    if (depth <= 1 || rng.next() < 0.35) return this.comparison(depth);
    const a = this.condition(depth - 1);
    const way = rng.below(this.options.fusable ? 5 : 7);
    if (way === 0) return a.and(this.condition(depth - 1));
    if (way === 1) return a.or(this.condition(depth - 1));
    if (way === 2) return a.xor(this.condition(depth - 1));
    if (way === 3) return a.not();
    if (way === 4) return a.lag(1 + rng.below(this.options.fusable ? 31 : 40));
    return way === 5 ? a.any(1 + rng.below(9)) : a.all(1 + rng.below(4));
  }

  /** An exit that mixes what columns know with what only the position knows. */
  positionExit({ position }: Scope): Condition {
    const { rng } = this;
    const own = [
      () => position.barsHeld.atLeast(1 + rng.below(30)),
      () => position.unrealizedFraction.below(rng.normal() / 100).not(),
      () => position.entryPrice.times(1.01).below(this.series(2)),
      () => this.scope.select(this.condition(1), position.barsHeld, 3).above(2),
    ];
    const asked = own[rng.below(own.length)]!();
    return [asked, asked.and(this.condition(2)), asked.or(this.condition(2)), asked.xor(this.condition(1))][
      rng.below(4)
    ]!;
  }

  series(depth: number): Series {
    const { rng, scope } = this;
    if (depth <= 0 || rng.next() < 0.15) return this.field();
    const way = rng.below(this.options.fusable ? 6 : 12);
    if (way <= 2) return this.indicator(depth);
    if (way === 3) return this.field().lag(1 + rng.below(5));
    if (way <= 5) return this.formula(depth);
    if (way === 6) return this.series(depth - 1).lag(rng.below(6));
    if (way === 7) return scope.select(this.condition(depth - 1), this.series(depth - 1), rng.below(50));
    if (way === 8) return scope.votes(this.condition(1), this.condition(1), this.condition(1));
    if (way === 9) return this.condition(depth - 1).barsSince();
    if (way === 10) return this.scan(depth);
    return this.higher();
  }

  private comparison(depth: number): Condition {
    const { rng } = this;
    const a = this.series(Math.min(2, depth));
    const b = rng.next() < 0.3 ? rng.below(120) : this.series(Math.min(2, depth));
    switch (rng.below(8)) {
      case 0:
        return a.crossesAbove(b);
      case 1:
        return a.crossesBelow(b);
      case 2:
        return a.atLeast(b);
      case 3:
        return a.atMost(b);
      case 4:
        return a.equals(b);
      case 5:
        return a.below(b);
      default:
        return a.above(b);
    }
  }

  private formula(depth: number): Series {
    const a = this.series(depth - 1);
    const b = this.rng.next() < 0.4 ? this.rng.below(9) : this.series(depth - 1);
    const ways = [
      a.plus(b),
      a.minus(b),
      a.times(b),
      a.dividedBy(b),
      a.min(b),
      a.max(b),
      a.abs(),
      a.neg(),
      a.abs().sqrt(),
    ];
    return ways[this.rng.below(ways.length)]!;
  }

  private field(): Series {
    const { open, high, low, close, volume, hlc3 } = this.scope;
    return [open, high, low, close, close, volume, hlc3][this.rng.below(7)]!;
  }

  private indicator(depth: number): Series {
    const { rng } = this;
    const spec = this.indicators[rng.below(this.indicators.length)]!;
    const numbers = spec.params.flatMap((param) => {
      if ("choices" in param) return [];
      return [param.integer ? param.min + rng.below(9) : param.default];
    });
    const words = spec.params.flatMap((param) =>
      "choices" in param ? [[param.name, param.choices[rng.below(param.choices.length)]!]] : [],
    );
    // a sum of blocks reads its source's column again, so the fused loop takes it over bar fields only
    const over = this.options.fusable && spec.name === "sma" ? this.column() : this.series(depth - 1);
    const source = spec.over === "series" ? [over] : [];
    const make = this.scope[spec.name as "rsi"] as (...args: unknown[]) => unknown;
    try {
      const made = make(...source, ...numbers, Object.fromEntries(words));
      if (made instanceof Series) return made;
      const outputs = Object.values(made as Record<string, Series>);
      return outputs[rng.below(outputs.length)]!;
    } catch {
      return this.field(); // settings that do not go together, or a source that became a constant
    }
  }

  private column(): Series {
    const { high, low, close } = this.scope;
    return [high, low, close][this.rng.below(3)]!;
  }

  private scan(depth: number): Series {
    const factor = 0.5 + this.rng.next() / 2;
    const initial = { level: 0, bars: 0 };
    return this.scope.scan({
      initial,
      of: { x: this.series(depth - 1), go: this.condition(1) },
      step: (state, bar) => {
        state.level = factor * state.level + (bar.go ? bar.x : bar.close);
        state.bars++;
        return state;
      },
      value: (state) => (state.bars % 11 === 7 ? NaN : state.level),
      warmup: this.rng.below(3),
    });
  }

  private higher(): Series {
    const { higher = [] } = this.options;
    if (higher.length === 0 || !("on" in this.scope)) return this.field();
    const interval = higher[this.rng.below(higher.length)]!;
    const inner = (scope: BarScope) => new Picker(scope, this.rng, { ...this.options, higher: [] });
    const scope = this.scope as Scope;
    if (this.rng.next() < 0.5) return scope.on(interval, (bars) => inner(bars).condition(2)).asNumber();
    return scope.on(interval, (bars) => inner(bars).series(2));
  }
}
