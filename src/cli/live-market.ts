import { backoffMs } from "../bybit/backoff.ts";
import { ExchangeRefused } from "../bybit/errors.ts";
import { type Gateway, openGateway } from "../bybit/gateway.ts";
import { fetchBars, fetchFunding } from "../bybit/history.ts";
import type { Hosts } from "../bybit/hosts.ts";
import { fetchInstrument } from "../bybit/instruments.ts";
import { type StreamMessage, streamMessage } from "../bybit/stream-message.ts";
import type { StreamFrame } from "../bybit/stream-session.ts";
import { type StreamEvent, Streams } from "../bybit/streams.ts";
import { DataError, ToolkitError } from "../core/errors.ts";
import { DAY_MS, MINUTE_MS } from "../core/time.ts";
import { type Bars, sliceBars } from "../model/bar.ts";
import type { Category, Instrument } from "../model/instrument.ts";
import type { Exchange } from "../simulator/exchange.ts";
import type { MarketSource } from "../simulator/market/market.ts";
import { type BarRow, rowOf } from "../simulator/market/series.ts";
import { MinuteGate } from "./minute-gate.ts";

export interface LiveOptions {
  /** Whose public data; no key is needed. */
  readonly hosts: Hosts;
  readonly category: Category;
  readonly symbols: readonly string[];
  /** Closed minutes before now; default two weeks. */
  readonly historyBars?: number;
  readonly signal?: AbortSignal;
  /** How long the next minute may wait for the last word on the one before, ms; default 3000. */
  readonly patienceMs?: number;
  /** Lost connections and what came of them, a line each. */
  readonly onNote?: (line: string) => void;
}

/** Markets that follow somebody else's public data. */
export interface LiveMarket {
  /** For `startExchange`, which takes its time from them. */
  readonly sources: readonly MarketSource[];
  /**
   * Feeds an exchange that was started with `sources`; resolves when it has caught up.
   *
   * @throws DataError `TOPIC` when a stream is refused
   */
  attach(exchange: Pick<Exchange, "feed">): Promise<void>;
  /** Ends streams and requests. */
  close(): void;
}

const USUAL_HISTORY_BARS = (14 * DAY_MS) / MINUTE_MS;
const USUAL_PATIENCE_MS = 3_000;
const RETRY_MS = 250;

/**
 * Downloads rules, funding and minutes of markets and keeps following them by their public streams.
 *
 * After a lost connection the minutes that were missed are fetched and told before anything newer.
 *
 * @throws DataError `SYMBOL_UNKNOWN`, `NO_BARS`; and as `Gateway.call`
 */
export async function followMarket(options: LiveOptions): Promise<LiveMarket> {
  const gateway = openGateway({ hosts: options.hosts });
  try {
    const listed = await Promise.all(options.symbols.map((symbol) => rulesOf(gateway, symbol, options)));
    const opening = await newestOpening(gateway, options);
    const sources: MarketSource[] = [];
    for (const instrument of listed) sources.push(await sourceOf(gateway, instrument, opening, options));
    const follower = new Follower(gateway, opening, options);
    options.signal?.addEventListener("abort", () => follower.close(), { once: true });
    return { sources, attach: (exchange) => follower.attach(exchange), close: () => follower.close() };
  } catch (error) {
    gateway.close();
    throw error;
  }
}

async function rulesOf(gateway: Gateway, symbol: string, { category, signal }: LiveOptions): Promise<Instrument> {
  try {
    return (await fetchInstrument(gateway, { category, symbol }, signal)).instrument;
  } catch (error) {
    if (!(error instanceof ExchangeRefused)) throw error;
    throw new DataError("SYMBOL_UNKNOWN", `${category} ${symbol}: ${error.message}`, { category, symbol }, error);
  }
}

