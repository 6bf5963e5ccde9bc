import { describe, expect, it } from "vitest";
import { categorical, float, int } from "../../../src/optimize/distribution.ts";
import { randomSampler } from "../../../src/optimize/samplers/random.ts";
import type { SamplerSpec } from "../../../src/optimize/samplers/sampler.ts";
import { type TpeOptions, tpeSampler } from "../../../src/optimize/samplers/tpe.ts";
import type { Params, Space } from "../../../src/optimize/space.ts";
import { createStudy } from "../../../src/optimize/study.ts";
import { samplerContract } from "../../support/sampler-contract.ts";

samplerContract(() => tpeSampler({ startupTrials: 4 }), { kind: "any", conditional: true });
samplerContract(() => tpeSampler({ startupTrials: 4, multivariate: false }), { kind: "any", conditional: true });
samplerContract(() => tpeSampler({ startupTrials: 4, group: false }), { kind: "any", conditional: true });

const study = (space: Space | undefined, options: TpeOptions = {}, seed = 1) =>
  createStudy({ name: "t", direction: "minimize", sampler: tpeSampler(options), seed, ...(space ? { space } : {}) });

/** Best of `count` trials, the median over five seeds. */
function medianBest(sampler: SamplerSpec, space: Space, count: number, value: (params: Params) => number): number {
  const bests = [11, 12, 13, 14, 15].map((seed) => {
    const one = createStudy({ name: "t", direction: "minimize", sampler, seed, space });
    for (let k = 0; k < count; k++) {
      const trial = one.ask();
      one.tell(trial, value(trial.params));
    }
    return one.bestTrial!.values![0]!;
  });
  return bests.sort((a, b) => a - b)[2]!;
}

