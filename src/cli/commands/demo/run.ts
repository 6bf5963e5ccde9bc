import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { backtest } from "../../../backtest/backtest.ts";
import { replay } from "../../../backtest/replay/replay.ts";
import { openGateway } from "../../../bybit/gateway.ts";
import { fetchBars, fetchFunding } from "../../../bybit/history.ts";
import { localHosts } from "../../../bybit/hosts.ts";
import { checkConfig } from "../../../config/load.ts";
import { Secret } from "../../../core/secret.ts";
import { formatTime, intervalMs } from "../../../core/time.ts";
import { readJournal } from "../../../live/sqlite-journal.ts";
import { type Bars, sliceBars } from "../../../model/bar.ts";
import type { FundingRates } from "../../../model/funding.ts";
import { equityCsv, tradesCsv } from "../../../report/csv.ts";
import { progress } from "../../../report/progress.ts";
import { writeReport } from "../../../report/write.ts";
import { startExchange } from "../../../simulator/exchange.ts";
import { exportBars } from "../../../store/export.ts";
import { fileFault } from "../../../store/faults.ts";
import { loadStrategy } from "../../../strategies/load.ts";
import { type Io, jsonText, NegativeResult } from "../../io.ts";
import { compareWithExchange, compareWithReplay } from "./compare.ts";
import { tradeLive } from "./live.ts";
import { type DemoMarket, demoMarket } from "./market.ts";
import { type DemoResult, demoJson, demoPage } from "./page.ts";
import { search } from "./search.ts";

export interface DemoOptions {
  readonly out: string;
  readonly seed: number;
  readonly market: string | null;
  readonly json: boolean;
}

const CASH = 10_000;
/** Fills at the price that is shown: the market is as deep as a backtest believes. */
const DEPTH = { kind: "unlimited", slippageBps: 0 } as const;

/** The whole way, from an idea to a bot whose books agree. @throws NegativeResult `DEMO` when something does not */
export async function runDemo({ out, seed, market: file, json }: DemoOptions, io: Io): Promise<void> {
  const started = performance.now();
  const market = await demoMarket({ file, seed });
  emptied(out);
  const { bars, instrument, past, source } = market;
  const exchange = await startExchange({
    markets: [{ instrument, bars, ...(market.funding && { funding: market.funding }) }],
    ...{ speed: "step", startTime: bars.time[past]!, balances: { USDT: String(CASH) }, liquidity: DEPTH, seed },
  });
  const hosts = localHosts({ rest: exchange.rest, ws: exchange.ws });
  const credentials = { key: exchange.apiKey, secret: new Secret(exchange.apiSecret), kind: "hmac" } as const;
  const gateway = openGateway({ hosts, credentials: { ...credentials, environment: "local" }, limitScale: Infinity });
  const say = (text: string) => io.err(text);
  try {
    say(`1/6  a Bybit exchange at ${exchange.rest}: ${instrument.symbol}, ${source}`);
    const history = await download(market, gateway, 0, past);
    const dataFile = join(out, `${instrument.symbol}_${bars.interval}.csv.gz`);
    await exportBars(dataFile, history.bars);
    say(`2/6  ${history.bars.length} bars of it downloaded: ${dataFile}`);

    const settings = { cash: CASH };
    const found = await search({ ...history, instrument, settings, seed, out, dataFile }, io);
    const [best] = found;
    say(`3/6  ${found.map(({ strategy, input }) => `${input.trials.total} trials of ${strategy}`).join(", ")}`);

    const { strategy: name, optimized } = best!;
    const strategy = loadStrategy(name);
    const { params } = optimized.inSample!;
    const test = outOfSample(history.bars, optimized.outOfSample?.data.from);
    const given = { strategy, params, settings, instrument, funding: history.funding, ...test };
    const fast = backtest(given);
    const slow = replay(given);
    say(`4/6  the better one, ${name}, on ${test.bars.length} bars no search has seen`);
    writeReport(join(out, "trades.csv"), tradesCsv(fast.trades));
    writeReport(join(out, "equity.csv"), equityCsv({ startEquity: CASH, time: fast.time, equity: fast.equity }));

    const configFile = join(out, "grimoire.config.json");
    const config = configOf({ strategy: name, params, symbol: instrument.symbol, interval: bars.interval }, exchange);
    writeFileSync(configFile, `${JSON.stringify(config, null, 2)}\n`);
    const journalFile = join(out, "journal.sqlite");
    const end = bars.time[bars.length - 1]!;
    const live = await tradeLive(
      { exchange, config: configFile, journal: journalFile, warmupFrom: bars.time[0]!, until: end },
      io,
    );
    if (io.signal.aborted) return;
    const { identity, events } = readJournal(journalFile);
    say(
      `5/6  the bot has traded ${bars.length - past} bars; killed at ${formatTime(live.killedAt)}, and started again`,
    );

    const whole = await download(market, gateway, 0, bars.length - 1);
    const { limits } = checkConfig(config, configFile);
    const replayed = replay({
      ...{ strategy, params, instrument, settings, limits },
      // What the last bar of the past asks for is the first thing to be done.
      bars: sliceBars(whole.bars, past - 1, whole.bars.length),
      history: sliceBars(whole.bars, 0, past - 1),
      funding: whole.funding,
    });
    const bot = compareWithReplay(events, replayed.journal, intervalMs(bars.interval));
    const books = await compareWithExchange(gateway, {
      ...{ events, identity, symbol: instrument.symbol, settleCoin: instrument.settleCoin },
      now: exchange.control.now(),
    });
    say(`6/6  laid side by side: the bot, its replay, the exchange's books\n`);
    const result: DemoResult = {
      ...{ out, seed, market: { source, symbol: instrument.symbol, interval: bars.interval, bars: bars.length, past } },
      ...{ found, strategy: name, params, fast, slow, replayed, events, killedAt: live.killedAt, bot, books },
      elapsedMs: performance.now() - started,
    };
    io.out(json ? jsonText(demoJson(result)) : demoPage(result, io));
    if ([...bot, ...books].some(({ isSame }) => !isSame)) {
      throw new NegativeResult("DEMO", "the books do not agree; the report says where");
    }
  } finally {
    gateway.close();
    await exchange.close();
  }
}

