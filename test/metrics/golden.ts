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
