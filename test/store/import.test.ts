import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openCatalogue } from "../../src/store/catalogue.ts";
import { exportBars } from "../../src/store/export.ts";
import { generateBars } from "../../src/store/generate.ts";
import { finishedBars, guessMarket, importFile } from "../../src/store/import.ts";
import { syntheticInstrument } from "../../src/store/synthetic.ts";

const FROM = Date.UTC(2024, 0, 1);
const HOUR = 3_600_000;
const NOW = Date.UTC(2025, 0, 1);
const bars = generateBars({ seed: 1, symbol: "BTCUSDT", interval: "60", from: FROM, length: 100 });
let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "grimoire-import-"));
});
afterEach(() => rmSync(dir, { recursive: true }));
const catalogue = () => openCatalogue(join(dir, "data"));

describe("finishedBars", () => {
  it.each([
    ["drop", NOW, 99],
    ["keep", NOW, 100],
    ["keep", FROM + 100 * HOUR - 1, 99],
    ["keep", FROM + 50 * HOUR, 50],
    ["drop", FROM + 50 * HOUR, 50],
    ["drop", FROM, 0],
  ] as const)("with %s at %i leaves %i bars", (last, now, length) => {
    expect(finishedBars(bars, { last, now }).length).toBe(length);
  });
});

describe("guessMarket", () => {
  it.each([
    ["bybit-linear_BTCUSDT_60.csv.gz", { venue: "bybit", category: "linear", kind: "trade" }],
    ["dir/binance-spot_BTCUSDT_1_2024-12.csv.gz", { venue: "binance", category: "spot", kind: "trade" }],
    ["binance-um_ETHUSDT_D.csv", { venue: "binance", category: "linear", kind: "trade" }],
    ["bybit-linear-mark_BTCUSDT_60.csv.gz", { venue: "bybit", category: "linear", kind: "mark" }],
    ["anything.csv", { venue: "bybit", category: "linear", kind: "trade" }],
  ])("%s", (name, market) => {
    expect(guessMarket(name)).toEqual(market);
  });
});

describe("importFile", () => {
  it("stores bars under the market of the file's name, without the last one, and says so", async () => {
    const file = join(dir, "binance-spot_BTCUSDT_60.csv");
    await exportBars(file, bars);
    const report = await importFile(catalogue(), file, { now: NOW });
    expect(report).toMatchObject({
      content: "bars",
      venue: "binance",
      category: "spot",
      symbol: "BTCUSDT",
      interval: "60",
      kind: "trade",
      rows: 100,
      dropped: [FROM + 99 * HOUR],
      gaps: 0,
      missing: 0,
      written: { added: 99 },
    });
    expect((await importFile(catalogue(), file, { now: NOW, last: "keep" })).written).toMatchObject({
      added: 1,
      unchanged: 99,
    });
  });

  it("keeps the last bar of a Parquet file of our own, which holds closed bars only", async () => {
    const file = join(dir, "BTCUSDT_60.parquet");
    await exportBars(file, bars);
    expect(await importFile(catalogue(), file, { now: NOW })).toMatchObject({ dropped: [], written: { added: 100 } });
  });

  it("takes the caller's market before that of the name", async () => {
    const file = join(dir, "bybit-linear_BTCUSDT_60.csv");
    await exportBars(file, bars);
    const market = { venue: "okx", category: "inverse" as const, symbol: "BTCUSD", kind: "mark" as const };
    expect(await importFile(catalogue(), file, { ...market, now: NOW })).toMatchObject(market);
  });

  it("counts gaps without filling them", async () => {
    const file = join(dir, "BTCUSDT_60.csv");
    const rows = [0, 1, 5, 6, 9, 10].map((i) => `${FROM + i * HOUR},1,1,1,1,1`);
    writeFileSync(file, ["startTime,open,high,low,close,volume", ...rows].join("\n"));
    expect(await importFile(catalogue(), file, { now: NOW, last: "keep" })).toMatchObject({
      gaps: 2,
      missing: 5,
      rows: 6,
    });
  });

  it("knows funding rates and instrument rules by their content", async () => {
    const funding = join(dir, "bybit-linear_BTCUSDT_funding.csv.gz");
    writeFileSync(funding, gzipSync(`fundingTime,fundingRate\n${FROM},0.0001\n${FROM + 8 * HOUR},0.0002\n`));
    expect(await importFile(catalogue(), funding, { now: NOW })).toMatchObject({
      content: "funding",
      rows: 2,
      written: { added: 2 },
    });
    const rules = join(dir, "rules.json");
    writeFileSync(rules, JSON.stringify(syntheticInstrument("BTCUSDT")));
    expect(await importFile(catalogue(), rules, { now: NOW })).toMatchObject({
      content: "instrument",
      symbol: "BTCUSDT",
    });
    const market = { venue: "bybit", category: "linear" as const, symbol: "BTCUSDT" };
    expect((await catalogue().funding(market))?.rate[1]).toBe(0.0002);
    expect((await catalogue().instrument(market))?.tickSize).toBe("0.1");
  });

  it("writes nothing when one row is wrong", async () => {
    const file = join(dir, "BTCUSDT_60.csv");
    const rows = [0, 1, 2].map((i) => `${FROM + i * 1000 * HOUR},1,${i === 2 ? 0.5 : 1},1,1,1`);
    writeFileSync(file, ["startTime,open,high,low,close,volume", ...rows].join("\n"));
    await expect(importFile(catalogue(), file, { now: NOW })).rejects.toMatchObject({
      code: "HIGH_BELOW_LOW",
      details: { row: 4 },
    });
    expect(await catalogue().list()).toEqual([]);
  });

  it("refuses a file of one bar unless it is said to be finished", async () => {
    const file = join(dir, "BTCUSDT_60.csv");
    writeFileSync(file, `startTime,open,high,low,close,volume\n${FROM},1,1,1,1,1\n`);
    await expect(importFile(catalogue(), file, { now: NOW })).rejects.toMatchObject({ code: "ONLY_UNFINISHED" });
    expect(await importFile(catalogue(), file, { now: NOW, last: "keep" })).toMatchObject({ written: { added: 1 } });
  });
});
