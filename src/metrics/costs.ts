import type { Trade } from "../model/trade.ts";

/** What trading cost, over all trades, an open one included. Money in quote currency. */
export interface Costs {
  /** Made before any cost, slippage included. */
  readonly grossPnl: number;
  /** > 0 paid. */
  readonly fees: number;
  /** Estimated: rate × notional of the fills that slip, which a take-profit's do not. */
  readonly slippage: number;
  /** > 0 received, < 0 paid. */
  readonly funding: number;
  /** Made after all costs. */
  readonly netPnl: number;
  /** The same with fees, slippage and paid funding doubled, at the same quantities. */
  readonly netPnlAtDoubleCosts: number;
  /** Fees, slippage and paid funding as a fraction of what was made before them; `null` where nothing was. */
  readonly share: number | null;
  /** Notional of all fills. */
  readonly turnover: number;
  /** Fees and slippage as a fraction of turnover. */
  readonly rate: number | null;
  /** The rate at which nothing would have been left; `null` where nothing was made before costs. */
  readonly breakEvenRate: number | null;
}

/** The costs of `trades`, whose market fills slipped by `slippageRate` (a fraction of price). */
export function costsOf(trades: readonly Trade[], slippageRate: number): Costs {
  let fees = 0;
  let funding = 0;
  let afterSlippage = 0;
  let netPnl = 0;
  let turnover = 0;
  let slipped = 0;
  for (const trade of trades) {
    fees += trade.fees;
    funding += trade.funding;
    afterSlippage += trade.grossPnl;
    netPnl += trade.realizedPnl;
    const entry = trade.entryPrice * trade.quantity;
    const exit = trade.exitReason === "open" ? 0 : trade.exitPrice * trade.quantity;
    turnover += entry + exit;
    slipped += trade.exitReason === "takeProfit" ? entry : entry + exit;
  }
  const slippage = slipped * slippageRate;
  const grossPnl = afterSlippage + slippage;
  const paid = fees + slippage + Math.max(0, -funding);
  const beforeRate = grossPnl + funding;
  return {
    grossPnl,
    fees,
    slippage,
    funding,
    netPnl,
    netPnlAtDoubleCosts: netPnl - paid,
    share: grossPnl > 0 ? paid / grossPnl : null,
    turnover,
    rate: turnover > 0 ? (fees + slippage) / turnover : null,
    breakEvenRate: turnover > 0 && beforeRate > 0 ? beforeRate / turnover : null,
  };
}
