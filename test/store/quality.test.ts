import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { BAR_COLUMNS, type BarColumn, type Bars, barsOf } from "../../src/model/bar.ts";
import { generateBars } from "../../src/store/generate.ts";
import { readRows } from "../../src/store/load.ts";
import { checkQuality } from "../../src/store/quality.ts";

const FROM = Date.UTC(2024, 0, 1);
const NOW = Date.UTC(2025, 0, 1);
const HOUR = 3_600_000;
const good = (length = 3000) => generateBars({ seed: 11, interval: "60", from: FROM, length });

/** A copy whose rows are those of `order`, changed by `edit`. */
function changed(
  bars: Bars,
  order: readonly number[],
  edit: (columns: Record<BarColumn, Float64Array>) => void = () => {},
): Bars {
  const columns = Object.fromEntries(
    BAR_COLUMNS.map((name) => [name, Float64Array.from(order, (i) => bars[name][i]!)]),
  ) as Record<BarColumn, Float64Array>;
  edit(columns);
  return barsOf({ symbol: bars.symbol, interval: bars.interval }, columns);
}
const all = (bars: Bars) => Array.from({ length: bars.length }, (_, i) => i);
const kinds = (bars: Bars, now = NOW) =>
  checkQuality(bars, now).findings.map(({ kind, severity, count }) => `${severity} ${kind} ${count}`);

describe("checkQuality", () => {
  it("has nothing to say about sound bars, whatever the seed and interval", () => {
    for (const interval of ["1", "15", "60", "D"] as const) {
      for (const seed of [1, 2, 3]) {
        const report = checkQuality(generateBars({ seed, interval, from: FROM, length: 200 }), NOW * 2);
        expect(report).toMatchObject({ findings: [], ok: true, missing: 0, missingFraction: 0, bars: 200, from: FROM });
      }
    }
  });

  it("counts gaps as a warning, as an error when a twentieth is missing", () => {
    const bars = good();
    expect(
      kinds(
        changed(
          bars,
          all(bars).filter((i) => i !== 50 && (i < 100 || i > 109)),
        ),
      ),
    ).toEqual(["warning gaps 2"]);
    const report = checkQuality(
      changed(
        bars,
        all(bars).filter((i) => i < 500 || i > 899),
      ),
      NOW,
    );
    expect(report).toMatchObject({ ok: false, missing: 400, missingFraction: 400 / 3000 });
    expect(report.findings[0]!.examples).toEqual([{ time: FROM + 500 * HOUR, text: "400 bars (16d 16h)" }]);
  });

  it("knows pages that were cut short by their rhythm", () => {
    const bars = good(5000);
    expect(
      kinds(
        changed(
          bars,
          all(bars).filter((i) => i % 1000 < 200),
        ),
      ),
    ).toEqual(["error gaps 4", "error truncatedPages 4"]);
    expect(
      kinds(
        changed(
          bars,
          all(bars).filter((i) => ![10, 700, 900, 2222, 4000].includes(i)),
        ),
      ),
    ).toEqual(["warning gaps 5"]);
  });

  it("finds rows that repeat and rows out of order", () => {
    const bars = good(100);
    expect(kinds(changed(bars, [...all(bars), 99, 99]))).toEqual(["error duplicates 2"]);
    expect(kinds(changed(bars, [...all(bars).slice(0, 50), 51, 50, ...all(bars).slice(52)]))).toEqual([
      "error unsorted 1",
    ]);
  });

  it.each<[string, (c: Record<BarColumn, Float64Array>) => void]>([
    [
      "error highBelowLow 1",
      (c) => {
        const high = c.high[5]!;
        c.high[5] = c.low[5]! - 1;
        c.low[5] = high;
      },
    ],
    [
      "error outsideRange 1",
      (c) => {
        c.close[5] = c.high[5]! + 1;
      },
    ],
    [
      "error badPrice 1",
      (c) => {
        c.low[5] = 0;
      },
    ],
    [
      "error negativeVolume 1",
      (c) => {
        c.volume[5] = -1;
      },
    ],
    [
      "error offGrid 1",
      (c) => {
        c.time[5]! += 1000;
      },
    ],
    [
      "note zeroVolume 1",
      (c) => {
        c.volume[5] = 0;
      },
    ],
  ])("finds %s", (finding, edit) => {
    const bars = good(200);
    expect(kinds(changed(bars, all(bars), edit))).toContain(finding);
  });

  it("takes zero volume for worse the more of it there is", () => {
    const bars = good(1000);
    const still = (share: number) => kinds(changed(bars, all(bars), (c) => void c.volume.fill(0, 0, 1000 * share)));
    expect([still(0.01), still(0.1), still(0.9)]).toEqual([
      ["note zeroVolume 10"],
      ["warning zeroVolume 100"],
      ["error zeroVolume 900"],
    ]);
  });

  it("finds a day that was filled with the one before", () => {
    const bars = good(500);
    const copied = changed(bars, all(bars), (c) => {
      for (const name of BAR_COLUMNS.slice(1)) c[name].copyWithin(476, 452, 476);
    });
    const report = checkQuality(copied, NOW);
    expect(report.findings).toContainEqual(
      expect.objectContaining({
        kind: "copiedBars",
        severity: "error",
        count: 1,
        examples: [{ time: FROM + 476 * HOUR, text: "24 bars equal those 1d before" }],
      }),
    );
  });

  it("finds a change of unit, a jump beyond belief, and says which", () => {
    const bars = good();
    const scaled = (factor: number) =>
      kinds(
        changed(bars, all(bars), (c) => {
          for (const name of ["open", "high", "low", "close"] as const)
            c[name].fill(0).set(bars[name].map((x, i) => (i < 1500 ? x : x * factor)));
        }),
      );
    expect(scaled(1000)).toContain("error scaleBreak 1");
    expect(scaled(1 / 1000)).toContain("error scaleBreak 1");
    expect(scaled(2.5)).toContain("warning jumps 1");
  });

  it("knows a testnet by its wicks and its stillness", () => {
    const bars = good();
    const wicked = (every: number) =>
      kinds(
        changed(bars, all(bars), (c) => {
          for (let i = 7; i < c.high.length; i += every) c.high[i]! *= 4;
        }),
      );
    expect(wicked(300)).toEqual(["error wicks 10"]);
    expect(wicked(2000)).toEqual(["warning wicks 2"]);
    const flat = (from: number, to: number) =>
      kinds(
        changed(bars, all(bars), (c) => {
          for (let i = from; i < to; i++)
            for (const name of ["open", "high", "low", "close"] as const) c[name][i] = bars.close[from - 1]!;
        }),
      ).filter((kind) => kind.includes("flat"));
    expect([flat(100, 115), flat(100, 140), flat(100, 900)]).toEqual([[], ["warning flat 1"], ["error flat 1"]]);
  });

  it("tells a last bar that is still open or was saved too early", () => {
    const bars = good(100);
    expect(kinds(bars, FROM + 100 * HOUR - 1)).toEqual(["warning unfinishedLast 1"]);
    expect(kinds(bars, FROM + 100 * HOUR)).toEqual([]);
    expect(
      kinds(
        changed(bars, all(bars), (c) => {
          c.volume[99]! /= 1000;
        }),
      ),
    ).toEqual(["warning unfinishedLast 1"]);
  });

  it("tells bars in the middle that were saved before they closed", () => {
    const bars = good(1000);
    const early = changed(bars, all(bars), (c) => {
      for (const i of [200, 600]) {
        c.close[i] = c.open[i]! * 1.01;
        c.high[i] = Math.max(c.high[i]!, c.close[i]!);
      }
    });
    expect(kinds(early)).toEqual(["warning unfinishedInside 2"]);
  });

  it("stays useful for no bars and for one", () => {
    expect(checkQuality(changed(good(1), []), NOW)).toMatchObject({ bars: 0, ok: true, findings: [] });
    expect(checkQuality(good(1), NOW)).toMatchObject({ bars: 1, ok: true, findings: [] });
  });
});

