import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bits, hasBit } from "../../src/core/bits.ts";
import { type Random, random } from "../../src/core/random.ts";
import { STRATEGIES } from "../../src/strategies/registry.ts";
import { ColumnCache } from "../../src/strategy/cache.ts";
import { signalsOf } from "../../src/strategy/evaluate.ts";
import { graphOf } from "../../src/strategy/graph.ts";
import { bool, choice, float, int, type ParamSpecs, type ParamValue } from "../../src/strategy/param.ts";
import { SIGNALS } from "../../src/strategy/rules.ts";
import { defineStrategy, type Strategy } from "../../src/strategy/strategy.ts";
import { bitsOf, combineOf, numbersOf } from "../../src/strategy/sweep.ts";
import { type Template, templateOf } from "../../src/strategy/template.ts";
import { provokingBars } from "./support/bars.ts";

function templateFor(strategy: Strategy): Template {
  const result = templateOf(strategy);
  if (!result.ok) throw new Error(result.reason);
  return result.template;
}

function randomSet(specs: ParamSpecs, rng: Random): Record<string, ParamValue> {
  const values = Object.entries(specs).map(([name, spec]): [string, ParamValue] => {
    if (spec.kind === "bool") return [name, rng.next() < 0.5];
    if (spec.kind === "choice") return [name, spec.choices[rng.below(spec.choices.length)]!];
    const value = spec.min + rng.next() * (spec.max - spec.min);
    return [name, spec.kind === "int" ? Math.round(value) : value];
  });
  return Object.fromEntries(values);
}

const all = defineStrategy({
  name: "all-kinds",
  params: {
    n: int(5, { min: 2, max: 9 }),
    back: int(1, { min: 0, max: 4 }),
    window: int(3, { min: 1, max: 6 }),
    level: float(50, { min: 20, max: 80 }),
    fast: int(9, { min: 2, max: 12 }),
    seed: choice(["sma", "first"]),
    short: bool(true),
    stop: float(0.02, { min: 0.01, max: 0.05 }),
    wide: float(2, { min: 1, max: 3 }),
  },
  rules: ({ close, low, rsi, ema, bbands, atr, on, distance }, p) => ({
    enterLong: rsi(close, p.n)
      .lag(p.back)
      .below(p.level)
      .any(p.window)
      .and(close.above(ema(close, p.fast, { seed: p.seed })).not()),
    exitLong: close
      .crossesAbove(bbands(close, 9, p.wide).upper)
      .or(on("60", (hour) => hour.close.above(hour.ema(hour.close, p.fast)))),
    enterShort: p.short
      ? rsi(close, p.n)
          .above(p.level)
          .xor(low.above(low.lag(p.back)))
      : undefined,
    stopLoss: p.stop,
    takeProfit: distance(atr(p.n).times(p.wide)),
  }),
});

