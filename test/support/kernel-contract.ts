import fc from "fast-check";
import { expect, it } from "vitest";
import { random } from "../../src/core/random.ts";
import type { Indicator, IndicatorValues } from "../../src/indicators/indicator.ts";
import type { Kernel } from "../../src/indicators/kernel.ts";
import { type BarColumns, variedBars } from "./bar-columns.ts";

/** What a family of kernels is held to, one law per test. */
export interface KernelCase {
  readonly indicator: Indicator;
  readonly values: IndicatorValues;
  /** Set where the data, not the settings, tell how long the warm-up is: pivots wait for a day to end. */
  readonly warmup?: number;
}

const LENGTH = 400;

/** The laws of every kernel: exact warm-up, any cut gives the same bits, the future is unknown, inputs stay as they are. */
export function kernelContract(one: KernelCase): void {
  const make = () => one.indicator.kernel(one.values);

  it("is undefined before its warm-up, defined from there on", () => {
    const kernel = make();
    const out = whole(kernel, sources(one, variedBars(LENGTH, "warm-up")));
    out.forEach((column, k) => {
      const first = Math.max(one.warmup ?? 0, kernel.warmup[k]!);
      const label = one.indicator.outputs[k];
      expect(
        column.findIndex((value) => !Number.isNaN(value)),
        label,
      ).toBe(first);
      expect(column.subarray(first).findIndex(Number.isNaN), label).toBe(-1);
    });
  });

  it("gives the same bits for any cut of the calls, with the future unknown", () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 12 }),
        (seed, steps) => {
          const src = sources(one, variedBars(LENGTH, seed));
          expectSameBits(inPieces(make(), src, [...steps, ...Array<number>(LENGTH).fill(1)]), whole(make(), src));
        },
      ),
      { numRuns: 4 },
    );
  });

  it("keeps the past as it was whatever the future brings", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 0, max: LENGTH - 1 }), (seed, now) => {
        const src = sources(one, variedBars(LENGTH, seed));
        const truth = whole(make(), src);
        for (const poison of POISONS) {
          const changed = src.map((column) => poison(column, now));
          expectSameBits(
            whole(make(), changed).map((column) => column.subarray(0, now)),
            truth.map((column) => column.subarray(0, now)),
          );
        }
      }),
      { numRuns: 4 },
    );
  });

  it("does not change its inputs", () => {
    const src = sources(one, variedBars(LENGTH, "inputs"));
    const copies = src.map((column) => column.slice());
    whole(make(), src);
    expectSameBits(src, copies);
  });

  it("speaks the unit of the price, or none at all", () => {
    const bars = variedBars(LENGTH, "unit");
    const twice = { ...bars };
    for (const field of ["open", "high", "low", "close"] as const) twice[field] = bars[field].map((value) => 2 * value);
    const single = whole(make(), sources(one, bars));
    whole(make(), sources(one, twice)).forEach((column, k) => {
      const unit = column.every((value, i) => Object.is(value, single[k]![i])) ? 1 : 2;
      expectSameBits([column], [single[k]!.map((value) => unit * value)]); // doubling is exact in binary
    });
  });

  if (one.indicator.over === "series")
    it("begins where its series begins", () => {
      const late = 37;
      const series = variedBars(LENGTH, "late").close;
      const padded = new Float64Array(LENGTH + late).fill(NaN);
      padded.set(series, late);
      const truth = whole(make(), [series]);
      whole(make(), [padded]).forEach((column, k) => {
        expect(column.subarray(0, late).every(Number.isNaN)).toBe(true);
        const size = truth[k]!.reduce((most, value) => Math.max(most, Math.abs(value) || 0), 0);
        truth[k]!.forEach((value, i) => {
          expect(Number.isNaN(column[i + late]!), `bar ${i}`).toBe(Number.isNaN(value));
          if (!Number.isNaN(value)) expect(Math.abs(column[i + late]! - value)).toBeLessThanOrEqual(1e-12 * size);
        });
      });
    });

  it("gives every output a name and a warm-up", () => {
    const kernel = make();
    expect(kernel.warmup).toHaveLength(one.indicator.outputs.length);
    expect(kernel.warmup.every((bars) => Number.isInteger(bars) && bars >= 0)).toBe(true);
  });
}

/** Random settings of `indicator` that make sense together: periods up to 40, fast below slow. */
export function randomValues(indicator: Indicator, seed: number | string): IndicatorValues {
  const chance = random(seed);
  const values: Record<string, number | string> = {};
  for (const param of indicator.params) {
    if ("choices" in param) values[param.name] = param.choices[chance.below(param.choices.length)]!;
    else if (param.name === "ddof") values[param.name] = chance.below(2);
    else if (param.name === "percent") values[param.name] = 100 * chance.next();
    else if (param.integer) values[param.name] = Math.max(2, param.min) + chance.below(38);
    else values[param.name] = param.default * (0.5 + chance.next());
  }
  if (typeof values.fast === "number" && typeof values.slow === "number")
    values.slow = values.fast + 1 + chance.below(20);
  return values;
}

/** The columns `one` reads, in the kernel's order. */
export function sources(one: KernelCase, bars: BarColumns): Float64Array[] {
  return one.indicator.inputs.map((field) => bars[field]);
}

/** All outputs in one call. */
export function whole(kernel: Kernel, src: readonly Float64Array[]): Float64Array[] {
  const length = src[0]!.length;
  const out = kernel.warmup.map(() => new Float64Array(length).fill(12345));
  kernel.extend(src, out, 0, length);
  return out;
}

/** Outputs of calls of `steps` bars each: bars yet to come are `NaN`, outputs of earlier calls are gone. */
function inPieces(kernel: Kernel, src: readonly Float64Array[], steps: readonly number[]): Float64Array[] {
  const length = src[0]!.length;
  const known = src.map(() => new Float64Array(length).fill(NaN));
  const out = kernel.warmup.map(() => new Float64Array(length));
  const result = kernel.warmup.map(() => new Float64Array(length));
  let from = 0;
  for (const step of steps) {
    const to = Math.min(from + step, length);
    known.forEach((column, k) => {
      column.set(src[k]!.subarray(from, to), from);
    });
    for (const column of out) column.fill(54321);
    kernel.extend(known, out, from, to);
    out.forEach((column, k) => {
      result[k]!.set(column.subarray(from, to), from);
    });
    from = to;
    if (from === length) break;
  }
  return result;
}

/** Ways to change everything from bar `now` on. */
const POISONS: readonly ((column: Float64Array, now: number) => Float64Array)[] = [
  (column, now) => column.map((value, i) => (i < now ? value : NaN)),
  (column, now) => column.map((value, i) => (i < now ? value : value * 1000)),
  (column, now) => column.map((value, i) => (i < now ? value : column[column.length - 1 - (i - now)]!)),
];

/** Equal bit by bit, `NaN` included; names the first bar that is not. */
function expectSameBits(actual: readonly Float64Array[], expected: readonly Float64Array[]): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((column, k) => {
    const other = expected[k]!;
    const differs = column.findIndex((value, i) => !Object.is(value, other[i]));
    expect(differs, `output ${k}: ${column[differs]} against ${other[differs]} at bar`).toBe(-1);
    expect(column.length).toBe(other.length);
  });
}
