import { describe, expect, it } from "vitest";
import { categorical, float, int, type ParamValue } from "../../src/optimize/distribution.ts";
import { parameterImportance } from "../../src/optimize/importance.ts";
import { gridSampler } from "../../src/optimize/samplers/grid.ts";
import { randomSampler } from "../../src/optimize/samplers/random.ts";
import type { SamplerSpec } from "../../src/optimize/samplers/sampler.ts";
import { tpeSampler } from "../../src/optimize/samplers/tpe.ts";
import type { Params } from "../../src/optimize/space.ts";
import { createStudy } from "../../src/optimize/study.ts";

const SPACE = {
  a: float(0, 1),
  b: float(0, 1),
  k: categorical(["x", "y", "z"]),
  n: int(1, 10),
  l: float(0.001, 1, { log: true }),
};

function trials(
  count: number,
  value: (p: Record<string, ParamValue>) => number,
  sampler: SamplerSpec = randomSampler(),
) {
  const study = createStudy({ name: "i", direction: "minimize", sampler, space: SPACE });
  for (let k = 0; k < count; k++) {
    const trial = study.ask();
    study.tell(trial, value(trial.params as Params));
  }
  return study.trials;
}

const sum = (shares: Record<string, number>) => Object.values(shares).reduce((a, b) => a + b, 0);

describe("parameter importance", () => {
  it("finds the analysis of variance of a sum, most important first", () => {
    // Variances: (3a) 9/12, (b) 1/12, (k) 2/9, (n / 20) 8.25/400, (l) 0; together 1.07622.
    const value = (p: Params) => 3 * (p.a as number) + (p.b as number) + (p.k === "y" ? 1 : 0) + (p.n as number) / 20;
    const shares = parameterImportance(trials(1000, value))!;
    expect(Object.keys(shares).slice(0, 3)).toEqual(["a", "k", "b"]);
    const byHand = { a: 0.6969, k: 0.2065, b: 0.0774, n: 0.0192, l: 0 };
    for (const [name, share] of Object.entries(byHand)) expect(Math.abs(shares[name]! - share)).toBeLessThan(0.03);
    expect(sum(shares)).toBeCloseTo(1, 12);
  });

  it("is exact where the trees can be", () => {
    const choices = { a: categorical(["x", "y", "z"]), b: categorical([true, false]), twelve: int(1, 12) };
    const study = createStudy({ name: "i", direction: "minimize", sampler: gridSampler(), space: choices });
    const value = (p: Params) => (p.a === "y" ? 3 : 0) + (p.b ? 2 : 0); // variances 2 and 1
    study.tellBatch(study.askBatch(72).map((trial) => [trial, value(trial.params)]));
    const shares = parameterImportance(study.trials)!;
    expect(shares.a).toBeCloseTo(2 / 3, 9);
    expect(shares.b).toBeCloseTo(1 / 3, 9);
    expect(shares.twelve).toBeCloseTo(0, 9);
  });

  it("finds the one parameter that matters, also where it is curved, logarithmic or a choice", () => {
    const ways: [string, (p: Params) => number][] = [
      ["b", (p) => ((p.b as number) - 0.5) ** 2],
      ["l", (p) => Math.sin(Math.log(p.l as number))],
      ["k", (p) => (p.k === "y" ? -1e9 : 0)],
      ["n", (p) => ((p.n as number) % 2) * 1e-9],
    ];
    for (const [name, value] of ways) {
      const shares = parameterImportance(trials(300, value))!;
      expect(Object.keys(shares)[0]).toBe(name);
      expect(shares[name]).toBeGreaterThan(0.9);
    }
  });

  it("finds it among the trials of a search, which are not spread evenly", () => {
    const value = (p: Params) => 10 * ((p.a as number) - 0.8) ** 2 + ((p.b as number) - 0.2) ** 2;
    const shares = parameterImportance(trials(200, value, tpeSampler()))!;
    expect(shares.a).toBeGreaterThan(0.8);
  });

  it("takes less than a second for a thousand trials", () => {
    const many = trials(1000, (p) => Math.sin(9 * (p.a as number)) * (p.b as number));
    const started = performance.now();
    parameterImportance(many);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it("is the same for the same seed", () => {
    const some = trials(60, (p) => p.a as number);
    expect(parameterImportance(some, { seed: 4 })).toEqual(parameterImportance(some, { seed: 4 }));
  });

  it("is null where it is not defined", () => {
    expect(parameterImportance([])).toBeNull();
    expect(parameterImportance(trials(9, (p) => p.a as number))).toBeNull();
    expect(parameterImportance(trials(50, () => 3))).toBeNull();
  });

  it("leaves out parameters that are not in every trial", () => {
    const study = createStudy({ name: "c", direction: "minimize", sampler: randomSampler() });
    for (let k = 0; k < 40; k++) {
      const trial = study.ask();
      const x = trial.suggestFloat("x", 0, 1);
      if (x > 0.5) trial.suggestInt("only", 1, 3);
      study.tell(trial, x);
    }
    expect(parameterImportance(study.trials)).toEqual({ x: 1 });
  });
});
