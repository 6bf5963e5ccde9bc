import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asShown, runStep, stepsOf } from "../support/tour.ts";

/** Pages whose ```console blocks are run from top to bottom, each page in an empty directory. */
const PAGES = ["README.md"];

describe.each(PAGES)("%s", (page) => {
  let cwd = "";
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), "tour-"));
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  it("has commands to try", () => {
    expect(stepsOf(page).length).toBeGreaterThan(0);
  });

  it.each(stepsOf(page))("line $line: $command", { timeout: 120_000 }, async ({ command, shown }) => {
    const { code, output } = await runStep(command, cwd);
    expect(asShown(shown, output)).toBeUndefined();
    expect(code).toBe(0);
  });
});
