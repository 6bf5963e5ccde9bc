import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  categorical,
  contains,
  type Distribution,
  float,
  int,
  type ParamValue,
} from "../../src/optimize/distribution.ts";
import type { SamplerSpec } from "../../src/optimize/samplers/sampler.ts";
import type { Params, Space } from "../../src/optimize/space.ts";
import { memoryStorage } from "../../src/optimize/storages/memory.ts";
import { sqliteStorage } from "../../src/optimize/storages/sqlite.ts";
import type { Storage } from "../../src/optimize/storages/storage.ts";
import { createStudy, type Study } from "../../src/optimize/study.ts";
import type { Trial } from "../../src/optimize/suggest.ts";
import type { Outcome } from "../../src/optimize/trial.ts";

const finiteDistribution: fc.Arbitrary<Distribution> = fc.oneof(
  fc
    .record({
      min: fc.integer({ min: -50, max: 50 }),
      width: fc.integer({ min: 0, max: 30 }),
      step: fc.integer({ min: 1, max: 7 }),
    })
    .map(({ min, width, step }) => int(min, min + width, { step })),
  fc
    .record({ min: fc.integer({ min: 1, max: 20 }), width: fc.integer({ min: 0, max: 60 }) })
    .map(({ min, width }) => int(min, min + width, { log: true })),
  fc
    .record({
      min: fc.integer({ min: -30, max: 30 }),
      steps: fc.integer({ min: 0, max: 20 }),
      step: fc.constantFrom(0.1, 0.05, 0.3, 2.5),
    })
    .map(({ min, steps, step }) => float(min / 10, min / 10 + steps * step, { step })),
  fc
    .uniqueArray(fc.oneof(fc.integer(), fc.string({ maxLength: 4 }), fc.boolean(), fc.constant(null)), {
      minLength: 1,
      maxLength: 5,
    })
    .map((choices) => categorical(choices)),
);
const realDistribution: fc.Arbitrary<Distribution> = fc.oneof(
  fc
    .record({
      min: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      width: fc.double({ min: 0, max: 1e6, noNaN: true }),
    })
    .map(({ min, width }) => float(min, min + width)),
  fc
    .record({
      min: fc.double({ min: 1e-9, max: 10, noNaN: true }),
      ratio: fc.double({ min: 1, max: 1e9, noNaN: true }),
    })
    .map(({ min, ratio }) => float(min, min * ratio, { log: true })),
  fc.constant(int(0, 1_000_000)),
  fc.constant(int(1, 1_000_000, { log: true })),
);

/** Spaces of one to five parameters: all kinds, or only those with few values. */
export function spaces(kind: "any" | "finite"): fc.Arbitrary<Space> {
  const one = kind === "any" ? fc.oneof(finiteDistribution, realDistribution) : finiteDistribution;
  return fc
    .array(one, { minLength: 1, maxLength: kind === "any" ? 5 : 3 })
    .map((all) => Object.fromEntries(all.map((distribution, k) => [`p${k}`, distribution])));
}

/** A value that depends on every parameter, with plateaus, failures and pruned trials in between. */
export function outcomeOf(number: number, params: Params): Outcome {
  const spread = (value: ParamValue) => (typeof value === "number" ? Math.sin(value) : String(value).length);
  const value = Object.values(params).reduce((sum: number, each) => sum + spread(each), 0);
  if (number % 13 === 7) return { state: "failed", reason: "an odd number" };
  if (number % 11 === 5) return { state: "pruned", reason: "no hope", ...(number % 2 ? { value } : {}) };
  return number % 5 === 3 ? { value, constraints: [Math.sin(number), -1] } : Math.round(value * 50) / 50;
}

function run(study: Study, count: number): void {
  for (let k = 0; k < count && study.remaining() > 0; k++) {
    const trial = study.ask();
    study.tell(trial, outcomeOf(trial.number, trial.params));
  }
}

function paramsOf(study: Study): Params[] {
  return study.trials.map((trial) => trial.params);
}

/** What a conditional trial asks: a branch, and in each branch its own parameters. */
function suggestBranches(trial: Trial): void {
  const kind = trial.suggestCategorical("kind", ["trend", "revert", "none"]);
  trial.suggestFloat("risk", 0.001, 0.1, { log: true });
  if (kind === "trend") {
    trial.suggestInt("fast", 2, 20);
    trial.suggestInt("slow", 10, 200, { step: 10 });
  } else if (kind === "revert") trial.suggestFloat("band", 1, 3, { step: 0.25 });
}