/** Makes the folder, and takes away what an earlier demo left where this one writes. */
function emptied(out: string): void {
  try {
    mkdirSync(out, { recursive: true });
    for (const name of ["journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm"])
      rmSync(join(out, name), { force: true });
  } catch (error) {
    throw fileFault(out, error);
  }
}

type Downloaded = { readonly bars: Bars; readonly funding: FundingRates };

/** Bars `from` to `to`, exclusive, and funding, as the exchange tells them. */
async function download(
  { instrument, bars }: DemoMarket,
  gateway: ReturnType<typeof openGateway>,
  ...[from, to]: [from: number, to: number]
): Promise<Downloaded> {
  const { symbol } = instrument;
  const bar = progress("2/6  download", to - from);
  let done = 0;
  try {
    const span = { from: bars.time[from]!, to: bars.time[to]! };
    const wanted = { category: "linear", symbol, interval: bars.interval, kind: "trade" } as const;
    const onPage = (count: number) => {
      done += count;
      bar.update(done);
    };
    const got = await fetchBars(gateway, wanted, [span], { onPage });
    return { bars: got, funding: await fetchFunding(gateway, { category: "linear", symbol }, span) };
  } finally {
    bar.stop();
  }
}

/** The held-out part, with what comes before it to warm up on. */
function outOfSample(bars: Bars, from: number | undefined): { bars: Bars; history: Bars } {
  const first = from === undefined ? Math.floor(bars.length * 0.75) : bars.time.indexOf(from);
  return { bars: sliceBars(bars, first, bars.length), history: sliceBars(bars, 0, first) };
}

interface Chosen {
  readonly strategy: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly symbol: string;
  readonly interval: Bars["interval"];
}

function configOf(trader: Chosen, { rest, ws }: { rest: string; ws: string }) {
  return {
    environment: "local",
    exchange: { rest, ws },
    account: "demo",
    traders: [{ ...trader, sizing: "all-in", warmupBars: 500 }],
    // As free as the backtest was; a real account wants tighter ones.
    limits: {
      ...{
        riskPerTradeFraction: 0.5,
        maxDailyLossFraction: 0.6,
        maxDrawdownFraction: 0.9,
        maxConsecutiveLosses: 1_000,
      },
      ...{ maxPositionQuote: 10 * CASH, maxTotalQuote: 10 * CASH },
      maxDataAgeMs: intervalMs(trader.interval),
    },
  };
}
