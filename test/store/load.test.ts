import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { loadBars, loadFunding, marketOfName } from "../../src/store/load.ts";

const dir = mkdtempSync(join(tmpdir(), "grimoire-load-"));
afterAll(() => rmSync(dir, { recursive: true }));

let files = 0;
function file(content: string | Uint8Array, name = `BTCUSDT_60_${files++}.csv`): string {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
}
const HEADER = "startTime,open,high,low,close,volume";
const T = Date.UTC(2024, 0, 1);
const HOUR = 3_600_000;
const rows = (...lines: string[]) => file(`${[HEADER, ...lines].join("\n")}\n`);
const good = (i: number) => `${T + i * HOUR},10,12,9,11,5`;

const MARKET = join(import.meta.dirname, "../../../shared/market");
const hasMarket = existsSync(MARKET);

describe("loadBars", () => {
  it("reads every column, the symbol and the interval from the name", async () => {
    const bars = await loadBars(
      file(`${HEADER},turnover\n${good(0)},55.5\n${good(1)},60\n`, "bybit-linear_ETHUSDT_60.csv"),
    );
    expect(bars).toMatchObject({ symbol: "ETHUSDT", interval: "60", length: 2 });
    expect([...bars.time]).toEqual([T, T + HOUR]);
    expect([bars.open[0], bars.high[0], bars.low[0], bars.close[0], bars.volume[0]]).toEqual([10, 12, 9, 11, 5]);
    expect([...bars.turnover]).toEqual([55.5, 60]);
    for (const column of [bars.time, bars.close, bars.turnover])
      expect(column.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it("infers the interval from the most common step when the name does not tell", async () => {
    const path = file(`${HEADER}\n${[0, 1, 5, 6, 7].map(good).join("\n")}\n`, "prices.csv");
    expect(await loadBars(path)).toMatchObject({ symbol: "prices", interval: "60", length: 5 });
  });

  it("takes symbol, interval and range of the caller before anything else", async () => {
    const path = rows(...[0, 1, 2, 3].map(good));
    const bars = await loadBars(path, { symbol: "X", from: T + HOUR, to: T + 3 * HOUR });
    expect(bars).toMatchObject({ symbol: "X", length: 2 });
    expect([...bars.time]).toEqual([T + HOUR, T + 2 * HOUR]);
  });

  it("knows gzip by its bytes, takes CR LF, a byte order mark, any order of columns and no last newline", async () => {
    const text = `\ufeffclose,open,extra,startTime,high,low,volume\r\n11,10,abc,${T},12,9,5\r\n11,10,,${T + HOUR},12,9,6`;
    const bars = await loadBars(file(gzipSync(text), "BTCUSDT_60_bom.csv"));
    expect([...bars.close, ...bars.volume]).toEqual([11, 11, 5, 6]);
  });

  it("fills volume and turnover with NaN where the file has none", async () => {
    const bars = await loadBars(file(`startTime,open,high,low,close\n${T},10,12,9,11\n`));
    expect([bars.volume[0], bars.turnover[0]]).toEqual([NaN, NaN]);
  });

  it("gives the bits of Number(text) for every way to write a number", async () => {
    const text = fc.oneof(
      fc.double({ min: 1e-9, max: 1e15, noNaN: true }).map(String),
      fc.double({ min: 1e-9, max: 1e15, noNaN: true }).map((x) => x.toExponential()),
      fc.tuple(fc.nat(), fc.nat(), fc.nat({ max: 20 })).map(([a, b, zeros]) => `${a}.${"0".repeat(zeros)}${b}`),
      fc.bigInt({ min: 1n, max: 10n ** 25n }).map(String),
      fc.constantFrom("9007199254740993", "9007199254740992.5", "0.1", "1e-7", "00012.500", "5.", ".5", "+7"),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 20 }), async (texts) => {
        const lines = texts.map((value, i) => `${T + i * HOUR},1,1,1,1,${value}`);
        const bars = await loadBars(file(`${HEADER}\n${lines.join("\n")}`, "property_BTCUSDT_60.csv"));
        expect([...bars.volume]).toEqual(texts.map(Number));
      }),
      { numRuns: 200 },
    );
  });

  it("joins lines that straddle the pieces a large file is read in", async () => {
    const count = 90_000;
    const lines = Array.from(
      { length: count },
      (_, i) => `${T + i * 60_000},${100 + (i % 7)}.25,200,50,${100 + (i % 5)}.125,${i}`,
    );
    for (const content of [`${HEADER}\n${lines.join("\n")}`, gzipSync(`${HEADER}\n${lines.join("\n")}`)]) {
      const bars = await loadBars(file(content), { interval: "1" });
      expect(bars.length).toBe(count);
      for (let i = 0; i < count; i++) {
        if (bars.volume[i] !== i || bars.open[i] !== 100.25 + (i % 7) || bars.close[i] !== 100.125 + (i % 5))
          expect(i).toBe(-1);
      }
    }
  });

  it.each<[string, string, RegExp]>([
    ["HEADER", `time,o,h,l,c,v\n${T},1,1,1,1,1\n`, /row 1: header lacks startTime, open, high, low, close/],
    ["HEADER", `${HEADER},open\n`, /open twice/],
    ["NO_ROWS", `${HEADER}\n`, /no rows/],
    ["NOT_A_NUMBER", `${HEADER}\n${good(0)}\n${T + HOUR},10,abc,9,11,5\n`, /row 3: high is not a number: "abc"/],
    ["NOT_A_NUMBER", `${HEADER}\n${T},10,12,9,NaN,5\n`, /row 2: close is not a number: "NaN"/],
    ["NOT_A_NUMBER", `${HEADER}\n${T},10,12,9,11,1e999\n`, /row 2: volume is not a number: Infinity/],
    ["EMPTY_FIELD", `${HEADER}\n${T},10,12,,11,5\n`, /row 2: low is empty/],
    ["FIELD_COUNT", `${HEADER}\n${T},10,12\n`, /row 2: has 3 fields, the header has 6/],
    ["FIELD_COUNT", `${HEADER}\n${good(0)},7\n`, /row 2: has 7 fields, the header has 6/],
    ["BLANK_ROW", `${HEADER}\n${good(0)}\n\n${good(1)}\n`, /row 3: is blank/],
    ["PRICE_NOT_POSITIVE", `${HEADER}\n${T},10,12,0,11,5\n`, /row 2: low must be above 0, is 0/],
    ["PRICE_NOT_POSITIVE", `${HEADER}\n${T},-10,12,9,11,5\n`, /row 2: open must be above 0, is -10/],
    ["HIGH_BELOW_LOW", `${HEADER}\n${good(0)}\n${T + HOUR},10,8,9,10,5\n`, /row 3: high 8 is below low 9/],
    ["PRICE_OUTSIDE_RANGE", `${HEADER}\n${T},10,12,9,13,5\n`, /row 2: close 13 is outside of low 9 to high 12/],
    ["VOLUME_NEGATIVE", `${HEADER}\n${T},10,12,9,11,-5\n`, /row 2: volume must be at least 0, is -5/],
    ["TIME_UNSORTED", `${HEADER}\n${good(1)}\n${good(0)}\n`, /row 3: startTime is earlier .*2024-01-01 00:00/],
    ["TIME_DUPLICATE", `${HEADER}\n${good(0)}\n${good(0)}\n`, /row 3: startTime repeats/],
    [
      "TIME_OFF_GRID",
      `${HEADER}\n${good(0)}\n${T + HOUR + 1},10,12,9,11,5\n`,
      /row 3: startTime \d+ .* does not open a bar of interval 60/,
    ],
    ["TIME_UNIT", `${HEADER}\n${T / 1000},10,12,9,11,5\n`, /row 2: .* seconds: multiply by 1000/],
    ["TIME_UNIT", `${HEADER}\n${T * 1000},10,12,9,11,5\n`, /row 2: .* microseconds: divide by 1000/],
    [
      "INTERVAL_MISMATCH",
      `${HEADER}\n${[0, 4, 8].map(good).join("\n")}`,
      /4h apart, interval 60 says 1h; give --interval 240/,
    ],
  ])("refuses with %s: %j", async (code, content, message) => {
    const path = file(content);
    const error = await loadBars(path).catch((e: unknown) => e);
    expect(error).toMatchObject({ name: "DataError", code, message: expect.stringMatching(message) });
    expect((error as Error).message.startsWith(`${path}: `)).toBe(true);
    expect((error as Error).message).not.toContain("\n");
  });

  it("refuses one bar whose interval nobody tells, and takes it when told", async () => {
    const path = file(`${HEADER}\n${good(0)}\n`, "single.csv");
    await expect(loadBars(path)).rejects.toMatchObject({ code: "INTERVAL_UNKNOWN" });
    expect(await loadBars(path, { interval: "60" })).toMatchObject({ length: 1 });
  });

  it("says what it holds when the range asked for is empty", async () => {
    await expect(loadBars(rows(good(0), good(1)), { from: T + 9 * HOUR })).rejects.toMatchObject({
      code: "NO_BARS_IN_RANGE",
      message: expect.stringContaining("it holds 2024-01-01 00:00 to 2024-01-01 01:00"),
    });
  });

  it("tells missing, directory, empty, unreadable and damaged files apart", async () => {
    const whole = gzipSync(`${HEADER}\n${Array.from({ length: 500 }, (_, i) => good(i)).join("\n")}\n`);
    const damaged = Buffer.from(whole);
    damaged.fill(0xff, 20, 60);
    const code = (path: string) => loadBars(path).catch((error: { code: string }) => error.code);
    expect(await code(join(dir, "nowhere.csv"))).toBe("FILE_MISSING");
    expect(await code(dir)).toBe("FILE_IS_DIRECTORY");
    expect(await code(file(""))).toBe("EMPTY_FILE");
    expect(await code(file(whole.subarray(0, whole.length - 40), "BTCUSDT_60_cut.csv.gz"))).toBe("GZIP_TRUNCATED");
    expect(await code(file(damaged, "BTCUSDT_60_bad.csv.gz"))).toBe("GZIP_CORRUPT");
    expect(await code(file("hello", "BTCUSDT_60.csv.gz"))).toBe("GZIP_CORRUPT");
    expect(await code(file("hello", "BTCUSDT_60.parquet"))).toBe("PARQUET_CORRUPT");
    expect(await code(file("PAR1 and then nothing of use PAR1", "BTCUSDT_61.parquet"))).toBe("PARQUET_CORRUPT");
  });

  it.runIf(hasMarket)("reads every kline file of ../shared/market", async () => {
    const names = readdirSync(join(MARKET, "klines")).filter((name) => !name.includes("quotes"));
    expect(names.length).toBeGreaterThan(30);
    for (const name of names.filter((n) => /_(D|60)\./.test(n))) {
      const [, symbol, interval] = /_([A-Z]+)_(D|60)\./.exec(name)!;
      expect(await loadBars(join(MARKET, "klines", name))).toMatchObject({ symbol, interval });
    }
  });
});

