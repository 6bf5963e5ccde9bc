import { readFile } from "node:fs/promises";
import { type Command, Option } from "commander";
import { ArgumentError, ConfigError } from "../../core/errors.ts";
import { DAY_MS, formatTime, parseTime } from "../../core/time.ts";
import type { Speed } from "../../simulator/clock.ts";
import type { Exchange } from "../../simulator/exchange.ts";
import { type FaultPlan, faultPlan } from "../../simulator/faults/rules.ts";
import type { MarketSource } from "../../simulator/market/market.ts";
import type { Io } from "../io.ts";
import { LIVE_NETWORKS, type LiveFlags, liveMarketOf } from "../live-names.ts";
import { isSynthetic, sourceOf, speedOf, syntheticStart } from "../market-sources.ts";

interface ExchangeFlags extends LiveFlags {
  readonly market: readonly string[];
  readonly interval?: string;
  readonly dir?: string;
  readonly speed: string;
  readonly start?: string;
  readonly faults?: string;
  readonly seed: string;
  readonly host: string;
  readonly port: string;
  readonly balance: readonly string[];
  readonly rateLimits: boolean;
  readonly log?: boolean;
  readonly json?: boolean;
}

const collect = (value: string, before: readonly string[]) => [...before, value];

/** `grimoire exchange`: a Bybit V5 exchange on this machine. */
export function define(command: Command, io: Io): void {
  command
    .option(
      "--market <source>",
      "a file of bars, a symbol of the catalogue, synthetic[:SYMBOL] or live:SYMBOL; repeatable",
      collect,
      [],
    )
    .addOption(
      new Option("--category <name>", "of files and synthetic markets")
        .choices(["linear", "inverse", "spot"])
        .default("linear"),
    )
    .addOption(
      new Option("--from <network>", "whose data live markets follow (default: mainnet)").choices(LIVE_NETWORKS),
    )
    .option("--from-url <address>", "the same of another local exchange: http://127.0.0.1:PORT")
    .option("--interval <name>", "bars to take from the catalogue")
    .option("--dir <path>", "directory of the catalogue (default: $GRIMOIRE_DATA or data)")
    .option("--speed <n>", "exchange time per real time, max, or step (POST /control/step moves it)", "1")
    .option("--start <time>", "exchange time at the start; earlier bars are history")
    .option("--faults <file>", "JSON: what goes wrong, and when")
    .option("--seed <text>", "of the demo key, ids, synthetic prices and faults", "1")
    .option("--host <address>", "where to listen; anything but loopback lets others in", "127.0.0.1")
    .option("--port <number>", "0: a free one", "0")
    .option("--balance <coin=amount>", "of the demo account; repeatable", collect, [])
    .option("--no-rate-limits", "never answer 10006 or 403")
    .option("--log", "one line per request and message on stderr")
    .option("--json", "the addresses and the key as one JSON document on the first line")
    .addHelpText(
      "after",
      `
Serves REST, public, private and order-entry WebSockets of Bybit V5 until it is
interrupted. Clients sign with the key it prints; stamps by this machine's clock
or by the exchange's are both in time. Live markets need no key: they follow public
data, at its speed, while orders stay on this machine.

Examples:
  grimoire exchange
  grimoire exchange --port 8080 --market bars.csv.gz --speed 60
  grimoire exchange --market synthetic:BTCUSDT --market synthetic:ETHUSDT --seed 7
  grimoire exchange --market live:BTCUSDT --from mainnet
  grimoire exchange --market BTCUSDT --speed step --faults faults.json --json`,
    )
    .action((flags: ExchangeFlags) => run(flags, io));
}

