import { ArgumentError } from "../core/errors.ts";
import { DAY_MS, type Interval, MINUTE_MS, parseInterval, parseTime } from "../core/time.ts";
import type { Category } from "../model/instrument.ts";
import type { Speed } from "../simulator/clock.ts";
import { instrumentOf } from "../simulator/market/instruments.ts";
import type { MarketSource } from "../simulator/market/market.ts";
import { generateBars } from "../store/generate.ts";
import { marketOfName } from "../store/load.ts";
import { resolveData } from "../store/resolve.ts";
import { catalogueRoot } from "./commands/data/shared.ts";

/** Options of every command that starts a local exchange. */
export interface SourceFlags {
  readonly category: Category;
  /** Of bars in the catalogue. */
  readonly interval?: string;
  readonly dir?: string;
  readonly start?: string;
  readonly seed: string;
}

/** History of a synthetic market before now, and how long it goes on. */
const SYNTHETIC_PAST_MS = 400 * DAY_MS;
const SYNTHETIC_FUTURE_MS = 100 * DAY_MS;
/** Where a synthetic market begins in step mode, so that two runs are the same. */
const SYNTHETIC_STEP_START = Date.UTC(2025, 0, 1);

/** Whether `name` asks for a made-up market. */
export function isSynthetic(name: string): boolean {
  return name === "synthetic" || name.startsWith("synthetic:");
}

/**
 * The market `name` means: a file of bars, a symbol of the catalogue, or `synthetic[:SYMBOL]`.
 *
 * @throws DataError and ArgumentError as `resolveData`; ArgumentError `SYMBOL`
 */
export async function sourceOf(name: string, flags: SourceFlags, speed: Speed): Promise<MarketSource> {
  const { category } = flags;
  if (isSynthetic(name)) {
    return syntheticSource(name.slice("synthetic:".length) || "BTCUSDT", flags, speed);
  }
  const interval: Interval | undefined = flags.interval === undefined ? undefined : parseInterval(flags.interval);
  const { bars, funding, instrument } = await resolveData({
    data: name,
    root: catalogueRoot(flags),
    ...(interval && { interval }),
  });
  const symbol = bars.symbol || marketOfName(name).symbol;
  const rules = instrument ?? instrumentOf(symbol, category, bars.close[bars.length - 1] ?? 1);
  return { instrument: rules, bars, ...(funding && { funding }) };
}

/** Prices a market of that name may begin at. */
const START_PRICES: Readonly<Record<string, number>> = {
  BTC: 60_000,
  ETH: 3_000,
  SOL: 150,
  BNB: 600,
  XRP: 0.5,
  DOGE: 0.1,
  ADA: 0.5,
  "1000PEPE": 0.01,
  "1000BONK": 0.02,
};

function syntheticSource(symbol: string, flags: SourceFlags, speed: Speed): MarketSource {
  if (!/^[A-Z0-9]{4,24}$/.test(symbol)) {
    throw new ArgumentError("SYMBOL", `a symbol is 4 to 24 capitals and digits, was ${JSON.stringify(symbol)}`);
  }
  const now = flags.start === undefined ? syntheticStart(speed) : parseTime(flags.start);
  const base = symbol.replace(/(USDT|USDC|USD)$/, "");
  const startPrice = START_PRICES[base] ?? 10;
  const instrument = instrumentOf(symbol, flags.category, startPrice);
  const bars = generateBars({
    seed: `${flags.seed}/${flags.category}/${symbol}`,
    symbol,
    interval: "1",
    from: now - SYNTHETIC_PAST_MS,
    to: now + SYNTHETIC_FUTURE_MS,
    startPrice,
    tickSize: instrument.tickSize,
  });
  return { instrument, bars };
}

/** Where a synthetic market begins to be traded, epoch ms. */
export function syntheticStart(speed: Speed): number {
  return speed === "step" ? SYNTHETIC_STEP_START : Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
}

/** How fast time passes on an exchange with the markets `names`. @throws ArgumentError `SPEED` */
export function speedOf(
  { speed: text, start }: { readonly speed: string; readonly start?: string },
  names: readonly string[],
): Speed {
  if (names.some((name) => name.startsWith("live:"))) {
    if (text === "1" && start === undefined) return "fed";
    throw new ArgumentError("SPEED", "live markets begin now and go at their own speed; leave --speed and --start out");
  }
  if (text === "max" || text === "step") return text;
  const speed = Number(text);
  if (speed > 0 && Number.isFinite(speed)) return speed;
  throw new ArgumentError("SPEED", `--speed must be a number above 0, max or step, was ${JSON.stringify(text)}`);
}
