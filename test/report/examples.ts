import { random } from "../../src/core/random.ts";
import { HOUR_MS } from "../../src/core/time.ts";
import { computeMetrics } from "../../src/metrics/metrics.ts";
import { returnsOf } from "../../src/metrics/returns.ts";
import { sharpeSample } from "../../src/metrics/sharpe.ts";
import { type Verdict, verdict } from "../../src/metrics/verdict.ts";
import type { ExitReason, Trade } from "../../src/model/trade.ts";
import type { OptimizationInput, ReportInput } from "../../src/report/input.ts";

const START = Date.UTC(2023, 0, 1);
const REASONS: readonly ExitReason[] = ["signal", "stopLoss", "takeProfit", "trailingStop", "reverse"];

/** A backtest of `bars` hours with a trade every ten, drawn from `seed`; `drift` per trade. */
export function backtest({ seed = 1, bars = 3_000, drift = 0.002, cash = 10_000 } = {}): ReportInput {
  const chance = random(seed);
  const equity = new Float64Array(bars);
  const time = Float64Array.from(equity, (_, i) => START + i * HOUR_MS);
  const trades: Trade[] = [];
  let value = cash;
  for (let i = 0; i < bars; i++) {
    if (i % 10 === 9) {
      const change = Math.max(-0.5, drift + 0.02 * chance.normal());
      const quantity = value / 100;
      const profit = value * change;
      trades.push({
        id: trades.length + 1,
        symbol: "BTCUSDT",
        side: chance.next() < 0.5 ? "buy" : "sell",
        entryTime: time[i - 4]!,
        entryPrice: 100,
        exitTime: time[i]!,
        exitPrice: 100 * (1 + change),
        quantity,
        realizedPnl: profit,
        grossPnl: profit + value * 0.001,
        fees: value * 0.001,
        funding: 0,
        exitReason: REASONS[chance.below(REASONS.length)]!,
        barsHeld: 4,
        maxAdverseFraction: Math.min(0, change) - 0.01,
        maxFavorableFraction: Math.max(0, change) + 0.01,
        initialRisk: value * 0.02,
        ambiguous: false,
      });
      value += profit;
    }
    equity[i] = value;
  }
  const last = trades.at(-1);
  const metrics = computeMetrics({
    startEquity: cash,
    time,
    equity,
    intervalMs: HOUR_MS,
    trades,
    barsInMarket: trades.length * 4,
    ambiguousBars: 2,
  });
  return {
    strategy: "rsi-trend",
    params: { rsiPeriod: 14, oversold: 30, overbought: 70, emaPeriod: 200 },
    data: {
      symbol: "BTCUSDT",
      interval: "60",
      from: START,
      to: last?.exitTime ?? START,
      bars,
      missingBars: 4,
      zeroVolumeBars: 0,
    },
    settings: { cash, fill: "next-open", slippageBps: 2 },
    metrics,
    trades,
    equity,
    time,
    refusals: { belowMinQty: 3 },
  };
}

export function verdictOf(input: ReportInput, outOfSample: ReportInput | null, trials = 100): Verdict {
  return verdict({
    sample: sharpeSample(returnsOf({ startEquity: input.settings.cash, equity: input.equity })),
    barsPerYear: 8760,
    inSample: input.metrics,
    outOfSample: outOfSample?.metrics ?? null,
    search: { trials, variance: 1e-4 },
  });
}

/** An optimization of fifty trials whose thirty-first was best. */
export function optimization(change: Partial<OptimizationInput> = {}): OptimizationInput {
  const inSample = backtest();
  const outOfSample = backtest({ seed: 2, bars: 1_000, drift: 0.001 });
  const top = Array.from({ length: 12 }, (_, i) => ({
    number: 30 - i,
    value: 2 - i / 10,
    params: { rsiPeriod: 14 + i, oversold: 30, overbought: 70, emaPeriod: 200, trailing: 0.012345678 },
    metrics: inSample.metrics,
  }));
  return {
    study: "demo",
    strategy: "rsi-trend",
    sampler: "tpe",
    objective: "sharpe",
    seed: 1,
    trials: { total: 50, complete: 47, pruned: 2, failed: 1 },
    elapsedMs: 3_412,
    best: top[0]!,
    top,
    values: Array.from({ length: 50 }, (_, i) => (i % 17 === 3 ? null : i === 30 ? 2 : Math.sin(i))),
    importance: { rsiPeriod: 0.5, oversold: 0.3, overbought: 0.15, emaPeriod: 0.05 },
    inSample,
    outOfSample,
    verdict: verdictOf(inSample, outOfSample),
    ...change,
  };
}