async function run(flags: ExchangeFlags, io: Io): Promise<void> {
  const names = flags.market.length > 0 ? flags.market : ["synthetic:BTCUSDT"];
  const startTime = flags.start === undefined ? undefined : parseTime(flags.start);
  const port = portOf(flags.port);
  const balances = balancesOf(flags.balance);
  const faults = await faultsOf(flags);
  const speed = speedOf(flags, names);
  const live = await liveMarketOf(names, flags, io);
  const sources: MarketSource[] = live ? [...live.sources] : [];
  if (!live) for (const name of names) sources.push(await sourceOf(name, flags, speed));
  const start = startTime ?? (names.some(isSynthetic) ? syntheticStart(speed) : undefined);
  const { startExchange } = await import("../../simulator/exchange.ts"); // not for --help
  const exchange = await startExchange({
    markets: sources,
    speed,
    seed: flags.seed,
    host: flags.host,
    port,
    ...(start !== undefined && { startTime: start }),
    ...(balances && { balances }),
    ...(faults && { faults }),
    ...(!flags.rateLimits && { limitScale: Number.POSITIVE_INFINITY }),
    ...(flags.log && { log: (line: string) => io.err(line) }),
  }).catch((error: unknown) => {
    live?.close();
    throw error;
  });
  try {
    await live?.attach(exchange);
    announce(exchange, { sources, speed, json: flags.json === true }, io);
    await untilStopped(io.signal);
  } finally {
    live?.close();
    await exchange.close();
  }
}

function announce(
  exchange: Exchange,
  about: { sources: readonly MarketSource[]; speed: Speed; json: boolean },
  io: Io,
): void {
  const { rest, ws, wsPublic, wsPrivate, wsTrade, apiKey, apiSecret, port, startTime } = exchange;
  const markets = about.sources.map(({ instrument, bars }) => ({
    category: instrument.category,
    symbol: instrument.symbol,
    interval: bars.interval,
    bars: bars.length,
  }));
  if (about.json) {
    const { speed } = about;
    const addresses = { rest, ws, wsPublic, wsPrivate, wsTrade };
    io.out(JSON.stringify({ ...addresses, apiKey, apiSecret, port, startTime, speed, markets }));
    return;
  }
  io.out(`REST        ${rest}`);
  for (const [name, url] of Object.entries(wsPublic)) io.out(`WS ${name.padEnd(9)}${url}`);
  io.out(`WS private  ${wsPrivate}`);
  io.out(`WS trade    ${wsTrade}`);
  io.out(`API key     ${apiKey}`);
  io.out(`API secret  ${apiSecret}   (opens this exchange only)`);
  for (const { category, symbol, interval, bars } of markets) {
    io.out(`market      ${category} ${symbol}, ${bars} bars of ${interval}`);
  }
  io.out(`time        ${formatTime(startTime)} UTC, speed ${about.speed}; Ctrl-C stops`);
}

function untilStopped(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    // Keeps the process alive in step mode too, where nothing else ticks.
    const alive = setInterval(() => {}, DAY_MS / 2);
    signal.addEventListener(
      "abort",
      () => {
        clearInterval(alive);
        resolve();
      },
      { once: true },
    );
  });
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new ArgumentError("PORT", `--port must be 0 to 65535, was ${JSON.stringify(text)}`);
}

function balancesOf(pairs: readonly string[]): Record<string, string> | undefined {
  if (pairs.length === 0) return undefined;
  return Object.fromEntries(
    pairs.map((pair) => {
      const match = /^([A-Z0-9]+)=(\d+(?:\.\d+)?)$/.exec(pair);
      if (!match) throw new ArgumentError("BALANCE", `--balance is COIN=AMOUNT, was ${JSON.stringify(pair)}`);
      return [match[1]!, match[2]!];
    }),
  );
}

async function faultsOf(flags: ExchangeFlags): Promise<FaultPlan | undefined> {
  if (flags.faults === undefined) return undefined;
  let text: string;
  try {
    text = await readFile(flags.faults, "utf8");
  } catch (error) {
    throw new ConfigError("FAULTS", `${flags.faults}: cannot be read: ${(error as Error).message}`);
  }
  try {
    return faultPlan(JSON.parse(text), flags.seed);
  } catch (error) {
    throw new ConfigError("FAULTS", `${flags.faults}: ${(error as Error).message}`, {}, error);
  }
}
