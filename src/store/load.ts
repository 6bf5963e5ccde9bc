import { basename, dirname } from "node:path";
import { formatTime, INTERVALS, type Interval, parseInterval } from "../core/time.ts";
import { type Bars, barsBetween, barsOf } from "../model/bar.ts";
import type { FundingRates } from "../model/funding.ts";
import { formatOf } from "./bytes.ts";
import { checkBarRows, checkKnown, checkStep, checkTimes, inferInterval } from "./checks.ts";
import { BAR_SCHEMA, FUNDING_SCHEMA } from "./columnsof.ts";
import { readCsv, type Table, type TableSchema } from "./csv.ts";
import { dataFault } from "./faults.ts";
import { readParquet } from "./parquet.ts";

export interface LoadOptions {
  /** Otherwise taken from the file's name, such as `bybit-linear_BTCUSDT_60.csv.gz`. */
  readonly symbol?: string;
  /** Otherwise taken from the file's name, or the most common time step. */
  readonly interval?: Interval;
  /** Epoch ms, inclusive. */
  readonly from?: number;
  /** Epoch ms, exclusive. */
  readonly to?: number;
}

/**
 * All bars of a CSV, CSV.gz or Parquet file, every row checked, in memory that worker threads can share.
 *
 * Gaps are kept as they are; `gapsOf` counts them.
 *
 * @throws DataError naming file, row, field and value; see `checks.ts`, `csv.ts`, `bytes.ts`, `parquet.ts`;
 * `NO_BARS_IN_RANGE` when none lie in [`from`, `to`)
 */
export async function loadBars(path: string, options: LoadOptions = {}): Promise<Bars> {
  const { bars, firstRow } = await readRows(path, options);
  const origin = { file: path, firstRow };
  checkTimes(bars.time, "startTime", origin);
  checkBarRows(bars, origin);
  checkStep(bars, path);
  return between(bars, options, path);
}

/** Bars as they stand in a file: numbers, but unsorted, doubled and impossible ones too. */
export interface FileRows {
  readonly bars: Bars;
  /** Row, as the user counts, of the first bar. */
  readonly firstRow: number;
  /** The file says that its last bar is finished. */
  readonly closed: boolean;
}

/**
 * The rows of a file without a look at what they say; for `checkQuality` and for those who check themselves.
 *
 * @throws DataError when the file cannot be read as columns of numbers
 */
export async function readRows(
  path: string,
  options: Pick<LoadOptions, "symbol" | "interval"> = {},
): Promise<FileRows> {
  const { table, firstRow, told } = await readTable(path, BAR_SCHEMA);
  const { startTime, open, high, low, close, volume, turnover } = table.columns as Record<string, Float64Array>;
  if (volume) checkKnown(volume, "volume", { file: path, firstRow });
  const named = marketOfName(path);
  const interval = options.interval ?? told.interval ?? named.interval ?? timedInterval(startTime!, path, firstRow);
  const bars = barsOf(
    { symbol: options.symbol ?? told.symbol ?? named.symbol, interval },
    {
      time: startTime!,
      open: open!,
      high: high!,
      low: low!,
      close: close!,
      volume: volume ?? unknownColumn(table.rows),
      turnover: turnover ?? unknownColumn(table.rows),
    },
  );
  return { bars, firstRow, closed: told.closed };
}

/** A wrong unit or order of time is the better complaint than an interval that cannot be told from it. */
function timedInterval(times: Float64Array, file: string, firstRow: number): Interval {
  try {
    return inferInterval(times, file);
  } catch (error) {
    checkTimes(times, "startTime", { file, firstRow });
    throw error;
  }
}

/**
 * Funding settlements of a CSV, CSV.gz or Parquet file with the columns `fundingTime,fundingRate`.
 *
 * @throws DataError as `loadBars`; `RATE_IMPLAUSIBLE` when a rate is not a fraction within ±1
 */
export async function loadFunding(path: string, options: { readonly symbol?: string } = {}): Promise<FundingRates> {
  const { table, firstRow, told } = await readTable(path, FUNDING_SCHEMA);
  const time = table.columns.fundingTime!;
  const rate = table.columns.fundingRate!;
  checkTimes(time, "fundingTime", { file: path, firstRow });
  for (let i = 0; i < rate.length; i++) {
    if (Math.abs(rate[i]!) < 1) continue;
    const place = { file: path, row: i + firstRow, field: "fundingRate", value: rate[i]! };
    throw dataFault("RATE_IMPLAUSIBLE", place, `must be a fraction within ±1, is ${rate[i]}`, "fix or remove the row");
  }
  return { symbol: options.symbol ?? told.symbol ?? marketOfName(path).symbol, time, rate };
}

/** What the name of a data file says: `…_SYMBOL_INTERVAL.EXT`, or `…/SYMBOL/INTERVAL/YYYY-MM.parquet`. */
export function marketOfName(path: string): { symbol: string; interval?: Interval } {
  const stem = basename(path).replace(/\.(csv|csv\.gz|parquet|gz)$/i, "");
  if (/^\d{4}-\d{2}$/.test(stem)) {
    const interval = knownInterval(basename(dirname(path)));
    const symbol = basename(dirname(dirname(path)));
    if (interval && symbol) return { symbol, interval };
  }
  const words = stem.split(/[_-]/);
  const at = words.findIndex((word) => /^[A-Z0-9]*[A-Z][A-Z0-9]+$/.test(word) && word.length >= 5);
  if (at < 0) return { symbol: stem };
  const interval = knownInterval(words[at + 1] ?? "");
  return interval ? { symbol: words[at]!, interval } : { symbol: words[at]! };
}

function knownInterval(word: string): Interval | undefined {
  if (!INTERVALS.includes(word as Interval) && !/^\d+[mhdw]$/i.test(word)) return undefined;
  try {
    return parseInterval(word);
  } catch {
    return undefined; // a number in a name need not be an interval
  }
}

interface Read {
  readonly table: Table;
  /** Row, as the user counts, of the table's first. */
  readonly firstRow: number;
  /** What the file itself says of its market. */
  readonly told: { symbol?: string; interval?: Interval; closed: boolean };
}

async function readTable(path: string, schema: TableSchema): Promise<Read> {
  const format = await formatOf(path);
  if (format === "parquet") {
    const { notes, ...table } = await readParquet(path, schema);
    const interval = knownInterval(notes.interval ?? "");
    return {
      table,
      firstRow: 1,
      told: {
        ...(notes.symbol && { symbol: notes.symbol }),
        ...(interval && { interval }),
        closed: notes.closed === "true",
      },
    };
  }
  return { table: await readCsv(path, format, schema), firstRow: 2, told: { closed: false } };
}

function unknownColumn(rows: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(rows * 8)).fill(NaN);
}

function between(bars: Bars, { from = -Infinity, to = Infinity }: LoadOptions, file: string): Bars {
  const cut = barsBetween(bars, from, to);
  if (cut.length > 0) return cut;
  const [first, last] = [bars.time[0]!, bars.time[bars.length - 1]!].map(formatTime);
  const range = `${Number.isFinite(from) ? formatTime(from) : "the start"} to ${Number.isFinite(to) ? formatTime(to) : "the end"}`;
  throw dataFault("NO_BARS_IN_RANGE", { file }, `has no bars from ${range}`, `it holds ${first} to ${last}`);
}
