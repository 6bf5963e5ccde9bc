import { localHosts } from "../../../bybit/hosts.ts";
import { ArgumentError } from "../../../core/errors.ts";
import { Secret } from "../../../core/secret.ts";
import { DAY_MS, intervalMs, parseTime } from "../../../core/time.ts";
import type { Speed } from "../../../simulator/clock.ts";
import type { MarketSource } from "../../../simulator/market/market.ts";
import type { Io } from "../../io.ts";
import { liveMarketOf } from "../../live-names.ts";
import { isSynthetic, sourceOf, speedOf, syntheticStart } from "../../market-sources.ts";
import { number, type PlannedLane } from "../../trader-setup.ts";
import { isFilePath } from "../data/shared.ts";
import type { TradeVenue, VenueOptions } from "./venue-types.ts";

/** How long a synthetic market is traded that the bot moves on itself, unless told. */
const SYNTHETIC_SPAN_MS = 30 * DAY_MS;
const USUAL_CASH = 10_000;

interface Around {
  readonly lanes: readonly PlannedLane[];
  readonly io: Io;
}

/**
 * An exchange in this process, with play money, on loopback, that ends with the bot.
 *
 * @throws ArgumentError `MARKET`, `INTERVAL`, `SPEED`, `LIVE`; and as `resolveData`
 */
export async function startOwnExchange(options: VenueOptions, { lanes, io }: Around): Promise<TradeVenue> {
  const names = marketNames(options.market ?? ["synthetic"], lanes);
  const { from, fromUrl, start: startText, seed = "1" } = options;
  const asked = speedOf({ speed: options.speed ?? "1", ...(startText !== undefined && { start: startText }) }, names);
  // As fast as it can with a bot means: moved on as soon as the bot has done its work.
  const speed = asked === "max" ? "step" : asked;
  const cash = options.cash === undefined ? USUAL_CASH : number("cash", options.cash);
  if (!(cash > 0)) throw new ArgumentError("NUMBER", `--cash must be above 0, was ${cash}`, { cash });
  const follows = { category: "linear" as const, ...(from && { from }), ...(fromUrl !== undefined && { fromUrl }) };
  const live = await liveMarketOf(names, follows, io);
  try {
    const sources = live ? live.sources : await storedSources(names, { options, lanes, speed });
    requireMarkets(sources, lanes);
    const isMadeUp = names.some(isSynthetic);
    const start = startText === undefined ? (isMadeUp ? syntheticStart(speed) : undefined) : parseTime(startText);
    const { startExchange } = await import("../../../simulator/exchange.ts"); // not for --help
    const exchange = await startExchange({
      markets: sources,
      speed,
      seed,
      balances: Object.fromEntries(sources.map(({ instrument }) => [instrument.settleCoin, String(cash)])),
      ...(start !== undefined && { startTime: start }),
    });
    const close = async () => {
      live?.close();
      await exchange.close();
    };
    await live?.attach(exchange).catch(async (error: unknown) => {
      await close();
      throw error;
    });
    const { rest, ws, apiKey, apiSecret, startTime, control } = exchange;
    const { endTime } = control.state() as { endTime: number };
    const end = isMadeUp && speed === "step" ? Math.min(endTime, startTime + SYNTHETIC_SPAN_MS) : endTime;
    return {
      hosts: localHosts({ rest, ws }),
      credentials: { key: apiKey, secret: new Secret(apiSecret), kind: "hmac", environment: "local" },
      pace: speed === "fed" ? 1 : speed,
      until: options.until === undefined ? (live ? null : end) : parseTime(options.until),
      isOwn: true,
      close,
    };
  } catch (error) {
    live?.close();
    throw error;
  }
}

async function storedSources(
  names: readonly string[],
  { options, lanes, speed }: { options: VenueOptions; lanes: readonly PlannedLane[]; speed: Speed },
): Promise<MarketSource[]> {
  const { dir, start, seed = "1" } = options;
  const sources: MarketSource[] = [];
  for (const name of names) {
    // Of a catalogue the bars the bot decides on; a file has its own.
    const interval = lanes.find(({ trader }) => name.endsWith(trader.symbol))?.trader.interval;
    const isStored = !isSynthetic(name) && !(await isFilePath(name));
    const flags = {
      ...{ category: "linear" as const, seed },
      ...(dir !== undefined && { dir }),
      ...(start !== undefined && { start }),
      ...(interval !== undefined && isStored && { interval }),
    };
    sources.push(await sourceOf(name, flags, speed));
  }
  return sources;
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
