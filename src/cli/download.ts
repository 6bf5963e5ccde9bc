import type { Gateway } from "../bybit/gateway.ts";
import {
  type BarsWanted,
  fetchBars,
  fetchFunding,
  fetchOpenInterest,
  type OpenInterestPeriod,
  type Span,
} from "../bybit/history.ts";
import { fetchInstrument } from "../bybit/instruments.ts";
import { ArgumentError, DataError } from "../core/errors.ts";
import { floorToInterval, type Interval, intervalMs } from "../core/time.ts";
import type { Catalogue } from "../store/catalogue.ts";
import { type Gap, gapsOf } from "../store/gaps.ts";
import type { Market, PriceKind, Series } from "../store/market.ts";
import { readOpenInterest, writeOpenInterest } from "../store/openinterest.ts";

export const DOWNLOADS = ["bars", "mark", "index", "premium", "funding", "open-interest", "instrument"] as const;
export type Download = (typeof DOWNLOADS)[number];

/** What is to be fetched of one market. */
export interface DownloadWish {
  readonly market: Market;
  readonly what: ReadonlySet<Download>;
  /** Of bars, of all kinds. */
  readonly interval: Interval;
  /** Of open interest. */
  readonly period: OpenInterestPeriod;
  /** Epoch ms; absent: since the market began. */
  readonly from?: number;
  /** Epoch ms, exclusive; absent: until now. */
  readonly to?: number;
}

export interface DownloadTools {
  readonly gateway: Gateway;
  readonly catalogue: Catalogue;
  readonly signal: AbortSignal;
  /** Bars done and to do of one series; a month at a time is kept. */
  readonly onProgress: (label: string, done: number, total: number) => void;
}

export interface SeriesReport {
  readonly kind: PriceKind;
  readonly interval: Interval;
  /** Openings of the first and last bar that lie there now within what was asked for; `null` when there are none. */
  readonly from: number | null;
  readonly to: number | null;
  readonly bars: number;
  readonly added: number;
  readonly gaps: readonly Gap[];
  /** Bars missing in the gaps. */
  readonly missing: number;
}

export interface DownloadReport extends Market {
  readonly series: readonly SeriesReport[];
  /** Settlements that are new. */
  readonly funding?: number;
  readonly openInterest?: { readonly period: OpenInterestPeriod; readonly added: number };
  readonly hasInstrument: boolean;
  /** When trading began there, epoch ms; 0: not known. */
  readonly launchTime: number;
}

/** A bar counts as closed this long after its end, so that the exchange has settled it. */
const SETTLE_MS = 1_000;
const PERIOD_MS: Readonly<Record<OpenInterestPeriod, number>> = {
  "5min": 300_000,
  "15min": 900_000,
  "30min": 1_800_000,
  "1h": 3_600_000,
  "4h": 14_400_000,
  "1d": 86_400_000,
};

/**
 * Fetches what is missing of one market. What is there already is not asked for again, months are kept whole or not at
 * all: stopped or killed at any point, the next run does the rest and ends in the same bytes.
 *
 * @throws ArgumentError `RANGE`, `FROM`, `KIND`; DataError `SYMBOL_UNKNOWN`, `NOTHING_CLOSED`; those of gateway and catalogue
 */
export async function downloadMarket(wish: DownloadWish, tools: DownloadTools): Promise<DownloadReport> {
  const { market, what, interval } = wish;
  const { gateway, catalogue, signal } = tools;
  requireServed(market, what);
  const { instrument, launchTime } = await fetchInstrument(gateway, market, signal);
  if (what.has("instrument")) await catalogue.writeInstrument(market, instrument);
  const now = Math.floor(gateway.clock.now() - Math.max(SETTLE_MS, gateway.clock.uncertaintyMs));
  const range = rangeOf(wish, launchTime, now);
  const kinds: PriceKind[] = [
    ...(what.has("bars") ? (["trade"] as const) : []),
    ...(["mark", "index", "premium"] as const).filter((kind) => what.has(kind)),
  ];
  const series: SeriesReport[] = [];
  for (const kind of kinds) {
    // A bar is asked for once it is closed: nobody can tell later that it was not.
    const span = {
      from: floorToInterval(range.from + intervalMs(interval) - 1, interval),
      to: floorToInterval(range.to, interval),
    };
    series.push(await downloadSeries({ ...market, interval, kind }, span, tools));
  }
  const report = { ...market, series, hasInstrument: what.has("instrument"), launchTime };
  if (market.category === "spot") return report;
  const contract = { category: market.category, symbol: market.symbol };
  const funding = what.has("funding") ? await downloadFunding(market, contract, range, tools) : undefined;
  const added = what.has("open-interest") ? await downloadOpenInterest(wish, contract, range, tools) : undefined;
  return {
    ...report,
    ...(funding !== undefined && { funding }),
    ...(added !== undefined && { openInterest: { period: wish.period, added } }),
  };
}

/** @throws ArgumentError `KIND` */
function requireServed({ category, symbol }: Market, what: ReadonlySet<Download>): void {
  const lacking = DOWNLOADS.filter((kind) => {
    if (category === "spot") return kind !== "bars" && kind !== "instrument";
    return category === "inverse" && kind === "premium";
  }).filter((kind) => what.has(kind));
  if (lacking.length === 0) return;
  throw new ArgumentError("KIND", `${category} ${symbol} has no ${lacking.join(", ")}; leave it out of --what`, {
    category,
    lacking,
  });
}

