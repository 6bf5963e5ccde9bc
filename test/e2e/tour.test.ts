import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asShown, runStep, stepsOf } from "../support/tour.ts";

/** Pages whose ```console blocks are run from top to bottom, each page in an empty directory. */
const GUIDE = readdirSync(join(import.meta.dirname, "../../docs/guide")).map((name) => `docs/guide/${name}`);
const PAGES = ["README.md", ...GUIDE.sort()].filter((page) => stepsOf(page).length > 0);

it("runs the tour and the guides", () => {
  const guides = ["backtest", "data", "indicators", "strategies"].map((name) => `docs/guide/${name}.md`);
  expect(PAGES).toEqual(expect.arrayContaining(["README.md", ...guides]));
});

describe.each(PAGES)("%s", (page) => {
  let cwd = "";
  beforeAll(() => {
    cwd = mkdtempSync(join(tmpdir(), "tour-"));
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  it.each(stepsOf(page))("line $line: $command", { timeout: 120_000 }, async ({ command, shown }) => {
    const { code, output } = await runStep(command, cwd);
    expect(asShown(shown, output)).toBeUndefined();
    expect(code).toBe(0);
  });
});
