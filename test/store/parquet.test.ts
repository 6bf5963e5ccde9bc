import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { loadBars } from "../../src/store/load.ts";
import { readParquet } from "../../src/store/parquet.ts";
import { parquetBytes } from "../../src/store/parquetwrite.ts";

const dir = mkdtempSync(join(tmpdir(), "grimoire-parquet-"));
afterAll(() => rmSync(dir, { recursive: true }));
const FIXTURES = join(import.meta.dirname, "fixtures");
const T = Date.UTC(2024, 0, 1);
const HOUR = 3_600_000;

describe("readParquet", () => {
  it.each([
    "pyarrow-snappy",
    "pyarrow-micros-gzip",
    "pyarrow-nanos-brotli",
    "pyarrow-delta-lz4",
    "pyarrow-int-volume",
    "polars-millis-zstd",
  ])("reads %s: other writers, codecs, encodings and units of time", async (name) => {
    const bars = await loadBars(join(FIXTURES, `${name}.parquet`));
    expect(bars).toMatchObject({ interval: "60", length: 12 });
    expect([...bars.time]).toEqual(Array.from({ length: 12 }, (_, i) => T + i * HOUR));
    expect([...bars.close]).toEqual(Array.from({ length: 12 }, (_, i) => 100 + i));
    expect([...bars.volume]).toEqual(Array.from({ length: 12 }, (_, i) => i));
    expect(bars.turnover.every(Number.isNaN)).toBe(true);
  });

  it.each([
    ["pyarrow-null-close", "EMPTY_FIELD", /row 4: close is empty/],
    ["pyarrow-text-close", "NOT_A_NUMBER", /close is stored as BYTE_ARRAY/],
    ["pyarrow-no-low", "HEADER", /lacks the column low/],
  ])("refuses %s with %s", async (name, code, message) => {
    await expect(loadBars(join(FIXTURES, `${name}.parquet`))).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it("reads back the bits that were written, across row groups, with the notes", async () => {
    const path = join(dir, "bits.parquet");
    await fc.assert(
      fc.asyncProperty(fc.array(fc.double(), { minLength: 1, maxLength: 50 }), async (values) => {
        const time = Float64Array.from(values, (_, i) => T + i);
        const data = Float64Array.from(values);
        const columns = [
          { name: "t", type: "INT64" as const, data: time },
          { name: "x", type: "DOUBLE" as const, data },
        ];
        writeFileSync(path, parquetBytes(columns, { symbol: "BTCUSDT" }));
        const table = await readParquet(path, { required: ["t", "x"], optional: ["y"] });
        expect(table.notes).toEqual({ symbol: "BTCUSDT" });
        expect(table.columns).toEqual({ t: time, x: data });
      }),
      { numRuns: 60 },
    );
  });

  it("keeps negative and large whole numbers", async () => {
    const data = Float64Array.of(-1, 0, 1, -(2 ** 53) + 1, 2 ** 53 - 1, 2 ** 32, -(2 ** 32), 2 ** 31);
    writeFileSync(join(dir, "int.parquet"), parquetBytes([{ name: "t", type: "INT64", data }], {}));
    const table = await readParquet(join(dir, "int.parquet"), { required: ["t"], optional: [] });
    expect([...table.columns.t!]).toEqual([...data]);
  });

  it("reads more rows than one group holds", async () => {
    const rows = (1 << 18) + 1000;
    const data = Float64Array.from({ length: rows }, (_, i) => i / 8);
    writeFileSync(join(dir, "long.parquet"), parquetBytes([{ name: "x", type: "DOUBLE", data }], {}));
    const table = await readParquet(join(dir, "long.parquet"), { required: ["x"], optional: [] });
    expect(table.columns.x).toEqual(data);
  });

  it("calls a file damaged wherever it is cut or overwritten, and never returns other numbers quietly cut short", async () => {
    const whole = readFileSync(join(FIXTURES, "pyarrow-snappy.parquet"));
    const path = join(dir, "cut.parquet");
    for (let size = 4; size < whole.length; size += 97) {
      writeFileSync(path, whole.subarray(0, size));
      await expect(loadBars(path), `cut at ${size}`).rejects.toMatchObject({ code: "PARQUET_CORRUPT" });
    }
    const holed = Buffer.from(whole);
    holed.fill(0xff, 4, 400);
    writeFileSync(path, holed);
    await expect(loadBars(path)).rejects.toMatchObject({ name: "DataError" });
  });
});