describe("template", () => {
  it.each([...STRATEGIES, all].map((strategy) => [strategy.name, strategy] as const))(
    "of %s is the graph its rules build, for every set",
    (_, strategy) => {
      const template = templateFor(strategy);
      fc.assert(
        fc.property(fc.integer(), (seed) => {
          const values = randomSet(strategy.params, random(seed));
          const row = template.encode(values);
          expect(template.variantAt(row).graph(row).hash).toBe(graphOf(strategy, values).hash);
        }),
        { numRuns: 40 },
      );
    },
  );

  it("gives the bits of signalsOf from its leaves, one column per setting of the parameters a leaf reads", () => {
    const bars = provokingBars("template", 700);
    const template = templateFor(all);
    const cache = new ColumnCache();
    const columns = new Map<string, ReturnType<typeof bitsOf>>();
    for (let seed = 0; seed < 40; seed++) {
      const values = randomSet(all.params, random(seed));
      const plain = signalsOf(all, values, bars);
      const row = template.encode(values);
      const variant = template.variantAt(row);
      const leaves = variant.leaves.map((leaf, k) => {
        const key = `${values.seed} ${values.short} ${k} ${leaf.key(row)}`;
        const column = columns.get(key) ?? bitsOf(leaf.node(row), bars, cache);
        columns.set(key, column);
        return column;
      });
      const level = variant.graph(row).levels.takeProfit;
      if (level?.kind !== "distance") throw new Error("a distance was expected");
      const atr = numbersOf(level.node, bars, cache);
      expect(Math.max(atr.warmup, ...leaves.map((leaf) => leaf.warmup))).toBe(plain.warmup);
      for (const name of SIGNALS) {
        const expression = variant.signals[name];
        expect(expression === undefined).toBe(plain[name] === undefined);
        if (!expression) continue;
        const out = bits(bars.length);
        combineOf(expression)(
          leaves.map((leaf) => leaf.bits),
          out,
          0,
          out.length,
        );
        for (let i = plain.warmup; i < bars.length; i++) {
          if (hasBit(out, i) !== hasBit(plain[name] as Uint32Array, i)) expect.fail(`${name} differs on bar ${i}`);
        }
      }
    }
  });

  it("tells what each leaf compares and which parameters it reads", () => {
    const [variant] = templateFor(STRATEGIES[0]!).variants;
    expect(variant!.leaves.map((leaf) => [...leaf.params].sort())).toEqual([
      ["oversold", "rsiPeriod"],
      ["emaPeriod"],
      ["overbought", "rsiPeriod"],
    ]);
    expect(variant!.leaves[2]!.comparison).toMatchObject({
      relation: "gt",
      left: { kind: "column", params: ["rsiPeriod"] },
      right: { kind: "param", param: "overbought" },
    });
    expect(variant!.signals).toEqual({
      enterLong: { op: "and", a: { op: "leaf", leaf: 0 }, b: { op: "leaf", leaf: 1 } },
      exitLong: { op: "leaf", leaf: 2 },
    });
  });

  it("gives leaves equal keys exactly where their parameters are equal", () => {
    const template = templateFor(all);
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (s, t) => {
        const [a, b] = [randomSet(all.params, random(s)), randomSet(all.params, random(t))];
        const mixed = { ...b, n: a.n!, back: a.back!, seed: a.seed!, short: a.short! };
        const [x, y] = [template.encode(a), template.encode(mixed)];
        for (const leaf of template.variantAt(x).leaves) {
          const equal = leaf.params.every((name) => a[name] === Reflect.get(mixed, name));
          expect(leaf.key(x) === leaf.key(y)).toBe(equal);
        }
      }),
    );
  });

  it("keeps exits that read the position apart", () => {
    const bollinger = STRATEGIES.find(({ name }) => name === "bollinger-reversion")!;
    const [both] = templateFor(bollinger).variants;
    expect(both!.asksPosition).toEqual(["exitLong", "exitShort"]);
    expect(Object.keys(both!.signals)).toEqual(["enterLong", "enterShort"]);
  });

  it.each([
    ["computes with a parameter", (n: number) => n * 2, /compute with p\.n/],
    ["compares a parameter", (n: number) => (n > 5 ? 3 : 4), /compute with p\.n/],
    ["branches on an exact value", (n: number) => (n === 5 ? 3 : n), /branch on a number/],
  ])("has none where a rule %s", (_, period, reason) => {
    const strategy = defineStrategy({
      name: "none",
      params: { n: int(5, { min: 2, max: 9 }) },
      rules: ({ close, rsi }, p) => ({ enterLong: rsi(close, period(p.n)).below(30) }),
    });
    expect(templateOf(strategy)).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });

  it("has none where a scan may hide a parameter, or words have too many settings", () => {
    const scans = defineStrategy({
      name: "scans",
      params: { k: float(0.5, { min: 0, max: 1 }) },
      rules: ({ scan }, p) => ({ enterLong: scan({ initial: 0, step: (s, bar) => s * p.k + bar.close }).above(1) }),
    });
    expect(templateOf(scans)).toEqual({ ok: false, reason: "it uses scan" });
    const words = defineStrategy({
      name: "words",
      params: { a: choice([1, 2, 3, 4, 5, 6, 7, 8, 9]), b: choice([1, 2, 3, 4, 5, 6, 7, 8, 9]) },
      rules: ({ close }, p) => ({ enterLong: close.above(p.a + p.b) }),
    });
    expect(templateOf(words)).toEqual({ ok: false, reason: "81 settings of its words and switches" });
  });
});
