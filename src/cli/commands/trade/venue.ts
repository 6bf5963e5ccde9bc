import { bybitHosts, type Hosts, localHosts } from "../../../bybit/hosts.ts";
import { type Credentials, readCredentials } from "../../../config/credentials.ts";
import { ArgumentError, ConfigError, VenueUnreachable } from "../../../core/errors.ts";
import { Secret } from "../../../core/secret.ts";
import { DAY_MS, intervalMs, parseTime } from "../../../core/time.ts";
import type { MarketSource } from "../../../simulator/market/market.ts";
import { isSynthetic, sourceOf, speedOf, syntheticStart } from "../../market-sources.ts";
import { number, type PlannedLane, type Setup } from "../../trader-setup.ts";
import { isFilePath } from "../data/shared.ts";
import { ENVIRONMENT_OF, type Mode } from "./modes.ts";

/** Options that say which exchange, and how its time runs. */
export interface VenueOptions {
  readonly url?: string;
  readonly market?: readonly string[];
  readonly dir?: string;
  readonly speed?: string;
  readonly start?: string;
  readonly until?: string;
  readonly seed?: string;
  readonly cash?: string;
}

/** The exchange a bot trades on. */
export interface TradeVenue {
  readonly hosts: Hosts;
  readonly credentials: Credentials;
  readonly pace: "real" | number | "step";
  /** Exchange time at which the bot ends by itself; `null`: never. */
  readonly until: number | null;
  /** It runs in this process and ends with it: nothing of it is there at the next start. */
  readonly isOwn: boolean;
  close(): Promise<void>;
}

const OWN_OPTIONS = ["market", "speed", "start", "cash", "seed"] as const;
/** How long a synthetic market is traded that the bot moves on itself, unless told. */
const SYNTHETIC_SPAN_MS = 30 * DAY_MS;

/**
 * The exchange of a mode; for `paper` one that is started here, or runs already.
 *
 * @throws ArgumentError `OPTION`, `MARKET`, `INTERVAL`, `SPEED`; ConfigError `NO_KEY` and as `readCredentials`;
 * VenueUnreachable `EXCHANGE` when no exchange runs at the address
 */
export async function openVenue(
  mode: Exclude<Mode, "replay">,
  options: VenueOptions,
  { setup, lanes }: { readonly setup: Setup; readonly lanes: readonly PlannedLane[] },
): Promise<TradeVenue> {
  const environment = ENVIRONMENT_OF[mode]!;
  if (environment !== "local") {
    refuseOptions(options, [...OWN_OPTIONS, "url", "until"], `--mode ${mode}`);
    const hosts = bybitHosts(environment);
    const credentials = keyOf(hosts, setup.dir);
    return { hosts, credentials, pace: "real", until: null, isOwn: false, close: async () => {} };
  }
  const { exchange } = setup.config;
  const isConfigured = exchange !== undefined && options.market === undefined;
  if (options.url === undefined && !isConfigured) return startOwn(options, lanes);
  refuseOptions(options, OWN_OPTIONS, "an exchange that runs already");
  const { url } = options;
  const ws = url?.replace(/^http:/, "ws:");
  return joinRunning(localHosts(url && ws ? { rest: url, ws } : exchange!), { options, dir: setup.dir });
}

function refuseOptions(options: VenueOptions, names: readonly (keyof VenueOptions)[], why: string): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given === undefined) return;
  throw new ArgumentError("OPTION", `--${given} is for an exchange that is started here, not for ${why}`);
}

function keyOf(hosts: Hosts, dir: string): Credentials {
  const credentials = readCredentials(hosts.environment, { env: process.env, dir });
  if (credentials) return credentials;
  const prefix = `BYBIT_${hosts.environment.toUpperCase()}`;
  const message = `no key for ${hosts.environment}: set ${prefix}_API_KEY and ${prefix}_API_SECRET in .env (mode 0600)`;
  throw new ConfigError("NO_KEY", message, { environment: hosts.environment });
}

async function joinRunning(
  hosts: Hosts,
  { options, dir }: { readonly options: VenueOptions; readonly dir: string },
): Promise<TradeVenue> {
  const credentials = keyOf(hosts, dir);
  const { speed, endTime } = await stateOf(hosts.rest);
  if (speed === "max") {
    const message = `the exchange at ${hosts.rest} runs as fast as it can and waits for no bot; start it with --speed step`;
    throw new ArgumentError("SPEED", message, { speed });
  }
  const until = options.until === undefined ? endTime : parseTime(options.until);
  return { hosts, credentials, pace: speed, until, isOwn: false, close: async () => {} };
}

