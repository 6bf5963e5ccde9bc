import type { Category } from "../../model/instrument.ts";

/** An order as the exchange shows it: every number already printed, "" where there is none. */
export interface OrderFacts {
  readonly category: Category;
  readonly symbol: string;
  readonly orderId: string;
  readonly orderLinkId: string;
  readonly parentOrderLinkId: string;
  readonly side: "Buy" | "Sell";
  readonly orderType: "Market" | "Limit";
  readonly timeInForce: string;
  readonly price: string;
  readonly qty: string;
  readonly leavesQty: string;
  readonly leavesValue: string;
  readonly cumExecQty: string;
  readonly cumExecValue: string;
  readonly cumExecFee: string;
  readonly feeCoin: string;
  readonly avgPrice: string;
  readonly orderStatus: string;
  readonly cancelType: string;
  readonly rejectReason: string;
  readonly createType: string;
  readonly stopOrderType: string;
  readonly triggerPrice: string;
  readonly triggerDirection: 0 | 1 | 2;
  readonly triggerBy: string;
  readonly takeProfit: string;
  readonly stopLoss: string;
  readonly tpTriggerBy: string;
  readonly slTriggerBy: string;
  readonly tpLimitPrice: string;
  readonly slLimitPrice: string;
  readonly tpslMode: "" | "Full" | "Partial";
  readonly reduceOnly: boolean;
  readonly closeOnTrigger: boolean;
  readonly positionIdx: 0 | 1 | 2;
  readonly marketUnit: string;
  readonly slippageToleranceType: string;
  readonly slippageTolerance: string;
  readonly smpType: string;
  readonly smpOrderId: string;
  readonly lastPriceOnCreated: string;
  readonly closedPnl: string;
  /** Epoch ms. */
  readonly createdTime: number;
  readonly updatedTime: number;
}

/**
 * The Order object of REST lists.
 *
 * Clients tell contracts from spot by the presence of `tpslMode` and `createType`: spot orders have neither.
 */
export function orderRow(order: OrderFacts): Record<string, unknown> {
  const isSpot = order.category === "spot";
  return {
    orderId: order.orderId,
    orderLinkId: order.orderLinkId,
    parentOrderLinkId: order.parentOrderLinkId,
    blockTradeId: "",
    symbol: order.symbol,
    price: order.price,
    qty: order.qty,
    side: order.side,
    isLeverage: isSpot ? "0" : "",
    positionIdx: order.positionIdx,
    orderStatus: order.orderStatus,
    ...(!isSpot && { createType: order.createType }),
    cancelType: order.cancelType,
    rejectReason: order.rejectReason,
    avgPrice: order.avgPrice,
    leavesQty: order.leavesQty,
    leavesValue: order.leavesValue,
    cumExecQty: order.cumExecQty,
    cumExecValue: order.cumExecValue,
    cumExecFee: order.cumExecFee,
    cumFeeDetail: Number(order.cumExecFee) === 0 ? {} : { [order.feeCoin]: order.cumExecFee },
    timeInForce: order.timeInForce,
    orderType: order.orderType,
    stopOrderType: order.stopOrderType,
    orderIv: "",
    marketUnit: order.marketUnit,
    slippageToleranceType: order.slippageToleranceType,
    slippageTolerance: order.slippageTolerance,
    triggerPrice: order.triggerPrice,
    takeProfit: order.takeProfit,
    stopLoss: order.stopLoss,
    ...(!isSpot && { tpslMode: order.tpslMode }),
    ocoTriggerBy: "",
    tpLimitPrice: order.tpLimitPrice,
    slLimitPrice: order.slLimitPrice,
    tpTriggerBy: order.tpTriggerBy,
    slTriggerBy: order.slTriggerBy,
    triggerDirection: order.triggerDirection,
    triggerBy: order.triggerBy,
    ...(isSpot ? { basePrice: order.lastPriceOnCreated } : { lastPriceOnCreated: order.lastPriceOnCreated }),
    reduceOnly: order.reduceOnly,
    closeOnTrigger: order.closeOnTrigger,
    placeType: "",
    smpType: order.smpType,
    smpGroup: 0,
    smpOrderId: order.smpOrderId,
    createdTime: String(order.createdTime),
    updatedTime: String(order.updatedTime),
    extraFees: "",
    rpiTakerAccess: false,
    rpiMatchedQty: "",
  };
}

/** The data element of an `order` push. */
export function orderPush(order: OrderFacts): Record<string, unknown> {
  const { extraFees: _extra, ...row } = orderRow(order);
  const { category, closedPnl } = order;
  return { category, ...row, feeCurrency: order.feeCoin, closedPnl, brokerOrderPrice: "" };
}
