import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { backtest } from "../../src/backtest/backtest.ts";
import type { BacktestResult } from "../../src/backtest/result.ts";
import type { Trade } from "../../src/model/trade.ts";
import { loadBars } from "../../src/store/load.ts";
import { rsiEma } from "../support/rsi-ema.ts";

interface Case {
  readonly name: string;
  readonly file: string;
  readonly span: readonly [string, string];
  readonly bars: number;
  readonly params: Record<string, number>;
  readonly fee: number;
  readonly slippageBps: number;
  readonly stopLoss?: number;
  readonly takeProfit?: number;
  readonly cash: number;
  readonly trades: number;
  readonly closedTrades: number;
  readonly finalEquity: number;
  readonly totalReturn: number;
  readonly sharpe: number | null;
  readonly sortino: number | null;
  readonly maxDrawdown: number;
  readonly winRate: number | null;
  readonly profitFactor: number | null;
  readonly firstTrades: readonly Row[];
  readonly lastTrades: readonly Row[];
}
/** Entry time and price, exit time and price, profit. */
type Row = readonly [string, number, string, number, number];

const golden = JSON.parse(readFileSync(join(import.meta.dirname, "../golden/vectorbt.json"), "utf8")) as {
  readonly version: string;
  readonly cases: readonly Case[];
};
const KLINES = join(import.meta.dirname, "../../../shared/market/klines");
const hasMarket = existsSync(KLINES);

const close = (actual: number | null, expected: number | null, what: string) => {
  if (actual === null || expected === null) return expect(actual, what).toBe(expected);
  expect(Math.abs(actual - expected), `${what}: ${actual}, vectorbt ${expected}`).toBeLessThanOrEqual(
    1e-9 * Math.max(1, Math.abs(expected)),
  );
};

function sameTrade(trade: Trade, [entryTime, entryPrice, exitTime, exitPrice, pnl]: Row): void {
  expect(trade.side).toBe("buy");
  expect(new Date(trade.entryTime).toISOString().slice(0, 19).replace("T", " ")).toBe(entryTime);
  expect(new Date(trade.exitTime).toISOString().slice(0, 19).replace("T", " ")).toBe(exitTime);
  close(trade.entryPrice, entryPrice, "entry");
  close(trade.exitPrice, exitPrice, "exit");
  close(trade.realizedPnl, pnl, "profit");
}

async function run(test: Case): Promise<BacktestResult> {
  const [from, to] = test.span.map((day) => Date.parse(day)) as [number, number];
  const bars = await loadBars(join(KLINES, test.file), { from, to });
  return backtest({
    strategy: rsiEma,
    params: test.params,
    bars,
    settings: {
      cash: test.cash,
      feeRate: test.fee,
      slippageBps: test.slippageBps,
      fill: "close",
      stopLoss: test.stopLoss ?? null,
      takeProfit: test.takeProfit ?? null,
    },
  });
}

describe(`vectorbt ${golden.version} on real bars`, () => {
  it.runIf(hasMarket).each(golden.cases.map((test, number) => ({ number, ...test })))(
    "case $number, $name $params: trades and metrics within 1e-9",
    async (test) => {
      const { metrics, trades, data, time } = await run(test);
      expect([data.bars, data.zeroVolumeBars, data.missingBars]).toEqual([test.bars, 0, 0]);
      expect(time.length).toBe(test.bars);
      const closed = trades.filter((trade) => trade.exitReason !== "open");
      expect([metrics.trades, closed.length]).toEqual([test.trades, test.closedTrades]);
      const last = closed.slice(-test.lastTrades.length);
      for (const [k, row] of test.firstTrades.entries()) sameTrade(closed[k]!, row);
      for (const [k, row] of test.lastTrades.entries()) sameTrade(last[k]!, row);
      close(metrics.finalEquity, test.finalEquity, "finalEquity");
      close(metrics.totalReturn, test.totalReturn, "totalReturn");
      close(metrics.sharpe, test.sharpe, "sharpe");
      close(metrics.sortino, test.sortino, "sortino");
      close(metrics.maxDrawdown, test.maxDrawdown, "maxDrawdown");
      close(metrics.winRate, test.winRate, "winRate");
      close(metrics.profitFactor, test.profitFactor, "profitFactor");
    },
  );
});
