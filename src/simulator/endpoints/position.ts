import type { Category } from "../../model/instrument.ts";
import { page, timeWindow } from "../gateway/paging.ts";
import { refusal } from "../gateway/retcodes.ts";
import type { Answer, Call, RateLimit, Route } from "../gateway/route.ts";
import type { ClosedPnlFacts, Ledger } from "../trading/ledger.ts";
import { positionIdx, protectionParams } from "../trading/orderparams.ts";
import { positionRow } from "../wire/position.ts";
import { checkSymbol, chosen, type PrivateWorld, symbolFilter, tradedMarket, WEEK_MS } from "./common.ts";
import { CONTRACTS } from "./marketworld.ts";

const READ: RateLimit = { perWindow: 50 };
const WRITE: RateLimit = { perWindow: 10 };

/** Position endpoints. */
export function positionRoutes(ledger: Ledger, world: PrivateWorld): Route[] {
  const route = (method: "GET" | "POST", name: string, handle: (call: Call) => Answer, note?: string): Route => ({
    method,
    path: `/v5/position/${name}`,
    access: method === "GET" ? "read" : "Position",
    status: note === undefined ? "served" : "partly",
    ...(note !== undefined && { note }),
    limit: method === "GET" ? READ : WRITE,
    handle,
  });
  return [
    route("GET", "list", (call) => positions(ledger, world, call)),
    route("GET", "symbol-info", (call) => symbolInfo(ledger, world, call)),
    route("POST", "set-leverage", (call) => setLeverage(ledger, world, call)),
    route("POST", "switch-mode", (call) => switchMode(ledger, world, call)),
    route("POST", "trading-stop", (call) => tradingStop(ledger, world, call)),
    route("POST", "add-margin", (call) => addMargin(ledger, world, call)),
    route("POST", "set-auto-add-margin", (call) => autoAddMargin(ledger, world, call)),
    route("POST", "confirm-pending-mmr", (call) => confirmMmr(ledger, world, call), "nothing is ever pending"),
    route("POST", "set-risk-limit", (call) => nothing(world, call), "accepted without effect, as on Bybit"),
    route("GET", "closed-pnl", (call) => closedPnl(ledger, world, call)),
  ];
}

function contract(call: Call): Category {
  return call.params.oneOf("category", CONTRACTS);
}

function positions(ledger: Ledger, world: PrivateWorld, { params, account }: Call): Answer {
  const category = params.oneOf("category", CONTRACTS);
  const symbol = params.text("symbol");
  const settleCoin = params.text("settleCoin");
  if (category === "linear" && symbol === "" && settleCoin === "") {
    throw refusal(10001, "params error: symbol or settleCoin is required");
  }
  const inScope = symbolFilter(world, params, category);
  const held = ledger
    .positions(account, world.market(category, symbol))
    .filter(
      (position) =>
        position.category === category && inScope(position.symbol) && (symbol !== "" || Number(position.size) > 0),
    );
  const rows = held.map((row, i) => ({ n: held.length - i, row }));
  const found = page(rows, params.limit(200, 20), params.text("cursor"), (item) => item.n);
  const list = found.list.map((item) => positionRow(item.row));
  return { result: { category, nextPageCursor: found.nextPageCursor, list } };
}

function symbolInfo(ledger: Ledger, world: PrivateWorld, call: Call): Answer {
  const category = contract(call);
  const symbol = call.params.text("symbol");
  checkSymbol(world, category, symbol);
  const held = ledger.positions(call.account, world.market(category, symbol));
  const list = held
    .filter((position) => position.category === category)
    .map((position) => ({
      symbol: position.symbol,
      leverage: position.leverage,
      side: position.side,
      positionIdx: position.positionIdx,
    }));
  return { result: { category, list } };
}

function setLeverage(ledger: Ledger, world: PrivateWorld, call: Call): Answer {
  const category = contract(call);
  const market = tradedMarket(world, call.params, category);
  const leverage = {
    buy: Number(call.params.decimal("buyLeverage")),
    sell: Number(call.params.decimal("sellLeverage")),
  };
  if (!(leverage.buy > 0) || !(leverage.sell > 0)) {
    throw refusal(10001, "params error: buyLeverage and sellLeverage are required");
  }
  ledger.setLeverage(call.account, market, leverage);
  return { result: {} };
}

