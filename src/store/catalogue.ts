import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sharedColumn } from "../core/columns.ts";
import { DataError } from "../core/errors.ts";
import { formatTime, intervalMs } from "../core/time.ts";
import { type Bars, barsBetween, barsOf, sliceBars } from "../model/bar.ts";
import type { FundingRates } from "../model/funding.ts";
import type { Instrument } from "../model/instrument.ts";
import { sweepTemporaries, writeAtomically } from "./atomic.ts";
import { checkBarRows, checkTimes } from "./checks.ts";
import { BAR_SCHEMA, barFileColumns } from "./columnsof.ts";
import { dataFault, fileFault } from "./faults.ts";
import { parseInstrument } from "./instrument.ts";
import { loadFunding } from "./load.ts";
import { acquireLock, type Lock } from "./lock.ts";
import {
  type Market,
  marketFolder,
  monthFiles,
  type PriceKind,
  type Series,
  seriesFolder,
  seriesUnder,
} from "./market.ts";
import { mergeBars, monthsOf } from "./merge.ts";
import { openParquet, type ParquetFile, presentColumns } from "./parquet.ts";
import { parquetBytes } from "./parquetwrite.ts";

/** A series as it lies on disk. */
export interface SeriesSummary extends Series {
  readonly bars: number;
  /** Opening of the first bar, epoch ms. */
  readonly from: number;
  /** Opening of the last bar, epoch ms. */
  readonly to: number;
  readonly months: number;
  readonly bytes: number;
}

export interface WriteOptions {
  /** Checked between months: the month at work is finished, later ones are not begun. */
  readonly signal?: AbortSignal;
  readonly onMonth?: (done: number, total: number, month: string) => void;
}

export interface WriteReport {
  /** Bars at times that were not there. */
  readonly added: number;
  /** Bars that took the place of a different one. */
  readonly replaced: number;
  /** Bars that were there already. */
  readonly unchanged: number;
  readonly monthsWritten: number;
  /** The signal stopped it before the last month; running it again does the rest. */
  readonly interrupted: boolean;
}

export interface Range {
  /** Epoch ms, inclusive. */
  readonly from?: number;
  /** Epoch ms, exclusive. */
  readonly to?: number;
}

/** Market data on disk: `ROOT/venue/category/symbol/interval/YYYY-MM.parquet`, funding and instrument beside. */
export interface Catalogue {
  readonly root: string;
  /** Every series, from the file footers alone. */
  list(): Promise<SeriesSummary[]>;
  /** @throws DataError `SERIES_MISSING`, `NO_BARS_IN_RANGE`, `PARQUET_CORRUPT` and what `checks.ts` refuses */
  read(series: Series, range?: Range): Promise<Bars>;
  /**
   * Merges `bars` into what is there, month by month, each month in one step. Running it again changes nothing.
   *
   * @throws DataError `LOCKED`, `DISK_FULL`, `DISK_READ_ONLY` and those of `read`
   */
  write(series: Series, bars: Bars, options?: WriteOptions): Promise<WriteReport>;
  /** All settlements stored; `undefined` when there are none. */
  funding(market: Market): Promise<FundingRates | undefined>;
  /** Merges settlements into those stored and returns how many are new. */
  writeFunding(market: Market, rates: FundingRates): Promise<number>;
  /** The rules stored; `undefined` when there are none. */
  instrument(market: Market): Promise<Instrument | undefined>;
  writeInstrument(market: Market, instrument: Instrument): Promise<void>;
  /** Keeps every other writer out until `work` is done: a command that may not write is refused before its first write. */
  exclusively<T>(work: () => Promise<T>): Promise<T>;
}