/** Opening of the minute that runs there now, epoch ms: the exchange's word, whatever its clock. */
async function newestOpening(gateway: Gateway, { category, symbols, signal }: LiveOptions): Promise<number> {
  const symbol = symbols[0]!;
  const { list } = await gateway.call("get_kline", { category, symbol, interval: "1", limit: 1 }, { signal });
  const [newest] = list;
  if (newest) return newest[0];
  throw new DataError("NO_BARS", `${category} ${symbol} has no bars there; check symbol and category`, { symbol });
}

async function sourceOf(
  gateway: Gateway,
  instrument: Instrument,
  opening: number,
  { category, historyBars = USUAL_HISTORY_BARS, signal }: LiveOptions,
): Promise<MarketSource> {
  const span = { from: opening - historyBars * MINUTE_MS, to: opening };
  const { symbol } = instrument;
  const all = await fetchBars(gateway, { category, symbol, interval: "1", kind: "trade" }, [span], { signal });
  const bars = wholeTail(all);
  if (bars.length === 0)
    throw new DataError("NO_BARS", `${category} ${symbol} has no closed minutes there`, { symbol });
  if (category === "spot") return { instrument, bars, feed: true };
  const funding = await fetchFunding(gateway, { category, symbol }, span, { signal });
  return { instrument, bars, funding, feed: true };
}

/** The newest bars between which no minute is missing. */
function wholeTail(bars: Bars): Bars {
  let from = Math.max(0, bars.length - 1);
  while (from > 0 && bars.time[from]! - bars.time[from - 1]! === MINUTE_MS) from -= 1;
  return sliceBars(bars, from, bars.length);
}

type FundingTold = Pick<Extract<StreamMessage, { kind: "ticker" }>["row"], "fundingRate" | "nextFundingTime">;

/** Keeps one exchange fed. */
class Follower {
  readonly #gateway: Gateway;
  readonly #options: LiveOptions;
  readonly #gate: MinuteGate;
  readonly #funding = new Map<string, { readonly rate: string; readonly nextTime: string }>();
  #exchange: Pick<Exchange, "feed"> | undefined;
  #streams: Streams | undefined;
  #patience: NodeJS.Timeout | undefined;
  /** Counts recoveries: one that is not the newest any more gives up. */
  #turn = 0;
  #isClosed = false;
  #settle: (error?: Error) => void = () => {};

