import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { batch } from "../../src/indicators/kernel.ts";
import { ema, rma } from "../../src/indicators/overlap/ema.ts";
import { variedBars } from "../support/bar-columns.ts";

type Lengths = Record<string, Record<string, number>>;
const file = join(import.meta.dirname, "../golden/warmup.json");
const golden = JSON.parse(readFileSync(file, "utf8")) as { ema: Lengths; wilder: Lengths };
const { close } = variedBars(2600, "seed error");

/** Bars until what a wrong seed leaves behind is below `share` of what it was when the average is first known. */
function barsUntil(share: number, average: (x: Float64Array) => Float64Array, known: number): number {
  const wrong = close.map((value, i) => (i === 0 ? value + 1e6 : value));
  const truth = average(close);
  const error = average(wrong).map((value, i) => Math.abs(value - truth[i]!));
  let bars = 0;
  while (error[known + bars]! > share * error[known]!) bars++;
  return bars;
}

describe("warm-up", () => {
  const cases = (lengths: Lengths) =>
    Object.entries(lengths).flatMap(([period, row]) =>
      Object.entries(row).map(([share, bars]) => [Number(period), Number(share), bars] as const),
    );

  it.each(cases(golden.ema))("ema(%i) forgets its seed to %d in %i bars", (period, share, bars) => {
    const measured = barsUntil(share, (x) => batch(ema(period), x)[0]!, period - 1);
    expect(Math.abs(measured - bars)).toBeLessThanOrEqual(1);
  });

  it.each(cases(golden.wilder))("rma(%i) forgets its seed to %d in %i bars", (period, share, bars) => {
    const measured = barsUntil(share, (x) => batch(rma(period), x)[0]!, period - 1);
    expect(Math.abs(measured - bars)).toBeLessThanOrEqual(1);
  });
});
