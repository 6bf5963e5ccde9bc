import { setImmediate } from "node:timers/promises";
import type { ReplayInput } from "../backtest/replay/input.ts";
import { type ReplayResult, requireReplayable, startReplay } from "../backtest/replay/replay.ts";
import { type Increment, increment, plainDecimal } from "../core/decimal.ts";
import { ArgumentError } from "../core/errors.ts";
import type { Bars } from "../model/bar.ts";
import type { Instrument } from "../model/instrument.ts";
import { progress } from "../report/progress.ts";
import type { FollowRules } from "../risk/following.ts";
import type { GuardLimits } from "../risk/guards.ts";
import { instrumentOf } from "../simulator/market/instruments.ts";
import type { BacktestOptions, Run } from "./backtest-options.ts";
import type { Io } from "./io.ts";

/** Bars between two looks at the clock and at Ctrl-C: a few hundredths of a second. */
const CHUNK = 20_000;
const QUIET_MS = 2_000;
/** Decimals of the finest price grid that is made up. */
const FINEST = 8;

/** Refuses what only the fast engine can do, by the name of the option. @throws ArgumentError `REPLAY` */
export function requireReplayOptions(options: BacktestOptions): void {
  if (options.detail === undefined) return;
  const message = "--detail is for the fast engine: the venue takes the stop first; leave it out, or --engine fast";
  throw new ArgumentError("REPLAY", message, { detail: options.detail });
}

/** A run with what only a replay knows. */
export interface ReplayedRun extends Omit<Run, "strategyName"> {
  readonly limits?: GuardLimits;
  readonly follow?: FollowRules;
}

/** What moves stops in a replay alone, as it was typed. */
export interface FollowOptions {
  readonly trailingStop?: string;
  readonly trailingActivation?: string;
  readonly trailingBy?: string;
  readonly breakEven?: string;
}

/**
 * The rules that only the bot follows; `null` when none were asked for.
 *
 * @throws ArgumentError `OPTION`, `NUMBER`
 */
export function readFollow(options: FollowOptions, engine: "fast" | "replay"): FollowRules | null {
  const { trailingStop, trailingActivation, trailingBy, breakEven } = options;
  const isTrailing = trailingActivation !== undefined || trailingBy !== undefined;
  if (!isTrailing && breakEven === undefined) return null;
  if (engine === "fast") {
    const message = "--trailing-activation, --trailing-by and --break-even are what the bot does: add --engine replay";
    throw new ArgumentError("OPTION", message);
  }
  if (isTrailing && trailingStop === undefined) {
    throw new ArgumentError("OPTION", "--trailing-activation and --trailing-by need --trailing-stop, the distance");
  }
  const by = trailingBy ?? "bot";
  if (by !== "bot" && by !== "exchange") {
    throw new ArgumentError("OPTION", `--trailing-by must be bot or exchange, was ${JSON.stringify(by)}`);
  }
  const [activation, offset] = (breakEven ?? "").split(":");
  return {
    trailing: isTrailing
      ? {
          activation: fractionOf("trailing-activation", trailingActivation ?? "0"),
          distance: fractionOf("trailing-stop", trailingStop!),
          by,
        }
      : null,
    breakEven:
      breakEven === undefined
        ? null
        : { activation: fractionOf("break-even", activation!), offset: fractionOf("break-even", offset ?? "0") },
  };
}

function fractionOf(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value < 1) return value;
  throw new ArgumentError("NUMBER", `--${name} must be a fraction from 0 to below 1, was ${JSON.stringify(text)}`, {
    text,
  });
}

/** Replays a run; a bar on the terminal when it takes long. `null` when it was interrupted. */
export async function replayRun(
  { strategy, bars, history, settings, extras, limits, follow }: ReplayedRun,
  params: Readonly<Record<string, unknown>>,
  io: Io,
): Promise<ReplayResult | null> {
  requireReplayable(settings);
  const { funding, mark } = extras;
  const instrument = rulesOf(bars, extras.instrument, io);
  const input: ReplayInput = {
    ...{ strategy, params, bars, history, settings, instrument },
    ...(funding && { funding }),
    ...(mark && { mark }),
    ...(limits && { limits }),
    ...(follow && { follow }),
  };
  const replaying = startReplay(input);
  const started = performance.now();
  const bar = progress("replay", bars.length);
  try {
    for (let to = CHUNK; ; to += CHUNK) {
      replaying.advance(Math.min(to, bars.length));
      if (to >= bars.length) return replaying.finish();
      if (performance.now() - started > QUIET_MS) bar.update(to);
      await setImmediate();
      if (io.signal.aborted) return null;
    }
  } finally {
    bar.stop();
  }
}

/** The rules of the market; where none are known, made-up ones that fit its prices. What is made up or rounded is said. */
function rulesOf(bars: Bars, stored: Instrument | undefined, io: Io): Instrument {
  const made = stored ? null : madeUp(bars);
  if (made) {
    const rules = `tick ${made.tickSize}, step ${made.qtyStep}, minimum ${made.minNotionalValue}`;
    io.err(`no instrument for ${bars.symbol}: replayed with a made-up one (${rules}); give one with --instrument FILE`);
  }
  const instrument = stored ?? made!;
  const count = offGrid(bars, increment(instrument.tickSize));
  if (count > 0) {
    io.err(
      `${count} of ${bars.length} bars of ${bars.symbol} have prices off the tick ${instrument.tickSize}: rounded`,
    );
  }
  return instrument;
}

/** As the local exchange makes them up, on a grid as fine as the prices are; of nine digits where they lie on none. */
function madeUp(bars: Bars): Instrument {
  const price = bars.close[bars.length - 1]!;
  const instrument = instrumentOf(bars.symbol, "linear", price);
  if (offGrid(bars, increment(instrument.tickSize)) === 0) return instrument;
  const finest = FINEST - Math.max(0, Math.floor(Math.log10(price)));
  let decimals = increment(instrument.tickSize).scale;
  while (decimals < finest && offGrid(bars, increment(tickOf(decimals))) > 0) decimals++;
  return { ...instrument, tickSize: tickOf(decimals), minPrice: tickOf(decimals) };
}

function tickOf(decimals: number): string {
  return plainDecimal(Number(`1e-${decimals}`));
}

/** Bars with a price that is no whole number of ticks. */
function offGrid({ length, open, high, low, close }: Bars, tick: Increment): number {
  const isOff = (price: number) => tick.value(tick.count(price, "nearest")) !== price;
  let count = 0;
  for (let i = 0; i < length; i++) {
    if (isOff(open[i]!) || isOff(high[i]!) || isOff(low[i]!) || isOff(close[i]!)) count += 1;
  }
  return count;
}
