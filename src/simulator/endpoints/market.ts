import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../core/time.ts";
import type { RiskTier } from "../../model/instrument.ts";
import { page } from "../gateway/paging.ts";
import type { Params } from "../gateway/params.ts";
import { refusal } from "../gateway/retcodes.ts";
import type { Answer, Route } from "../gateway/route.ts";
import type { Level } from "../market/book.ts";
import type { Market } from "../market/market.ts";
import { instrumentInfo, PRICE_LIMIT_RATIOS } from "../wire/instrument.ts";
import { priceText } from "../wire/kline.ts";
import { money } from "../wire/numbers.ts";
import { openInterest, ticker } from "../wire/ticker.ts";
import { CONTRACTS, type MarketWorld, marketsOf, namedMarket } from "./marketworld.ts";

const PERIODS: Readonly<Record<string, number>> = {
  "5min": 5 * MINUTE_MS,
  "15min": 15 * MINUTE_MS,
  "30min": 30 * MINUTE_MS,
  "1h": HOUR_MS,
  "4h": 4 * HOUR_MS,
  "1d": DAY_MS,
};

/** Public endpoints other than klines. */
export function marketRoutes(world: MarketWorld): Route[] {
  const route = (path: string, handle: (params: Params) => Answer["result"], note?: string): Route => ({
    method: "GET",
    path,
    access: "public",
    status: note === undefined ? "served" : "partly",
    ...(note !== undefined && { note }),
    handle: ({ params }) => ({ result: handle(params) }),
  });
  return [
    route("/v5/market/time", () => time(world)),
    route("/v5/market/instruments-info", (params) => instruments(world, params)),
    route("/v5/market/orderbook", (params) => orderbook(world, params)),
    route("/v5/market/tickers", (params) => tickers(world, params)),
    route("/v5/market/funding/history", (params) => fundingHistory(world, params)),
    route("/v5/market/recent-trade", (params) => recentTrades(world, params)),
    route("/v5/market/open-interest", (params) => openInterestHistory(world, params), "a seeded wave, not a count"),
    route("/v5/market/account-ratio", (params) => accountRatio(world, params), "a seeded wave, not a count"),
    route("/v5/market/risk-limit", (params) => riskLimits(world, params)),
    route("/v5/market/price-limit", (params) => priceLimit(world, params)),
    route("/v5/market/insurance", (params) => insurance(world, params)),
    route("/v5/market/adlAlert", () => ({ updatedTime: String(world.now()), list: [] }), "always calm"),
    route("/v5/market/delivery-price", (params) => noDeliveries(params), "perpetuals are not delivered: empty"),
    route("/v5/system/status", () => ({ list: [] })),
    route("/v5/announcements/index", () => ({ total: 0, list: [] }), "nothing to announce"),
  ];
}

function time(world: MarketWorld): unknown {
  const now = world.now();
  return { timeSecond: String(Math.floor(now / 1_000)), timeNano: `${now}000000` };
}

function instruments(world: MarketWorld, params: Params): unknown {
  const category = params.oneOf("category", ["linear", "inverse", "spot", "option"]);
  const limit = params.limit(1_000, 500);
  const status = params.text("status");
  if (category === "option") return { category, nextPageCursor: "", list: [] };
  let markets = params.text("symbol") === "" ? [...marketsOf(world, params)] : [namedMarket(world, params)];
  const baseCoin = params.text("baseCoin");
  if (baseCoin !== "") markets = markets.filter((market) => market.instrument.baseCoin === baseCoin);
  if (status !== "" && status !== "Trading") markets = [];
  const infos = markets.map((market, i) => ({ rank: markets.length - i, info: listed(world, market) }));
  const { list, nextPageCursor } = page(infos, limit, params.text("cursor"), (item) => item.rank);
  return { category, nextPageCursor: category === "spot" ? "" : nextPageCursor, list: list.map((item) => item.info) };
}

/** A market's entry of the instruments list. */
export function listed(world: MarketWorld, market: Market): Record<string, unknown> {
  const symbolId = world.markets().indexOf(market) + 1;
  return instrumentInfo({ instrument: market.instrument, launchTime: market.firstTime, symbolId, status: "Trading" });
}

function orderbook(world: MarketWorld, params: Params): unknown {
  const market = namedMarket(world, params);
  const limit = params.limit(1_000, market.instrument.category === "spot" ? 1 : 25);
  const depth = world.depth(market, limit);
  const { price, qty } = market.printing;
  const rows = (side: readonly Level[]) => side.slice(0, limit).map((l) => [price.format(l[0]), qty.format(l[1])]);
  const now = world.now();
  const { seq } = market;
  return { s: market.instrument.symbol, b: rows(depth.bids), a: rows(depth.asks), ts: now, u: seq, seq, cts: now };
}

function tickers(world: MarketWorld, params: Params): unknown {
  const category = params.oneOf("category", ["linear", "inverse", "spot", "option"]);
  if (category === "option") return { category, list: [] };
  const list = marketsOf(world, params).map((market) => ticker(market, world.depth(market, 1), world.now()));
  return { category, list };
}

