import { readFileSync } from "node:fs";
import { expect } from "vitest";

/** A golden file of `test/golden`, typed by the test that reads it. */
export function golden<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), "utf8")) as T;
}

/** Golden values carry 12 digits: equal within 1e-9 relative (0 within 1e-12), and `null` only where it is `null`. */
export function expectClose(actual: number | null | undefined, expected: number | null, what = ""): void {
  if (expected === null || actual === null || actual === undefined) expect(actual, what).toBe(expected);
  else expect(Math.abs(actual - expected), `${what} ${actual}`).toBeLessThan(1e-9 * Math.abs(expected) + 1e-12);
}

/** The generator that the golden files were made with, spelled out there: mulberry32. */
export function mulberry32(seed: number): { next(): number } {
  let a = seed >>> 0;
  return {
    next() {
      a = (a + 0x6d2b79f5) | 0;
      let t = a;
      t = Math.imul(t ^ (t >>> 15), t | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
    },
  };
}

/** Sum of twelve uniforms − 6: about normal, and the same in every language. */
export function bell(source: { next(): number }): number {
  let sum = 0;
  for (let i = 0; i < 12; i++) sum += source.next();
  return sum - 6;
}

/** The golden matrices of 160 periods × 20 trials, as columns: noise, or noise with skill in trial 3. */
export function trialColumns(kind: "noise" | "skill"): Float64Array[] {
  const source = mulberry32(kind === "noise" ? 777 : 778);
  const columns = Array.from({ length: 20 }, () => new Float64Array(160));
  for (let row = 0; row < 160; row++) {
    columns.forEach((column, trial) => {
      column[row] = 0.01 * bell(source) + (kind === "skill" && trial === 3 ? 0.006 : 0);
    });
  }
  return columns;
}

/** The 730 golden returns at full precision, drawn anew. */
export function longReturns(): Float64Array {
  const source = mulberry32(12345);
  return Float64Array.from({ length: 730 }, (_, i) => 0.0006 + 0.02 * bell(source) * (i % 10 === 0 ? 2.5 : 1));
}
