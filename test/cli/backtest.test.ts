import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generateBars } from "../../src/store/generate.ts";
import { grimoire } from "../support/cli.ts";
import { testInstrument } from "../support/random-market.ts";

const KLINES = join(import.meta.dirname, "../../../shared/market/klines");
const FUNDING = join(KLINES, "../funding");
const hasMarket = existsSync(KLINES);

let folder = "";
const path = (name: string) => join(folder, name);

const STRATEGY = `import { defineStrategy, int } from "bybit-grimoire";
const any = (preset: number) => int(preset, { min: 2, max: 1000 });
export default defineStrategy({
  name: "wide",
  params: { rsiPeriod: any(14), oversold: any(30), overbought: any(70), emaPeriod: any(200) },
  rules: ({ close, rsi, ema }, p) => ({
    enterLong: rsi(close, p.rsiPeriod).below(p.oversold).and(close.above(ema(close, p.emaPeriod))),
    exitLong: rsi(close, p.rsiPeriod).above(p.overbought),
  }),
});`;

/** A seeded market as the CSV file a user would have. */
function csvOf(interval: "60" | "15", length: number): string {
  const bars = generateBars({ seed: 11, interval, from: Date.UTC(2023, 0), length });
  const rows = Array.from(bars.time, (time, i) =>
    [time, bars.open[i], bars.high[i], bars.low[i], bars.close[i], bars.volume[i]].join(","),
  );
  return `startTime,open,high,low,close,volume\n${rows.join("\n")}\n`;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "cli-backtest-"));
  writeFileSync(path("wide.ts"), STRATEGY);
  writeFileSync(path("SYNTHUSDT_60.csv"), csvOf("60", 4000));
  writeFileSync(path("SYNTHUSDT_15.csv"), csvOf("15", 16_000));
  writeFileSync(
    path("instrument.json"),
    JSON.stringify(testInstrument({ tickSize: "0.1", qtyStep: "0.001", minOrderQty: "0.001" })),
  );
  writeFileSync(path("broken.json"), JSON.stringify({ ...testInstrument(), tickSize: 0.1 }));
});
afterAll(() => rmSync(folder, { recursive: true }));

const PARAMS = [
  "--param",
  "rsiPeriod=10",
  "--param",
  "oversold=40",
  "--param",
  "overbought=60",
  "--param",
  "emaPeriod=50",
];
const run = (...more: string[]) =>
  grimoire("backtest", "--strategy", path("wide.ts"), "--data", path("SYNTHUSDT_60.csv"), ...PARAMS, ...more);
const json = async (...more: string[]) => {
  const seen = await run(...more, "--json");
  expect(seen.err).toBe("");
  return JSON.parse(seen.out);
};

