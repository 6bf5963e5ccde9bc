import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ArgumentError } from "../core/errors.ts";
import { INTERVALS, type Interval } from "../core/time.ts";
import type { Category } from "../model/instrument.ts";

/** What traded where. Folders of a catalogue are named after it. */
export interface Market {
  /** Such as `bybit`, `binance`, `synthetic`. */
  readonly venue: string;
  readonly category: Category;
  readonly symbol: string;
}

/**
 * `trade`: what was paid. `mark`: the mark price, which decides on liquidation and funding. `index`: what the market is
 * worth elsewhere. `premium`: the mark's distance to it, a fraction of the index that may be negative.
 */
export const PRICE_KINDS = ["trade", "mark", "index", "premium"] as const;
export type PriceKind = (typeof PRICE_KINDS)[number];

/** The bars of one market at one interval. */
export interface Series extends Market {
  readonly interval: Interval;
  readonly kind: PriceKind;
}

export const CATEGORIES = ["linear", "inverse", "spot"] as const satisfies readonly Category[];

/** @throws ArgumentError `MARKET_NAME` when a part could leave its folder or is no category */
export function marketFolder(root: string, market: Market): string {
  for (const part of [market.venue, market.symbol]) {
    if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(part)) continue;
    const message = `venue and symbol are letters, digits, dot, dash and underscore, was ${JSON.stringify(part)}`;
    throw new ArgumentError("MARKET_NAME", message, { part });
  }
  if (!CATEGORIES.includes(market.category)) {
    const message = `category must be one of ${CATEGORIES.join(" ")}, was ${JSON.stringify(market.category)}`;
    throw new ArgumentError("MARKET_NAME", message, { category: market.category });
  }
  return join(root, market.venue, market.category, market.symbol);
}

/** Where the month files of a series lie. Other prices than those paid have folders of their own, such as `60-mark`. */
export function seriesFolder(root: string, series: Series): string {
  return join(
    marketFolder(root, series),
    series.kind === "trade" ? series.interval : `${series.interval}-${series.kind}`,
  );
}

/** Every series that has a folder under `root`, in order; none when there is no such root. */
export async function seriesUnder(root: string): Promise<Series[]> {
  const found: Series[] = [];
  for (const market of await marketsUnder(root)) {
    for (const name of await foldersIn(marketFolder(root, market))) {
      const match = /^([^-]+)(?:-(mark|index|premium))?$/.exec(name);
      const interval = INTERVALS.find((known) => known === match?.[1]);
      if (interval) found.push({ ...market, interval, kind: (match?.[2] as PriceKind | undefined) ?? "trade" });
    }
  }
  const rank = ({ interval, kind }: Series) => INTERVALS.indexOf(interval) + PRICE_KINDS.indexOf(kind) * 100;
  const place = ({ venue, category, symbol }: Series) => `${venue}/${category}/${symbol}`;
  return found.sort((a, b) => (place(a) === place(b) ? rank(a) - rank(b) : place(a) < place(b) ? -1 : 1));
}

/** Every market that has a folder under `root`, whether it has bars or not. */
export async function marketsUnder(root: string): Promise<Market[]> {
  const markets: Market[] = [];
  for (const venue of await foldersIn(root)) {
    for (const category of CATEGORIES) {
      for (const symbol of await foldersIn(join(root, venue, category))) markets.push({ venue, category, symbol });
    }
  }
  return markets;
}

/** Month files in `folder`, oldest first; temporaries of a writer are passed over. */
export async function monthFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /^\d{4}-\d{2}\.parquet$/.test(name)).sort();
}

async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
    .map((entry) => entry.name)
    .sort();
}
