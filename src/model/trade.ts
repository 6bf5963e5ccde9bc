/** Side of an order or fill; of a trade: of the fill that opened it ("buy" is a long trade). */
export type Side = "buy" | "sell";

export type ExitReason =
  | "signal"
  | "stopLoss"
  | "takeProfit"
  | "trailingStop"
  | "liquidation"
  | "reverse"
  /** Still open on the last bar; valued at its close. */
  | "open";

/** Flat to flat: the fills that opened and closed one position. Money in quote (inverse: coin), times epoch ms. */
export interface Trade {
  /** Counts from 1 in order of entry. */
  readonly id: number;
  readonly symbol: string;
  readonly side: Side;
  /** Opening of the bar in which the entry filled. */
  readonly entryTime: number;
  readonly entryPrice: number;
  /** Opening of the bar in which the exit filled; of the last bar while open. */
  readonly exitTime: number;
  readonly exitPrice: number;
  /** Base quantity > 0. */
  readonly quantity: number;
  /** After fees and funding, as Bybit's closed PnL. */
  readonly realizedPnl: number;
  /** `realizedPnl` before fees and funding. */
  readonly grossPnl: number;
  /** > 0 paid. */
  readonly fees: number;
  /** > 0 received, < 0 paid. */
  readonly funding: number;
  readonly exitReason: ExitReason;
  /** Bars from entry fill to exit fill. */
  readonly barsHeld: number;
  /** Worst and best unrealised return while open, fractions of the entry price: MAE ≤ 0 ≤ MFE. */
  readonly maxAdverseFraction: number;
  readonly maxFavorableFraction: number;
  /** Quote at risk when it was opened (quantity × distance to its stop); `null` without a stop. */
  readonly initialRisk: number | null;
  /** Stop and target were both inside the exit bar; the stop was taken. */
  readonly ambiguous: boolean;
}
