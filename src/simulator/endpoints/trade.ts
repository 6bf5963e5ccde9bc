import { VenueRejection } from "../../core/errors.ts";
import type { Category } from "../../model/instrument.ts";
import { isRecord, Params } from "../gateway/params.ts";
import { refusal, words } from "../gateway/retcodes.ts";
import type { Answer, Call, RateLimit, Route } from "../gateway/route.ts";
import type { AmendParams, Ledger, OrderName } from "../trading/ledger.ts";
import { linkId, orderNamed, orderParams, protectionParams } from "../trading/orderparams.ts";
import type { OrderFacts } from "../wire/order.ts";
import { type PrivateWorld, symbolFilter, tradedMarket } from "./common.ts";
import { CATEGORIES } from "./marketworld.ts";

const CREATE: RateLimit = { perWindow: { linear: 10, inverse: 10, spot: 20 } };
const AMEND: RateLimit = { perWindow: 10 };
const MOST_IN_BATCH: Readonly<Record<Category, number>> = { linear: 20, inverse: 20, spot: 10 };

/** Endpoints that place, change and cancel orders. */
export function tradeRoutes(ledger: Ledger, world: PrivateWorld): Route[] {
  const route = (name: string, limit: RateLimit, handle: (call: Call) => Answer): Route => ({
    method: "POST",
    path: `/v5/order/${name}`,
    access: "trade",
    status: "served",
    limit,
    handle,
  });
  const batch = (name: string, limit: RateLimit, one: Single): Route => ({
    ...route(`${name}-batch`, limit, (call) => runBatch(call, one, name === "create" ? world.now : undefined)),
    units: batchSize,
  });
  const create: Single = (call, params, category) => place(ledger, world, call, params, category);
  const amend: Single = (call, params, category) => change(ledger, world, call, params, category);
  const cancel: Single = (call, params, category) => remove(ledger, world, call, params, category);
  const single = (one: Single) => (call: Call) => ({ result: one(call, call.params, categoryOf(call.params)) });
  return [
    route("create", CREATE, single(create)),
    route("amend", AMEND, single(amend)),
    route("cancel", CREATE, single(cancel)),
    route("cancel-all", CREATE, (call) => cancelAll(ledger, world, call)),
    batch("create", CREATE, create),
    batch("amend", CREATE, amend),
    batch("cancel", CREATE, cancel),
    { ...route("pre-check", CREATE, (call) => preCheck(ledger, world, call)), note: "before and after margin rates" },
  ];
}

/** The category of an order request. */
export function categoryOf(params: Params): Category {
  return params.oneOf("category", CATEGORIES);
}

type Single = (call: Call, params: Params, category: Category) => OrderName;

function place(ledger: Ledger, world: PrivateWorld, call: Call, params: Params, category: Category): OrderName {
  const market = tradedMarket(world, params, category);
  return ledger.place(call.account, market, orderParams(params, category));
}

function change(ledger: Ledger, world: PrivateWorld, call: Call, params: Params, category: Category): OrderName {
  const market = tradedMarket(world, params, category);
  const { takeProfit, stopLoss } = protectionParams(params);
  const amendment: AmendParams = {
    qty: params.decimal("qty"),
    price: params.decimal("price"),
    triggerPrice: params.decimal("triggerPrice"),
    triggerBy: params.oneOf("triggerBy", ["", "LastPrice", "IndexPrice", "MarkPrice"], ""),
    takeProfit,
    stopLoss,
  };
  if (!Object.values(amendment).some((value) => value !== "" && value !== undefined)) {
    throw refusal(10001, "params error: nothing to amend");
  }
  return ledger.amend(call.account, market, orderNamed(params), amendment);
}

function remove(ledger: Ledger, world: PrivateWorld, call: Call, params: Params, category: Category): OrderName {
  const market = tradedMarket(world, params, category);
  return ledger.cancel(call.account, market, orderNamed(params));
}

