import { describe, expect, it } from "vitest";
import { overfitting } from "../../src/metrics/overfitting.ts";
import { expectClose, golden, trialColumns } from "./golden.ts";

interface Expected {
  pbo: number;
  n_splits: number;
  logits_sorted: number[];
  mean_logit: number;
  prob_oos_loss: number;
  degradation_slope: number;
  degradation_intercept: number;
}
const vector = golden<{
  tiny: { matrix: number[][]; S: number; expected: Expected };
  noise: { S: number; expected: Expected };
  skill: { S: number; expected: Expected };
}>("pbo_cscv");
const tiny = [0, 1, 2, 3].map((trial) => Float64Array.from(vector.tiny.matrix, (row) => row[trial]!));

describe("overfitting", () => {
  it.each([
    ["tiny", tiny],
    ["noise", trialColumns("noise")],
    ["skill", trialColumns("skill")],
  ] as const)("equals the golden vector %s", (name, columns) => {
    const { S, expected } = vector[name];
    const result = overfitting(columns, S);
    expectClose(result.probability, expected.pbo);
    expect(result.splits).toBe(expected.n_splits);
    expected.logits_sorted.forEach((logit, i) => {
      expectClose(result.logits[i], logit, `logit ${i}`);
    });
    expectClose(result.meanLogit, expected.mean_logit);
    expectClose(result.lossProbability, expected.prob_oos_loss);
    expectClose(result.degradation.slope, expected.degradation_slope);
    expectClose(result.degradation.intercept, expected.degradation_intercept);
  });

  it("leaves out the oldest periods that do not fill a block", () => {
    const longer = tiny.map((column) => Float64Array.of(9, -9, 7, ...column));
    expect(overfitting(longer, 4)).toEqual(overfitting(tiny, 4));
  });

  it("counts a trial that did nothing as neither good nor bad", () => {
    const idle = [new Float64Array(40), Float64Array.from({ length: 40 }, (_, i) => 0.01 + (i % 2) * 0.001)];
    expect(overfitting(idle, 4)).toMatchObject({ probability: 0, lossProbability: 0 });
  });

  it.each([
    ["TRIALS", [tiny[0]!], 4],
    ["COLUMN_LENGTH", [tiny[0]!, tiny[1]!.slice(1)], 4],
    ["BLOCKS", tiny, 3],
    ["BLOCKS", tiny, 8],
    ["BLOCKS", tiny, 0],
  ])("refuses with %s", (code, columns, blocks) => {
    expect(() => overfitting(columns, blocks)).toThrow(expect.objectContaining({ code }));
  });
});
