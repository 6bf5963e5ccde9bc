import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { categorical, float, int } from "../../../src/optimize/distribution.ts";
import { type GridOptions, gridSampler } from "../../../src/optimize/samplers/grid.ts";
import { type Space, spaceSize } from "../../../src/optimize/space.ts";
import { memoryStorage } from "../../../src/optimize/storages/memory.ts";
import { createStudy } from "../../../src/optimize/study.ts";
import { samplerContract, spaces } from "../../support/sampler-contract.ts";

samplerContract(gridSampler, { kind: "finite", conditional: false });

const gridStudy = (space: Space, options: GridOptions = {}) =>
  createStudy({ name: "g", direction: "minimize", sampler: gridSampler(options), space });

describe("grid", () => {
  it("visits every point once", () => {
    fc.assert(
      fc.property(spaces("finite"), (space) => {
        const size = spaceSize(space);
        fc.pre(size <= 3000);
        const study = gridStudy(space);
        expect(study.remaining()).toBe(size);
        const trials = study.askBatch(size + 5);
        expect(new Set(trials.map((trial) => JSON.stringify(trial.params))).size).toBe(size);
        expect(trials.length).toBe(size);
        expect(study.remaining()).toBe(0);
        expect(() => study.ask()).toThrow(expect.objectContaining({ code: "SPACE_EXHAUSTED" }));
      }),
      { numRuns: 60 },
    );
  });

  it("turns the last parameter fastest", () => {
    const trials = gridStudy({ a: categorical(["x", "y"]), b: float(0, 0.2, { step: 0.1 }) }).askBatch(4);
    expect(trials.map((trial) => trial.params)).toEqual([
      { a: "x", b: 0 },
      { a: "x", b: 0.1 },
      { a: "x", b: 0.2 },
      { a: "y", b: 0 },
    ]);
  });

  it("takes the values or the number of points it is given", () => {
    const space = { a: int(1, 1000), x: float(0, 1), l: float(1, 100, { log: true }) };
    const study = gridStudy(space, { values: { a: [5, 7] }, points: 3 });
    expect(study.remaining()).toBe(18);
    expect(study.askBatch(9).map(({ params }) => [params.x, params.l])).toEqual(
      [0, 0.5, 1].flatMap((x) => [1, 10, 100].map((l) => [x, expect.closeTo(l, 12)])),
    );
  });

  it("does not visit again what was enqueued", () => {
    const study = gridStudy({ n: int(1, 3) });
    study.enqueue({ n: 2 });
    expect(study.askBatch(9).map(({ params }) => params.n)).toEqual([2, 1, 3]);
  });

  it("visits points again that were abandoned, but not those that failed", () => {
    const storage = memoryStorage();
    const open = () =>
      createStudy({ name: "g", direction: "minimize", sampler: gridSampler(), space: { n: int(1, 4) }, storage });
    const study = open();
    const [one, , three] = study.askBatch(3);
    study.tell(one!, { state: "failed", reason: "threw" });
    study.tell(three!, 3);
    study.close();
    expect(
      open()
        .askBatch(9)
        .map(({ params }) => params.n),
    ).toEqual([2, 4]);
  });

  it.each([
    ["GRID_INFINITE", { x: float(0, 1) }, {}],
    ["GRID_SIZE", { x: int(0, 2 ** 30) }, {}],
    ["GRID_SIZE", Object.fromEntries(Array.from({ length: 12 }, (_, k) => [`x${k}`, int(1, 100)])), {}],
    ["PARAM_VALUE", { x: float(0, 1) }, { values: { x: [0.5, 2] } }],
    ["PARAM_UNKNOWN", { x: float(0, 1) }, { values: { y: [0.5] } }],
  ])("refuses with %s what has no grid", (code, space, options) => {
    expect(() => gridStudy(space as Space, options as GridOptions).ask()).toThrow(expect.objectContaining({ code }));
  });

  it("refuses less than two points and trials without a space", () => {
    expect(() => gridSampler({ points: 1 })).toThrow(expect.objectContaining({ code: "GRID_POINTS" }));
    const study = createStudy({ name: "g", direction: "minimize", sampler: gridSampler() });
    expect(() => study.ask().suggestInt("n", 1, 2)).toThrow(expect.objectContaining({ code: "GRID_SPACE" }));
  });
});
