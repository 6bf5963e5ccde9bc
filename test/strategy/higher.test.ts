import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Interval } from "../../src/core/time.ts";
import { sliceBars } from "../../src/model/bar.ts";
import { resampleBars } from "../../src/store/resample.ts";
import { Columnar } from "../../src/strategy/columnar.ts";
import { graphOf } from "../../src/strategy/graph.ts";
import { BAR_FIELDS, HigherBars } from "../../src/strategy/higher.ts";
import { numberSlot } from "../../src/strategy/slot.ts";
import { defineStrategy } from "../../src/strategy/strategy.ts";
import { provokingBars } from "./support/bars.ts";

/** The close of `interval` bars as the base bars see it. */
function shownClose(bars: ReturnType<typeof provokingBars>, interval: string): Float64Array {
  const strategy = defineStrategy({
    name: "shown",
    params: {},
    rules: ({ on }) => ({ enterLong: on(interval, (higher) => higher.close).above(0) }),
  });
  const node = graphOf(strategy, {}).nodes.find((one) => one.op === "higher")!;
  return new Columnar(bars).slot(node).numbers;
}

describe("a longer interval", () => {
  it("has the bars that resampling gives, whole buckets only, in any cuts", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1e6 }),
        fc.constantFrom<Interval>("30", "60", "240", "D"),
        fc.integer({ min: 1, max: 300 }),
        (seed, interval, cut) => {
          const bars = provokingBars(seed, 400, { gaps: true });
          const base = Object.fromEntries(BAR_FIELDS.map((field) => [field, numberSlot(bars[field])]));
          const made = new HigherBars("15", interval, 1);
          for (let from = 0; from < 400; from += cut) made.extend(base as never, from, Math.min(400, from + cut));
          const whole = resampleBars(bars, interval);
          expect(made.length).toBe(whole.length);
          for (const field of BAR_FIELDS) {
            expect(made.fields[field].numbers.slice(0, made.length)).toEqual(whole[field].slice());
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("shows from the close of its last base bar until the next one closes, aligned to UTC", () => {
    const bars = provokingBars(3, 40, { interval: "60", flats: false });
    const shown = shownClose(bars, "240");
    let last = NaN;
    for (let i = 0; i < bars.length; i++) {
      const hour = new Date(bars.time[i]!).getUTCHours();
      if (hour % 4 === 3 && i >= 3) last = bars.close[i]!; // opens 3, 7, 11, …: its close ends a bucket of four
      expect(shown[i]).toBe(last);
    }
    expect(shown[39]).not.toBeNaN();
  });

  it("skips a bucket that lacks a bar and goes on showing the one before", () => {
    const whole = provokingBars(5, 30, { interval: "60", flats: false });
    const first = (4 - (new Date(whole.time[0]!).getUTCHours() % 4)) % 4; // start of the first whole bucket
    const from = sliceBars(whole, first, 30);
    const keep = Array.from({ length: from.length }, (_, i) => i).filter((i) => i !== 5); // one bar of the second bucket is missing
    const gapped = { ...from, length: keep.length };
    for (const field of BAR_FIELDS) Object.assign(gapped, { [field]: Float64Array.from(keep, (i) => from[field][i]!) });
    const shown = shownClose(gapped, "240");
    expect(shown.slice(0, 3)).toEqual(Float64Array.of(NaN, NaN, NaN));
    expect([...shown.slice(3, 10)]).toEqual(Array(7).fill(from.close[3]));
    expect(shown[10]).toBe(from.close[11]);
  });

  it("never peeks: no base bar before the close of its bucket knows it", () => {
    const bars = provokingBars(9, 300, { interval: "15" });
    const plain = shownClose(bars, "60");
    for (let cut = 1; cut < 300; cut += 7) {
      expect(shownClose(sliceBars(bars, 0, cut), "60")).toEqual(plain.slice(0, cut));
    }
  });

  it.each([
    ["60", "15"],
    ["5", "3"],
    ["D", "720"],
  ])("refuses on %s bars what they do not divide: %s", (base, higher) => {
    const bars = provokingBars(1, 20, { interval: base as Interval });
    expect(() => shownClose(bars, higher)).toThrow(expect.objectContaining({ code: "INTERVAL" }));
  });

  it("may be the interval itself", () => {
    const bars = provokingBars(1, 20, { interval: "60" });
    expect(shownClose(bars, "60")).toEqual(bars.close);
  });
});
