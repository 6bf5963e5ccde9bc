import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BAR_COLUMNS, type Bars, sliceBars } from "../../src/model/bar.ts";
import { openCatalogue } from "../../src/store/catalogue.ts";
import { exportBars } from "../../src/store/export.ts";
import { generateBars } from "../../src/store/generate.ts";
import type { Series } from "../../src/store/market.ts";
import { syntheticInstrument } from "../../src/store/synthetic.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "grimoire-catalogue-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const SERIES: Series = { venue: "bybit", category: "linear", symbol: "BTCUSDT", interval: "60", kind: "trade" };
const FROM = Date.UTC(2023, 11, 30);
const some = (length = 1000, seed = 1) => generateBars({ seed, symbol: "BTCUSDT", interval: "60", from: FROM, length });
const folder = () => join(root, "bybit/linear/BTCUSDT/60");
const same = (a: Bars, b: Bars) => {
  for (const name of BAR_COLUMNS) expect(Float64Array.from(a[name]), name).toEqual(Float64Array.from(b[name]));
};

describe("Catalogue.write and read", () => {
  it("lays bars out by month and reads back their bits in shared memory", async () => {
    const bars = some();
    const report = await openCatalogue(root).write(SERIES, bars);
    expect(report).toEqual({ added: 1000, replaced: 0, unchanged: 0, monthsWritten: 3, interrupted: false });
    expect(readdirSync(folder())).toEqual(["2023-12.parquet", "2024-01.parquet", "2024-02.parquet"]);
    const read = await openCatalogue(root).read(SERIES);
    expect(read).toMatchObject({ symbol: "BTCUSDT", interval: "60", length: 1000 });
    expect(Object.keys(read).sort()).toEqual(Object.keys(bars).sort());
    expect(read.close.buffer).toBeInstanceOf(SharedArrayBuffer);
    same(read, bars);
  });

  it("takes only the months a range touches, and only the bars in it", async () => {
    const bars = some();
    await openCatalogue(root).write(SERIES, bars);
    writeFileSync(join(folder(), "2024-02.parquet"), "damaged, but not asked for");
    const [from, to] = [Date.UTC(2023, 11, 31, 5), Date.UTC(2024, 0, 3)];
    const read = await openCatalogue(root).read(SERIES, { from, to });
    expect([read.time[0], read.time.at(-1), read.length]).toEqual([from, to - 3_600_000, 67]);
    await expect(openCatalogue(root).read(SERIES, { from: Date.UTC(2030, 0) })).rejects.toMatchObject({
      code: "NO_BARS_IN_RANGE",
    });
  });

  it("merges overlapping writes into the union, the later bar winning, and touches no file when nothing changed", async () => {
    const catalogue = openCatalogue(root);
    const bars = some();
    await catalogue.write(SERIES, sliceBars(bars, 0, 600));
    expect(await catalogue.write(SERIES, sliceBars(bars, 400, 1000))).toMatchObject({ added: 400, unchanged: 200 });
    same(await catalogue.read(SERIES), bars);
    const before = readdirSync(folder()).map((name) => statSync(join(folder(), name)).mtimeMs);
    expect(await catalogue.write(SERIES, bars)).toMatchObject({
      added: 0,
      replaced: 0,
      unchanged: 1000,
      monthsWritten: 0,
    });
    expect(readdirSync(folder()).map((name) => statSync(join(folder(), name)).mtimeMs)).toEqual(before);
    const other = some(1000, 2);
    expect(await catalogue.write(SERIES, sliceBars(other, 10, 20))).toMatchObject({ added: 0, replaced: 10 });
    expect((await catalogue.read(SERIES)).close[15]).toBe(other.close[15]);
  });

  it("keeps mark prices, which have no volume, apart from trades", async () => {
    const bars = some(50);
    const mark = { ...bars, volume: bars.volume.map(() => NaN), turnover: bars.turnover.map(() => NaN) };
    const catalogue = openCatalogue(root);
    await catalogue.write({ ...SERIES, kind: "mark" }, mark);
    await expect(catalogue.read(SERIES)).rejects.toMatchObject({ code: "SERIES_MISSING" });
    const read = await catalogue.read({ ...SERIES, kind: "mark" });
    same(read, mark);
    expect((await catalogue.list()).map((s) => [s.kind, s.bars])).toEqual([["mark", 50]]);
  });

  it("stops between months when told to, and a second run completes it", async () => {
    const catalogue = openCatalogue(root);
    const stop = new AbortController();
    const report = await catalogue.write(SERIES, some(), {
      signal: stop.signal,
      onMonth: (done) => void (done === 1 && stop.abort()),
    });
    expect(report).toMatchObject({ interrupted: true, monthsWritten: 2 });
    expect(readdirSync(folder())).toEqual(["2023-12.parquet", "2024-01.parquet"]);
    expect(await catalogue.write(SERIES, some())).toMatchObject({ monthsWritten: 1, interrupted: false });
    same(await catalogue.read(SERIES), some());
  });

  it("turns away a second writer while readers go on", async () => {
    const catalogue = openCatalogue(root);
    await catalogue.write(SERIES, sliceBars(some(), 0, 100));
    let inside: Promise<unknown[]> | undefined;
    await catalogue.write(SERIES, some(), {
      onMonth: () => {
        inside ??= Promise.all([catalogue.read(SERIES), catalogue.write(SERIES, some()).catch((e: unknown) => e)]);
      },
    });
    const [read, refused] = await inside!;
    expect(read).toMatchObject({ symbol: "BTCUSDT" });
    expect(refused).toMatchObject({ code: "LOCKED", details: { pid: process.pid } });
    expect(existsSync(join(root, ".lock"))).toBe(false);
  });

  it("names the month file and row when somebody damaged or edited it", async () => {
    const catalogue = openCatalogue(root);
    await catalogue.write(SERIES, some());
    const path = join(folder(), "2024-01.parquet");
    const whole = readFileSync(path);
    writeFileSync(path, whole.subarray(0, whole.length - 100));
    await expect(catalogue.read(SERIES)).rejects.toMatchObject({ code: "PARQUET_CORRUPT", details: { file: path } });
    writeFileSync(path, readFileSync(join(folder(), "2024-02.parquet")));
    await expect(catalogue.read(SERIES)).rejects.toMatchObject({ code: "MONTH_MISMATCH", details: { file: path } });
    const bad = some(5);
    const low = Float64Array.from(bad.low);
    low[3] = bad.high[3]! + 1;
    await exportBars(join(folder(), "2023-12.parquet"), { ...bad, low });
    await expect(catalogue.read(SERIES)).rejects.toMatchObject({ code: "HIGH_BELOW_LOW", details: { row: 4 } });
  });

  it.each(["../up", "", "a/b", ".hidden"])("refuses the name %j, which could leave its folder", async (symbol) => {
    await expect(openCatalogue(root).write({ ...SERIES, symbol }, some(5))).rejects.toMatchObject({
      code: "MARKET_NAME",
    });
  });
});

