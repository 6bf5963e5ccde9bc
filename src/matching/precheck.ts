import { likelyPrice, marginDelta } from "./admit.ts";
import type { Books } from "./books.ts";
import { draft } from "./entry.ts";
import { positionOf } from "./life.ts";
import { earningSign, feeToClose, takerRate, totals, usdPerUnit } from "./margin.ts";
import { OrderOf } from "./order.ts";
import { refuse } from "./refusal.ts";
import type { Account, Order } from "./state.ts";
import type { OrderRequest, Reply } from "./types.ts";

/** Initial and maintenance margin, fractions of the margin balance. */
type Rates = readonly [im: number, mm: number];

/** What an order would do to the margin rates of a cross account; the order is not sent. */
export function preCheck(
  books: Books,
  account: Account,
  request: OrderRequest,
): Reply<{ readonly before: Rates; readonly after: Rates }> {
  if (request.market.startsWith("spot/")) return refuse(10001, "spot orders need no pre-check");
  if (request.trigger) return refuse(10001, "conditional orders cannot be pre-checked");
  if (account.isIsolated) return refuse(10001, "only orders in cross margin can be pre-checked");
  const order = draft(books, account, request);
  if (!(order instanceof OrderOf)) return order;
  const { wallet, upl, im, mm } = totals(account);
  const more = order.reduceOnly ? { im: 0, mm: 0 } : added(order);
  const usd = usdPerUnit(order.holding.market.coin);
  const rates = (initial: number, maintenance: number): Rates =>
    wallet + upl > 0 ? [initial / (wallet + upl), maintenance / (wallet + upl)] : [0, 0];
  return { ok: true, before: rates(im, mm), after: rates(im + more.im * usd, mm + more.mm * usd) };
}

/** Margins the order adds once it is a position, money of the settle coin. */
function added(order: Order): { im: number; mm: number } {
  const { holding, leavesQty, sign } = order;
  const { market } = holding;
  const { contract } = market;
  const price = likelyPrice(order, market, order.price);
  const { size } = positionOf(order);
  const opens = Math.max(0, leavesQty + Math.min(0, sign * size));
  const value = contract.value(price, opens);
  const held = sign * size > 0 ? contract.value(market.mark, Math.abs(size)) : 0;
  const kept = (at: number) => at * contract.tier(at).maintenanceRate - contract.tier(at).deduction;
  const im = marginDelta(order, { value: contract.value(price, leavesQty), qty: leavesQty });
  const at = { s: earningSign(market, sign), taker: takerRate(holding) };
  return { im, mm: kept(held + value) - kept(held) + feeToClose(value, holding.leverage(sign), at) };
}
