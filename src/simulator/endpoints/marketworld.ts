import type { Category } from "../../model/instrument.ts";
import type { Params } from "../gateway/params.ts";
import { refusal } from "../gateway/retcodes.ts";
import type { Depth } from "../market/book.ts";
import type { Market } from "../market/market.ts";

/** What the market endpoints read. */
export interface MarketWorld {
  now(): number;
  /** Every market, sorted by symbol within its category. */
  markets(): readonly Market[];
  market(category: Category, symbol: string): Market | undefined;
  depth(market: Market, levels: number): Depth;
  /** What the insurance pool of a coin holds. */
  insurance(coin: string): string;
}

export const CATEGORIES: readonly Category[] = ["linear", "inverse", "spot"];
export const CONTRACTS: readonly Category[] = ["linear", "inverse"];

/**
 * The market that `category` and `symbol` name.
 *
 * @throws VenueRejection 10001
 */
export function namedMarket(world: MarketWorld, params: Params, allowed = CATEGORIES, fallback?: Category): Market {
  const category = params.oneOf("category", allowed, fallback);
  const symbol = params.required("symbol");
  const market = world.market(category, symbol);
  if (!market) throw refusal(10001, category === "spot" ? "Not supported symbols" : "params error: symbol invalid");
  return market;
}

/** The markets of `category`, only `symbol` when it is given. */
export function marketsOf(world: MarketWorld, params: Params, allowed = CATEGORIES): Market[] {
  const category = params.oneOf("category", allowed);
  if (params.text("symbol") !== "") return [namedMarket(world, params, allowed)];
  return world.markets().filter((market) => market.instrument.category === category);
}
