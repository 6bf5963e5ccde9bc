import { describe, expect, it } from "vitest";
import { categorical, float, int } from "../../../src/optimize/distribution.ts";
import { randomSampler } from "../../../src/optimize/samplers/random.ts";
import { createStudy } from "../../../src/optimize/study.ts";
import { samplerContract } from "../../support/sampler-contract.ts";
import { TEST_FUNCTIONS } from "../test-functions.ts";

samplerContract(randomSampler, { kind: "any", conditional: true });

describe("random", () => {
  const space = { n: int(1, 4), c: categorical(["a", "b"]), x: float(0, 10), log: float(0.001, 1000, { log: true }) };
  const trials = createStudy({ name: "r", direction: "minimize", sampler: randomSampler(), space }).askBatch(4000);
  const share = (holds: (p: Record<string, unknown>) => boolean) => trials.filter((t) => holds(t.params)).length / 4000;

  it("draws every value alike, and logarithms evenly", () => {
    for (const n of [1, 2, 3, 4]) expect(share((p) => p.n === n)).toBeCloseTo(0.25, 1.5);
    expect(share((p) => p.c === "a")).toBeCloseTo(0.5, 1.5);
    expect(share((p) => (p.x as number) < 2.5)).toBeCloseTo(0.25, 1.5);
    expect(share((p) => (p.log as number) < 1)).toBeCloseTo(0.5, 1.5);
  });

  it("finds on branin after 200 trials what chance finds", () => {
    const branin = TEST_FUNCTIONS.find((f) => f.name === "branin")!;
    const bests = Array.from({ length: 400 }, (_, seed) => {
      const study = createStudy({
        name: "r",
        direction: "minimize",
        sampler: randomSampler(),
        space: branin.space,
        seed,
      });
      const values = study.askBatch(200).map(({ params }) => branin.at([params.x0 as number, params.x1 as number]));
      return Math.min(...values) - branin.optimum;
    });
    const median = bests.sort((a, b) => a - b)[200]!;
    expect(median).toBeGreaterThan(0.14); // 0.177 in 20,000 runs of numpy's generator
    expect(median).toBeLessThan(0.22);
  });

  it("asks other sets for another seed", () => {
    const other = createStudy({ name: "r", direction: "minimize", sampler: randomSampler(), space, seed: 2 });
    expect(other.ask().params).not.toEqual(trials[0]!.params);
  });
});
