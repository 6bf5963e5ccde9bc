import type { Category } from "../../model/instrument.ts";
import type { Params } from "../gateway/params.ts";
import { refusal } from "../gateway/retcodes.ts";
import type { Market } from "../market/market.ts";
import type { Numbered } from "../trading/ledger.ts";

/** What private endpoints need of the exchange. */
export interface PrivateWorld {
  now(): number;
  markets(): readonly Market[];
  market(category: Category, symbol: string): Market | undefined;
}

export const DAY_MS = 86_400_000;
export const WEEK_MS = 7 * DAY_MS;

/** Refuses a symbol that does not trade in `category`; "" passes. */
export function checkSymbol(world: PrivateWorld, category: Category, symbol: string): void {
  if (symbol === "" || world.market(category, symbol)) return;
  throw category === "spot" ? refusal(170121) : refusal(10001, "params error: symbol invalid");
}

/** The market of a request that must name one of `category`. */
export function tradedMarket(world: PrivateWorld, params: Params, category: Category): Market {
  const symbol = params.required("symbol");
  checkSymbol(world, category, symbol);
  return world.market(category, symbol)!;
}

/** A filter by `symbol`, `baseCoin` or `settleCoin`, the first that is given. */
export function symbolFilter(world: PrivateWorld, params: Params, category: Category): (symbol: string) => boolean {
  const symbol = params.text("symbol");
  if (symbol !== "") {
    checkSymbol(world, category, symbol);
    return (other) => other === symbol;
  }
  const base = params.text("baseCoin");
  const settle = params.text("settleCoin");
  if (base === "" && settle === "") return () => true;
  const isKnown = world
    .markets()
    .some(({ instrument }) => (base === "" ? instrument.settleCoin === settle : instrument.baseCoin === base));
  if (!isKnown) throw refusal(10001, `params error: ${base === "" ? "settleCoin" : "baseCoin"} invalid`);
  return (other) => {
    const instrument = world.market(category, other)?.instrument;
    return base === "" ? instrument?.settleCoin === settle : instrument?.baseCoin === base;
  };
}

/** The rows that `wanted` likes, at most `most` of them. */
export function* chosen<T>(
  rows: Iterable<Numbered<T>>,
  wanted: (row: T) => boolean,
  most = Number.POSITIVE_INFINITY,
): Generator<Numbered<T>> {
  let count = 0;
  for (const item of rows) {
    if (!wanted(item.row)) continue;
    count += 1;
    if (count > most) return;
    yield item;
  }
}
