import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Interval } from "../../src/core/time.ts";
import { openCatalogue } from "../../src/store/catalogue.ts";
import { exportBars } from "../../src/store/export.ts";
import { generateBars } from "../../src/store/generate.ts";
import { resampleBars } from "../../src/store/resample.ts";
import { resolveData } from "../../src/store/resolve.ts";
import { generateFunding, syntheticInstrument } from "../../src/store/synthetic.ts";

const dir = mkdtempSync(join(tmpdir(), "grimoire-resolve-"));
const root = join(dir, "data");
const FROM = Date.UTC(2024, 0, 1);
const bars = (symbol: string, interval: Interval) =>
  generateBars({ seed: 1, symbol, interval, from: FROM, length: 2000 });
const hours = bars("BTCUSDT", "60");
const rules = syntheticInstrument("BTCUSDT");

beforeAll(async () => {
  const catalogue = openCatalogue(root);
  const bybit = { venue: "bybit", category: "linear" as const, kind: "trade" as const };
  const btc = { ...bybit, symbol: "BTCUSDT" };
  await catalogue.write({ ...btc, interval: "60" }, hours);
  await catalogue.write({ ...btc, interval: "5" }, bars("BTCUSDT", "5"));
  await catalogue.write({ ...btc, interval: "60", kind: "mark" }, hours);
  await catalogue.writeFunding(btc, generateFunding(hours, 1));
  await catalogue.writeInstrument(btc, rules);
  for (const venue of ["bybit", "binance"]) {
    await catalogue.write({ ...bybit, venue, symbol: "ETHUSDT", interval: "60" }, bars("ETHUSDT", "60"));
  }
  await exportBars(join(dir, "BTCUSDT_60.csv"), hours);
});
afterAll(() => rmSync(dir, { recursive: true }));

describe("resolveData", () => {
  it("loads a file as it is, in the range asked for, and resamples it on request", async () => {
    const data = join(dir, "BTCUSDT_60.csv");
    const plain = await resolveData({ data, root });
    expect(Object.keys(plain).sort()).toEqual(["bars", "source"]);
    expect(plain.bars).toMatchObject({ symbol: "BTCUSDT", interval: "60", length: 2000 });
    const days = await resolveData({ data, root, interval: "D", from: FROM + 86_400_000, symbol: "X" });
    expect(days.bars).toMatchObject({ symbol: "X", interval: "D", length: 82 });
    expect(days.source).toContain("60 resampled to D");
  });

  it("brings funding, mark prices and rules along with a market of the catalogue", async () => {
    const found = await resolveData({ data: "BTCUSDT", root, interval: "60" });
    expect(found.bars.close).toEqual(hours.close);
    expect(found.mark?.close).toEqual(hours.close);
    expect(found.instrument).toEqual(rules);
    expect(found.funding?.time.length).toBe(251);
    expect(found.source).toBe(`${root}: bybit/linear/BTCUSDT/60`);
  });

  it("makes a longer interval of the longest stored one that divides it", async () => {
    const found = await resolveData({ data: "bybit/linear/BTCUSDT", root, interval: "240" });
    expect(found.bars.close).toEqual(resampleBars(hours, "240").close);
    expect((await resolveData({ data: "BTCUSDT", root, interval: "15" })).bars.length).toBe(666);
  });

  it("takes venue and category where a symbol alone is ambiguous", async () => {
    await expect(resolveData({ data: "ETHUSDT", root })).rejects.toMatchObject({ code: "MARKET_AMBIGUOUS" });
    expect((await resolveData({ data: "binance/linear/ETHUSDT", root })).bars.length).toBe(2000);
  });

  it.each([
    ["DATA_UNKNOWN", { data: "DOGEUSDT" }, /it holds BTCUSDT, ETHUSDT/],
    ["DATA_UNKNOWN", { data: "bybit/linear" }, /neither a file nor a market/],
    ["FILE_MISSING", { data: "nowhere.csv" }, /no such file/],
    ["INTERVAL_NEEDED", { data: "BTCUSDT" }, /stored at the intervals 5, 60: name one/],
    ["INTERVAL_STORED", { data: "BTCUSDT", interval: "3" as const }, /do not make the one asked for/],
    ["NO_BARS_IN_RANGE", { data: "BTCUSDT", interval: "60" as const, from: FROM * 1.1 }, /range/],
    ["NO_FULL_BAR", { data: "BTCUSDT", interval: "D" as const, to: FROM + 3_600_000 }, /no full bar of D/],
  ])("refuses with %s: %j", async (code, spec, message) => {
    await expect(resolveData({ root, ...spec })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});
