import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { missingSpans } from "../../src/cli/download.ts";
import { openCatalogue } from "../../src/store/catalogue.ts";
import { readOpenInterest } from "../../src/store/openinterest.ts";
import { OPENING, type RestExchange, restExchange, seededMarket } from "../bybit/support/exchange.ts";
import { grimoire } from "../support/cli.ts";

const DAY = 86_400_000;
let exchange: RestExchange;
let root = "";
let runs = 0;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "grimoire-download-"));
  exchange = await restExchange({
    startTime: OPENING + 30_000,
    markets: [
      seededMarket("BTCUSDT", "linear", { days: 40 }),
      seededMarket("ETHUSDT", "linear", { interval: "60", days: 5 }),
      seededMarket("BTCUSDT", "spot", { interval: "60", days: 5 }),
    ],
  });
});
afterAll(async () => {
  await exchange.close();
  rmSync(root, { recursive: true });
});

const folder = () => join(root, `run-${++runs}`);
const download = (dir: string, ...argv: string[]) =>
  grimoire("data", "download", ...argv, "--url", exchange.rest, "--dir", dir);

/** Every file under `dir`, by its name, with its bytes. */
function bytesOf(dir: string): Record<string, string> {
  const names = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = names.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(files.map((file) => [file.slice(dir.length), readFileSync(file).toString("base64")]));
}