  constructor(gateway: Gateway, opening: number, options: LiveOptions) {
    this.#gateway = gateway;
    this.#options = options;
    const { category } = options;
    this.#gate = new MinuteGate(options.symbols, opening, (symbol, fed) => {
      this.#exchange!.feed({ category, symbol }, fed); // nothing passes before it is attached
    });
  }

  attach(exchange: Pick<Exchange, "feed">): Promise<void> {
    const { hosts, category, symbols } = this.#options;
    this.#exchange = exchange;
    const caughtUp = new Promise<void>((resolve, reject) => {
      this.#settle = (error) => (error ? reject(error) : resolve());
    });
    this.#streams = new Streams({ urls: hosts.streams, onEvent: (event) => this.#heard(event) });
    const topics = symbols.flatMap((symbol) => [`publicTrade.${symbol}`, `tickers.${symbol}`, `kline.1.${symbol}`]);
    this.#streams.subscribe(topics.map((topic) => ({ topic, kind: category })));
    return caughtUp;
  }

  close(): void {
    this.#isClosed = true;
    this.#turn += 1;
    clearTimeout(this.#patience);
    this.#streams?.close();
    this.#gateway.close();
    this.#settle();
  }

  #heard(event: StreamEvent): void {
    if (this.#isClosed) return;
    if (event.type === "data") {
      this.#take(event.frame);
    } else if (event.type === "resynchronize") {
      void this.#recover();
    } else if (event.type === "down") {
      this.#turn += 1;
      this.#gate.hold();
      this.#note(`${event.reason}; again in ${event.retryInMs} ms`);
    } else if (event.type === "refused") {
      this.#note(`${event.topic} ${event.reason}`);
      this.#settle(new DataError("TOPIC", `${event.topic} was refused: ${event.reason}`, { topic: event.topic }));
    }
  }

  #take(frame: StreamFrame): void {
    const message = streamMessage(frame);
    const gate = this.#gate;
    if (message.kind === "publicTrade") {
      for (const row of message.rows) {
        // Block trades are agreed elsewhere and move no price.
        if (row.BT === true || !(row.p > 0 && row.v > 0)) continue;
        const side = row.S === "Buy" ? "buy" : "sell";
        gate.take(message.symbol, { type: "trade", time: row.T, price: row.p, qty: row.v, side });
      }
    } else if (message.kind === "ticker") {
      const { symbol, time, row } = message;
      const [mark, index] = [Number(row.markPrice), Number(row.indexPrice)];
      gate.take(symbol, { type: "prices", time, ...(mark > 0 && { mark }), ...(index > 0 && { index }) });
      this.#takeFunding(symbol, time, row);
    } else if (message.kind === "kline") {
      const { symbol, time } = message;
      for (const row of message.rows) if (row.confirm) gate.takeClosed(symbol, { ...pricesOf(row), time: row.start });
      gate.take(symbol, { type: "time", time });
    } else if (message.kind === "quarantined") {
      this.#note(`${frame.topic}: ${message.reason}`);
    }
    this.#watch();
  }

  /** A delta names only what changed; rate and time are known together. */
  #takeFunding(symbol: string, time: number, row: FundingTold): void {
    const known = this.#funding.get(symbol);
    const rate = row.fundingRate || known?.rate;
    const nextTime = row.nextFundingTime || known?.nextTime;
    if (!rate || !nextTime || (rate === known?.rate && nextTime === known.nextTime)) return;
    this.#funding.set(symbol, { rate, nextTime });
    if (Number(nextTime) > 0) {
      this.#gate.take(symbol, { type: "funding", time, rate: Number(rate), nextTime: Number(nextTime) });
    }
  }

  /** When the last word on a minute does not come, it is asked for. */
  #watch(): void {
    if (this.#patience || !this.#gate.isWaiting) return;
    const { opening } = this.#gate;
    this.#patience = setTimeout(() => {
      this.#patience = undefined;
      if (this.#gate.isWaiting && this.#gate.opening === opening) void this.#recover();
    }, this.#options.patienceMs ?? USUAL_PATIENCE_MS);
  }

  /** Fetches the minutes from the one that ran when the line was lost to the one that runs now, and goes on from there. */
  async #recover(): Promise<void> {
    this.#gate.hold();
    this.#turn += 1;
    const turn = this.#turn;
    const { category, symbols } = this.#options;
    const from = this.#gate.opening;
    for (let failures = 1; ; failures++) {
      try {
        const running = Math.max(from, await newestOpening(this.#gateway, this.#options));
        const spans = [{ from, to: running + MINUTE_MS }];
        const found = await Promise.all(
          symbols.map(async (symbol): Promise<[string, BarRow[]]> => {
            const wanted = { category, symbol, interval: "1", kind: "trade" } as const;
            const bars = await fetchBars(this.#gateway, wanted, spans);
            return [symbol, Array.from({ length: bars.length }, (_, i) => rowOf(bars, i))];
          }),
        );
        if (turn !== this.#turn) return;
        this.#gate.resume(new Map(found), running);
        this.#settle();
        return;
      } catch (error) {
        if (turn !== this.#turn) return;
        if (!(error instanceof ToolkitError)) throw error;
        const wait = backoffMs(failures, RETRY_MS);
        this.#note(`missed bars could not be fetched: ${error.message}; again in ${wait} ms`);
        await new Promise((resolve) => setTimeout(resolve, wait));
        if (turn !== this.#turn) return;
      }
    }
  }

  #note(line: string): void {
    this.#options.onNote?.(line);
  }
}

function pricesOf({ open, high, low, close, volume, turnover }: Omit<BarRow, "time">): Omit<BarRow, "time"> {
  return { open, high, low, close, volume, turnover };
}