/** What every sampler must hold. `kind`: the spaces it can serve; `conditional`: trials that say as they go. */
export function samplerContract(
  make: () => SamplerSpec,
  { kind, conditional }: { readonly kind: "any" | "finite"; readonly conditional: boolean },
): void {
  const study = (options: { space?: Space; seed?: number; storage?: Storage }) =>
    createStudy({ name: "contract", direction: "minimize", sampler: make(), now: () => 0, ...options });

  describe(`${make().name} as a sampler`, () => {
    it("asks only for values of the distribution, steps exact", () => {
      fc.assert(
        fc.property(spaces(kind), fc.nat(), (space, seed) => {
          const one = study({ space, seed });
          run(one, 30);
          for (const params of paramsOf(one)) {
            expect(Object.keys(params)).toEqual(Object.keys(space));
            for (const name in space)
              expect(contains(space[name]!, params[name]), `${name} = ${params[name]}`).toBe(true);
          }
        }),
        { numRuns: 60 },
      );
    });

    it("asks the same again for the same seed and tells", () => {
      fc.assert(
        fc.property(spaces(kind), fc.nat(), (space, seed) => {
          const [one, two] = [study({ space, seed }), study({ space, seed })];
          run(one, 25);
          run(two, 25);
          expect(paramsOf(two)).toEqual(paramsOf(one));
        }),
        { numRuns: 30 },
      );
    });

    it.each(["memory", "sqlite"])("goes on after a resume from %s as if never stopped", (where) => {
      fc.assert(
        fc.property(spaces(kind), fc.nat(), fc.integer({ min: 0, max: 30 }), (space, seed, stop) => {
          const storage = where === "memory" ? memoryStorage() : sqliteStorage(":memory:");
          const whole = study({ space, seed });
          run(whole, 35);
          const before = study({ space, seed, storage });
          run(before, stop);
          before.close();
          const after = study({ space, storage });
          run(after, 35 - stop);
          expect(after.trials).toEqual(whole.trials);
          storage.close();
        }),
        { numRuns: 20 },
      );
    });

    it("does not care in which order trials were told", () => {
      fc.assert(
        fc.property(spaces(kind), fc.nat(), (space, seed) => {
          const [one, two] = [study({ space, seed }), study({ space, seed })];
          for (let round = 0; round < 4; round++) {
            const batches = [one.askBatch(6), two.askBatch(6)];
            expect(batches[1]!.map((trial) => trial.params)).toEqual(batches[0]!.map((trial) => trial.params));
            for (const trial of batches[0]!) one.tell(trial, outcomeOf(trial.number, trial.params));
            two.tellBatch(batches[1]!.reverse().map((trial) => [trial, outcomeOf(trial.number, trial.params)]));
          }
        }),
        { numRuns: 20 },
      );
    });

    it("keeps the values a trial was enqueued with and adds the rest", () => {
      fc.assert(
        fc.property(spaces(kind), fc.nat(), (space, seed) => {
          const source = study({ space, seed }).ask().params;
          const one = study({ space, seed: seed + 1 });
          run(one, 12);
          one.enqueue({ p0: source.p0! });
          if (one.remaining() === 0) return;
          const { params } = one.ask();
          expect(params.p0).toBe(source.p0);
          for (const name in space) expect(contains(space[name]!, params[name])).toBe(true);
        }),
        { numRuns: 20 },
      );
    });

    if (!conditional) return;
    it("serves trials that name their parameters as they go, the same after a resume", () => {
      const storage = sqliteStorage(":memory:");
      const whole = study({ seed: 5 });
      const halves = [study({ seed: 5, storage })];
      const go = (on: Study, count: number) => {
        for (let k = 0; k < count; k++) {
          const trial = on.ask();
          suggestBranches(trial);
          on.tell(trial, outcomeOf(trial.number, trial.params));
        }
      };
      go(whole, 60);
      go(halves[0]!, 33);
      halves[0]!.close();
      const after = study({ storage });
      go(after, 27);
      expect(after.trials).toEqual(whole.trials);
      for (const { params, space } of after.trials) {
        expect("fast" in params).toBe(params.kind === "trend");
        for (const name in params) expect(contains(space[name]!, params[name])).toBe(true);
      }
    });
  });
}
