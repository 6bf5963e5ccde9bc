import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { ArgumentError } from "../core/errors.ts";
import { type Interval, intervalMs } from "../core/time.ts";
import { type Bars, sliceBars } from "../model/bar.ts";
import type { Category } from "../model/instrument.ts";
import { eachChunk, formatOf } from "./bytes.ts";
import type { Catalogue, WriteOptions, WriteReport } from "./catalogue.ts";
import { checkBarRows, checkStep, checkTimes } from "./checks.ts";
import { dataFault, fileFault } from "./faults.ts";
import { gapsOf } from "./gaps.ts";
import { parseInstrument } from "./instrument.ts";
import { loadFunding, readRows } from "./load.ts";
import type { Market, PriceKind } from "./market.ts";
import { openParquet } from "./parquet.ts";

export interface ImportOptions extends WriteOptions {
  /** Default: from the file's name, such as `bybit-linear_…`, else `bybit`. */
  readonly venue?: string;
  /** Default: from the file's name, else `linear`. */
  readonly category?: Category;
  readonly symbol?: string;
  readonly interval?: Interval;
  /** Default: `mark` when the file's name says so, else `trade`. */
  readonly kind?: PriceKind;
  /** Default "drop": the last bar of a download is usually unfinished, and no later look can tell. */
  readonly last?: "drop" | "keep";
  /** Epoch ms; bars that close later are never stored. */
  readonly now: number;
}

export interface ImportReport extends Market {
  readonly file: string;
  readonly content: "bars" | "funding" | "instrument";
  /** Of bars. */
  readonly interval?: Interval;
  readonly kind?: PriceKind;
  /** Rows in the file. */
  readonly rows: number;
  /** Openings of bars left out because they may be unfinished, epoch ms. */
  readonly dropped: readonly number[];
  readonly gaps: number;
  readonly missing: number;
  readonly written: WriteReport;
}

/**
 * Takes one file into the catalogue: bars, funding rates or the JSON rules of an instrument, told apart by content.
 *
 * @throws DataError what `loadBars` refuses, `ONLY_UNFINISHED`, and those of `Catalogue.write`
 */
export async function importFile(catalogue: Catalogue, file: string, options: ImportOptions): Promise<ImportReport> {
  const content = await contentOf(file);
  if (content === "bars") return importBars(catalogue, file, options);
  const guess = guessMarket(file);
  const venue = options.venue ?? guess.venue;
  const nothing = { file, content, dropped: [], gaps: 0, missing: 0 };
  if (content === "funding") {
    const rates = await loadFunding(file, { ...(options.symbol && { symbol: options.symbol }) });
    const market: Market = { venue, category: options.category ?? guess.category, symbol: rates.symbol };
    const rows = rates.time.length;
    const added = await catalogue.writeFunding(market, rates);
    return { ...nothing, ...market, rows, written: { ...NOTHING_WRITTEN, added, unchanged: rows - added } };
  }
  const instrument = parseInstrument(
    await readFile(file, "utf8").catch((e) => Promise.reject(fileFault(file, e))),
    file,
  );
  const market: Market = { venue, category: instrument.category, symbol: options.symbol ?? instrument.symbol };
  await catalogue.writeInstrument(market, instrument);
  return { ...nothing, ...market, rows: 1, written: { ...NOTHING_WRITTEN, added: 1 } };
}

const NOTHING_WRITTEN: WriteReport = { added: 0, replaced: 0, unchanged: 0, monthsWritten: 0, interrupted: false };

async function importBars(catalogue: Catalogue, file: string, options: ImportOptions): Promise<ImportReport> {
  const { symbol, interval } = options;
  const { bars, firstRow, closed } = await readRows(file, { ...(symbol && { symbol }), ...(interval && { interval }) });
  checkTimes(bars.time, "startTime", { file, firstRow });
  checkBarRows(bars, { file, firstRow });
  checkStep(bars, file);
  const guess = guessMarket(file);
  const series = {
    venue: options.venue ?? guess.venue,
    category: options.category ?? guess.category,
    symbol: bars.symbol,
    interval: bars.interval,
    kind: options.kind ?? guess.kind,
  };
  const finished = finishedBars(bars, { last: closed ? "keep" : (options.last ?? "drop"), now: options.now });
  if (finished.length === 0) {
    const fact = `has ${bars.length === 1 ? "one bar" : "only bars"} that may be unfinished`;
    throw dataFault("ONLY_UNFINISHED", { file }, fact, "give --keep-last when it is finished");
  }
  const written = await catalogue.write(series, finished, options);
  const gaps = gapsOf(finished);
  return {
    file,
    content: "bars",
    ...series,
    rows: bars.length,
    dropped: [...bars.time.subarray(finished.length)],
    gaps: gaps.length,
    missing: gaps.reduce((sum, gap) => sum + gap.bars, 0),
    written,
  };
}

/** Bars without those that close after `now`, and without the last one unless it is to be kept. */
export function finishedBars(bars: Bars, rule: { readonly last: "drop" | "keep"; readonly now: number }): Bars {
  let end = rule.last === "drop" ? bars.length - 1 : bars.length;
  while (end > 0 && bars.time[end - 1]! + intervalMs(bars.interval) > rule.now) end--;
  return sliceBars(bars, 0, end);
}

/** Venue, category and kind as a name like `bybit-linear-mark_BTCUSDT_60.csv.gz` tells them. */
export function guessMarket(file: string): { venue: string; category: Category; kind: PriceKind } {
  const match = /^([a-z]+)-(linear|inverse|spot|um|cm)(-mark)?_/.exec(basename(file));
  const categories: Record<string, Category> = { um: "linear", cm: "inverse", inverse: "inverse", spot: "spot" };
  return {
    venue: match?.[1] ?? "bybit",
    category: categories[match?.[2] ?? ""] ?? "linear",
    kind: match?.[3] ? "mark" : "trade",
  };
}

async function contentOf(file: string): Promise<ImportReport["content"]> {
  const format = await formatOf(file);
  if (format === "parquet") {
    const opened = await openParquet(file);
    await opened.close();
    return opened.names.includes("fundingTime") ? "funding" : "bars";
  }
  const head = await firstText(file, format);
  if (head.trimStart().startsWith("{")) return "instrument";
  return head.split("\n", 1)[0]!.includes("fundingTime") ? "funding" : "bars";
}

async function firstText(file: string, format: "csv" | "csv.gz"): Promise<string> {
  const enough = new Error("the first piece is enough");
  let text = "";
  try {
    await eachChunk(file, format, (chunk) => {
      text = Buffer.from(chunk.subarray(0, 4096)).toString("latin1");
      throw enough;
    });
  } catch (error) {
    if (error !== enough) throw error;
  }
  return text;
}

/** @throws ArgumentError `CATEGORY` */
export function parseCategory(text: string): Category {
  if (text === "linear" || text === "inverse" || text === "spot") return text;
  throw new ArgumentError("CATEGORY", `category must be linear, inverse or spot, was ${JSON.stringify(text)}`, {
    text,
  });
}