/** A catalogue in the directory `root`, which is made by the first write. Readers never wait for the writer. */
export function openCatalogue(root: string): Catalogue {
  let held: Lock | null = null;
  const writing = <T>(work: (lock: Lock) => Promise<T>): Promise<T> => (held ? work(held) : locked(root, work));
  return {
    root,
    list: () => listSeries(root),
    read: (series, range = {}) => readSeries(root, series, range),
    write: (series, bars, options = {}) => writing((lock) => writeSeries({ root, series, bars, options, lock })),
    funding: (market) => readFunding(fundingFile(root, market), market.symbol),
    writeFunding: (market, rates) => writing(() => writeFunding(fundingFile(root, market), rates)),
    async instrument(market) {
      const path = instrumentFile(root, market);
      const text = await orMissing(readFile(path, "utf8"), path);
      return text === undefined ? undefined : parseInstrument(text, path);
    },
    writeInstrument: (market, instrument) =>
      writing(() =>
        writeAtomically(instrumentFile(root, market), Buffer.from(`${JSON.stringify(instrument, null, 2)}\n`)),
      ),
    exclusively: (work) =>
      locked(root, async (lock) => {
        held = lock;
        try {
          return await work();
        } finally {
          held = null;
        }
      }),
  };
}

const fundingFile = (root: string, market: Market) => join(marketFolder(root, market), "funding.parquet");
const instrumentFile = (root: string, market: Market) => join(marketFolder(root, market), "instrument.json");

async function locked<T>(root: string, work: (lock: Lock) => Promise<T>): Promise<T> {
  const lock = await acquireLock(root);
  try {
    return await work(lock);
  } finally {
    await lock.release();
  }
}

async function listSeries(root: string): Promise<SeriesSummary[]> {
  const summaries: SeriesSummary[] = [];
  for (const series of await seriesUnder(root)) {
    const folder = seriesFolder(root, series);
    const names = await monthFiles(folder);
    const [first, last] = [names[0], names.at(-1)];
    if (!first || !last) continue;
    let bars = 0;
    let bytes = 0;
    for (const name of names) {
      const file = await openParquet(join(folder, name));
      bars += file.rows;
      bytes += file.bytes;
      await file.close();
    }
    const from = (await readMonth(join(folder, first), series)).time[0]!;
    const to = (await readMonth(join(folder, last), series)).time.at(-1)!;
    summaries.push({ ...series, bars, from, to, months: names.length, bytes });
  }
  return summaries;
}

async function readSeries(root: string, series: Series, range: Range): Promise<Bars> {
  const folder = seriesFolder(root, series);
  const all = await monthFiles(folder);
  const name = `${series.venue}/${series.category}/${series.symbol}/${series.interval}`;
  if (all.length === 0) {
    const message = `${folder}: no ${series.kind} bars of ${name} are stored; import, download or generate them`;
    throw new DataError("SERIES_MISSING", message, { ...series, root });
  }
  const { from = -Infinity, to = Infinity } = range;
  const wanted = all.filter((file) => monthEnd(file) > from && monthStart(file) < to);
  const bars = barsBetween(
    await readMonths(
      wanted.map((file) => join(folder, file)),
      series,
    ),
    from,
    to,
  );
  if (bars.length > 0) return bars;
  const [first, last] = [monthStart(all[0]!), monthEnd(all.at(-1)!)].map(formatTime);
  const fact = "has no bars in the range asked for";
  throw dataFault("NO_BARS_IN_RANGE", { file: folder }, fact, `its months run from ${first} to ${last}`);
}

/** All months in one set of columns that is made once: beyond it only one page of one column is in memory. */
async function readMonths(paths: readonly string[], series: Series): Promise<Bars> {
  const files: ParquetFile[] = [];
  const market = { symbol: series.symbol, interval: series.interval };
  try {
    for (const path of paths) files.push(await openParquet(path));
    const rows = files.reduce((sum, file) => sum + file.rows, 0);
    const names = [...BAR_SCHEMA.required, ...BAR_SCHEMA.optional];
    const columns = Object.fromEntries(names.map((name) => [name, sharedColumn(rows)]));
    const bars = barsOf(market, {
      time: columns.startTime!,
      open: columns.open!,
      high: columns.high!,
      low: columns.low!,
      close: columns.close!,
      volume: columns.volume!,
      turnover: columns.turnover!,
    });
    let at = 0;
    for (const [i, file] of files.entries()) {
      const path = paths[i]!;
      const present = presentColumns(path, file.names, BAR_SCHEMA);
      await file.fill(Object.fromEntries(present.map((name) => [name, columns[name]!])), at);
      const end = at + file.rows;
      for (const name of names) if (!present.includes(name)) columns[name]!.fill(NaN, at, end);
      checkMonth(sliceBars(bars, at, end), path, series.kind);
      at = end;
    }
    return bars;
  } finally {
    for (const file of files) await file.close();
  }
}

