import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tpeSampler } from "../../src/optimize/samplers/tpe.ts";
import { createStudy } from "../../src/optimize/study.ts";
import { TEST_FUNCTIONS } from "./test-functions.ts";

interface Row {
  readonly sampler: string;
  readonly function: string;
  readonly optimum: number;
  readonly best100: readonly [number, number, number];
}
const file = join(import.meta.dirname, "../golden/optuna_quality.json");
const { table } = JSON.parse(readFileSync(file, "utf8")) as { table: readonly Row[] };

/** Median regret of TPE after 100 trials over nine seeds. */
function medianRegret(name: string, multivariate: boolean): number {
  const f = TEST_FUNCTIONS.find((each) => each.name === name)!;
  const regrets = Array.from({ length: 9 }, (_, k) => {
    const sampler = tpeSampler({ multivariate });
    const study = createStudy({ name, direction: "minimize", sampler, seed: 2000 + k, space: f.space });
    for (let n = 0; n < 100; n++) {
      const trial = study.ask();
      study.tell(trial, f.at(Object.values(trial.params) as number[]));
    }
    return study.bestTrial!.values![0]! - f.optimum;
  });
  return regrets.sort((a, b) => a - b)[4]!;
}

describe("quality after 100 trials (the bench holds more seeds, 200 trials and intervals)", () => {
  it.each(["tpe", "tpe_univariate"])(
    "%s is on average better than Optuna's, and nowhere beyond its upper quartile",
    (name) => {
      const logRatios = TEST_FUNCTIONS.map((f) => {
        const row = table.find((each) => each.sampler === name && each.function === f.name)!;
        const ours = medianRegret(f.name, name === "tpe");
        const [, theirs, upper] = row.best100.map((best) => best - row.optimum) as [number, number, number];
        expect(ours, f.name).toBeLessThan(upper);
        return Math.log(ours / theirs);
      });
      const mean = logRatios.reduce((a, b) => a + b, 0) / logRatios.length;
      expect(Math.exp(mean)).toBeLessThan(0.9);
    },
  );

  it("knows the optima of the test functions", () => {
    const best: Record<string, number[]> = {
      sphere5: [0, 0, 0, 0, 0],
      rosenbrock2: [1, 1],
      rosenbrock5: [1, 1, 1, 1, 1],
      hartmann6: [0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573],
      branin: [Math.PI, 2.275],
      ackley5: [0, 0, 0, 0, 0],
    };
    for (const f of TEST_FUNCTIONS) expect(Math.abs(f.at(best[f.name]!) - f.optimum)).toBeLessThan(1e-5);
  });
});