describe("tpe", () => {
  it("draws its first trials as the random sampler's kind would, then models", () => {
    const space = { x: float(0, 1) };
    const one = study(space);
    for (let k = 0; k < 10; k++) one.tell(one.ask(), k === 4 ? 0 : 1);
    const spot = one.bestTrial!.params.x as number;
    const after = Array.from({ length: 10 }, () => {
      const trial = one.ask();
      one.tell(trial, Math.abs((trial.params.x as number) - spot));
      return trial.params.x as number;
    });
    expect(after.filter((x) => Math.abs(x - spot) < 0.2).length).toBeGreaterThanOrEqual(7);
  });

  it("beats chance on every kind of parameter together", () => {
    const space = {
      n: int(1, 100),
      k: int(1, 1000, { log: true }),
      x: float(-5, 5),
      s: float(0, 1, { step: 0.05 }),
      l: float(1e-5, 1, { log: true }),
      c: categorical(["a", "b", "c", "d", "e", "f"]),
    };
    const off = (value: unknown, best: number, range: number) => Math.abs((value as number) - best) / range;
    const value = (p: Params) =>
      off(p.n, 37, 100) +
      off(Math.log(p.k as number), Math.log(50), 7) +
      off(p.x, 1, 10) +
      off(p.s, 0.7, 1) +
      off(Math.log(p.l as number), Math.log(1e-3), 11) +
      (p.c === "e" ? 0 : 0.5);
    const chance = medianBest(randomSampler(), space, 150, value);
    expect(medianBest(tpeSampler(), space, 150, value)).toBeLessThan(chance / 3);
    expect(medianBest(tpeSampler({ multivariate: false }), space, 150, value)).toBeLessThan(chance / 2);
  });

  it("does not ask for the same point of a finite space while there are others to find", () => {
    const one = study({ a: int(0, 19), b: int(0, 19) }, {}, 4);
    for (let k = 0; k < 150; k++) {
      const trial = one.ask();
      one.tell(trial, ((trial.params.a as number) - 7) ** 2 + ((trial.params.b as number) - 13) ** 2);
    }
    const distinct = new Set(one.trials.slice(10).map((trial) => JSON.stringify(trial.params)));
    expect(distinct.size).toBeGreaterThanOrEqual(135);
    expect(one.bestTrial!.values).toEqual([0]);
  });

  it("ranks what violates constraints behind all that is feasible", () => {
    const one = study({ x: float(0, 1) }, {}, 2);
    for (let k = 0; k < 80; k++) {
      const trial = one.ask();
      const x = trial.params.x as number;
      one.tell(trial, { value: x, constraints: [0.6 - x] }); // lower is better, but allowed from 0.6 only
    }
    const late = one.trials.slice(40).map((trial) => trial.params.x as number);
    expect(late.filter((x) => x > 0.5 && x < 0.75).length).toBeGreaterThan(25);
    expect(one.bestTrial!.params.x).toBeGreaterThanOrEqual(0.6);
    expect(one.bestTrial!.params.x).toBeLessThan(0.61);
  });

  it("heads for less violation while nothing is feasible", () => {
    const one = study({ x: float(0, 1) }, {}, 3);
    for (let k = 0; k < 60; k++) {
      const trial = one.ask();
      one.tell(trial, { value: 0, constraints: [2 - (trial.params.x as number)] });
    }
    const late = one.trials.slice(40).map((trial) => trial.params.x as number);
    expect(late.filter((x) => x > 0.9).length).toBeGreaterThan(12);
    expect(one.bestTrial).toBeNull();
  });

  it("spreads the trials of a batch by taking running ones for bad", () => {
    const nearest = (constantLiar: boolean) => {
      let sum = 0;
      for (let seed = 0; seed < 10; seed++) {
        const one = study({ x: float(0, 1), y: float(0, 1) }, { constantLiar }, seed);
        for (let k = 0; k < 30; k++) {
          const trial = one.ask();
          one.tell(trial, ((trial.params.x as number) - 0.3) ** 2 + ((trial.params.y as number) - 0.6) ** 2);
        }
        const points = one.askBatch(12).map(({ params }) => [params.x as number, params.y as number] as const);
        for (const [x, y] of points) {
          const others = points.filter((point) => point[0] !== x);
          sum += Math.min(...others.map((point) => Math.hypot(point[0] - x, point[1] - y)));
        }
      }
      return sum / 120;
    };
    expect(nearest(true)).toBeGreaterThan(1.3 * nearest(false));
  });

  it("learns each branch of a conditional space on its own", () => {
    const one = study(undefined, {}, 6);
    for (let k = 0; k < 150; k++) {
      const trial = one.ask();
      const near = (value: number, at: number) => (value - at) ** 2;
      if (trial.suggestCategorical("kind", ["left", "right"]) === "left") {
        one.tell(trial, 0.05 + near(trial.suggestFloat("a", 0, 1), 0.2) + near(trial.suggestFloat("b", 0, 1), 0.8));
      } else one.tell(trial, near(trial.suggestFloat("c", 0, 1), 0.5) + near(trial.suggestFloat("d", 0, 1), 0.1));
    }
    const best = one.bestTrial!;
    expect(best.params.kind).toBe("right");
    expect(best.values![0]).toBeLessThan(0.002);
    expect(one.trials.slice(75).filter((trial) => trial.params.kind === "right").length).toBeGreaterThan(45);
  });

  it("uses the trials of a wider range that lie in the one asked for", () => {
    const one = study(undefined, {}, 8);
    for (let k = 0; k < 40; k++) {
      const trial = one.ask();
      one.tell(trial, Math.abs(trial.suggestFloat("x", 0, 10) - 4));
    }
    const narrow = Array.from({ length: 12 }, () => {
      const trial = one.ask();
      const x = trial.suggestFloat("x", 3, 9);
      one.tell(trial, Math.abs(x - 4));
      return x;
    });
    expect(narrow.every((x) => x >= 3 && x <= 9)).toBe(true);
    expect(narrow.filter((x) => Math.abs(x - 4) < 1).length).toBeGreaterThan(8);
  });

  it("survives equal values, one-valued parameters and an empty space", () => {
    const one = study({ x: float(2, 2), n: int(3, 3), c: categorical(["only"]), y: float(0, 1) });
    for (let k = 0; k < 40; k++) one.tell(one.ask(), 1);
    expect(one.trials[39]!.params).toMatchObject({ x: 2, n: 3, c: "only" });
    const none = study({});
    for (let k = 0; k < 15; k++) none.tell(none.ask(), k);
    expect(none.trials[14]!.params).toEqual({});
  });

  it("survives more parameters than a product of densities has room for", () => {
    const space = Object.fromEntries(Array.from({ length: 250 }, (_, k) => [`x${k}`, float(0, 1)]));
    const one = study(space);
    for (let k = 0; k < 30; k++) one.tell(one.ask(), k);
    expect(Object.values(one.trials[29]!.params).every((x) => (x as number) >= 0 && (x as number) <= 1)).toBe(true);
  });

  it("survives values as large and as small as numbers get", () => {
    const one = study({ x: float(0, 1) });
    for (let k = 0; k < 60; k++)
      one.tell(one.ask(), k % 3 === 0 ? Number.MAX_VALUE : k % 3 === 1 ? -Number.MAX_VALUE : 5e-324);
    expect(one.trials.every((trial) => Number.isFinite(trial.params.x))).toBe(true);
  });

  it.each([[{ startupTrials: 0 }], [{ candidates: 1.5 }], [{ priorWeight: 0 }], [{ priorWeight: Infinity }]])(
    "refuses %j",
    (options) => {
      expect(() => tpeSampler(options)).toThrow(expect.objectContaining({ code: "TPE_OPTION" }));
    },
  );

  it("refuses a study of several objectives before anything is stored", () => {
    expect(() => createStudy({ name: "m", directions: ["minimize", "maximize"] })).toThrow(
      expect.objectContaining({ code: "DIRECTIONS" }),
    );
  });
});
