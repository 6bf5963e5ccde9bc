import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { STRATEGIES } from "../../src/strategies/registry.ts";
import { signalsOf } from "../../src/strategy/evaluate.ts";
import type { Strategy } from "../../src/strategy/strategy.ts";
import { streamOf } from "../../src/strategy/stream.ts";
import { provokingBars } from "./support/bars.ts";
import { barAt, plainRow, rowOf, same } from "./support/compare.ts";
import { randomStrategy } from "./support/randomrules.ts";

/** First bar on which the stream and the columns differ. */
function firstDifference(strategy: Strategy, bars: ReturnType<typeof provokingBars>): string | null {
  const columns = signalsOf(strategy, {}, bars);
  const stream = streamOf(strategy, {}, bars);
  for (let i = 0; i < bars.length; i++) {
    const row = stream.push(barAt(bars, i));
    const [streamed, whole] = [plainRow(row), rowOf(columns, i)];
    if (row.ready !== i >= columns.warmup) return `bar ${i}: ready ${row.ready}, warm-up ${columns.warmup}`;
    for (const name of Object.keys(whole)) {
      if (!same(streamed[name], whole[name])) return `bar ${i}: ${name} ${streamed[name]} / ${whole[name]}`;
    }
  }
  return null;
}

describe("stream", () => {
  it.each(STRATEGIES.map((strategy) => [strategy.name, strategy] as const))(
    "gives %s the same bits bar by bar as over whole columns",
    (_, strategy) => {
      expect(firstDifference(strategy, provokingBars(strategy.name, 2500))).toBeNull();
    },
  );

  it("gives random rules the same bits bar by bar as over whole columns", () => {
    const options = { higher: ["60", "240"], position: true };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), (seed) => {
        expect(
          firstDifference(randomStrategy(seed, options), provokingBars(seed, 420, { gaps: seed % 2 === 0 })),
        ).toBeNull();
      }),
      { numRuns: 150 },
    );
  });

  // Columns that are written over must not be known by what they were before.
  it.each([594, 3104, 4674, 4727, 5362])("gives random rules %i the same bits, columns written over or not", (seed) => {
    const strategy = randomStrategy(seed, { higher: ["60", "240"], position: true });
    expect(firstDifference(strategy, provokingBars(seed, 420, { gaps: seed % 2 === 0 }))).toBeNull();
  });

  it("keeps going past the room it began with", () => {
    const strategy = randomStrategy(7, { higher: ["60"] });
    expect(firstDifference(strategy, provokingBars("long", 4500))).toBeNull();
  });

  it("refuses a bar that does not come later than the last", () => {
    const stream = streamOf(STRATEGIES[0]!, {}, { interval: "60" });
    const bar = { time: 3_600_000, open: 1, high: 1, low: 1, close: 1, volume: 1 };
    stream.push(bar);
    expect(() => stream.push(bar)).toThrow(expect.objectContaining({ code: "BAR_ORDER" }));
    expect(stream.length).toBe(1);
  });
});