describe("grimoire backtest", () => {
  it("prints one JSON document with what was asked and what came of it", async () => {
    const result = await json();
    expect(Object.keys(result)).toEqual([
      "strategy",
      "engine",
      "params",
      "data",
      "settings",
      "metrics",
      "refusals",
      "trades",
    ]);
    expect(result).toMatchObject({
      strategy: "wide",
      params: { rsiPeriod: 10, oversold: 40, overbought: 60, emaPeriod: 50 },
      data: { symbol: "SYNTHUSDT", interval: "60", from: Date.UTC(2023, 0), bars: 4000 },
      settings: { cash: 10_000, fill: "next-open", sizing: { kind: "all-in" } },
    });
    expect(result.metrics.trades).toBe(result.trades.length);
    expect(result.trades[0]).toMatchObject({ id: 1, side: "buy", exitReason: "signal" });
  });

  it("adds the equity of every bar only when asked", async () => {
    const { curve, metrics } = await json("--curve");
    expect([curve.time.length, curve.equity.length]).toEqual([4000, 4000]);
    expect(curve.equity.at(-1)).toBe(metrics.finalEquity);
  });

  it("prints a report on one page", async () => {
    const { code, out } = await run();
    expect(code).toBe(0);
    expect(out).toMatch(/wide {2}SYNTHUSDT 1h · 2023-01-01 → .* · 4,000 bars/);
    expect(Math.max(...out.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it("writes trades and equity as CSV", async () => {
    const { trades } = await json("--trades", path("trades.csv"), "--equity", path("equity.csv"));
    const lines = readFileSync(path("trades.csv"), "utf8").trim().split("\n");
    expect(lines[0]).toMatch(
      /^trade_id,symbol,side,entry_time,entry_price,quantity,exit_time,exit_price,realized_pnl,pnl_percentage,hold_time,status/,
    );
    expect(lines).toHaveLength(trades.length + 1);
    expect(readFileSync(path("equity.csv"), "utf8").trim().split("\n")).toHaveLength(4001);
  });

  it("hands every setting on", async () => {
    const { settings } = await json(
      ...["--cash", "500", "--fee", "0.001", "--maker-fee", "0.0002", "--slippage-bps", "3", "--fill", "close"],
      ...["--size", "risk:0.02", "--leverage", "3", "--side", "long", "--stop-loss", "0.02", "--take-profit", "0.05"],
      ...["--trailing-stop", "0.03", "--target-gap", "limit", "--participation", "0.1", "--funding", "none"],
    );
    expect(settings).toEqual({
      ...{ cash: 500, feeRate: 0.001, makerFeeRate: 0.0002, slippageBps: 3, fill: "close" },
      ...{ sizing: { kind: "risk", fraction: 0.02 }, leverage: 3, side: "long", stopLoss: 0.02, takeProfit: 0.05 },
      ...{ trailingStop: 0.03, targetGap: "limit", participation: 0.1, funding: false },
    });
  });

  it("starts cold at --from unless history may warm it up", async () => {
    const from = ["--from", "2023-03-01", "--to", "2023-05-01", "--param", "emaPeriod=400", "--param", "oversold=55"];
    const cold = await json(...from);
    const warm = await json(...from, "--warmup", "history");
    expect(cold.data).toEqual(warm.data);
    expect(cold.data).toMatchObject({ from: Date.UTC(2023, 2), to: Date.UTC(2023, 4) - 3_600_000 });
    const warmedUp = Date.UTC(2023, 2) + 399 * 3_600_000;
    expect(cold.trades[0].entryTime).toBeGreaterThan(warmedUp);
    expect(warm.trades[0].entryTime).toBeLessThan(warmedUp);
  });

  it("rounds with an instrument file, and lets shorter bars decide", async () => {
    const options = ["--stop-loss", "0.004", "--take-profit", "0.004"];
    const bare = await json(...options);
    expect(bare.metrics.ambiguousBars).toBeGreaterThan(0);
    const rounded = await json(...options, "--instrument", path("instrument.json"));
    for (const { quantity } of rounded.trades) expect(Math.round(quantity * 1000) / 1000).toBe(quantity);
    const detailed = await json(...options, "--detail", path("SYNTHUSDT_15.csv"));
    expect(detailed.metrics.ambiguousBars).toBeLessThan(bare.metrics.ambiguousBars);
  });

  it.each([
    ["--detail", "15", 2, /--detail 15 is found only beside a symbol of the catalogue/],
    ["--detail", "SYNTHUSDT_60.csv", 2, /detail bars must be shorter/],
    ["--mark", "SYNTHUSDT_15.csv", 2, /mark-price bars must have the interval/],
    ["--instrument", "nowhere.json", 1, /nowhere\.json: no such file/],
    ["--instrument", "broken.json", 1, /broken\.json: tickSize is .* it must be a step/],
    ["--funding", "SYNTHUSDT_60.csv", 1, /SYNTHUSDT_60\.csv.*fundingTime/],
    ["--engine", "slow", 2, /engine must be fast or replay, was "slow"/],
    ["--participation", "2", 2, /participation must be a fraction/],
    ["--trades", "no/such/folder.csv", 2, /there is no folder/],
    ["--warmup", "hot", 2, /warmup must be one of cold, history/],
  ])("%s %s is refused in one line", async (option, value, code, message) => {
    const isFile = value.includes(".");
    const seen = await run(option, isFile ? path(value) : value);
    expect(seen).toMatchObject({ code, out: "", err: expect.stringMatching(message) });
    expect(seen.err.trim().split("\n")).toHaveLength(1);
  });

  describe("--engine replay", () => {
    const REPLAY = ["--engine", "replay", "--instrument", "none"];
    const rules = () => ["--instrument", path("instrument.json")];
    it("is the same document, trade for trade, when both know the instrument", async () => {
      const fast = await json(...rules(), "--stop-loss", "0.02");
      const slow = await json(...rules(), "--stop-loss", "0.02", "--engine", "replay");
      expect([fast.engine, slow.engine]).toEqual(["fast", "replay"]);
      expect(Object.keys(slow)).toEqual(Object.keys(fast));
      expect(Object.keys(slow.metrics)).toEqual(Object.keys(fast.metrics));
      expect(slow.trades.length).toBeGreaterThan(10);
      const told = (trades: Record<string, unknown>[]) =>
        trades.map(({ side, entryTime, entryPrice, exitTime, exitPrice, quantity, exitReason }) => {
          return { side, entryTime, entryPrice, exitTime, exitPrice, quantity, exitReason };
        });
      expect(told(slow.trades)).toEqual(told(fast.trades));
      expect(slow.metrics.finalEquity).toBeCloseTo(fast.metrics.finalEquity, 5);
      expect(slow.metrics.exposure).toBe(fast.metrics.exposure);
      expect(slow.metrics.sqn).toBeCloseTo(fast.metrics.sqn, 6);
    });

    it("makes up an instrument where there is none, and says so on stderr alone", async () => {
      const seen = await run(...REPLAY, "--json");
      expect(seen.code).toBe(0);
      expect(seen.err).toMatch(
        /no instrument for SYNTHUSDT: replayed with a made-up one \(tick 0\.1, step 0\.0001, minimum 5\)/,
      );
      expect(JSON.parse(seen.out).trades.length).toBeGreaterThan(10);
    });

    it("prints the same report", async () => {
      const { code, out } = await run(...REPLAY);
      expect(code).toBe(0);
      expect(out).toMatch(/wide {2}SYNTHUSDT 1h · 2023-01-01 → .* · 4,000 bars/);
    });

    it("warms up on history", async () => {
      const from = ["--from", "2023-03-01", "--param", "emaPeriod=400", "--param", "oversold=55", ...rules()];
      const fast = await json(...from, "--warmup", "history");
      const slow = await json(...from, "--warmup", "history", "--engine", "replay");
      const entries = (result: { trades: { entryTime: number }[] }) => result.trades.map(({ entryTime }) => entryTime);
      expect(entries(slow)).toEqual(entries(fast));
    });

    it.each([
      ["--fill", "close", /fill close/],
      ["--participation", "0.1", /participation/],
      ["--target-gap", "limit", /target-gap limit/],
      ["--detail", "SYNTHUSDT_15.csv", /--detail/],
    ])("refuses %s %s in one line", async (option, value, message) => {
      const seen = await run("--engine", "replay", option, value.endsWith("csv") ? path(value) : value);
      expect(seen).toMatchObject({ code: 2, out: "", err: expect.stringMatching(message) });
      expect(seen.err).toMatch(/fast/);
      expect(seen.err.trim().split("\n")).toHaveLength(1);
    });

    it("refuses a span shorter than the warm-up", async () => {
      const seen = await run("--engine", "replay", "--to", "2023-01-02");
      expect(seen).toMatchObject({ code: 1, out: "", err: expect.stringMatching(/needs \d+ bars/) });
    });
  });

  const golden = JSON.parse(readFileSync(join(import.meta.dirname, "../golden/vectorbt.json"), "utf8"));
  it.runIf(hasMarket)("gives vectorbt's numbers for all 16 cases", async () => {
    for (const test of golden.cases) {
      const params = Object.entries(test.params).flatMap(([name, value]) => ["--param", `${name}=${value}`]);
      const option = (name: string, value: number | undefined) => (value === undefined ? [] : [name, String(value)]);
      const seen = await grimoire(
        ...["backtest", "--strategy", path("wide.ts"), "--data", join(KLINES, test.file), ...params, "--json"],
        ...["--from", test.span[0], "--to", test.span[1], "--fill", "close", "--size", "all-in"],
        ...option("--fee", test.fee),
        ...option("--slippage-bps", test.slippageBps),
        ...option("--stop-loss", test.stopLoss),
        ...option("--take-profit", test.takeProfit),
      );
      const { metrics, data } = JSON.parse(seen.out);
      expect(data.bars).toBe(test.bars);
      expect(metrics.trades).toBe(test.trades);
      expect(Math.abs(metrics.finalEquity / test.finalEquity - 1)).toBeLessThan(1e-9);
      if (test.sharpe === null) expect(metrics.sharpe).toBeNull();
      else expect(Math.abs(metrics.sharpe - test.sharpe)).toBeLessThan(1e-9);
    }
  });

  it.runIf(hasMarket)("pays the stored funding of a real market", async () => {
    const real = [
      "--data",
      join(KLINES, "bybit-linear_BTCUSDT_60.csv.gz"),
      "--from",
      "2023-01-01",
      "--to",
      "2024-01-01",
    ];
    const run = async (...more: string[]) => {
      const seen = await grimoire("backtest", "--strategy", "supertrend", ...real, "--json", ...more);
      return JSON.parse(seen.out).metrics;
    };
    const paid = await run("--funding", join(FUNDING, "bybit-linear_BTCUSDT_funding.csv.gz"));
    expect((await run()).funding).toBe(0);
    expect(paid.funding).not.toBe(0);
    expect(Math.abs(paid.funding)).toBeLessThan(2000);
  });
});