function cancelAll(ledger: Ledger, world: PrivateWorld, { params, account }: Call): Answer {
  const category = categoryOf(params);
  const named = ["symbol", "baseCoin", "settleCoin"].some((name) => params.text(name) !== "");
  if (category !== "spot" && !named) {
    throw refusal(10001, "params error: one of symbol, baseCoin, settleCoin is required");
  }
  const inScope = symbolFilter(world, params, category);
  const ofKind = kindFilter(params, category);
  const wanted = (order: OrderFacts) => order.category === category && inScope(order.symbol) && ofKind(order);
  const list = ledger.cancelAll(account, wanted);
  return { result: { list, success: "1" } };
}

/** Which orders `orderFilter` and `stopOrderType` mean. */
export function kindFilter(params: Params, category: Category): (order: OrderFacts) => boolean {
  const kinds = ["Order", "tpslOrder", "StopOrder", "OpenOrder", "OcoOrder", "BidirectionalTpslOrder"];
  const filter = params.oneOf("orderFilter", kinds, category === "spot" ? "Order" : "OpenOrder");
  const stopOnly = params.text("stopOrderType") === "Stop";
  if (filter === "OpenOrder") return () => true;
  if (filter === "Order") return (order) => isPlain(order);
  if (filter === "StopOrder") {
    return (order) =>
      !isPlain(order) && order.stopOrderType !== "tpslOrder" && (!stopOnly || order.stopOrderType === "Stop");
  }
  return (order) => order.stopOrderType === filter;
}

function isPlain(order: OrderFacts): boolean {
  return order.stopOrderType === "" || order.stopOrderType === "UNKNOWN";
}

function preCheck(ledger: Ledger, world: PrivateWorld, { params, account }: Call): Answer {
  const category = categoryOf(params);
  const market = tradedMarket(world, params, category);
  const order = orderParams(params, category);
  if (order.trigger) throw refusal(10001, "params error: conditional orders cannot be checked");
  const [preImrE4, preMmrE4, postImrE4, postMmrE4] = ledger
    .preCheck(account, market, order)
    .map((rate) => Math.round(rate * 10_000));
  return { result: { orderId: "", orderLinkId: linkId(params), preImrE4, preMmrE4, postImrE4, postMmrE4 } };
}

function batchSize(params: Params): number {
  return Array.isArray(params.raw.request) ? Math.max(1, params.raw.request.length) : 1;
}

/** Runs the items that the rate limit granted; each succeeds or fails in its own slot. */
function runBatch(call: Call, one: Single, createdAt: (() => number) | undefined): Answer {
  const category = categoryOf(call.params);
  const items = call.params.raw.request;
  if (!Array.isArray(items) || items.length === 0) throw refusal(10001, "params error: request must be an array");
  if (items.length > MOST_IN_BATCH[category]) {
    throw refusal(10001, `params error: a batch holds at most ${MOST_IN_BATCH[category]} orders`);
  }
  const results = items.map((item: unknown, i) => {
    const params = new Params(isRecord(item) ? item : {});
    const symbol = typeof params.raw.symbol === "string" ? params.raw.symbol : "";
    const named = { category, symbol };
    const createAt = (at: string) => (createdAt ? { createAt: at } : {});
    try {
      if (i >= call.granted) throw refusal(10006);
      const name = one(call, params, category);
      return { row: { ...named, ...name, ...createAt(String(createdAt?.() ?? "")) }, status: { code: 0, msg: "OK" } };
    } catch (error) {
      if (!(error instanceof VenueRejection)) throw error;
      const orderLinkId = typeof params.raw.orderLinkId === "string" ? params.raw.orderLinkId : "";
      const row = { ...named, orderId: "", orderLinkId, ...createAt("") };
      return { row, status: { code: Number(error.code), msg: error.message } };
    }
  });
  return {
    result: { list: results.map(({ row }) => row) },
    retExtInfo: { list: results.map(({ status }) => status) },
    retMsg: words(0),
  };
}