async function stateOf(rest: string): Promise<{ speed: number | "max" | "step"; endTime: number }> {
  try {
    const reply = await fetch(`${rest}/control/state`, { signal: AbortSignal.timeout(5_000) });
    const { speed, endTime } = (await reply.json()) as Record<string, unknown>;
    if ((typeof speed === "number" || speed === "max" || speed === "step") && typeof endTime === "number") {
      return { speed, endTime };
    }
  } catch (error) {
    const message = `no exchange answers at ${rest}; start one with grimoire exchange --port ${new URL(rest).port}`;
    throw new VenueUnreachable("EXCHANGE", message, { rest }, error);
  }
  throw new VenueUnreachable("EXCHANGE", `what runs at ${rest} is not grimoire exchange`, { rest });
}

async function startOwn(options: VenueOptions, lanes: readonly PlannedLane[]): Promise<TradeVenue> {
  const asked = speedOf(options.speed ?? "1");
  // As fast as it can with a bot means: moved on as soon as the bot has done its work.
  const speed = asked === "max" ? "step" : asked;
  const cash = options.cash === undefined ? 10_000 : number("cash", options.cash);
  const names = marketNames(options.market ?? ["synthetic"], lanes);
  const sources: MarketSource[] = [];
  for (const name of names) {
    const interval = lanes.find(({ trader }) => name.endsWith(trader.symbol))?.trader.interval;
    const flags = {
      category: "linear" as const,
      seed: options.seed ?? "1",
      ...(options.dir !== undefined && { dir: options.dir }),
      ...(options.start !== undefined && { start: options.start }),
      ...(interval !== undefined && !isSynthetic(name) && !(await isFilePath(name)) && { interval }),
    };
    sources.push(await sourceOf(name, flags, speed));
  }
  requireMarkets(sources, lanes);
  const isMadeUp = names.some(isSynthetic);
  const start = options.start === undefined ? (isMadeUp ? syntheticStart(speed) : undefined) : parseTime(options.start);
  const { startExchange } = await import("../../../simulator/exchange.ts"); // not for --help
  const exchange = await startExchange({
    markets: sources,
    speed,
    seed: options.seed ?? "1",
    balances: Object.fromEntries(sources.map(({ instrument }) => [instrument.settleCoin, String(cash)])),
    ...(start !== undefined && { startTime: start }),
  });
  const { rest, ws, apiKey, apiSecret, startTime, control } = exchange;
  const { endTime } = control.state() as { endTime: number };
  const end = isMadeUp && speed === "step" ? Math.min(endTime, startTime + SYNTHETIC_SPAN_MS) : endTime;
  return {
    hosts: localHosts({ rest, ws }),
    credentials: { key: apiKey, secret: new Secret(apiSecret), kind: "hmac", environment: "local" },
    pace: speed,
    until: options.until === undefined ? end : parseTime(options.until),
    isOwn: true,
    close: () => exchange.close(),
  };
}

/** `synthetic` without a symbol stands for every symbol that is traded. */
function marketNames(asked: readonly string[], lanes: readonly PlannedLane[]): string[] {
  const symbols = lanes.map(({ trader }) => trader.symbol);
  return asked.flatMap((name) => (name === "synthetic" ? symbols.map((symbol) => `synthetic:${symbol}`) : [name]));
}

function requireMarkets(sources: readonly MarketSource[], lanes: readonly PlannedLane[]): void {
  for (const { name, trader } of lanes) {
    const source = sources.find(({ instrument }) => instrument.symbol === trader.symbol);
    if (!source) {
      const there = sources.map(({ instrument }) => instrument.symbol).join(" ");
      throw new ArgumentError("MARKET", `${name} trades ${trader.symbol}, the markets are ${there}`, { there });
    }
    const { interval } = source.bars;
    if (intervalMs(trader.interval) % intervalMs(interval) === 0) continue;
    const message = `${name} decides on bars of ${trader.interval}, which bars of ${interval} do not make; say --interval`;
    throw new ArgumentError("INTERVAL", message, { wanted: trader.interval, there: interval });
  }
}
