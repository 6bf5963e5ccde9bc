import type { Category } from "../../model/instrument.ts";
import type { Params } from "../gateway/params.ts";
import { refusal } from "../gateway/retcodes.ts";
import type { Route } from "../gateway/route.ts";
import { WIRE_INTERVALS } from "../market/intervals.ts";
import type { Market } from "../market/market.ts";
import type { BarRow, SeriesQuery } from "../market/series.ts";
import { klineRow, priceRow } from "../wire/kline.ts";
import { money } from "../wire/numbers.ts";
import { CATEGORIES, CONTRACTS, type MarketWorld, namedMarket } from "./marketworld.ts";

const MOST_ROWS = 1_000;
const USUAL_ROWS = 200;
/** A factor on a bar's prices by its opening. */
type Factor = (time: number) => number;

/** The four kinds of klines. Newest first; one of `start` and `end` alone reaches `limit` bars from there. */
export function klineRoutes(world: MarketWorld): Route[] {
  const route = (
    path: string,
    allowed: readonly Category[],
    rowsOf: (market: Market, query: SeriesQuery) => string[][],
  ) => ({
    method: "GET" as const,
    path,
    access: "public" as const,
    status: "served" as const,
    handle: ({ params }: { params: Params }) => {
      const market = namedMarket(world, params, allowed, "linear");
      const list = rowsOf(market, queryOf(params)).reverse();
      const { symbol, category } = market.instrument;
      return { result: { symbol, category, list } };
    },
  });
  const priced = (factorOf: (market: Market) => Factor) => (market: Market, query: SeriesQuery) =>
    market.series.rows(query, scaled(factorOf(market))).map((row) => priceRow(row, market.printing));
  return [
    route("/v5/market/kline", CATEGORIES, (market, query) =>
      market.series.rows(query).map((row) => klineRow(row, market.printing)),
    ),
    route(
      "/v5/market/mark-price-kline",
      CONTRACTS,
      priced((market) => (time) => market.derived.mark(1, time)),
    ),
    route(
      "/v5/market/index-price-kline",
      CONTRACTS,
      priced((market) => (time) => market.derived.index(1, time)),
    ),
    route("/v5/market/premium-index-price-kline", ["linear"], (market, query) =>
      market.series
        .rows(query, premiums(market))
        .map((row) => [String(row.time), ...[row.open, row.high, row.low, row.close].map((value) => money(value, 6))]),
    ),
  ];
}

function queryOf(params: Params): SeriesQuery {
  const interval = params.oneOf("interval", WIRE_INTERVALS);
  const start = params.time("start");
  const end = params.time("end");
  const limit = params.limit(MOST_ROWS, USUAL_ROWS);
  if (start !== undefined && end !== undefined && start > end) throw refusal(10001, "params error: start is after end");
  const keep = start !== undefined && end === undefined ? "oldest" : "newest";
  return { interval, from: start ?? 0, to: end ?? Number.MAX_SAFE_INTEGER, limit, keep };
}

function scaled(factor: Factor): (row: BarRow) => BarRow {
  return (row) => {
    const k = factor(row.time);
    return { ...row, open: row.open * k, high: row.high * k, low: row.low * k, close: row.close * k };
  };
}

function premiums(market: Market): (row: BarRow) => BarRow {
  return (row) => {
    const value = market.derived.premium(row.time);
    return { ...row, open: value, high: value, low: value, close: value };
  };
}