describe("grimoire data download", () => {
  it("fetches bars, funding and rules, and drops what is not closed", async () => {
    const dir = folder();
    const { code, out, err } = await download(dir, "BTCUSDT", "--interval", "60");
    expect([code, err]).toEqual([0, ""]);
    expect(out).toContain("local/linear/BTCUSDT\n  60: 960 bars, 2024-12-01 00:00 to 2025-01-09 23:00; 960 new");
    const series = { venue: "local", category: "linear", symbol: "BTCUSDT", interval: "60", kind: "trade" } as const;
    const bars = await openCatalogue(dir).read(series);
    expect([bars.length, bars.time.at(-1)]).toEqual([960, OPENING - 3_600_000]);
    expect(await openCatalogue(dir).instrument(series)).toMatchObject({ tickSize: "0.10" });
    expect((await openCatalogue(dir).funding(series))!.time).toHaveLength(40 * 3 + 1);
  });

  it("asks for nothing twice, and for what is new once time has passed", async () => {
    const dir = folder();
    await download(dir, "BTCUSDT", "--interval", "60", "--to", "2025-01-05");
    const before = exchange.log.length;
    const { out } = await download(dir, "BTCUSDT", "--interval", "60", "--to", "2025-01-05", "--json");
    expect(JSON.parse(out).markets[0]).toMatchObject({
      series: [{ bars: 840, added: 0, gaps: [], missing: 0 }],
      funding: 0,
    });
    expect(exchange.log.slice(before).filter((line) => line.includes("/kline"))).toEqual([]);
    const { out: more } = await download(dir, "BTCUSDT", "--interval", "60", "--json");
    expect(JSON.parse(more).markets[0].series[0]).toMatchObject({ bars: 960, added: 120 });
    const whole = folder();
    await download(whole, "BTCUSDT", "--interval", "60");
    expect(bytesOf(dir)).toEqual(bytesOf(whole));
  });

  it("fetches every kind of price, open interest too, of several markets", async () => {
    const dir = folder();
    const { code, out } = await download(
      dir,
      "BTCUSDT",
      "ETHUSDT",
      "--interval",
      "60",
      "--from",
      "2025-01-07",
      "--what",
      "all",
      "--json",
    );
    expect(code).toBe(0);
    const report = JSON.parse(out);
    expect(report.markets.map((market: { symbol: string }) => market.symbol)).toEqual(["BTCUSDT", "ETHUSDT"]);
    expect(report.markets[0].series.map((each: { kind: string; bars: number }) => [each.kind, each.bars])).toEqual([
      ["trade", 72],
      ["mark", 72],
      ["index", 72],
      ["premium", 72],
    ]);
    const market = { venue: "local", category: "linear", symbol: "BTCUSDT" } as const;
    expect((await readOpenInterest(dir, market, "1h"))!.time).toHaveLength(73);
    const premium = await openCatalogue(dir).read({ ...market, interval: "60", kind: "premium" });
    expect(Math.max(...premium.close.map(Math.abs))).toBeLessThan(0.1);
    const listed = await grimoire("data", "list", "--dir", dir);
    expect(listed.out).toMatch(/BTCUSDT +60 premium/);
    expect((await grimoire("data", "check", "BTCUSDT", "--dir", dir)).code).toBe(0);
  });

  it("knows what spot does not have", async () => {
    const dir = folder();
    const unknown = await download(dir, "BTCUSDT", "--category", "spot");
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringContaining("give --from")]);
    const { code, out } = await download(dir, "BTCUSDT", "--category", "spot", "--from", "2025-01-01", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out).markets[0]).toMatchObject({ category: "spot", series: [{ kind: "trade", bars: 120 }] });
    const refused = await download(dir, "BTCUSDT", "--category", "spot", "--what", "bars,funding");
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining("spot BTCUSDT has no funding")]);
  });

  it.each([
    [["NOPEUSDT"], 1, "does not trade there|symbol"],
    [["BTCUSDT", "--from", "2025-02-01"], 1, "nothing of BTCUSDT is closed in that span"],
    [["BTCUSDT", "--what", "bars,bones"], 2, '--what knows bars, mark.* was "bones"'],
    [["BTCUSDT", "--interval", "7"], 2, "unknown interval"],
    [["BTCUSDT", "--from", "2025-01-03", "--to", "2025-01-02"], 2, "must be before"],
  ])("%j ends with %i", async (words, expected, message) => {
    const { code, err } = await download(folder(), ...words);
    expect(code).toBe(expected);
    expect(err).toMatch(new RegExp(message));
  });

  it("killed again and again, ends in the bytes of one clean run", async () => {
    const argv = ["BTCUSDT", "--interval", "1", "--what", "bars,funding,instrument"];
    const clean = folder();
    await download(clean, ...argv);
    const killed = folder();
    exchange.world.faults.add({ fault: "slowAnswer", delayMs: 40, on: "kline" });
    let kills = 0;
    for (let i = 0; i < 4; i++) {
      const child = spawn(
        process.execPath,
        ["src/cli/main.ts", "data", "download", ...argv, "--url", exchange.rest, "--dir", killed],
        {
          stdio: "ignore",
        },
      );
      const seen = exchange.log.length;
      while (exchange.log.length < seen + 8 + i * 9 && child.exitCode === null)
        await new Promise((done) => setTimeout(done, 5));
      if (child.kill("SIGKILL")) kills++;
      await new Promise((done) => child.once("close", done));
    }
    exchange.world.faults.clear();
    expect(kills).toBeGreaterThan(1);
    const { code, out } = await download(killed, ...argv, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out).markets[0].series[0]).toMatchObject({ bars: 40 * 1_440, missing: 0 });
    expect(bytesOf(killed)).toEqual(bytesOf(clean));
  });
});

describe("missingSpans", () => {
  it("are exactly the openings that are not there", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(30)), fc.nat(30), fc.nat(30), (stored, a, b) => {
        const span = { from: Math.min(a, b) * DAY, to: Math.max(a, b) * DAY };
        const within = stored.filter((at) => at * DAY >= span.from && at * DAY < span.to).sort((x, y) => x - y);
        const spans = missingSpans(
          Float64Array.from(within, (at) => at * DAY),
          span,
          DAY,
        );
        const missing = spans.flatMap(({ from, to }) =>
          Array.from({ length: (to - from) / DAY }, (_, i) => from / DAY + i),
        );
        const all = Array.from({ length: (span.to - span.from) / DAY }, (_, i) => span.from / DAY + i);
        expect(missing).toEqual(all.filter((at) => !within.includes(at)));
      }),
    );
  });
});