describe("loadFunding", () => {
  it("reads times and signed rates", async () => {
    const path = file(
      `fundingTime,fundingRate\n${T},0.0001\n${T + 8 * HOUR},-0.00025\n`,
      "bybit-linear_BTCUSDT_funding.csv",
    );
    const funding = await loadFunding(path);
    expect(funding.symbol).toBe("BTCUSDT");
    expect([...funding.time, ...funding.rate]).toEqual([T, T + 8 * HOUR, 0.0001, -0.00025]);
  });

  it("refuses a rate that cannot be a fraction, and unsorted times", async () => {
    await expect(loadFunding(file(`fundingTime,fundingRate\n${T},1.5\n`))).rejects.toMatchObject({
      code: "RATE_IMPLAUSIBLE",
    });
    const unsorted = file(`fundingTime,fundingRate\n${T},0.1\n${T - 1},0.1\n`);
    await expect(loadFunding(unsorted)).rejects.toMatchObject({ code: "TIME_UNSORTED" });
  });

  it.runIf(hasMarket)("reads every funding file of ../shared/market", async () => {
    for (const name of readdirSync(join(MARKET, "funding"))) {
      expect((await loadFunding(join(MARKET, "funding", name))).time.length).toBeGreaterThan(1000);
    }
  });
});

describe("marketOfName", () => {
  it.each([
    ["bybit-linear_BTCUSDT_60.csv.gz", { symbol: "BTCUSDT", interval: "60" }],
    ["binance-spot_BTCUSDT_1_windows.csv.gz", { symbol: "BTCUSDT", interval: "1" }],
    ["data/bybit/linear/ETHUSDT/D/2024-01.parquet", { symbol: "ETHUSDT", interval: "D" }],
    ["BTCUSDT-1h.csv", { symbol: "BTCUSDT", interval: "60" }],
    ["1000PEPEUSDT_5.parquet", { symbol: "1000PEPEUSDT", interval: "5" }],
    ["year.csv", { symbol: "year" }],
    ["BTCUSDT_2024.csv", { symbol: "BTCUSDT" }],
  ])("%s", (name, market) => {
    expect(marketOfName(name)).toEqual(market);
  });
});
