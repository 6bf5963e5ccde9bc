import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { BAR_COLUMNS } from "../../src/model/bar.ts";
import { exportBars, formatOfName } from "../../src/store/export.ts";
import { generateBars } from "../../src/store/generate.ts";
import { loadBars } from "../../src/store/load.ts";

const dir = mkdtempSync(join(tmpdir(), "grimoire-export-"));
afterAll(() => rmSync(dir, { recursive: true }));
const bars = generateBars({
  seed: 4,
  symbol: "ETHUSDT",
  interval: "15",
  from: Date.UTC(2024, 0),
  length: 20_000,
  startPrice: 0.01,
  tickSize: "0.000001",
});

describe("exportBars", () => {
  it.each(["csv", "csv.gz", "parquet"])("writes .%s that loads to the same bits", async (ending) => {
    const path = join(dir, `ETHUSDT_15.${ending}`);
    await exportBars(path, bars);
    const read = await loadBars(path);
    expect(read).toMatchObject({ symbol: "ETHUSDT", interval: "15" });
    for (const name of BAR_COLUMNS) expect(Float64Array.from(read[name]), name).toEqual(Float64Array.from(bars[name]));
    expect(readdirSync(dir).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("writes the header and rows of the format, without columns nobody knows", async () => {
    const path = join(dir, "plain.csv");
    const two = {
      ...generateBars({ seed: 1, interval: "D", from: Date.UTC(2024, 0), length: 1, annualVolatility: 0 }),
    };
    await exportBars(path, { ...two, volume: Float64Array.of(1.5), turnover: Float64Array.of(NaN) });
    expect(readFileSync(path, "utf8")).toBe(
      "startTime,open,high,low,close,volume\n1704067200000,30000,30000,30000,30000,1.5\n".replace(
        "30000,30000,30000,30000",
        [two.open[0], two.high[0], two.low[0], two.close[0]].join(","),
      ),
    );
  });

  it.each(["x.xls", "x", "x.gz", "csv"])("refuses to guess the format of %s", (path) => {
    expect(() => formatOfName(path)).toThrow(expect.objectContaining({ code: "FORMAT" }));
  });
});
