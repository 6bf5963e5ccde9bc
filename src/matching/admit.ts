import { MOST_MONEY } from "./contract.ts";
import { lockOf, positionOf, setLock } from "./life.ts";
import { available, orderIM, spendable } from "./margin.ts";
import { refuse } from "./refusal.ts";
import type { MarketState, Order } from "./state.ts";
import type { OrderRequest, Refusal } from "./types.ts";

/** Why an order may not enter the book. */
export type Barrier = Refusal | "reduceOnly" | undefined;

/**
 * The last gate before the book, for new orders and for triggered ones: cuts a reducing order to its position, gives a
 * market order the furthest price it may reach, holds a limit price to the band, and asks whether the account can pay.
 */
export function admit(order: Order): Barrier {
  const { contract } = order.holding.market;
  if (order.reduceOnly && !cutToPosition(order)) return "reduceOnly";
  const banned = order.type === "Market" ? boundPrice(order) : holdToBand(order);
  if (banned) return banned;
  if (contract.isSpot) return lockCoins(order);
  return order.reduceOnly ? undefined : affords(order, order.price, order.leavesQty);
}

/** Quantity 0 asks for the whole position, as much as one order may carry. */
function cutToPosition(order: Order): boolean {
  const { contract } = order.holding.market;
  const room = -order.sign * positionOf(order).size;
  if (room <= 0) return false;
  if (order.qty === 0) order.qty = Math.min(room, order.type === "Market" ? contract.maxMarketQty : contract.maxQty);
  else if (order.leavesQty > room) order.qty = room;
  order.leavesQty = order.qty;
  return true;
}

/** What limits are measured from: mark price, for spot index price. */
function reference(market: MarketState): number {
  return (market.contract.isSpot ? market.index : market.mark) || market.last;
}

function boundPrice(order: Order): Refusal | undefined {
  const { sign, slippageKind, slippageValue } = order;
  const { market } = order.holding;
  let bound: number;
  if (slippageKind === "") bound = reference(market) * (1 + sign * market.priceLimit.x);
  else {
    const best = market.best(-sign as 1 | -1);
    bound = slippageKind === "TickSize" ? best + sign * slippageValue : best * (1 + (sign * slippageValue) / 100);
  }
  if (!(bound > 0) || bound === Infinity) return refuse(110118);
  // Whole ticks inside the bound; a hair of float noise is no tick.
  order.price = sign === 1 ? Math.floor(bound + 1e-6) : Math.max(1, Math.ceil(bound - 1e-6));
  return undefined;
}

/** The furthest price a limit order of this side may have. */
export function bandLimit(market: MarketState, sign: 1 | -1): number {
  const { x, y } = market.priceLimit;
  const { index } = market;
  const base = reference(market);
  const near = base * (1 + sign * x);
  const far = base * (1 + sign * y);
  const bound = sign === 1 ? Math.min(far, Math.max(index, near)) : Math.max(far, Math.min(index, near));
  return sign === 1 ? Math.floor(bound + 1e-6) : Math.max(1, Math.ceil(bound - 1e-6));
}

/** Contracts: the price is moved to the limit. Spot: the order is refused. */
export function holdToBand(order: Order): Refusal | undefined {
  const { sign } = order;
  const { market } = order.holding;
  const limit = bandLimit(market, sign);
  if (sign * (order.price - limit) <= 0) return undefined;
  if (market.contract.isSpot) return refuse(sign === 1 ? 170193 : 170194);
  order.price = limit;
  return undefined;
}

/** The price an order is likely to pay: its own, or the best opposite one when that is what it will meet. */
export function likelyPrice(order: Pick<Order, "sign" | "type">, market: MarketState, price: number): number {
  const { sign } = order;
  const other = -sign as 1 | -1;
  const best = market.best(other);
  if (!Number.isFinite(best)) return price;
  if (order.type === "Market")
    return market.displayed.best(other) === best ? market.displayed.takerPrice(other, price) : best;
  // A sale below the market is worth what the market pays.
  return sign === -1 ? Math.max(price, best) : price;
}

