import type { Category } from "../../model/instrument.ts";
import { page, timeWindow } from "../gateway/paging.ts";
import type { Params } from "../gateway/params.ts";
import { refusal } from "../gateway/retcodes.ts";
import type { Answer, Call, RateLimit, Route } from "../gateway/route.ts";
import type { Ledger, Numbered, OrderQuery } from "../trading/ledger.ts";
import { type ExecutionFacts, executionRow } from "../wire/execution.ts";
import { type OrderFacts, orderRow } from "../wire/order.ts";
import { chosen, DAY_MS, type PrivateWorld, symbolFilter, WEEK_MS } from "./common.ts";
import { categoryOf, kindFilter } from "./trade.ts";

const LISTS: RateLimit = { perWindow: 50 };
/** Closed orders that `openOnly=1` reaches back to. */
const RECENT_CLOSED = 500;

/** Lists of orders and fills, newest first. */
export function orderRoutes(ledger: Ledger, world: PrivateWorld): Route[] {
  const route = (path: string, handle: (call: Call) => Answer): Route => ({
    method: "GET",
    path,
    access: "read",
    status: "served",
    limit: LISTS,
    handle,
  });
  return [
    route("/v5/order/realtime", (call) => realtime(ledger, world, call)),
    route("/v5/order/history", (call) => history(ledger, world, call)),
    route("/v5/execution/list", (call) => executions(ledger, world, call)),
  ];
}

function realtime(ledger: Ledger, world: PrivateWorld, { params, account }: Call): Answer {
  const category = categoryOf(params);
  const openOnly = params.integer("openOnly", { min: 0, max: 2 }) ?? 0;
  const byId = idFilter(params);
  const scoped = ["symbol", "baseCoin", "settleCoin"].some((name) => params.text(name) !== "");
  if (category === "linear" && !scoped && !byId) {
    throw refusal(10001, "params error: one of symbol, baseCoin, settleCoin is required");
  }
  if (byId) {
    const order = ledger.find(account, queryOf(params, category));
    return list(params, category, order ? [{ n: 1, row: order }] : []);
  }
  const wanted = orderFilter(world, params);
  const rows =
    openOnly === 0
      ? chosen(ledger.openOrders(account), wanted)
      : chosen(ledger.closedOrders(account), wanted, RECENT_CLOSED);
  return list(params, category, rows);
}

function history(ledger: Ledger, world: PrivateWorld, { params, account }: Call): Answer {
  const category = categoryOf(params);
  const { from, to } = timeWindow(params, world.now(), WEEK_MS);
  const status = params.text("orderStatus");
  const now = world.now();
  if (idFilter(params)) {
    const order = ledger.find(account, queryOf(params, category));
    return list(params, category, order && isClosed(order) ? [{ n: 1, row: order }] : []);
  }
  const wanted = orderFilter(world, params);
  return list(
    params,
    category,
    chosen(ledger.closedOrders(account), (order) => {
      if (order.createdTime < from || order.createdTime > to || !isKept(order, now)) return false;
      return wanted(order) && (status === "" || order.orderStatus === status);
    }),
  );
}

/** What `orderId` or `orderLinkId` of a request asks for. */
function queryOf(params: Params, category: Category): OrderQuery {
  const names = { orderId: params.text("orderId"), orderLinkId: params.text("orderLinkId") };
  return { category, symbol: params.text("symbol"), ...names };
}

function isClosed(order: OrderFacts): boolean {
  return !["New", "PartiallyFilled", "Untriggered", "Triggered"].includes(order.orderStatus);
}

/** Orders that closed without a fill stay a day, those older than a week only with fills. */
function isKept(order: OrderFacts, now: number): boolean {
  if (Number(order.cumExecQty) > 0) return true;
  const kept = ["Cancelled", "Rejected", "Deactivated"].includes(order.orderStatus) ? DAY_MS : WEEK_MS;
  return order.updatedTime >= now - kept;
}

function list(params: Params, category: string, rows: Iterable<Numbered<OrderFacts>>): Answer {
  const found = page(rows, params.limit(50, 20), params.text("cursor"), (item) => item.n);
  return {
    result: { category, nextPageCursor: found.nextPageCursor, list: found.list.map((item) => orderRow(item.row)) },
  };
}

/** By `orderId` before `orderLinkId`; `undefined` when neither is given. */
function idFilter(params: Params): ((row: { orderId: string; orderLinkId: string }) => boolean) | undefined {
  const id = params.text("orderId");
  if (id !== "") return (row) => row.orderId === id;
  const link = params.text("orderLinkId");
  return link === "" ? undefined : (row) => row.orderLinkId === link;
}

function orderFilter(world: PrivateWorld, params: Params): (order: OrderFacts) => boolean {
  const category = categoryOf(params);
  const bySymbol = symbolFilter(world, params, category);
  const ofKind = params.text("orderFilter") === "" ? () => true : kindFilter(params, category);
  return (order) => order.category === category && bySymbol(order.symbol) && ofKind(order);
}

function executions(ledger: Ledger, world: PrivateWorld, { params, account }: Call): Answer {
  const category = categoryOf(params);
  const byId = idFilter(params);
  const { from, to } = timeWindow(params, world.now(), WEEK_MS);
  const type = params.text("execType");
  const bySymbol = symbolFilter(world, params, category);
  const wanted = (fill: ExecutionFacts) => {
    if (fill.category !== category) return false;
    if (byId) return byId(fill);
    return (
      fill.execTime >= from && fill.execTime <= to && bySymbol(fill.symbol) && (type === "" || fill.execType === type)
    );
  };
  const rows = chosen(ledger.executions(account), wanted);
  const found = page(rows, params.limit(100, 50), params.text("cursor"), (item) => item.n);
  const { nextPageCursor } = found;
  return { result: { category, nextPageCursor, list: found.list.map((item) => executionRow(item.row)) } };
}
