import type { Books } from "./books.ts";
import { cancel, flushBook, positionOf } from "./life.ts";
import { refuse, unknownMarket } from "./refusal.ts";
import type { CancelType, OrderRow } from "./rows.ts";
import { flushTouched } from "./settle.ts";
import type { Account, MarketState, Order } from "./state.ts";
import type { OrderAck, OrderName, Refusal, Reply } from "./types.ts";

/** Most orders one cancel-all takes. */
const MOST = 500;
const BY_USER = { cancelType: "CancelByUser", rejectReason: "EC_PerCancelRequest" } as const;

export function ackOf(order: Order): OrderAck & { readonly ok: true } {
  return { ok: true, orderId: order.id, orderLinkId: order.orderLinkId };
}

/** The order a name means, open or still in history; the number wins over the client's id. */
export function findOrder(account: Account, name: OrderName): Order | undefined {
  const { orderId, orderLinkId } = name;
  const order = orderId !== undefined ? account.orders.get(orderId) : account.links.get(orderLinkId ?? "");
  return order?.market === name.market ? order : undefined;
}

/** The open order a name means, or the refusal of a command that names no such order. */
export function openOrder(books: Books, account: Account, name: OrderName): Order | Refusal {
  const market = books.markets.get(name.market);
  if (!market) return unknownMarket(name.market);
  const order = findOrder(account, name);
  if (order?.isOpen) return order;
  return refuse(market.contract.isSpot ? 170213 : 110001);
}

export function cancelOrder(books: Books, account: Account, name: OrderName): Reply<OrderAck> {
  const order = openOrder(books, account, name);
  if ("ok" in order) return order;
  cancel(books, order, BY_USER);
  if (positionOf(order).touched) flushTouched(books, account);
  flushBook(books, order.holding.market);
  return ackOf(order);
}

/** Cancels the open orders that `wanted` likes, oldest first. */
export function cancelAll(books: Books, account: Account, wanted?: (order: OrderRow) => boolean): OrderAck[] {
  const gone: Order[] = [];
  for (const order of account.open.values()) {
    if (gone.length === MOST) break;
    if (!wanted || wanted(order)) gone.push(order);
  }
  cancelThese(books, account, { orders: gone, ...BY_USER });
  return gone.map(({ id, orderLinkId }) => ({ orderId: id, orderLinkId }));
}

/** Cancels an account's orders in one market, or everywhere, on the exchange's own account: before a liquidation, say. */
export function cancelOpen(
  books: Books,
  account: Account,
  market: MarketState | undefined,
  cancelType: CancelType,
): number {
  const orders = [...account.open.values()].filter((order) => !market || order.holding.market === market);
  cancelThese(books, account, { orders, cancelType });
  return orders.length;
}

function cancelThese(
  books: Books,
  account: Account,
  { orders, ...ending }: { orders: readonly Order[]; cancelType: CancelType; rejectReason?: "EC_PerCancelRequest" },
): void {
  const markets = new Set<MarketState>();
  for (const order of orders) {
    if (!order.isOpen) continue;
    cancel(books, order, ending);
    markets.add(order.holding.market);
  }
  if (markets.size === 0) return;
  flushTouched(books, account);
  for (const market of markets) flushBook(books, market);
}