function fundingHistory(world: MarketWorld, params: Params): unknown {
  const market = namedMarket(world, params, CONTRACTS);
  const limit = params.limit(200, 200);
  const start = params.time("startTime");
  const end = params.time("endTime");
  if (start !== undefined && end === undefined)
    throw refusal(10001, "params error: endTime is required with startTime");
  const every = market.instrument.fundingIntervalMs;
  const from = Math.max(start ?? 0, market.firstTime);
  const list: unknown[] = [];
  const newest = Math.min(end ?? world.now(), world.now());
  for (let at = Math.floor(newest / every) * every; at >= from && list.length < limit; at -= every) {
    const fundingRate = money(market.fundingRate(at));
    list.push({ symbol: market.instrument.symbol, fundingRate, fundingRateTimestamp: String(at) });
  }
  return { category: market.instrument.category, list };
}

function recentTrades(world: MarketWorld, params: Params): unknown {
  const market = namedMarket(world, params);
  const { category, symbol } = market.instrument;
  const limit = category === "spot" ? params.limit(60, 60) : params.limit(1_000, 500);
  const { price, qty } = market.printing;
  const list = market.recent.slice(-limit).reverse();
  return {
    category,
    list: list.map((trade) => ({
      execId: trade.id,
      symbol,
      price: price.format(trade.price),
      size: qty.format(trade.qty),
      side: trade.side === "buy" ? "Buy" : "Sell",
      time: String(trade.time),
      isBlockTrade: false,
      isRPITrade: false,
      seq: String(trade.seq),
    })),
  };
}

/** Moments `every` ms apart, newest first, within the asked span and the market's life. */
function grid(world: MarketWorld, market: Market, params: Params, { every, most }: { every: number; most: number }) {
  const limit = params.limit(most, 50);
  const to = Math.min(params.time("endTime") ?? world.now(), world.now());
  const from = Math.max(params.time("startTime") ?? 0, market.firstTime);
  function* moments() {
    for (let at = Math.floor(to / every) * every; at >= from; at -= every) yield at;
  }
  return page(moments(), limit, params.text("cursor"), (at) => at);
}

function openInterestHistory(world: MarketWorld, params: Params): unknown {
  const market = namedMarket(world, params, CONTRACTS);
  const every = PERIODS[params.oneOf("intervalTime", Object.keys(PERIODS))]!;
  const { list, nextPageCursor } = grid(world, market, params, { every, most: 200 });
  const mean = Number(openInterest(market, world.now())) / market.derived.interest(world.now());
  const { qty } = market.printing;
  const rows = list.map((at) => {
    const contracts = qty.format(qty.count(mean * market.derived.interest(at), "floor"));
    return { openInterest: contracts, singleOpenInterest: money(Number(contracts) / 2), timestamp: String(at) };
  });
  return { symbol: market.instrument.symbol, category: market.instrument.category, list: rows, nextPageCursor };
}

function accountRatio(world: MarketWorld, params: Params): unknown {
  const market = namedMarket(world, params, CONTRACTS);
  const every = PERIODS[params.oneOf("period", Object.keys(PERIODS))]!;
  const { list, nextPageCursor } = grid(world, market, params, { every, most: 500 });
  const rows = list.map((at) => {
    const buy = Math.round(market.derived.longShare(at) * 10_000);
    const ratio = (share: number) => money(share / 10_000, 4);
    const { symbol } = market.instrument;
    return { symbol, buyRatio: ratio(buy), sellRatio: ratio(10_000 - buy), timestamp: String(at) };
  });
  return { list: rows, nextPageCursor };
}

function riskLimits(world: MarketWorld, params: Params): unknown {
  const category = params.oneOf("category", CONTRACTS);
  const rows = marketsOf(world, params, CONTRACTS).flatMap((market) =>
    market.instrument.riskTiers.map((tier, i) => riskLimit(market, tier, i)),
  );
  return { category, list: rows, nextPageCursor: "" };
}

function riskLimit(market: Market, tier: RiskTier, index: number): unknown {
  return {
    id: index + 1,
    symbol: market.instrument.symbol,
    riskLimitValue: tier.limitValue,
    maintenanceMargin: tier.maintenanceMarginRate,
    initialMargin: tier.initialMarginRate,
    isLowestRisk: index === 0 ? 1 : 0,
    maxLeverage: tier.maxLeverage,
    mmDeduction: tier.maintenanceDeduction,
  };
}

function priceLimit(world: MarketWorld, params: Params): unknown {
  const market = namedMarket(world, params, undefined, "linear");
  const y = Number(PRICE_LIMIT_RATIOS[market.instrument.category].y);
  const mark = market.markPrice;
  const { symbol } = market.instrument;
  const buyLmt = priceText(market.printing, mark * (1 + y));
  return { symbol, buyLmt, sellLmt: priceText(market.printing, mark * (1 - y)), ts: String(world.now()) };
}

function insurance(world: MarketWorld, params: Params): unknown {
  const asked = params.text("coin");
  const coins = new Set(
    world.markets().flatMap((m) => (m.instrument.category === "spot" ? [] : [m.instrument.settleCoin])),
  );
  const list = [...coins]
    .filter((coin) => asked === "" || coin === asked)
    .map((coin) => ({ coin, symbols: "", balance: world.insurance(coin), value: world.insurance(coin) }));
  return { updatedTime: String(world.now()), list };
}

function noDeliveries(params: Params): unknown {
  return { category: params.oneOf("category", ["linear", "inverse", "option"]), nextPageCursor: "", list: [] };
}