function checkMonth(bars: Bars, path: string, kind: PriceKind): void {
  const origin = { file: path, firstRow: 1 };
  checkTimes(bars.time, "startTime", origin);
  checkBarRows(bars, origin, kind === "premium" ? -1 : 0);
  const [first, last] = [bars.time[0] ?? 0, bars.time[bars.length - 1] ?? 0];
  if (bars.length > 0 && first >= monthStart(path) && last < monthEnd(path)) return;
  const fact = `holds bars from ${formatTime(first)} to ${formatTime(last)}`;
  throw dataFault("MONTH_MISMATCH", { file: path }, fact, "move them into files of their months, or import them again");
}

const readMonth = (path: string, series: Series) => readMonths([path], series);

function monthStart(path: string): number {
  const [year, month] = /(\d{4})-(\d{2})\.parquet$/.exec(path)!.slice(1).map(Number);
  return Date.UTC(year!, month! - 1, 1);
}

function monthEnd(path: string): number {
  const [year, month] = /(\d{4})-(\d{2})\.parquet$/.exec(path)!.slice(1).map(Number);
  return Date.UTC(year!, month!, 1);
}

async function writeSeries(job: {
  root: string;
  series: Series;
  bars: Bars;
  options: WriteOptions;
  lock: Lock;
}): Promise<WriteReport> {
  const { root, series, bars, options, lock } = job;
  const folder = seriesFolder(root, series);
  await sweepTemporaries(folder);
  const stored = new Set(await monthFiles(folder));
  const months = monthsOf(bars.time);
  const report = { added: 0, replaced: 0, unchanged: 0, monthsWritten: 0, interrupted: false };
  for (const [done, { name, from, to }] of months.entries()) {
    if (options.signal?.aborted) return { ...report, interrupted: true };
    options.onMonth?.(done, months.length, name);
    const path = join(folder, `${name}.parquet`);
    const fresh = sliceBars(bars, from, to);
    const merged = stored.has(`${name}.parquet`)
      ? mergeBars(await readMonth(path, series), fresh)
      : { bars: fresh, added: fresh.length, replaced: 0 };
    report.added += merged.added;
    report.replaced += merged.replaced;
    report.unchanged += fresh.length - merged.added - merged.replaced;
    if (merged.added + merged.replaced === 0) continue;
    const bytes = parquetBytes(barFileColumns(merged.bars), notesOf(series));
    await lock.assertHeld();
    await writeAtomically(path, bytes);
    report.monthsWritten++;
  }
  options.onMonth?.(months.length, months.length, "");
  return report;
}

/** What a file of ours says of itself. `closed`: its last bar is finished. */
function notesOf(series: Series): Record<string, string> {
  const { venue, category, symbol, interval, kind } = series;
  return { venue, category, symbol, interval, kind, closed: "true", intervalMs: String(intervalMs(interval)) };
}

async function readFunding(path: string, symbol: string): Promise<FundingRates | undefined> {
  return orMissing(loadFunding(path, { symbol }), path);
}

async function writeFunding(path: string, rates: FundingRates): Promise<number> {
  const stored = await readFunding(path, rates.symbol);
  const byTime = new Map<number, number>();
  stored?.time.forEach((time, i) => void byTime.set(time, stored.rate[i]!));
  const before = byTime.size;
  rates.time.forEach((time, i) => void byTime.set(time, rates.rate[i]!));
  const merged = [...byTime].sort((a, b) => a[0] - b[0]);
  const bytes = parquetBytes(
    [
      { name: "fundingTime", type: "INT64", data: Float64Array.from(merged, ([time]) => time) },
      { name: "fundingRate", type: "DOUBLE", data: Float64Array.from(merged, ([, rate]) => rate) },
    ],
    { symbol: rates.symbol },
  );
  await writeAtomically(path, bytes);
  return byTime.size - before;
}

/** `undefined` instead of the error that says there is no such file. */
async function orMissing<T>(work: Promise<T>, path: string): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    const code = (error as { code?: string }).code;
    if (code === "ENOENT" || code === "FILE_MISSING") return undefined;
    throw error instanceof DataError ? error : fileFault(path, error);
  }
}
