import { describe, expect, it } from "vitest";
import { float } from "../../../src/optimize/distribution.ts";
import { quasiRandomSampler, scrambledHalton } from "../../../src/optimize/samplers/quasi-random.ts";
import { createStudy } from "../../../src/optimize/study.ts";
import { samplerContract } from "../../support/sampler-contract.ts";

samplerContract(quasiRandomSampler, { kind: "any", conditional: true });

describe("scrambled Halton", () => {
  it.each([
    [0, 2],
    [1, 3],
    [2, 5],
    [5, 13],
  ])("puts exactly one of any base² points in a row into each cell of dimension %i (base %i)", (dimension, base) => {
    for (const seed of ["1", "2", "x"]) {
      const point = scrambledHalton(seed);
      const cells = base * base;
      const hits = new Set(
        Array.from({ length: cells }, (_, n) => Math.floor(point(7 * cells + n, dimension) * cells)),
      );
      expect(hits.size).toBe(cells);
    }
  });

  it("differs by seed and stays inside [0, 1)", () => {
    const [one, two] = [scrambledHalton("1"), scrambledHalton("2")];
    expect(one(0, 0)).not.toBe(two(0, 0));
    for (let n = 0; n < 500; n++) {
      for (let dimension = 0; dimension < 32; dimension++) {
        expect(one(n, dimension)).toBeGreaterThanOrEqual(0);
        expect(one(n, dimension)).toBeLessThan(1);
      }
    }
  });

  it("covers a square more evenly than chance: no empty cell of 6 × 6 in 216 points", () => {
    const space = { x: float(0, 1), y: float(0, 1) };
    for (const seed of [1, 2, 3]) {
      const study = createStudy({ name: "q", direction: "minimize", sampler: quasiRandomSampler(), space, seed });
      const cells = study
        .askBatch(216)
        .map(({ params }) => 6 * Math.floor((params.x as number) * 6) + Math.floor((params.y as number) * 6));
      expect(new Set(cells).size).toBe(36);
      const most = Math.max(...cells.map((cell) => cells.filter((other) => other === cell).length));
      expect(most).toBeLessThanOrEqual(9); // six on average; chance gives twelve and more
    }
  });

  it("serves more parameters than it has dimensions", () => {
    const space = Object.fromEntries(Array.from({ length: 40 }, (_, k) => [`x${k}`, float(0, 1)]));
    const study = createStudy({ name: "q", direction: "minimize", sampler: quasiRandomSampler(), space });
    const [one, two] = study.askBatch(2);
    expect(one!.params.x39).not.toBe(two!.params.x39);
  });
});
