import { describe, expect, it } from "vitest";
import type { Kernel } from "../../src/indicators/kernel.ts";
import { indicatorStep } from "../../src/strategy/indicatorstep.ts";
import { numberSlot } from "../../src/strategy/slot.ts";

/** Sum of the last two values, and a record of all it was shown. */
function pairSum(seen: number[]): Kernel {
  return {
    warmup: [1],
    extend(src, out, from, to) {
      for (let i = from; i < to; i++) {
        seen.push(src[0]![i]!);
        out[0]![i] = i < 1 ? NaN : src[0]![i]! + src[0]![i - 1]!;
      }
    },
  };
}

describe("an indicator over a series", () => {
  const column = Float64Array.of(NaN, NaN, 1, 2, NaN, NaN, 4, 8, NaN, 16);
  const expected = [NaN, NaN, NaN, 3, NaN, NaN, 6, 12, NaN, 24];

  it.each([[[10]], [[3, 10]], [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]], [[4, 5, 10]]])(
    "goes on over the defined values when cut at %o, and is undefined on the others",
    (cuts) => {
      const seen: number[] = [];
      const out = numberSlot(new Float64Array(10).fill(-1));
      const step = indicatorStep(pairSum(seen), [numberSlot(column, 2)], [out]);
      cuts.reduce((from, to) => {
        step.extend(from, to);
        return to;
      }, 0);
      expect([...out.numbers]).toEqual(expected);
      expect(seen).toEqual([1, 2, 4, 8, 16]);
      expect(out.warmup).toBe(3);
    },
  );

  it("begins where the last of its sources does", () => {
    const seen: number[] = [];
    const out = numberSlot(new Float64Array(4));
    indicatorStep(
      pairSum(seen),
      [numberSlot(Float64Array.of(1, 2, 3, 4)), numberSlot(Float64Array.of(NaN, NaN, 7, 7), 2)],
      [out],
    ).extend(0, 4);
    expect(seen).toEqual([3, 4]);
    expect([...out.numbers]).toEqual([NaN, NaN, NaN, 7]);
  });
});
