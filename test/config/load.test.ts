import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkConfig, loadConfig } from "../../src/config/load.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "grimoire-config-"));
});
afterEach(() => rmSync(dir, { recursive: true }));
const write = (name: string, text: string) => writeFileSync(join(dir, name), text);
const messageOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("nothing was thrown");
};

const LEAST = { traders: [{ strategy: "rsi-trend" }] };

describe("loadConfig", () => {
  it.each([
    ["grimoire.config.yaml", "environment: demo\ntraders:\n  - strategy: rsi-trend # mine\n    leverage: 3\n"],
    ["grimoire.config.yml", "environment: demo\ntraders: [{ strategy: rsi-trend, leverage: 3 }]\n"],
    ["grimoire.config.json", '{ "environment": "demo", "traders": [{ "strategy": "rsi-trend", "leverage": 3 }] }'],
    [
      "grimoire.config.ts",
      'const leverage: number = 3;\nexport default { environment: "demo", traders: [{ strategy: "rsi-trend", leverage }] };',
    ],
  ])("reads %s, with defaults for the rest", (name, text) => {
    write(name, text);
    const { file, config } = loadConfig(dir);
    expect(file).toBe(join(dir, name));
    expect(config).toMatchObject({
      environment: "demo",
      traders: [{ strategy: "rsi-trend", leverage: 3, symbol: "BTCUSDT", interval: "15", category: "linear" }],
      limits: { maxDailyLossFraction: 0.05, maxOpenPositions: 3 },
    });
  });

  it("reads the file it is told to", () => {
    write("other.yaml", "traders: [{ strategy: ensemble }]");
    expect(loadConfig(dir, "other.yaml").config.traders[0]!.strategy).toBe("ensemble");
  });

  it.each([
    ["no file", {}, /no grimoire.config.ts or .yaml in .*; grimoire init makes one/],
    [
      "two files",
      { "grimoire.config.yaml": "", "grimoire.config.json": "{}" },
      /grimoire.config.yaml and grimoire.config.json are both there; keep one/,
    ],
    [
      "broken YAML",
      { "grimoire.config.yaml": "traders:\n  - strategy: [a" },
      /grimoire.config.yaml:2:\d+: Flow sequence/,
    ],
    ["a key twice", { "grimoire.config.yaml": "account: a\naccount: b" }, /yaml:2:1: Map keys must be unique/],
    ["broken TypeScript", { "grimoire.config.ts": "export default {;" }, /grimoire.config.ts failed while loading: /],
    [
      "no export",
      { "grimoire.config.ts": "export const a = 1;" },
      /has no default export; end it with: export default/,
    ],
    ["an empty file", { "grimoire.config.yaml": "" }, /traders is missing; it must be an array/],
  ])("refuses %s with one clear line", (_, files: Record<string, string>, text) => {
    for (const [name, content] of Object.entries(files)) write(name, content);
    const message = messageOf(() => loadConfig(dir));
    expect(message).toMatch(text);
    expect(message).not.toContain("\n");
  });
});

describe("checkConfig", () => {
  it.each([
    [{ ...LEAST, limit: {} }, "unknown field limit; nearest: limits"],
    [{ traders: [{ strategy: "a", symbl: "X" }] }, "unknown field traders.0.symbl; nearest: symbol"],
    [{ ...LEAST, limits: { maxDailyLoss: 0.1 } }, "unknown field limits.maxDailyLoss; nearest: maxDailyLossFraction"],
    [{ ...LEAST, limits: { riskPerTradeFraction: 2 } }, "limits.riskPerTradeFraction must be below 1, was 2"],
    [{ ...LEAST, limits: { riskPerTradeFraction: -0.01 } }, "limits.riskPerTradeFraction must be above 0, was -0.01"],
    [{ ...LEAST, limits: { maxOpenPositions: "3" } }, 'limits.maxOpenPositions must be a number, was "3"'],
    [{ ...LEAST, limits: { maxOpenPositions: 1.5 } }, "limits.maxOpenPositions must be an int, was 1.5"],
    [{ ...LEAST, limits: { maxPositionQuote: NaN } }, "limits.maxPositionQuote must be a number, was NaN"],
    [{ traders: [{ strategy: "a", leverage: 125 }] }, "traders.0.leverage must be at most 100, was 125"],
    [{ traders: [] }, "traders must hold at least 1, was []"],
    [{ ...LEAST, environment: "live" }, 'environment must be one of local testnet demo mainnet, was "live"'],
    [{ traders: [{ strategy: "a", interval: "7" }] }, "traders.0.interval must be one of 1 3 5"],
    [{ traders: [{ strategy: "a", sizing: "half" }] }, "traders.0.sizing: unknown sizing policy"],
    [{ ...LEAST, environment: "local" }, "exchange: environment local needs the exchange's addresses"],
    [
      { ...LEAST, exchange: { rest: "http://127.0.0.1:1", ws: "ws://127.0.0.1:1" } },
      "exchange: is only for environment: local",
    ],
    [
      { ...LEAST, limits: { riskPerTradeFraction: 0.1 } },
      "limits.riskPerTradeFraction: one loss must not be larger than limits.maxDailyLossFraction",
    ],
    [
      { ...LEAST, limits: { maxDailyLossFraction: 0.3 } },
      "limits.maxDailyLossFraction: must not be larger than limits.maxDrawdownFraction",
    ],
    [
      { ...LEAST, limits: { minPositionQuote: 20_000 } },
      "limits.minPositionQuote: must not be larger than limits.maxPositionQuote",
    ],
    [
      { traders: [{ strategy: "a", sizing: "risk:0.03" }] },
      "traders.0.sizing: risks more than limits.riskPerTradeFraction (0.02)",
    ],
    [{ traders: [{ strategy: "a" }, { strategy: "b" }] }, "traders.1.symbol: traders.0 trades linear BTCUSDT already"],
    [{ traders: [{ strategy: "a", category: "spot", leverage: 2 }] }, "traders.0.leverage: spot has no leverage"],
    [[], "the file must be an object, was []"],
  ])("refuses %j and says why", (written, text) => {
    expect(messageOf(() => checkConfig(written, "f.yaml"))).toContain(`f.yaml: ${text}`);
  });

  it("names a misspelt field before what its absence caused, and counts the rest", () => {
    const message = messageOf(() => checkConfig({ trader: [] }, "f.yaml"));
    expect(message).toMatch(/^f.yaml: unknown field trader; nearest: traders \(and 1 more: traders is missing/);
  });

  it("risks little unless told otherwise", () => {
    const { environment, traders, limits, stopOn } = checkConfig(LEAST, "f.yaml");
    expect([environment, traders[0]!.leverage, traders[0]!.sizing, stopOn]).toEqual([
      "testnet",
      1,
      "risk:0.01",
      "keep",
    ]);
    expect(limits.riskPerTradeFraction).toBeLessThanOrEqual(limits.maxDailyLossFraction);
  });
});
