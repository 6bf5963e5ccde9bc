import type { Category } from "../../model/instrument.ts";

/** A fill, funding settlement or take-over as the exchange shows it; numbers already printed. */
export interface ExecutionFacts {
  readonly category: Category;
  readonly symbol: string;
  readonly execId: string;
  readonly orderId: string;
  readonly orderLinkId: string;
  readonly side: "Buy" | "Sell";
  readonly orderType: string;
  readonly stopOrderType: string;
  readonly createType: string;
  readonly orderPrice: string;
  readonly orderQty: string;
  readonly leavesQty: string;
  readonly execPrice: string;
  readonly execQty: string;
  readonly execValue: string;
  /** > 0 paid. */
  readonly execFee: string;
  readonly feeRate: string;
  readonly feeCoin: string;
  readonly execType: string;
  /** Price profit of the closed part, before fees. */
  readonly execPnl: string;
  readonly closedSize: string;
  readonly isMaker: boolean;
  readonly markPrice: string;
  readonly indexPrice: string;
  readonly marketUnit: string;
  /** Epoch ms. */
  readonly execTime: number;
  readonly seq: number;
}

/** An entry of `/v5/execution/list`. */
export function executionRow(fill: ExecutionFacts): Record<string, unknown> {
  return {
    symbol: fill.symbol,
    orderId: fill.orderId,
    orderLinkId: fill.orderLinkId,
    side: fill.side,
    orderPrice: fill.orderPrice,
    orderQty: fill.orderQty,
    leavesQty: fill.leavesQty,
    ...(fill.category !== "spot" && { createType: fill.createType }),
    orderType: fill.orderType,
    stopOrderType: fill.stopOrderType,
    execFee: fill.execFee,
    execFeeV2: "",
    execId: fill.execId,
    execPrice: fill.execPrice,
    execQty: fill.execQty,
    execType: fill.execType,
    execValue: fill.execValue,
    execTime: String(fill.execTime),
    feeCurrency: fill.feeCoin,
    isMaker: fill.isMaker,
    feeRate: fill.feeRate,
    tradeIv: "",
    markIv: "",
    markPrice: fill.markPrice,
    indexPrice: fill.indexPrice,
    underlyingPrice: "",
    blockTradeId: "",
    closedSize: fill.closedSize,
    seq: fill.seq,
    extraFees: "",
  };
}

/** The data element of an `execution` push. */
export function executionPush(fill: ExecutionFacts): Record<string, unknown> {
  const { category, execPnl, marketUnit } = fill;
  return { category, ...executionRow(fill), isLeverage: "0", execPnl, marketUnit };
}

/** The data element of an `execution.fast` push: trades only, a maker's own id kept back. */
export function fastExecutionPush(fill: ExecutionFacts): Record<string, unknown> {
  return {
    category: fill.category,
    symbol: fill.symbol,
    execId: fill.execId,
    execPrice: fill.execPrice,
    execQty: fill.execQty,
    orderId: fill.orderId,
    isMaker: fill.isMaker,
    orderLinkId: fill.isMaker ? "" : fill.orderLinkId,
    side: fill.side,
    execTime: String(fill.execTime),
    seq: fill.seq,
  };
}
