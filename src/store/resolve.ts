import { stat } from "node:fs/promises";
import { ArgumentError, DataError } from "../core/errors.ts";
import { type Interval, intervalMs } from "../core/time.ts";
import type { Bars } from "../model/bar.ts";
import type { FundingRates } from "../model/funding.ts";
import type { Instrument } from "../model/instrument.ts";
import { openCatalogue, type Range } from "./catalogue.ts";
import { loadBars } from "./load.ts";
import { type Series, seriesUnder } from "./market.ts";
import { resampleBars } from "./resample.ts";

const DATA_FILE = /\.(csv|gz|parquet)$/i;

export interface DataSpec extends Range {
  /** A file, or a symbol of the catalogue: `BTCUSDT`, `linear/BTCUSDT` or `bybit/linear/BTCUSDT`. */
  readonly data: string;
  /** Directory of the catalogue. */
  readonly root: string;
  /** Bars are resampled when only shorter ones are there. Default: what the file or the catalogue holds. */
  readonly interval?: Interval;
  /** For a file whose name does not tell. */
  readonly symbol?: string;
}

export interface ResolvedData {
  readonly bars: Bars;
  /** Settlements of the market; absent when none are stored, and for a bare file. */
  readonly funding?: FundingRates;
  /** Mark-price bars of the same interval, where stored. */
  readonly mark?: Bars;
  readonly instrument?: Instrument;
  /** Where the bars came from, for people. */
  readonly source: string;
}

/**
 * What `--data` names: the bars of a file, or a market of the catalogue with all that is stored beside its bars.
 *
 * @throws DataError `DATA_UNKNOWN` and those of `loadBars` and `Catalogue.read`; ArgumentError `MARKET_AMBIGUOUS`,
 * `INTERVAL_NEEDED`, `INTERVAL_STORED`, `RESAMPLE`
 */
export async function resolveData(spec: DataSpec): Promise<ResolvedData> {
  if (await isFile(spec.data)) return fromFile(spec);
  const { data, root, interval } = spec;
  return fromCatalogue(spec, await pickSeries({ data, root, ...(interval && { making: interval }) }));
}

/** Which bars of the catalogue are meant. */
export interface SeriesQuery {
  /** `BTCUSDT`, `linear/BTCUSDT` or `bybit/linear/BTCUSDT`. */
  readonly data: string;
  readonly root: string;
  /** Exactly this interval. */
  readonly interval?: Interval;
  /** The longest interval that this one can be made of. */
  readonly making?: Interval;
  /** The shortest interval, and shorter than this many ms. */
  readonly shorterThan?: number;
}

/**
 * The trade bars in the catalogue that `query` means; without any wish, those of the only interval there is.
 *
 * @throws DataError `DATA_UNKNOWN`; ArgumentError `MARKET_AMBIGUOUS`, `INTERVAL_NEEDED`, `INTERVAL_STORED`
 */
export async function pickSeries(query: SeriesQuery): Promise<Series> {
  const { data } = query;
  const stored = await seriesUnder(query.root);
  const words = data.split("/").length;
  const matches = stored.filter((series) => {
    const place = [series.venue, series.category, series.symbol];
    return series.kind === "trade" && words <= 3 && place.slice(-words).join("/") === data;
  });
  if (matches.length === 0) throw unknownData(query, stored);
  const markets = [...new Set(matches.map(({ venue, category, symbol }) => `${venue}/${category}/${symbol}`))];
  if (markets.length > 1) {
    const message = `${data} is stored more than once: name one of ${markets.join(", ")}`;
    throw new ArgumentError("MARKET_AMBIGUOUS", message, { data, markets });
  }
  return pickInterval(query, matches);
}

