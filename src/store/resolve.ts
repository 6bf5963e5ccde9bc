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
  const stored = await seriesUnder(spec.root);
  const wanted = spec.data.split("/");
  const matches = stored.filter((series) => {
    const place = [series.venue, series.category, series.symbol];
    return series.kind === "trade" && wanted.length <= 3 && place.slice(-wanted.length).join("/") === spec.data;
  });
  if (matches.length === 0) throw unknownData(spec, stored);
  const markets = [...new Set(matches.map(({ venue, category, symbol }) => `${venue}/${category}/${symbol}`))];
  if (markets.length > 1) {
    const message = `${spec.data} is stored more than once: name one of ${markets.join(", ")}`;
    throw new ArgumentError("MARKET_AMBIGUOUS", message, { data: spec.data, markets });
  }
  return fromCatalogue(spec, matches, stored);
}

async function fromFile(spec: DataSpec): Promise<ResolvedData> {
  const { data, interval, from, to, symbol } = spec;
  const options = { ...(symbol && { symbol }), ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
  const bars = await loadBars(data, options);
  if (!interval || interval === bars.interval) return { bars, source: data };
  return { bars: resampled(bars, interval), source: `${data} (${bars.interval} resampled to ${interval})` };
}

async function fromCatalogue(
  spec: DataSpec,
  matches: readonly Series[],
  stored: readonly Series[],
): Promise<ResolvedData> {
  const series = pickInterval(spec, matches);
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
  const hasMark = stored.some(
    (other) => other.kind === "mark" && samePlace(other, series) && other.interval === series.interval,
  );
  const mark = hasMark ? await readOverlap(() => catalogue.read(markSeries, range)) : undefined;
  const place = `${spec.root}: ${series.venue}/${series.category}/${series.symbol}/${series.interval}`;
  return {
    bars,
    ...(funding && { funding }),
    ...(mark && { mark: resampled(mark, interval) }),
    ...(instrument && { instrument }),
    source: interval === series.interval ? place : `${place} (resampled to ${interval})`,
  };
}

/** The series stored at that interval, else the longest that divides it. */
function pickInterval(spec: DataSpec, matches: readonly Series[]): Series {
  const have = matches.map((series) => series.interval).join(", ");
  if (spec.interval === undefined) {
    if (matches.length === 1) return matches[0]!;
    const message = `${spec.data} is stored at the intervals ${have}: name one with --interval`;
    throw new ArgumentError("INTERVAL_NEEDED", message, { data: spec.data });
  }
  const length = intervalMs(spec.interval);
  const fit = matches
    .filter((series) => length % intervalMs(series.interval) === 0)
    .sort((a, b) => intervalMs(b.interval) - intervalMs(a.interval))[0];
  if (fit) return fit;
  const message = `${spec.data} is stored at the intervals ${have}, none of which makes ${spec.interval}`;
  throw new ArgumentError("INTERVAL_STORED", message, { data: spec.data, interval: spec.interval });
}

function resampled(bars: Bars, interval: Interval): Bars {
  const result = resampleBars(bars, interval);
  if (result.length > 0) return result;
  const message = `${bars.length} bars of interval ${bars.interval} make no full bar of ${interval}; take a longer span`;
  throw new DataError("NO_FULL_BAR", message, { bars: bars.length, interval });
}

/** Mark prices may not reach as far as the bars do; none in range is none. */
async function readOverlap(read: () => Promise<Bars>): Promise<Bars | undefined> {
  try {
    return await read();
  } catch (error) {
    if ((error as { code?: string }).code === "NO_BARS_IN_RANGE") return undefined;
    throw error;
  }
}

function samePlace(a: Series, b: Series): boolean {
  return a.venue === b.venue && a.category === b.category && a.symbol === b.symbol;
}

function unknownData({ data, root }: DataSpec, stored: readonly Series[]): DataError {
  const symbols = [...new Set(stored.map((series) => series.symbol))];
  if (/\.(csv|gz|parquet)$/i.test(data)) {
    return new DataError("FILE_MISSING", `${data}: no such file; check the path`, { file: data });
  }
  const held =
    symbols.length > 0
      ? `it holds ${symbols.slice(0, 8).join(", ")}${symbols.length > 8 ? ", ..." : ""}`
      : "it is empty";
  const message = `${data}: neither a file nor a market of the catalogue ${root}; ${held}; see grimoire data import --help`;
  return new DataError("DATA_UNKNOWN", message, { data, root });
}

/** A directory of that name is no data file; a symbol may well be called like one. */
async function isFile(path: string): Promise<boolean> {
  try {
    return !(await stat(path)).isDirectory();
  } catch {
    return false;
  }
}