function rangeOf({ market, from, to }: DownloadWish, launchTime: number, now: number): Span {
  if (from === undefined && launchTime === 0) {
    throw new ArgumentError("FROM", `the exchange does not tell since when ${market.symbol} trades; give --from`);
  }
  const range = { from: Math.max(from ?? 0, launchTime), to: Math.min(to ?? Infinity, now) };
  if (range.from < range.to) return range;
  const message = `nothing of ${market.symbol} is closed in that span; it trades since ${new Date(launchTime).toISOString()}`;
  throw new DataError("NOTHING_CLOSED", message, { ...range });
}

async function downloadSeries(series: Series, span: Span, tools: DownloadTools): Promise<SeriesReport> {
  const { gateway, catalogue, signal, onProgress } = tools;
  const step = intervalMs(series.interval);
  const months = await missingByMonth(catalogue, series, span);
  const total = months.flat().reduce((sum, { from, to }) => sum + (to - from) / step, 0);
  const label = `${series.symbol} ${series.interval}${series.kind === "trade" ? "" : ` ${series.kind}`}`;
  let done = 0;
  onProgress(label, 0, total);
  const fetchMonth = (spans: readonly Span[]) => {
    const wanted: BarsWanted = series;
    const work = fetchBars(gateway, wanted, spans, {
      signal,
      onPage(bars) {
        done += bars;
        onProgress(label, done, total);
      },
    });
    work.catch(() => {}); // told when it is its turn to be written
    return work;
  };
  let added = 0;
  let next = months[0] && fetchMonth(months[0]);
  for (const [i] of months.entries()) {
    const bars = await next!;
    // The line is kept busy while the disk is.
    next = months[i + 1] && fetchMonth(months[i + 1]!);
    if (bars.length > 0) added += (await catalogue.write(series, bars)).added;
  }
  return { ...(await stateOf(catalogue, series, span)), added };
}

/** What is not there yet of each month that lacks anything. */
async function missingByMonth(catalogue: Catalogue, series: Series, span: Span): Promise<Span[][]> {
  const step = intervalMs(series.interval);
  const months: Span[][] = [];
  for (let from = span.from; from < span.to; ) {
    const date = new Date(from);
    const monthEnd = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
    const to = Math.min(span.to, floorToInterval(monthEnd + step - 1, series.interval));
    const stored = await storedTimes(catalogue, series, { from, to });
    const missing = missingSpans(stored, { from, to }, step);
    if (missing.length > 0) months.push(missing);
    from = to;
  }
  return months;
}

/** Runs of openings within `span` that are not among the ascending `times`. */
export function missingSpans(times: Float64Array, span: Span, step: number): Span[] {
  const spans: Span[] = [];
  let from = span.from;
  for (const time of times) {
    if (time > from) spans.push({ from, to: time });
    from = time + step;
  }
  if (from < span.to) spans.push({ from, to: span.to });
  return spans;
}

async function storedTimes(catalogue: Catalogue, series: Series, span: Span): Promise<Float64Array> {
  try {
    return (await catalogue.read(series, span)).time;
  } catch (error) {
    if (error instanceof DataError && ["SERIES_MISSING", "NO_BARS_IN_RANGE"].includes(error.code))
      return new Float64Array(0);
    throw error;
  }
}

async function stateOf(catalogue: Catalogue, series: Series, span: Span): Promise<Omit<SeriesReport, "added">> {
  const { kind, interval } = series;
  const time = await storedTimes(catalogue, series, span);
  const gaps = gapsOf({ time, interval });
  return {
    kind,
    interval,
    from: time[0] ?? null,
    to: time.at(-1) ?? null,
    bars: time.length,
    gaps,
    missing: gaps.reduce((sum, gap) => sum + gap.bars, 0),
  };
}

type Contract = { readonly category: "linear" | "inverse"; readonly symbol: string };

async function downloadFunding(market: Market, contract: Contract, range: Span, tools: DownloadTools): Promise<number> {
  const { gateway, catalogue, signal } = tools;
  const stored = await catalogue.funding(market);
  let added = 0;
  for (const span of around(stored?.time, range)) {
    const rates = await fetchFunding(gateway, contract, span, { signal });
    if (rates.time.length > 0) added += await catalogue.writeFunding(market, rates);
  }
  return added;
}

async function downloadOpenInterest(
  wish: DownloadWish,
  contract: Contract,
  range: Span,
  tools: DownloadTools,
): Promise<number> {
  const { gateway, catalogue, signal } = tools;
  const { market, period } = wish;
  const stored = await readOpenInterest(catalogue.root, market, period);
  let added = 0;
  for (const span of around(stored?.time, range)) {
    // A page holds 200 moments; what has come is kept every so often, as years of it take a while.
    const reach = PERIOD_MS[period] * 200 * 25;
    for (let from = span.from; from < span.to; from += reach) {
      const part = { from, to: Math.min(span.to, from + reach) };
      const rows = await fetchOpenInterest(gateway, { ...contract, period }, part, { signal });
      added += await writeOpenInterest(catalogue.root, { market, period, rows });
    }
  }
  return added;
}

/** What of `range` lies before and after the ascending `times` that are stored. */
function around(times: Float64Array | undefined, range: Span): Span[] {
  const [first, last] = [times?.[0], times?.at(-1)];
  if (first === undefined || last === undefined) return [range];
  return [
    { from: range.from, to: Math.min(range.to, first) },
    { from: Math.max(range.from, last + 1), to: range.to },
  ].filter(({ from, to }) => from < to);
}
