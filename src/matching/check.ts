import { MOST_MONEY } from "./contract.ts";
import { legsOf } from "./protect.ts";
import { refuse } from "./refusal.ts";
import type { Holding, MarketState, Order } from "./state.ts";
import type { PositionIdx, PriceSource, ProtectionLeg, Refusal } from "./types.ts";

/** Orders one account may have open in one market. */
const MOST_ACTIVE = 500;
const MOST_CONDITIONAL = 10;
const MOST_CONDITIONAL_SPOT = 30;

/** Whether `value` can stand for ticks, steps or money. */
export function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** Whether a position index fits the position mode. */
export function checkIdx(holding: Holding, idx: PositionIdx): Refusal | undefined {
  const fits = holding.isHedge ? idx === 1 || idx === 2 : idx === 0;
  return fits ? undefined : refuse(10001, "position idx not match position mode");
}

/** Least and most quantity of an order, steps; a reducing order is cut to its position later. */
export function checkQty(order: Order): Refusal | undefined {
  const { contract } = order.holding.market;
  const { qty } = order;
  if (order.marketUnit === "quoteCoin") return qty > MOST_MONEY ? refuse(170341) : undefined;
  if (qty < contract.minQty) {
    return contract.isSpot ? refuse(170136) : refuse(10001, "The number of contracts is below the minimum");
  }
  const most = order.type === "Market" ? contract.maxMarketQty : contract.maxQty;
  if (qty <= most || order.reduceOnly) return undefined;
  if (contract.isSpot) return refuse(170341);
  return refuse(
    10001,
    `The number of contracts exceeds maximum limit allowed: too large, order_qty:${qty} > max_qty:${most}`,
  );
}

/** The price range of the instrument. */
export function checkPrice(market: MarketState, price: number): Refusal | undefined {
  const { contract } = market;
  if (!Number.isSafeInteger(price) || price <= 0) return refuse(10001, "params error: price is invalid");
  return price < contract.minPrice || price > contract.maxPrice ? refuse(110003) : undefined;
}

/** Least value of an order that may open; `price` is the one it is likely to get. */
export function checkNotional(order: Order, price: number): Refusal | undefined {
  const { contract } = order.holding.market;
  if (order.reduceOnly) return undefined;
  const inQuote = order.marketUnit === "quoteCoin";
  const value = inQuote ? order.qty : contract.value(price, order.qty);
  if (value > MOST_MONEY) return refuse(10001, "The value of the order is too large");
  if (!contract.isBelowNotional(value, order.qty)) return undefined;
  return refuse(contract.isSpot ? 170140 : 110094);
}

/** A trigger has to lie ahead of the price it waits for. */
export function checkTrigger(order: Order, price: number, by: PriceSource): Refusal | undefined {
  const { market } = order.holding;
  if (!isCount(price) || price === 0) return refuse(10001, "params error: triggerPrice is invalid");
  const now = market.price(by);
  const { triggerDirection } = order;
  if (triggerDirection === 1 && price <= now) {
    return refuse(110092, `expect Rising, but trigger_price[${price}] <= current[${now}]??${by}`);
  }
  if (triggerDirection === 2 && price >= now) {
    return refuse(110093, `expect Falling, but trigger_price[${price}] >= current[${now}]??${by}`);
  }
  return undefined;
}

/** How many orders there may be; also the conditional ones. */
export function checkRoom(order: Order): Refusal | undefined {
  const { active, conditional, market } = order.holding;
  const waits = order.triggerPrice !== 0;
  if (market.contract.isSpot) {
    const isFull = active + conditional >= MOST_ACTIVE || (waits && conditional >= MOST_CONDITIONAL_SPOT);
    return isFull ? refuse(170810) : undefined;
  }
  if (waits) return conditional >= MOST_CONDITIONAL ? refuse(110009) : undefined;
  return active >= MOST_ACTIVE ? refuse(110020) : undefined;
}

/** Where the legs of a position of this sign must lie: the profit beyond the base price, the stop behind it. */
export function checkLegs(
  market: MarketState,
  position: { readonly sign: number; readonly base?: number | undefined },
  legs: { readonly takeProfit?: ProtectionLeg | undefined; readonly stopLoss?: ProtectionLeg | undefined },
): Refusal | undefined {
  const { sign } = position;
  for (const [leg, way, word] of [
    [legs.takeProfit, sign, "tp"],
    [legs.stopLoss, -sign, "sl"],
  ] as const) {
    if (!leg || leg.price === 0) continue;
    if (!isCount(leg.price)) return refuse(10001, `params error: ${word} price is invalid`);
    if (leg.limitPrice !== undefined) {
      const banned = checkPrice(market, leg.limitPrice);
      if (banned) return banned;
    }
    const by = leg.triggerBy ?? "LastPrice";
    const base = position.base ?? market.price(by);
    if (way * (leg.price - base) > 0) continue;
    const side = sign > 0 ? "Buy" : "Sell";
    const than = way > 0 ? "greater" : "lower";
    return refuse(10001, `${word}:${leg.price} set for ${side} position should ${than} base_price:${base}??${by}`);
  }
  return undefined;
}

/** The TP/SL that an entry carries. */
export function checkAttached(order: Order): Refusal | undefined {
  if (order.takeProfit === 0 && order.stopLoss === 0) return undefined;
  const { market } = order.holding;
  if (order.reduceOnly) return refuse(10001, "reduceOnly order cannot carry TP/SL");
  if (market.contract.isSpot && order.type === "Market") return refuse(10001, "TP/SL need a limit order");
  const hasLimit = order.tpLimitPrice !== 0 || order.slLimitPrice !== 0;
  if (hasLimit && order.tpslMode === "Full") return refuse(10001, "limit TP/SL need tpslMode Partial");
  const base = order.type === "Limit" ? order.price : order.triggerPrice || undefined;
  return checkLegs(market, { sign: order.sign, base }, legsOf(order));
}
