import { DataError } from "../core/errors.ts";
import { type Interval, intervalMs } from "../core/time.ts";
import { type Bars, barsOf } from "../model/bar.ts";
import type { FundingRates } from "../model/funding.ts";
import type { Category } from "../model/instrument.ts";
import type { Gateway } from "./gateway.ts";
import { inParallel } from "./parallel.ts";

/** Which bars: what was paid, the mark price, the index, or the premium. */
export interface BarsWanted {
  readonly category: Category;
  readonly symbol: string;
  readonly interval: Interval;
  readonly kind: "trade" | "mark" | "index" | "premium";
}

/** Openings from `from` on and before `to`, epoch ms, on the grid of the interval. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface HistoryOptions {
  readonly signal?: AbortSignal | undefined;
  /** Requests on their way at a time; the rate limit decides how many go. */
  readonly parallel?: number;
  /** Bars that have come, and those that will not come, of one page. */
  readonly onPage?: (bars: number) => void;
}

const PAGE_BARS = 1_000;
const FUNDING_PAGE = 200;
const OPEN_INTEREST_PAGE = 200;
const USUAL_PARALLEL = 32;
/** A download is patient: minutes of it should not be lost to one bad moment of the line. */
const ATTEMPTS = 6;
const FUNCTIONS = {
  trade: "get_kline",
  mark: "get_mark_price_kline",
  index: "get_index_price_kline",
  premium: "get_premium_index_price_kline",
} as const;

/** Pages that `spans` are fetched in. */
export function pagesOf(spans: readonly Span[], interval: Interval): Span[] {
  const reach = PAGE_BARS * intervalMs(interval);
  return spans.flatMap(({ from, to }) => {
    const count = Math.max(0, Math.ceil((to - from) / reach));
    return Array.from({ length: count }, (_, i) => ({
      from: from + i * reach,
      to: Math.min(to, from + (i + 1) * reach),
    }));
  });
}

/**
 * The bars the exchange has within `spans`, ascending. Bars it does not have are left out; the caller drops those that
 * are not closed by asking for none.
 *
 * @throws DataError `KLINE_ANSWER` when a page holds what was not asked for; and as `Gateway.call`
 */
export async function fetchBars(
  gateway: Gateway,
  wanted: BarsWanted,
  spans: readonly Span[],
  options: HistoryOptions = {},
): Promise<Bars> {
  const { symbol, interval } = wanted;
  const pages = pagesOf(spans, interval);
  const rows: (readonly Row[])[] = new Array(pages.length);
  await inParallel(
    pages,
    { most: options.parallel ?? USUAL_PARALLEL, signal: options.signal },
    async (page, i, signal) => {
      rows[i] = await fetchPage(gateway, { wanted, page, signal });
      options.onPage?.(Math.round((page.to - page.from) / intervalMs(interval)));
    },
  );
  const all = rows.flat();
  const column = (k: number) => Float64Array.from(all, (row) => row[k] ?? NaN);
  const [time, open, high, low, close, volume, turnover] = [0, 1, 2, 3, 4, 5, 6].map(column);
  return barsOf(
    { symbol, interval },
    { time: time!, open: open!, high: high!, low: low!, close: close!, volume: volume!, turnover: turnover! },
  );
}

type Row = readonly number[];

/** One page, ascending. The exchange cuts pages short where it likes, so the rest is asked for until nothing comes. */
async function fetchPage(
  gateway: Gateway,
  { wanted, page, signal }: { wanted: BarsWanted; page: Span; signal: AbortSignal },
): Promise<Row[]> {
  const { category, symbol, interval, kind } = wanted;
  const step = intervalMs(interval);
  const rows: Row[] = [];
  let last = page.to - step;
  while (last >= page.from) {
    const params = { category, symbol, interval, start: page.from, end: last, limit: PAGE_BARS };
    const { list } = (await gateway.callNamed(FUNCTIONS[kind], params, { signal, attempts: ATTEMPTS })) as {
      list: readonly (readonly [number, ...string[]])[];
    };
    if (list.length === 0) break;
    for (const [time, ...values] of list) {
      const isWanted = time >= page.from && time <= last && (time - page.from) % step === 0;
      if (!isWanted) throw strange(wanted, `holds the bar ${time}, asked for were ${page.from} to ${last}`);
      rows.push([time, ...values.map(Number)]);
      last = time - step;
    }
  }
  return rows.reverse();
}

function strange({ symbol, interval }: BarsWanted, fact: string): DataError {
  return new DataError("KLINE_ANSWER", `the exchange's page of ${symbol} ${interval} ${fact}; nothing of it is kept`, {
    symbol,
    interval,
  });
}

/** Funding as it was settled within `span`, ascending. @throws as `Gateway.call` */
export async function fetchFunding(
  gateway: Gateway,
  { category, symbol }: { category: "linear" | "inverse"; symbol: string },
  span: Span,
  { signal }: HistoryOptions = {},
): Promise<FundingRates> {
  const byTime = new Map<number, number>();
  let endTime = span.to - 1;
  while (endTime >= span.from) {
    const params = { category, symbol, startTime: span.from, endTime, limit: FUNDING_PAGE };
    const { list } = await gateway.call("get_funding_rate_history", params, { signal, attempts: ATTEMPTS });
    const times = list.map((row) => row.fundingRateTimestamp).filter((time) => time >= span.from && time <= endTime);
    if (times.length === 0) break;
    for (const row of list) byTime.set(row.fundingRateTimestamp, Number(row.fundingRate));
    endTime = Math.min(...times) - 1;
  }
  const settled = [...byTime].filter(([time]) => time >= span.from && time < span.to).sort((a, b) => a[0] - b[0]);
  return {
    symbol,
    time: Float64Array.from(settled, ([time]) => time),
    rate: Float64Array.from(settled, ([, rate]) => rate),
  };
}

export type OpenInterestPeriod = "5min" | "15min" | "30min" | "1h" | "4h" | "1d";

/** Open contracts within `span`, ascending. @throws as `Gateway.call` */
export async function fetchOpenInterest(
  gateway: Gateway,
  wanted: { category: "linear" | "inverse"; symbol: string; period: OpenInterestPeriod },
  span: Span,
  { signal }: HistoryOptions = {},
): Promise<{ time: Float64Array; contracts: Float64Array }> {
  const { category, symbol, period } = wanted;
  const byTime = new Map<number, number>();
  let endTime = span.to - 1;
  while (endTime >= span.from) {
    const params = { category, symbol, intervalTime: period, startTime: span.from, endTime, limit: OPEN_INTEREST_PAGE };
    const { list } = await gateway.call("get_open_interest", params, { signal, attempts: ATTEMPTS });
    const times = list.map((row) => row.timestamp).filter((time) => time >= span.from && time <= endTime);
    if (times.length === 0) break;
    for (const row of list) byTime.set(row.timestamp, Number(row.openInterest));
    endTime = Math.min(...times) - 1;
  }
  const rows = [...byTime].filter(([time]) => time >= span.from && time < span.to).sort((a, b) => a[0] - b[0]);
  return { time: Float64Array.from(rows, ([time]) => time), contracts: Float64Array.from(rows, ([, value]) => value) };
}