const KLINES = join(import.meta.dirname, "../../../shared/market/klines");

describe.runIf(existsSync(KLINES))("checkQuality on real bars of ../shared/market", () => {
  const broken = /_gappy|_windows/;
  const names = existsSync(KLINES) ? readdirSync(KLINES).filter((name) => !name.includes("quotes")) : [];

  it("flags the files with holes on purpose and finds no error in any other", async () => {
    for (const name of names) {
      const { bars } = await readRows(join(KLINES, name));
      const report = checkQuality(bars, NOW * 2);
      expect(report.ok, `${name}: ${JSON.stringify(report.findings)}`).toBe(!broken.test(name));
    }
  });

  it("warns of nothing on Bybit's own files", async () => {
    for (const name of names.filter((n) => n.startsWith("bybit-") && !broken.test(n))) {
      const { bars } = await readRows(join(KLINES, name));
      expect(
        checkQuality(bars, NOW * 2).findings.filter((f) => f.severity !== "note"),
        name,
      ).toEqual([]);
    }
  });

  it("sees the pages of the gappy file and the wick of March 2020 on Binance", async () => {
    const gappy = await readRows(join(KLINES, "bybit-linear_BNBUSDT_1_gappy.csv.gz"));
    expect(kinds(gappy.bars)).toContain("error truncatedPages 99");
    const wick = await readRows(join(KLINES, "binance-um_ETHUSDT_60.csv.gz"));
    expect(kinds(wick.bars)).toContain("warning wicks 1");
  });
});
