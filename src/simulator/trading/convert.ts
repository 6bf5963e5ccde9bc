import type { Increment } from "../../core/decimal.ts";
import { ToolkitError } from "../../core/errors.ts";
import type {
  AmendRequest,
  MarketKey,
  OrderRequest,
  ProtectionLeg,
  Reply,
  TradingStopRequest,
} from "../../matching/types.ts";
import type { Category } from "../../model/instrument.ts";
import { refusal } from "../gateway/retcodes.ts";
import type { Market } from "../market/market.ts";
import type { AmendParams, StopParams } from "./ledger.ts";
import type { OrderParams, ProtectionParams } from "./orderparams.ts";

/** `linear/BTCUSDT`. */
export function keyOfMarket(category: Category, symbol: string): MarketKey {
  return `${category}/${symbol}`;
}

/** What is in a reply, or its refusal thrown. @throws VenueRejection */
export function accepted<T>(reply: Reply<T>): T {
  if (reply.ok) return reply;
  throw refusal(reply.code, reply.reason);
}

/** Whole steps in a decimal text; `undefined` when it is "". Refused off the step, or too large to be counted. */
function counted(text: string, step: Increment, refuse: () => Error): number | undefined {
  if (text === "") return undefined;
  let count: number;
  try {
    count = step.count(text, "exact");
  } catch (error) {
    if (error instanceof ToolkitError) throw refuse();
    throw error;
  }
  if (Number.isSafeInteger(count)) return count;
  throw refusal(10001, `The number of contracts exceeds maximum limit allowed: too large, ${text}`);
}

/** A price in ticks; `undefined` when not given. @throws VenueRejection 10001, 170134 */
export function ticksOf(text: string, market: Market, name = "price"): number | undefined {
  const isSpot = market.instrument.category === "spot";
  return counted(text, market.printing.price, () =>
    isSpot
      ? refusal(170134)
      : refusal(10001, `params error: ${name} is not a multiple of ${market.instrument.tickSize}`),
  );
}

/** A quantity in steps; `undefined` when not given. @throws VenueRejection 10001, 170137 */
export function stepsOf(text: string, market: Market, name = "qty"): number | undefined {
  const isSpot = market.instrument.category === "spot";
  return counted(text, market.printing.qty, () =>
    isSpot
      ? refusal(170137)
      : refusal(10001, `params error: ${name} is not a multiple of ${market.instrument.qtyStep}`),
  );
}

function legOf(leg: ProtectionParams | undefined, market: Market): ProtectionLeg | undefined {
  if (!leg) return undefined;
  const limitPrice = leg.orderType === "Limit" ? ticksOf(leg.limitPrice, market, "limit price") : undefined;
  return { price: ticksOf(leg.price, market, "TP/SL price")!, triggerBy: leg.triggerBy, limitPrice };
}

/** A leg of a new order: a price of 0 means none. */
function newLeg(leg: ProtectionParams | undefined, market: Market): ProtectionLeg | undefined {
  const made = legOf(leg, market);
  return made?.price === 0 ? undefined : made;
}

/** The venue's form of a new order. `moneyIn` turns a decimal text of a coin into money units. */
export function orderRequest(
  params: OrderParams,
  market: Market,
  moneyIn: (coin: string, text: string) => number,
): OrderRequest {
  const { category, quoteCoin, symbol } = market.instrument;
  const inQuote =
    category === "spot" &&
    params.orderType === "Market" &&
    (params.marketUnit === "" ? params.side === "Buy" : params.marketUnit === "quoteCoin");
  const qty = inQuote ? moneyIn(quoteCoin, params.qty) : stepsOf(params.qty, market)!;
  const { trigger } = params;
  return {
    market: keyOfMarket(category, symbol),
    side: params.side === "Buy" ? "buy" : "sell",
    type: params.orderType,
    qty,
    price: ticksOf(params.price, market),
    timeInForce: params.timeInForce,
    orderLinkId: params.orderLinkId === "" ? undefined : params.orderLinkId,
    positionIdx: params.positionIdx,
    reduceOnly: params.reduceOnly,
    closeOnTrigger: params.closeOnTrigger,
    marketUnit: category !== "spot" || params.orderType === "Limit" ? undefined : inQuote ? "quoteCoin" : "baseCoin",
    slippage: params.slippage,
    bbo: params.bbo,
    trigger: trigger && {
      price: ticksOf(trigger.price, market, "triggerPrice")!,
      direction: trigger.direction,
      by: trigger.by,
    },
    orderFilter: category === "spot" ? params.orderFilter : undefined,
    tpslMode: params.tpslMode === "" ? undefined : params.tpslMode,
    takeProfit: newLeg(params.takeProfit, market),
    stopLoss: newLeg(params.stopLoss, market),
    smpType: params.smpType,
  };
}

/** The venue's form of an amendment. */
export function amendRequest(
  name: { orderId: number | undefined; orderLinkId: string | undefined },
  params: AmendParams,
  market: Market,
): AmendRequest {
  const { category, symbol } = market.instrument;
  return {
    market: keyOfMarket(category, symbol),
    ...name,
    qty: stepsOf(params.qty, market),
    price: ticksOf(params.price, market),
    triggerPrice: ticksOf(params.triggerPrice, market, "triggerPrice"),
    triggerBy: params.triggerBy === "" ? undefined : (params.triggerBy as "LastPrice"), // one of the three, as was read
    takeProfit: legOf(params.takeProfit, market),
    stopLoss: legOf(params.stopLoss, market),
  };
}

/** The venue's form of a trading stop. */
export function stopRequest(params: StopParams, market: Market): TradingStopRequest {
  const { category, symbol } = market.instrument;
  return {
    market: keyOfMarket(category, symbol),
    positionIdx: params.positionIdx,
    tpslMode: params.tpslMode,
    takeProfit: legOf(params.takeProfit, market),
    stopLoss: legOf(params.stopLoss, market),
    size: stepsOf(params.size, market, "tpSize"),
    trailingStop: ticksOf(params.trailingStop, market, "trailingStop"),
    activePrice: ticksOf(params.activePrice, market, "activePrice"),
  };
}
