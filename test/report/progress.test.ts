import { describe, expect, it } from "vitest";
import { progress, progressLine } from "../../src/report/progress.ts";

describe("progressLine", () => {
  const state = { label: "optimize", done: 25, total: 100, note: "best 1.23", elapsedMs: 5_000 };

  it("shows how far, how fast, how long still, and the note", () => {
    expect(progressLine(state, 80)).toBe("optimize █████░░░░░░░░░░░░░░░  25/100  5.0/s  ETA 15s  best 1.23");
  });

  it("is cut to the screen", () => {
    expect(progressLine(state, 30)).toHaveLength(29);
  });
});

describe("progress", () => {
  it("is silent where there is no terminal", () => {
    const written: string[] = [];
    const bar = progress("x", 10, { write: (text) => written.push(text) });
    bar.update(5);
    bar.stop();
    expect(written).toEqual([]);
  });

  it("draws the last step, and clears its line", () => {
    const written: string[] = [];
    const bar = progress("x", 10, { isTTY: true, columns: 60, write: (text) => written.push(text) });
    bar.update(10);
    bar.stop();
    expect(written[0]).toContain("10/10");
    expect(written.at(-1)).toBe("\r\x1b[K");
  });
});
