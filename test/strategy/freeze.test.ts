import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rsiTrend } from "../../src/strategies/rsi-trend.ts";
import { signalsOf } from "../../src/strategy/evaluate.ts";
import { freezeStrategy, withDefaults } from "../../src/strategy/freeze.ts";
import { loadStrategyFile } from "../../src/strategy/load.ts";
import { provokingBars } from "./support/bars.ts";
import { differences } from "./support/compare.ts";

let dir = "";
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "grimoire-freeze-"));
});
afterAll(() => rmSync(dir, { recursive: true }));

describe("freezeStrategy", () => {
  const bars = provokingBars("freeze", 900, { flats: false });

  it("writes a file that says where its parameters come from", () => {
    const text = freezeStrategy(
      rsiTrend,
      { rsiPeriod: 21, oversold: "35" },
      {
        from: null,
        frozenAt: Date.UTC(2024, 5, 1),
        study: "spring",
        trial: 17,
        data: "BTCUSDT 60, 2024-01-01 to 2024-05-31",
        metrics: { sharpe: 1.25, calmar: null },
      },
    );
    expect(text).toBe(`/**
 * Parameters of rsi-trend, frozen on 2024-06-01T00:00:00.000Z.
 * Study: spring, trial 17
 * Data: BTCUSDT 60, 2024-01-01 to 2024-05-31
 * Metrics: sharpe 1.25, calmar undefined
 */
import { shipped, withDefaults } from "bybit-grimoire";

export default withDefaults(shipped("rsi-trend"), {
  rsiPeriod: 21,
  oversold: 35,
  overbought: 70,
  emaPeriod: 200,
});
`);
  });

  it("loads back and gives the same signals, of a strategy that ships", () => {
    const params = { rsiPeriod: 11, oversold: 40, overbought: 61, emaPeriod: 103 };
    const path = join(dir, "frozen.ts");
    writeFileSync(path, freezeStrategy(rsiTrend, params, { from: null }));
    const frozen = loadStrategyFile(path);
    expect(frozen.warmup()).toBe(102);
    expect(differences(signalsOf(frozen, {}, bars), signalsOf(rsiTrend, params, bars), bars.length)).toEqual([]);
    expect(signalsOf(frozen, { emaPeriod: 150 }, bars).warmup).toBe(149); // still parameters, only with other defaults
  });

  it("loads back and gives the same signals, of a user's file", () => {
    const mine = join(dir, "mine.ts");
    writeFileSync(
      mine,
      `import { choice, defineStrategy, float, bool } from "bybit-grimoire";
export default defineStrategy({ name: "mine", description: "mine", params: { w: choice(["a", "b"]), x: float(2, { min: 1, max: 3 }), on: bool(false) },
  rules: ({ close, bbands }, p) => ({ enterLong: p.on ? close.above(bbands(close, p.w === "a" ? 10 : 20, p.x).upper) : close.above(0) }) });
`,
    );
    mkdirSync(join(dir, "sub"));
    const path = join(dir, "sub", "frozen.mjs");
    const original = loadStrategyFile(mine);
    const params = { w: "b", x: 1.1 + 0.2, on: true };
    writeFileSync(path, freezeStrategy(original, params, { from: "../mine.ts" }));
    const frozen = loadStrategyFile(path);
    expect(frozen).toMatchObject({ name: "mine", description: "mine" });
    expect(differences(signalsOf(frozen, {}, bars), signalsOf(original, params, bars), bars.length)).toEqual([]);
  });

  it("refuses parameters the strategy would refuse, and an import that is no path", () => {
    expect(() => freezeStrategy(rsiTrend, { rsiPeriod: 99 }, { from: null })).toThrow(
      expect.objectContaining({ code: "PARAM_RANGE" }),
    );
    expect(() => freezeStrategy(rsiTrend, {}, { from: "evil" })).toThrow(
      expect.objectContaining({ code: "FREEZE_IMPORT" }),
    );
  });

  it("cannot be broken out of its comment", () => {
    const text = freezeStrategy(rsiTrend, {}, { from: null, study: "a */ process.exit(1) /*\nexit()" });
    expect(text.indexOf("*/")).toBe(text.indexOf(" */\nimport") + 1);
    expect(
      text
        .split("\n")
        .slice(0, 3)
        .every((line) => line.startsWith("/**") || line.startsWith(" *")),
    ).toBe(true);
  });
});

describe("withDefaults", () => {
  it("changes defaults and nothing else", () => {
    const other = withDefaults(rsiTrend, { emaPeriod: 150 });
    expect(other.params).toEqual({ ...rsiTrend.params, emaPeriod: { ...rsiTrend.params.emaPeriod, default: 150 } });
    expect(other.warmup()).toBe(149);
  });
});
