import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const SOAK = join(import.meta.dirname, "../../bench/soak.ts");

it("a bot soaks for two minutes on an exchange that fails, and its books are right", { timeout: 200_000 }, async () => {
  const args = [SOAK, "--minutes", "2", "--speed", "60", "--seed", "ci", "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const summary = JSON.parse(stdout);
  expect(summary.problems).toEqual([]);
  expect(summary.missed).toBe(0);
  expect(summary.bars).toBeGreaterThan(200);
  expect(Object.keys(summary.faults).length).toBeGreaterThan(5);
});
