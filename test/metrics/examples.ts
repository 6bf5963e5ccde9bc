import { DAY_MS } from "../../src/core/time.ts";
import type { EquityCurve } from "../../src/metrics/curve.ts";
import type { Trade } from "../../src/model/trade.ts";

/** 2024-01-01, a Monday. */
export const START = Date.UTC(2024, 0, 1);

/** A curve that compounds `returns` on bars of one day unless told. */
export function curveOf(returns: readonly number[], startEquity = 1, intervalMs = DAY_MS): EquityCurve {
  let value = startEquity;
  return equityOf(
    returns.map((change) => {
      value *= 1 + change;
      return value;
    }),
    startEquity,
    intervalMs,
  );
}

export function equityOf(equity: readonly number[], startEquity: number, intervalMs = DAY_MS): EquityCurve {
  return {
    startEquity,
    equity: Float64Array.from(equity),
    time: Float64Array.from(equity, (_, i) => START + i * intervalMs),
    intervalMs,
  };
}

/** A closed long trade of one day that made `realizedPnl`, but for what `change` says. */
export function trade(realizedPnl: number, change: Partial<Trade> = {}): Trade {
  return {
    id: 1,
    symbol: "BTCUSDT",
    side: "buy",
    entryTime: START,
    entryPrice: 100,
    exitTime: START + DAY_MS,
    exitPrice: 101,
    quantity: 1,
    realizedPnl,
    grossPnl: realizedPnl,
    fees: 0,
    funding: 0,
    exitReason: "signal",
    barsHeld: 1,
    maxAdverseFraction: 0,
    maxFavorableFraction: 0,
    initialRisk: null,
    ambiguous: false,
    ...change,
  };
}