function switchMode(ledger: Ledger, world: PrivateWorld, { params, account }: Call): Answer {
  const category = params.oneOf("category", CONTRACTS);
  const mode = params.integer("mode", { min: 0, max: 3 });
  if (mode !== 0 && mode !== 3) throw refusal(10001, "params error: mode must be 0 or 3");
  const symbol = params.text("symbol");
  const coin = params.text("coin");
  if (symbol === "" && coin === "") throw refusal(10001, "params error: symbol or coin is required");
  checkSymbol(world, category, symbol);
  ledger.setPositionMode(account, { market: world.market(category, symbol), coin }, mode === 3 ? "hedge" : "oneWay");
  return { result: {} };
}

function tradingStop(ledger: Ledger, world: PrivateWorld, call: Call): Answer {
  const { params, account } = call;
  const category = contract(call);
  const market = tradedMarket(world, params, category);
  // The page wants both; ccxt sends its trailing stops without them, and they work.
  const idx = positionIdx(params) ?? 0;
  const tpslMode = params.oneOf("tpslMode", ["Full", "Partial"], "Full");
  const { takeProfit, stopLoss } = protectionParams(params);
  const [tpSize, slSize] = [params.decimal("tpSize"), params.decimal("slSize")];
  if (tpSize !== "" && slSize !== "" && Number(tpSize) !== Number(slSize)) {
    throw refusal(10001, "params error: tpSize must equal slSize");
  }
  const stop = {
    tpslMode,
    positionIdx: idx,
    takeProfit,
    stopLoss,
    size: tpSize === "" ? slSize : tpSize,
    trailingStop: params.decimal("trailingStop"),
    activePrice: params.decimal("activePrice"),
  };
  if (!takeProfit && !stopLoss && stop.trailingStop === "") throw refusal(34040);
  if (tpslMode === "Partial" && stop.size === "" && (takeProfit || stopLoss)) {
    throw refusal(10001, "params error: tpSize or slSize is required");
  }
  ledger.setTradingStop(account, market, stop);
  return { result: {} };
}

function addMargin(ledger: Ledger, world: PrivateWorld, call: Call): Answer {
  const category = contract(call);
  const market = tradedMarket(world, call.params, category);
  const margin = call.params.signedDecimal("margin");
  if (!/^-?\d+(\.\d{1,4})?$/.test(margin) || Number(margin) === 0) throw refusal(10001, "params error: margin invalid");
  const idx = positionIdx(call.params) ?? 0;
  ledger.addMargin(call.account, market, { margin, positionIdx: idx });
  const position = ledger.positions(call.account, market).find((row) => row.positionIdx === idx);
  return { result: position ? { category, ...positionRow(position) } : {} };
}

function autoAddMargin(ledger: Ledger, world: PrivateWorld, call: Call): Answer {
  const category = call.params.oneOf("category", ["linear"]);
  const market = tradedMarket(world, call.params, category);
  const on = call.params.integer("autoAddMargin", { min: 0, max: 1 });
  if (on === undefined) throw refusal(10001, "params error: autoAddMargin is required");
  ledger.setAutoAddMargin(call.account, market, { on: on === 1, positionIdx: positionIdx(call.params) ?? 0 });
  return { result: {} };
}

function confirmMmr(ledger: Ledger, world: PrivateWorld, call: Call): Answer {
  ledger.confirmPendingMmr(call.account, tradedMarket(world, call.params, contract(call)));
  return { result: {} };
}

function nothing(world: PrivateWorld, call: Call): Answer {
  tradedMarket(world, call.params, contract(call));
  return { result: {} };
}

function closedPnl(ledger: Ledger, world: PrivateWorld, { params, account }: Call): Answer {
  const category = params.oneOf("category", CONTRACTS);
  const { from, to } = timeWindow(params, world.now(), WEEK_MS);
  const bySymbol = symbolFilter(world, params, category);
  const wanted = (row: ClosedPnlFacts) =>
    row.category === category && row.createdTime >= from && row.createdTime <= to && bySymbol(row.symbol);
  const rows = chosen(ledger.closedPnl(account), wanted);
  const found = page(rows, params.limit(100, 50), params.text("cursor"), (item) => item.n);
  const list = found.list.map(({ row: { category: _category, fillCount, createdTime, updatedTime, ...row } }) => ({
    ...row,
    fillCount: String(fillCount),
    createdTime: String(createdTime),
    updatedTime: String(updatedTime),
  }));
  return { result: { category, nextPageCursor: found.nextPageCursor, list } };
}
