import { sharedColumn } from "../core/columns.ts";
import { increment } from "../core/decimal.ts";
import { ArgumentError } from "../core/errors.ts";
import { random } from "../core/random.ts";
import { DAY_MS, floorToInterval, HOUR_MS, type Interval, intervalMs, YEAR_MS } from "../core/time.ts";
import { type Bars, barsOf } from "../model/bar.ts";

export interface GenerateOptions {
  readonly seed: number | string;
  /** Default `SYNTHUSDT`. */
  readonly symbol?: string;
  readonly interval: Interval;
  /** Opening of the first bar, epoch ms; moved down onto the grid of the interval. */
  readonly from: number;
  /** Bars to make; give this or `to`. */
  readonly length?: number;
  /** Epoch ms, exclusive; give this or `length`. */
  readonly to?: number;
  /** Default 30000, quote per base. */
  readonly startPrice?: number;
  /** Every price is a multiple of it. Default "0.1". */
  readonly tickSize?: string;
  /** Standard deviation of a year's log return. Default 0.7. */
  readonly annualVolatility?: number;
  /** Expected log return of a year. Default 0. */
  readonly annualDrift?: number;
  /** Mean quote turnover of a day. Default 500 million. */
  readonly dailyTurnover?: number;
}

/** Two scales of log volatility: hours and weeks. Together they give |r| an autocorrelation that dies slowly. */
const FAST = { halfLifeMs: 4 * HOUR_MS, deviation: 0.45 };
const SLOW = { halfLifeMs: 12 * DAY_MS, deviation: 0.4 };
/** Degrees of freedom of the shocks; even, so that a chi-square is one logarithm of two uniforms. */
const TAIL = 4;
/** Jumps: how many a day, and their deviation in units of a day's volatility. */
const JUMPS = { perDay: 0.4, deviation: 0.35 };
const QTY_STEP = 0.001;

/**
 * A seeded market that moves like crypto: fat tails, clustered volatility, jumps, a daily rhythm of volume.
 *
 * Same options, same bytes. Each bar opens at the close before it, as on Bybit; prices lie on `tickSize`, quantities on
 * 0.001. Every bar is full: no gaps, high and low hold open and close.
 *
 * @throws ArgumentError `LENGTH`, `START_PRICE`, `VOLATILITY`, `STEP`
 */
