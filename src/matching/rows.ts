import type { Side } from "../model/trade.ts";
import type { MarketKey, OrderType, PositionIdx, PriceSource, SmpType, TimeInForce, TpslMode } from "./types.ts";

export type OrderStatus =
  | "New"
  | "PartiallyFilled"
  | "Untriggered"
  | "Triggered"
  | "Filled"
  | "Cancelled"
  | "PartiallyFilledCanceled"
  | "Rejected"
  | "Deactivated";

export type CancelType =
  | "UNKNOWN"
  | "CancelByUser"
  | "CancelByReduceOnly"
  | "CancelAllBeforeLiq"
  | "CancelByPrepareAdl"
  | "CancelByTpSlTsClear"
  | "CancelBySmp"
  | "CancelByAdmin"
  | "CancelByOCOTpCanceledBySlTriggered"
  | "CancelByOCOSlCanceledByTpTriggered";

export type RejectReason =
  | "EC_NoError"
  | "EC_PostOnlyWillTakeLiquidity"
  | "EC_NoImmediateQtyToFill"
  | "EC_CancelForNoFullFill"
  | "EC_PerCancelRequest"
  | "EC_BySelfMatch"
  | "EC_QtyCannotBeZero"
  | "EC_InvalidSymbolStatus"
  | "EC_Others";

export type CreateType =
  | "CreateByUser"
  | "CreateByStopOrder"
  | "CreateByTakeProfit"
  | "CreateByPartialTakeProfit"
  | "CreateByStopLoss"
  | "CreateByPartialStopLoss"
  | "CreateByTrailingStop"
  | "CreateByLiq"
  | "CreateByTakeOver_PassThrough"
  | "CreateByAdl_PassThrough";

export type StopOrderType =
  | ""
  | "Stop"
  | "TakeProfit"
  | "StopLoss"
  | "TrailingStop"
  | "PartialTakeProfit"
  | "PartialStopLoss"
  | "tpslOrder";

export type ExecType = "Trade" | "Funding" | "AdlTrade" | "BustTrade";

/** An order; prices ticks, quantities steps, money units of `feeCoin` or of the settle coin. */
export interface OrderRow {
  /** Unique in the venue; grows with every order. */
  readonly id: number;
  readonly account: string;
  readonly market: MarketKey;
  readonly orderLinkId: string;
  /** Of the entry that a TP/SL order came from. */
  readonly parentOrderLinkId: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  /** Limit price; of a market order the furthest price it may reach (0 before it is triggered). */
  readonly price: number;
  /** Steps; quote money while `marketUnit` is quoteCoin. TP/SL Full: the position's size when last resized. */
  readonly qty: number;
  /** Same unit as `qty`; 0 once closed. */
  readonly leavesQty: number;
  /** Steps filled. */
  readonly cumExecQty: number;
  /** Money of the value filled: quote for linear and spot, coin for inverse. */
  readonly cumExecValue: number;
  /** Money paid (> 0) in `feeCoin`; a spot rebate is in the other coin and, beside a fee, in its execution alone. */
  readonly cumExecFee: number;
  readonly feeCoin: string;
  readonly status: OrderStatus;
  readonly cancelType: CancelType;
  readonly rejectReason: RejectReason;
  readonly createType: CreateType;
  readonly stopOrderType: StopOrderType;
  /** 0 for none. Of a trailing stop: its activation price; `stopPrice` is where it stands. */
  readonly triggerPrice: number;
  readonly triggerDirection: 0 | 1 | 2;
  readonly triggerBy: PriceSource | "";
  /** Where a trailing stop fires now, ticks; 0 until it is active and for all other orders. */
  readonly stopPrice: number;
  readonly takeProfit: number;
  readonly stopLoss: number;
  readonly tpTriggerBy: PriceSource | "";
  readonly slTriggerBy: PriceSource | "";
  readonly tpLimitPrice: number;
  readonly slLimitPrice: number;
  readonly tpslMode: TpslMode | "";
  readonly reduceOnly: boolean;
  readonly closeOnTrigger: boolean;
  readonly positionIdx: PositionIdx;
  readonly marketUnit: "" | "baseCoin" | "quoteCoin";
  readonly slippageKind: "" | "TickSize" | "Percent";
  readonly slippageValue: number;
  readonly smpType: SmpType;
  /** The order that self-match prevention met; 0 for none. */
  readonly smpOrderId: number;
  readonly lastPriceOnCreated: number;
  /** Money; of a closing order, fees of both sides deducted. */
  readonly closedPnl: number;
  readonly createdTime: number;
  readonly updatedTime: number;
  /** Grows with every order that closes; 0 while open. */
  readonly closedSeq: number;
}