describe("Catalogue beside the bars", () => {
  const market = { venue: "bybit", category: "linear" as const, symbol: "BTCUSDT" };

  it("merges funding rates and reads them back", async () => {
    const catalogue = openCatalogue(root);
    expect(await catalogue.funding(market)).toBeUndefined();
    const at = (...hours: number[]) => Float64Array.from(hours, (h) => FROM + h * 3_600_000);
    const write = (time: Float64Array, ...rate: number[]) =>
      catalogue.writeFunding(market, { symbol: "BTCUSDT", time, rate: Float64Array.from(rate) });
    expect(await write(at(0, 8), 0.0001, 0.0002)).toBe(2);
    expect(await write(at(8, 16), 0.0003, -0.0004)).toBe(1);
    const funding = await catalogue.funding(market);
    expect([...funding!.time]).toEqual([...at(0, 8, 16)]);
    expect([...funding!.rate]).toEqual([0.0001, 0.0003, -0.0004]);
  });

  it("keeps instrument rules as they are and refuses those that somebody broke", async () => {
    const catalogue = openCatalogue(root);
    expect(await catalogue.instrument(market)).toBeUndefined();
    const rules = syntheticInstrument("BTCUSDT", "0.5");
    await catalogue.writeInstrument(market, rules);
    expect(await catalogue.instrument(market)).toEqual(rules);
    const path = join(root, "bybit/linear/BTCUSDT/instrument.json");
    writeFileSync(path, JSON.stringify({ ...rules, qtyStep: 0.001 }));
    await expect(catalogue.instrument(market)).rejects.toMatchObject({
      code: "INSTRUMENT",
      message: expect.stringMatching(/qtyStep is "0.001"; it must be a step/),
    });
  });
});