export function generateBars(options: GenerateOptions): Bars {
  const { seed, symbol = "SYNTHUSDT", interval } = options;
  const { startPrice = 30_000, annualVolatility = 0.7, annualDrift = 0, dailyTurnover = 500e6 } = options;
  const step = intervalMs(interval);
  const from = floorToInterval(options.from, interval);
  const length = options.length ?? Math.ceil(((options.to ?? from) - from) / step);
  if (!Number.isSafeInteger(length) || length < 1) {
    throw new ArgumentError("LENGTH", `bars to generate must be at least 1, was ${length}; give length or a later to`);
  }
  if (!(annualVolatility >= 0 && annualVolatility <= 10)) {
    throw new ArgumentError(
      "VOLATILITY",
      `annualVolatility must lie in 0..10 (1 = 100 % a year), was ${annualVolatility}`,
    );
  }
  const tick = increment(options.tickSize ?? "0.1");
  const firstTicks = Math.round(startPrice / tick.step);
  if (!(firstTicks >= 1 && Number.isSafeInteger(firstTicks))) {
    throw new ArgumentError("START_PRICE", `startPrice must be at least one tick of ${tick.text}, was ${startPrice}`);
  }
  const power = 10 ** tick.scale;
  const unit = Math.round(tick.step * power);

  const dice = random(`bars/${seed}`);
  const days = step / DAY_MS;
  const jumpVariance = JUMPS.perDay * JUMPS.deviation ** 2; // per day, in units of a day's variance
  const diffusion = (annualVolatility * Math.sqrt(step / YEAR_MS)) / Math.sqrt(1 + jumpVariance);
  const jumpSize = (annualVolatility / Math.sqrt(YEAR_MS / DAY_MS) / Math.sqrt(1 + jumpVariance)) * JUMPS.deviation;
  const jumpChance = -Math.expm1(-JUMPS.perDay * days);
  const fast = meanReversion(FAST, step);
  const slow = meanReversion(SLOW, step);
  // Half the variance of log volatility is taken off, so that the mean square stays `annualVolatility`.
  const logMean = -(FAST.deviation ** 2 + SLOW.deviation ** 2);
  const tailScale = Math.sqrt((TAIL - 2) / TAIL);
  const rhythm = dailyRhythm(step);
  const meanTurnover = dailyTurnover * days;
  const drift = annualDrift * (step / YEAR_MS);

  const time = sharedColumn(length);
  const open = sharedColumn(length);
  const high = sharedColumn(length);
  const low = sharedColumn(length);
  const close = sharedColumn(length);
  const volume = sharedColumn(length);
  const turnover = sharedColumn(length);
  let fastVol = FAST.deviation * dice.normal();
  let slowVol = SLOW.deviation * dice.normal();
  let price = Math.log(firstTicks * tick.step);
  let ticks = firstTicks;
  for (let i = 0; i < length; i++) {
    const t = from + i * step;
    fastVol = fast.keep * fastVol + fast.add * dice.normal();
    slowVol = slow.keep * slowVol + slow.add * dice.normal();
    const season = rhythm[Math.floor((t % DAY_MS) / step) % rhythm.length]!;
    const sigma = diffusion * season * Math.exp(fastVol + slowVol + logMean);
    // Student t: a normal over the root of a chi-square of 4 degrees, which is -2 ln of two uniforms.
    const chi = -2 * Math.log((1 - dice.next()) * (1 - dice.next()));
    const shock = dice.normal() * tailScale * Math.sqrt(TAIL / Math.max(chi, 1e-3));
    const jump = dice.next() < jumpChance ? jumpSize * dice.normal() : 0;
    const move = drift + sigma * shock + jump;

    // The extremes of a Brownian path that is known to end `move` away.
    const spread = 2 * sigma * sigma;
    const up = (move + Math.sqrt(move * move - spread * Math.log(1 - dice.next()))) / 2;
    const down = (move - Math.sqrt(move * move - spread * Math.log(1 - dice.next()))) / 2;
    const before = Math.exp(price);
    price += move;
    const closeTicks = Math.max(1, Math.round((before * Math.exp(move)) / tick.step));
    const highTicks = Math.max(ticks, closeTicks, Math.round((before * Math.exp(up)) / tick.step));
    const lowTicks = Math.max(1, Math.min(ticks, closeTicks, Math.round((before * Math.exp(down)) / tick.step)));

    // Turnover follows volatility and the size of the move, as volume does.
    const activity = 0.9 * (fastVol + slowVol) + 0.35 * dice.normal() + 0.35 * Math.min(Math.abs(shock), 8) - 0.6;
    const middle = (before * (1 + Math.exp(move))) / 2;
    const quantity = Math.round((meanTurnover * season * season * Math.exp(activity)) / middle / QTY_STEP) / 1000;
    time[i] = t;
    open[i] = (ticks * unit) / power;
    high[i] = (highTicks * unit) / power;
    low[i] = (lowTicks * unit) / power;
    close[i] = (closeTicks * unit) / power;
    volume[i] = quantity;
    turnover[i] = Math.round(quantity * middle * 1e4) / 1e4;
    ticks = closeTicks;
  }
  return barsOf({ symbol, interval }, { time, open, high, low, close, volume, turnover });
}

/** One step of a mean-reverting process that keeps the given deviation. */
function meanReversion(
  process: { halfLifeMs: number; deviation: number },
  step: number,
): { keep: number; add: number } {
  const keep = 0.5 ** (step / process.halfLifeMs);
  return { keep, add: process.deviation * Math.sqrt(1 - keep * keep) };
}

/** Volatility over the UTC day, mean square 1: quiet before Asia's morning, busiest at New York's. */
function dailyRhythm(step: number): Float64Array {
  const slots = Math.max(1, Math.floor(DAY_MS / step));
  const shape = Float64Array.from({ length: slots }, (_, slot) => {
    const hour = (((slot + 0.5) * step) / HOUR_MS) % 24;
    const bump = (at: number, width: number, size: number) => {
      const distance = Math.min(Math.abs(hour - at), 24 - Math.abs(hour - at));
      return size * Math.exp(-0.5 * (distance / width) ** 2);
    };
    return 0.75 + bump(1, 2, 0.25) + bump(8, 2, 0.2) + bump(15, 2.5, 0.7);
  });
  const meanSquare = shape.reduce((sum, value) => sum + value * value, 0) / slots;
  return shape.map((value) => value / Math.sqrt(meanSquare));
}