/** A fill, a funding settlement or a take-over. Never changes. */
export interface ExecutionRow {
  /** Unique in the venue; grows. Rows of one account come in this order. */
  readonly id: number;
  readonly account: string;
  readonly market: MarketKey;
  /** 0 for funding. */
  readonly orderId: number;
  readonly orderLinkId: string;
  readonly side: Side;
  readonly orderType: OrderType | "UNKNOWN";
  readonly stopOrderType: StopOrderType;
  readonly createType: CreateType | "";
  readonly orderPrice: number;
  readonly orderQty: number;
  readonly leavesQty: number;
  readonly marketUnit: "" | "baseCoin" | "quoteCoin";
  readonly price: number;
  readonly qty: number;
  /** Money: price × quantity, or quantity ÷ price for inverse. */
  readonly value: number;
  /** Money, > 0 paid; in `feeCoin`. */
  readonly fee: number;
  readonly feeCoin: string;
  readonly feeRate: number;
  readonly type: ExecType;
  /** Money: price profit of the closed part, before fees. */
  readonly pnl: number;
  /** Steps of the position that this fill closed. */
  readonly closedSize: number;
  readonly isMaker: boolean;
  readonly markPrice: number;
  readonly indexPrice: number;
  readonly time: number;
  /** Cross sequence of the market; the position event it caused carries the same. */
  readonly seq: number;
}

/** A position as it stands at the mark price; money in the settle coin. */
export interface PositionRow {
  readonly account: string;
  readonly market: MarketKey;
  readonly positionIdx: PositionIdx;
  /** Signed steps; 0 flat. */
  readonly size: number;
  /** Average entry as a price (quote), not ticks; 0 flat. */
  readonly entryPrice: number;
  /** Money of the entry value (isolated) or of the value at mark (cross). */
  readonly positionValue: number;
  readonly leverage: number;
  readonly autoAddMargin: boolean;
  readonly status: "Normal" | "Liq" | "Adl";
  /** As a price; 0 flat. */
  readonly breakEvenPrice: number;
  /** Ticks. */
  readonly markPrice: number;
  /** Ticks; 0 when there is none within the price range. */
  readonly liqPrice: number;
  /** Ticks; 0 when flat. */
  readonly bustPrice: number;
  readonly positionIM: number;
  readonly positionMM: number;
  /** Isolated margin added beyond the initial margin. */
  readonly extraMargin: number;
  /** Ticks of the Full pair; 0 for none. */
  readonly takeProfit: number;
  readonly stopLoss: number;
  /** Distance in ticks; 0 for none. */
  readonly trailingStop: number;
  readonly unrealisedPnl: number;
  readonly curRealisedPnl: number;
  readonly cumRealisedPnl: number;
  /** 0 flat, 1…5 from last to first in line. */
  readonly adlRank: number;
  /** From 1, and the value (money) up to which it applies. */
  readonly riskId: number;
  readonly riskLimitValue: number;
  readonly createdTime: number;
  readonly updatedTime: number;
  readonly openTime: number;
  /** −1 when it never traded. */
  readonly seq: number;
}

/** The result of one closing order; grows until that order is closed. Money in the settle coin. */
export interface ClosedPnlRow {
  readonly id: number;
  readonly market: MarketKey;
  readonly orderId: number;
  /** Of the closing order. */
  readonly side: Side;
  readonly qty: number;
  readonly orderPrice: number;
  readonly orderType: OrderType;
  readonly execType: ExecType;
  readonly closedSize: number;
  readonly cumEntryValue: number;
  readonly cumExitValue: number;
  /** As prices (quote). */
  readonly avgEntryPrice: number;
  readonly avgExitPrice: number;
  /** Exit − entry value (by side) − openFee − closeFee. */
  readonly closedPnl: number;
  readonly fillCount: number;
  readonly leverage: number;
  readonly openFee: number;
  readonly closeFee: number;
  readonly createdTime: number;
  readonly updatedTime: number;
}

/** A movement of one coin: change = cashFlow + funding − fee. Never changes. */
export interface TransactionRow {
  readonly id: number;
  /** "" for transfers. */
  readonly market: MarketKey | "";
  readonly side: Side | "none";
  readonly time: number;
  readonly type: "TRANSFER_IN" | "TRANSFER_OUT" | "TRADE" | "SETTLEMENT" | "LIQUIDATION" | "ADL";
  /** Steps of the movement, and signed steps held after it. */
  readonly qty: number;
  readonly size: number;
  readonly coin: string;
  /** Ticks. */
  readonly price: number;
  /** > 0 received. */
  readonly funding: number;
  readonly fee: number;
  readonly cashFlow: number;
  readonly change: number;
  readonly balance: number;
  readonly feeRate: number;
  /** Execution and order; 0 for none. */
  readonly execId: number;
  readonly orderId: number;
  readonly orderLinkId: string;
}

/** One coin of a wallet, money of that coin. */
export interface CoinRow {
  readonly coin: string;
  readonly walletBalance: number;
  readonly equity: number;
  /** Held by open spot orders. */
  readonly locked: number;
  readonly orderIM: number;
  readonly positionIM: number;
  readonly positionMM: number;
  readonly unrealisedPnl: number;
  readonly cumRealisedPnl: number;
  /** What may still be used or taken out, ≥ 0. */
  readonly available: number;
  /** USD (float) of the equity. */
  readonly usdValue: number;
}

/** A unified account; USD as floats, rates as fractions. */
export interface WalletRow {
  readonly totalEquity: number;
  readonly totalWalletBalance: number;
  readonly totalMarginBalance: number;
  readonly totalAvailableBalance: number;
  readonly totalPerpUPL: number;
  readonly totalInitialMargin: number;
  readonly totalMaintenanceMargin: number;
  readonly accountIMRate: number;
  readonly accountMMRate: number;
  readonly coins: readonly CoinRow[];
}

/** A settlement of a market. */
export interface FundingRow {
  readonly time: number;
  readonly rate: number;
}
