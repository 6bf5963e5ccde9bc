import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backtestReport } from "../../src/report/backtest.ts";
import { widthOf } from "../../src/report/layout.ts";
import { backtest, verdictOf } from "./examples.ts";

const plain = { color: false, columns: 80 };
const lines = (text: string) => text.split("\n");

describe("backtestReport", () => {
  const input = backtest();
  const report = backtestReport({ ...input, verdict: verdictOf(input, null) }, plain);

  it("says what was tested, on which bars, with which parameters", () => {
    expect(lines(report)[0]).toBe("◆ rsi-trend  BTCUSDT 1h · 2023-01-01 → 2023-05-05 · 3,000 bars");
    expect(lines(report)[1]).toBe("  rsiPeriod 14 · oversold 30 · overbought 70 · emaPeriod 200");
  });

  it("shows every part a careful reader asks for", () => {
    for (const part of [
      "Total return",
      "Sharpe",
      "drawdown",
      "Top 5 trades' share",
      "Ambiguous bars ····················· 2",
      "trailing stop",
      "Net profit at 2× costs",
      "Break-even per fill",
      "Returns by month",
      "4 bars missing",
      "3 orders not sent: belowMinQty",
    ]) {
      expect(report).toContain(part);
    }
    expect(report).not.toContain("OPTIMISTIC");
    expect(report).not.toMatch(/NaN|undefined|Infinity|null/);
  });

  it("ends with the verdict in its frame", () => {
    expect(lines(report).at(-1)).toMatch(/^╰─+╯$/);
    expect(report).toContain("╭─ WEAK ─");
  });

  it("warns of fills at the close that gave the signal", () => {
    const close = { ...input, settings: { ...input.settings, fill: "close" as const } };
    expect(lines(backtestReport(close, plain))[2]).toMatch(/^▲ OPTIMISTIC: filled at the very close/);
  });

  it("does not print a Sharpe ratio large on fewer than 30 trades", () => {
    const report = backtestReport(backtest({ bars: 200 }), plain);
    expect(report).toMatch(/│ not shown +│/);
    expect(report).toContain("needs 30 trades");
  });

  it("has room for a quarter of a million trades", () => {
    const trades = Array.from({ length: 250_000 }, (_, i) => input.trades[i % input.trades.length]!);
    expect(backtestReport({ ...input, trades }, plain)).toContain("returns of the trades");
  });

  it("draws buying and holding behind the curve where it is given", () => {
    const report = backtestReport({ ...input, benchmark: input.equity.map((_, i) => 10_000 + i) }, plain);
    expect(report).toContain("buy and hold +30.0%");
  });

  it("is the same with colours, but for the colours", () => {
    const colored = backtestReport({ ...input, verdict: verdictOf(input, null) }, { color: true, columns: 80 });
    expect(colored).toContain("\x1b[");
    expect(report).not.toContain("\x1b");
    expect(stripVTControlCharacters(colored).replace(/ +$/gm, "")).toBe(report);
  });

  it("fits its screen whatever the result, and prints no undefined word", () => {
    fc.assert(
      fc.property(
        fc.record({
          seed: fc.integer(),
          bars: fc.integer({ min: 1, max: 2_000 }),
          drift: fc.double({ min: -0.3, max: 0.5, noNaN: true }),
          cash: fc.constantFrom(1e-3, 1, 10_000, 1e9),
        }),
        fc.integer({ min: 60, max: 200 }),
        (options, columns) => {
          const input = backtest(options);
          const text = backtestReport({ ...input, verdict: verdictOf(input, null) }, { color: false, columns });
          for (const line of lines(text)) expect(widthOf(line), line).toBeLessThanOrEqual(Math.min(80, columns));
          expect(text).not.toMatch(/NaN|undefined|Infinity|null/);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("reports an account that never traded", () => {
    const idle = backtest({ bars: 5 });
    expect(idle.trades).toEqual([]);
    const report = backtestReport(idle, plain);
    expect(report).toContain("no trades");
    expect(report).toContain("none closed");
  });
});
