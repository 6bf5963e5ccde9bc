import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { float, int } from "../../src/optimize/distribution.ts";
import { randomSampler } from "../../src/optimize/samplers/random.ts";
import { memoryStorage } from "../../src/optimize/storages/memory.ts";
import type { Storage } from "../../src/optimize/storages/storage.ts";
import { createStudy, type StudyOptions } from "../../src/optimize/study.ts";
import type { Outcome } from "../../src/optimize/trial.ts";

const space = { x: float(0, 1), n: int(1, 5) };
const make = (options: Partial<StudyOptions> = {}) =>
  createStudy({ name: "s", direction: "maximize", sampler: randomSampler(), space, now: () => 42, ...options });
const code = (name: string) => expect.objectContaining({ code: name });

describe("study", () => {
  it("numbers trials from 0 and keeps what it was told", () => {
    const study = make();
    const [a, b, c, d] = study.askBatch(4);
    study.tell(b!, { value: 2, metrics: { sharpe: 1.5, none: Number.NaN }, constraints: [-1, 0] });
    study.tell(a!.number, [1]);
    study.tell(c!, { state: "pruned", value: 9, reason: "no trades" });
    study.tell(d!, { state: "failed", reason: "strategy threw" });
    const told = study.trials.map(({ number, state, values, metrics, constraints, reason }) => {
      return [number, state, values, metrics, constraints, reason];
    });
    expect(told).toEqual([
      [0, "complete", [1], null, null, null],
      [1, "complete", [2], { sharpe: 1.5, none: null }, [-1, 0], null],
      [2, "pruned", [9], null, null, "no trades"],
      [3, "failed", null, null, null, "strategy threw"],
    ]);
    expect(study.trials[0]).toMatchObject({ askedAt: 42, toldAt: 42, params: a!.params, space });
    expect(study.bestTrial?.number).toBe(1);
    expect(study.topTrials(5).map((trial) => trial.number)).toEqual([1, 0]);
  });

  it("finds the same best trial as a search through all of them", () => {
    const value = fc.record({ value: fc.integer({ min: -3, max: 3 }), broken: fc.boolean() });
    fc.assert(
      fc.property(fc.array(value, { maxLength: 20 }), fc.constantFrom("maximize", "minimize"), (all, direction) => {
        const study = make({ direction });
        for (const one of all) study.tell(study.ask(), { value: one.value, constraints: [one.broken ? 1 : 0] });
        const sign = direction === "maximize" ? 1 : -1;
        const able = all.map((one, k) => ({ ...one, k })).filter((one) => !one.broken);
        able.sort((a, b) => sign * (b.value - a.value) || a.k - b.k);
        expect(study.bestTrial?.number ?? null).toBe(able[0]?.k ?? null);
        expect(study.topTrials(1)[0]?.number ?? null).toBe(able[0]?.k ?? (all.length > 0 ? 0 : null));
      }),
    );
  });

  it.each<[string, Outcome]>([
    ["VALUE", Number.NaN],
    ["VALUE", { value: Infinity }],
    ["VALUE", { state: "pruned", value: Number.NaN }],
    ["VALUE_COUNT", [1, 2]],
    ["VALUE_COUNT", []],
    ["CONSTRAINT", { value: 1, constraints: [Number.NaN] }],
    ["METRICS", { value: 1, metrics: { big: 1n as unknown as number } }],
  ])("refuses with %s to be told %o, and the trial runs on", (name, outcome) => {
    const study = make();
    const trial = study.ask();
    expect(() => study.tell(trial, outcome)).toThrow(code(name));
    expect(study.trials[0]!.state).toBe("running");
    study.tell(trial, 1);
    expect(study.bestTrial?.values).toEqual([1]);
  });

  it("refuses to be told twice, or about trials it has not asked for", () => {
    const study = make();
    const trial = study.ask();
    expect(() =>
      study.tellBatch([
        [trial, 1],
        [0, 2],
      ]),
    ).toThrow(code("TRIAL_TOLD"));
    expect(study.trials[0]!.state).toBe("running");
    study.tell(trial, 1);
    expect(() => study.tell(trial, 1)).toThrow("trial 0 is not running but complete");
    expect(() => study.tell(1, 1)).toThrow(code("TRIAL_UNKNOWN"));
    const waiting = study.enqueue({ x: 0.5 });
    expect(() => study.tell(waiting.number, 1)).toThrow(code("TRIAL_TOLD"));
  });

  it("asks enqueued trials first, under the number they were given", () => {
    const study = make();
    study.ask();
    study.enqueue({ x: 0.25, n: 3 });
    study.enqueue({ n: 5 });
    const [one, two, three] = study.askBatch(3);
    expect([one!.number, two!.number, three!.number]).toEqual([1, 2, 3]);
    expect(one!.params).toEqual({ x: 0.25, n: 3 });
    expect(two!.params.n).toBe(5);
    expect(() => study.enqueue({ n: 6 })).toThrow(code("PARAM_VALUE"));
    expect(() => study.enqueue({ m: 6 })).toThrow(code("PARAM_UNKNOWN"));
  });

  it("keeps enqueued trials over a resume", () => {
    const storage = memoryStorage();
    const before = make({ storage });
    before.enqueue({ n: 4 });
    before.close();
    const after = make({ storage });
    expect(after.ask()).toMatchObject({ number: 0, params: { n: 4 } });
  });

  it("gives a parameter the same value when it is suggested again", () => {
    const study = createStudy({ name: "s", direction: "minimize", sampler: randomSampler() });
    const trial = study.ask();
    const x = trial.suggestFloat("x", 0, 1);
    expect(trial.suggestFloat("x", 0, 1)).toBe(x);
    expect(() => trial.suggestFloat("x", 0, 2)).toThrow(code("DISTRIBUTION_CHANGED"));
    expect(trial.suggestInt("n", 1, 9, { step: 4 }) % 4).toBe(1);
    const word: "a" | "b" = trial.suggestCategorical("c", ["a", "b"]);
    expect(study.trials[0]!.params).toEqual({ x, n: trial.params.n, c: word });
    study.tell(trial, 1);
    expect(study.trials[0]!.params).toEqual(trial.params);
    expect(() => trial.suggestFloat("y", 0, 1)).toThrow(code("TRIAL_TOLD"));
  });

  it("lets a trial with a space name more parameters, and refuses to change those it has", () => {
    const study = make();
    const trial = study.ask();
    expect(trial.suggestInt("n", 1, 5)).toBe(trial.params.n);
    expect(() => trial.suggestInt("n", 1, 6)).toThrow(code("DISTRIBUTION_CHANGED"));
    trial.suggestFloat("more", 5, 6);
    study.tell(trial, 1);
    expect(Object.keys(study.trials[0]!.space)).toEqual(["x", "n", "more"]);
    expect(Object.keys(space)).toEqual(["x", "n"]);
  });

  it("refuses an enqueued value outside of what the trial then asks for", () => {
    const study = createStudy({ name: "s", direction: "minimize", sampler: randomSampler() });
    study.enqueue({ x: 3 });
    expect(() => study.ask().suggestFloat("x", 0, 1)).toThrow(code("PARAM_VALUE"));
  });

  it("keeps the front of several objectives", () => {
    const study = createStudy({ name: "m", directions: ["maximize", "minimize"], sampler: randomSampler(), space });
    const values = [
      [1, 1],
      [2, 2],
      [1, 2],
      [3, 9],
    ];
    study.tellBatch(study.askBatch(4).map((trial, k) => [trial, values[k]!]));
    expect(study.bestTrials.map((trial) => trial.number)).toEqual([0, 1, 3]);
    expect(() => study.bestTrial).toThrow(code("DIRECTIONS"));
    expect(() => study.topTrials(1)).toThrow(code("DIRECTIONS"));
    expect(() => study.tell(study.ask(), 1)).toThrow(code("VALUE_COUNT"));
  });

  it("uses the seed it was created with when resumed without one", () => {
    const storage = memoryStorage();
    make({ storage, seed: "abc" }).close();
    const again = make({ storage });
    expect(again.seed).toBe("abc");
    expect(again.ask().params).toEqual(make({ seed: "abc" }).ask().params);
  });

  it("takes the stored space when resumed without one", () => {
    const storage = memoryStorage();
    make({ storage }).close();
    const again = createStudy({ name: "s", direction: "maximize", sampler: randomSampler(), storage });
    expect(Object.keys(again.ask().params)).toEqual(["x", "n"]);
  });

  it("changes nothing when its storage fails", () => {
    const inner = memoryStorage();
    let broken = false;
    const storage: Storage = {
      ...inner,
      openStudy(header, options) {
        const log = inner.openStudy(header, options);
        const write: typeof log.write = (trials) => {
          if (broken) throw new Error("disk");
          log.write(trials);
        };
        return { ...log, write };
      },
    };
    const study = make({ storage });
    const first = study.ask();
    broken = true;
    expect(() => study.tell(first, 1)).toThrow("disk");
    expect(() => study.askBatch(3)).toThrow("disk");
    expect(() => study.enqueue({ n: 1 })).toThrow("disk");
    expect(study.trials.map((trial) => trial.state)).toEqual(["running"]);
    broken = false;
    study.tell(first, 1);
    expect(study.ask().number).toBe(1);
    expect(study.trials.map((trial) => trial.state)).toEqual(["complete", "running"]);
  });

  it.each([
    ["STUDY_NAME", { name: " " }],
    ["DIRECTIONS", { directions: [] }],
    ["DIRECTIONS", { directions: ["maximize"] }],
    ["DIRECTIONS", { direction: "up" }],
    ["SPACE", { space: { x: { kind: "int" } } }],
  ])("refuses with %s to be made from %j", (name, options) => {
    expect(() => make(options as unknown as Partial<StudyOptions>)).toThrow(code(name));
  });

  it("refuses batches that are no number of trials", () => {
    for (const count of [-1, 1.5, Number.NaN]) expect(() => make().askBatch(count)).toThrow(code("BATCH"));
    expect(make().askBatch(0)).toEqual([]);
  });
});