describe("Catalogue.list", () => {
  it("tells bars, span and size from the files, and is empty where there is nothing", async () => {
    const catalogue = openCatalogue(root);
    expect(await openCatalogue(join(root, "nowhere")).list()).toEqual([]);
    await catalogue.write(SERIES, some());
    await catalogue.write({ ...SERIES, symbol: "AAA", interval: "D" }, { ...some(1), interval: "D" });
    mkdirSync(join(root, "bybit/linear/BTCUSDT/notes"));
    writeFileSync(join(folder(), ".2024-03.parquet.1.tmp"), "a writer that was killed");
    const list = await catalogue.list();
    expect(list.map((s) => [s.symbol, s.interval, s.bars, s.months])).toEqual([
      ["AAA", "D", 1, 1],
      ["BTCUSDT", "60", 1000, 3],
    ]);
    expect(list[1]).toMatchObject({ from: FROM, to: FROM + 999 * 3_600_000 });
    expect(list[1]!.bytes).toBe(
      readdirSync(folder())
        .filter((n) => !n.startsWith("."))
        .reduce((sum, n) => sum + statSync(join(folder(), n)).size, 0),
    );
  });
});

describe("an import that is killed", () => {
  it("leaves whole months only, frees the lock to the next, and completes on the second run", async () => {
    const bars = generateBars({ seed: 5, symbol: "BTCUSDT", interval: "5", from: FROM, length: 60_000 });
    const file = join(root, "BTCUSDT_5.csv.gz");
    await exportBars(file, bars);
    const main = join(import.meta.dirname, "../../src/cli/main.ts");
    const args = [main, "data", "import", file, "--dir", join(root, "data"), "--keep-last"];
    const catalogue = openCatalogue(join(root, "data"));
    const series: Series = { ...SERIES, interval: "5" };
    const months = join(root, "data/bybit/linear/BTCUSDT/5");
    for (let round = 0; round < 4; round++) {
      const child = spawn(process.execPath, args, { stdio: "ignore" });
      const ended = new Promise((resolve) => child.once("exit", resolve));
      const wanted = round * 2; // killed as soon as so many months are there
      while (child.exitCode === null && (existsSync(months) ? readdirSync(months).length : 0) < wanted) {
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
      child.kill("SIGKILL");
      await ended;
      if (!existsSync(months) || !readdirSync(months).some((name) => name.endsWith(".parquet"))) continue;
      const read = await catalogue.read(series);
      same(read, sliceBars(bars, 0, read.length)); // a prefix: months are written in order
    }
    expect(spawnSync(process.execPath, args).status).toBe(0);
    same(await catalogue.read(series), bars);
    expect(readdirSync(months).filter((name) => name.startsWith("."))).toEqual([]);
    expect(readdirSync(join(root, "data")).filter((name) => name === ".lock")).toEqual([]);
  });
});

const canMount = (() => {
  const path = mkdtempSync(join(tmpdir(), "grimoire-disk-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=200k", "tmpfs", path]).status === 0;
  if (mounted) execFileSync("umount", [path]);
  rmSync(path, { recursive: true });
  return mounted;
})();

describe("a full disk", () => {
  it.runIf(canMount)(
    "stops with DISK_FULL, keeps the months that fit whole, and goes on when there is room",
    async () => {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=200k", "tmpfs", root]);
      try {
        const catalogue = openCatalogue(root);
        const bars = some(10_000);
        await expect(catalogue.write(SERIES, bars)).rejects.toMatchObject({ code: "DISK_FULL" });
        const read = await catalogue.read(SERIES);
        expect(read.length).toBeGreaterThan(0);
        same(read, sliceBars(bars, 0, read.length));
        expect(readdirSync(folder()).every((name) => /^\d{4}-\d{2}\.parquet$/.test(name))).toBe(true);
        execFileSync("mount", ["-o", "remount,size=4m", root]);
        await catalogue.write(SERIES, bars);
        same(await catalogue.read(SERIES), bars);
      } finally {
        execFileSync("umount", [root]);
      }
    },
  );
});

describe("Catalogue.exclusively", () => {
  it("keeps others out between two writes, and lets them in again, also after a failure", async () => {
    const [one, other] = [openCatalogue(root), openCatalogue(root)];
    await one.exclusively(async () => {
      await one.write(SERIES, some(10));
      await expect(other.write(SERIES, some(20))).rejects.toMatchObject({ code: "LOCKED" });
      await one.writeInstrument(SERIES, syntheticInstrument("BTCUSDT"));
    });
    expect((await one.read(SERIES)).length).toBe(10);
    await expect(one.exclusively(() => Promise.reject(new Error("mine")))).rejects.toThrow("mine");
    await other.write(SERIES, some(20));
    expect((await one.read(SERIES)).length).toBe(20);
  });
});