/** Whether the margin of the account carries `qty` at `price` in place of what this order reserves now. */
export function affords(order: Order, price: number, qty: number): Refusal | undefined {
  const { holding, sign } = order;
  const { market } = holding;
  const { contract } = market;
  const position = positionOf(order);
  const value = contract.value(likelyPrice(order, market, price), qty);
  const { size } = position;
  const isBuy = sign === 1;
  const total = (isBuy ? position.buyValue : position.sellValue) - order.reserved + value;
  if (total + position.cost > MOST_MONEY) return refuse(10001, "The value of the order is too large");
  const opens = Math.max(
    0,
    (isBuy ? position.buyQty : position.sellQty) - order.reservedQty + qty + Math.min(0, sign * size),
  );
  if (opens === 0) return undefined;
  if (contract.tiers.length > 0) {
    const held = sign * size > 0 ? contract.value(market.mark, Math.abs(size)) : 0;
    const tier = contract.tier(held + total);
    const isBeyond = held + total > contract.tiers[contract.tiers.length - 1]!.limit;
    if (isBeyond || holding.leverage(sign) > tier.maxLeverage) return refuse(110090);
  }
  const more = marginDelta(order, { value, qty });
  return more > 0 && more > available(holding) ? refuse(110007) : undefined;
}

/** Margin that an order of this value and quantity ties up beyond what it reserves now, money of the settle coin. */
export function marginDelta(order: Order, { value, qty }: { value: number; qty: number }): number {
  const { holding } = order;
  const position = positionOf(order);
  const before = orderIM(holding, position);
  add(order, qty - order.reservedQty, value - order.reserved);
  const after = orderIM(holding, position);
  add(order, order.reservedQty - qty, order.reserved - value);
  return after - before;
}

function add(order: Order, qty: number, value: number): void {
  const position = positionOf(order);
  if (order.sign === 1) {
    position.buyQty += qty;
    position.buyValue += value;
  } else {
    position.sellQty += qty;
    position.sellValue += value;
  }
}

/** Spot: a limit order holds its coins; a market order must be able to pay at the best price. */
function lockCoins(order: Order): Refusal | undefined {
  const { holding, sign } = order;
  const { account, market } = holding;
  const { contract } = market;
  setLock(order, 0);
  const own = account.wallet(sign === 1 ? market.coin : market.base);
  const free = spendable(account, own);
  const isChild = order.createType === "CreateByTakeProfit" || order.createType === "CreateByStopLoss";
  if (isChild && sign === -1) {
    // What the entry bought came less its fee.
    order.qty = Math.min(order.qty, contract.baseSteps(free));
    order.leavesQty = order.qty;
    if (order.qty === 0) return refuse(170131);
  }
  if (order.type === "Limit") {
    const lock = lockOf(order);
    if (lock > free) return refuse(170131);
    setLock(order, lock);
    return undefined;
  }
  const price = likelyPrice(order, market, order.price);
  return spotCost(order, market, price) > free ? refuse(170131) : undefined;
}

/** What a spot order needs at `price`, money of the coin it pays with. */
export function spotCost(
  order: Pick<Order, "sign" | "marketUnit" | "leavesQty">,
  market: MarketState,
  price: number,
): number {
  const { contract } = market;
  const inQuote = order.marketUnit === "quoteCoin";
  if (order.sign === 1) return inQuote ? order.leavesQty : contract.value(price, order.leavesQty);
  const steps = inQuote ? Math.floor(order.leavesQty / contract.value(price, 1)) : order.leavesQty;
  return contract.baseUnits(steps);
}

/** The price a `bbo` order gets, ticks; NaN when there is no such level. */
export function bboPrice(market: MarketState, sign: 1 | -1, bbo: NonNullable<OrderRequest["bbo"]>): number {
  const side = bbo.side === "Queue" ? sign : (-sign as 1 | -1);
  const prices = new Set<number>();
  for (const [price] of market.displayed.levels(side, bbo.level)) prices.add(price);
  let i = 0;
  for (const level of market.own(side).bestFirst()) {
    if (i === bbo.level) break;
    prices.add(level.price);
    i += 1;
  }
  const sorted = [...prices].sort((a, b) => side * (b - a));
  return sorted[bbo.level - 1] ?? NaN;
}