function pickInterval(query: SeriesQuery, matches: readonly Series[]): Series {
  const { data, interval, making, shorterThan } = query;
  const have = matches.map((series) => series.interval).join(", ");
  const lengthOf = (series: Series) => intervalMs(series.interval);
  const byLength = matches.toSorted((a, b) => lengthOf(a) - lengthOf(b));
  let fit: Series | undefined;
  if (interval) fit = byLength.find((series) => series.interval === interval);
  else if (making) fit = byLength.findLast((series) => intervalMs(making) % lengthOf(series) === 0);
  else if (shorterThan !== undefined) fit = byLength.find((series) => lengthOf(series) < shorterThan);
  else if (byLength.length > 1) {
    const message = `${data} is stored at the intervals ${have}: name one with --interval`;
    throw new ArgumentError("INTERVAL_NEEDED", message, { data });
  } else fit = byLength[0];
  if (fit) return fit;
  const message = `${data} is stored at the intervals ${have}, which do not make the one asked for`;
  throw new ArgumentError("INTERVAL_STORED", message, { data, interval: interval ?? making });
}

async function fromFile(spec: DataSpec): Promise<ResolvedData> {
  const { data, interval, from, to, symbol } = spec;
  const options = { ...(symbol && { symbol }), ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  const bars = await loadBars(data, options).catch((error: unknown) => {
    // A file too short to tell its interval has the one asked for.
    if (interval && error instanceof DataError && error.code === "INTERVAL_UNKNOWN") {
      return loadBars(data, { ...options, interval });
    }
    throw error;
  });
  if (!interval || interval === bars.interval) return { bars, source: data };
  return { bars: resampled(bars, interval), source: `${data} (${bars.interval} resampled to ${interval})` };
}

async function fromCatalogue(spec: DataSpec, series: Series): Promise<ResolvedData> {
  const catalogue = openCatalogue(spec.root);
  const range: Range = {
    ...(spec.from !== undefined && { from: spec.from }),
    ...(spec.to !== undefined && { to: spec.to }),
  };
  const read = await catalogue.read(series, range);
  const interval = spec.interval ?? series.interval;
  const bars = resampled(read, interval);
  const funding = await catalogue.funding(series);
  const instrument = await catalogue.instrument(series);
  const markSeries: Series = { ...series, kind: "mark" };
  const mark = await readIfAny(() => catalogue.read(markSeries, range));
  const place = `${spec.root}: ${series.venue}/${series.category}/${series.symbol}/${series.interval}`;
  return {
    bars,
    ...(funding && { funding }),
    ...(mark && { mark: resampled(mark, interval) }),
    ...(instrument && { instrument }),
    source: interval === series.interval ? place : `${place} (resampled to ${interval})`,
  };
}

function resampled(bars: Bars, interval: Interval): Bars {
  const result = resampleBars(bars, interval);
  if (result.length > 0) return result;
  const message = `${bars.length} bars of interval ${bars.interval} make no full bar of ${interval}; take a longer span`;
  throw new DataError("NO_FULL_BAR", message, { bars: bars.length, interval });
}

/** Mark prices may not be stored, or not reach as far as the bars do. */
async function readIfAny(read: () => Promise<Bars>): Promise<Bars | undefined> {
  try {
    return await read();
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "NO_BARS_IN_RANGE" || code === "SERIES_MISSING") return undefined;
    throw error;
  }
}

function unknownData({ data, root }: SeriesQuery, stored: readonly Series[]): DataError {
  const symbols = [...new Set(stored.map((series) => series.symbol))].sort();
  if (DATA_FILE.test(data)) {
    return new DataError("FILE_MISSING", `${data}: no such file; check the path`, { file: data });
  }
  const held =
    symbols.length > 0
      ? `it holds ${symbols.slice(0, 8).join(", ")}${symbols.length > 8 ? ", ..." : ""}`
      : "it is empty";
  const message = `${data}: neither a file nor a market of the catalogue ${root}; ${held}; see grimoire data import --help`;
  return new DataError("DATA_UNKNOWN", message, { data, root });
}

/** A directory of that name is no data file, unless it is called like one; a symbol may well be. */
async function isFile(path: string): Promise<boolean> {
  try {
    return !(await stat(path)).isDirectory() || DATA_FILE.test(path);
  } catch {
    return false;
  }
}
