import { lowerBound } from "../../core/columns.ts";
import { random } from "../../core/random.ts";
import { HOUR_MS, MINUTE_MS } from "../../core/time.ts";
import type { FundingRates } from "../../model/funding.ts";

/** Largest distance of the contract from its index, as a fraction. */
const AMPLITUDE = 0.0008;
const INTEREST_PER_8H = 0.0001;
const CLAMP = 0.0005;
/** Bybit caps BTCUSDT's rate here. */
export const FUNDING_CAP = 0.00375;

/** The prices that derive from the last one, the same for the same seed and minute on every run. */
export interface Derived {
  /** (contract − index) / index at `time`; constant within a minute. */
  premium(time: number): number;
  /** Index price when the contract trades at `last`. */
  index(last: number, time: number): number;
  /** Mark price when the contract trades at `last`: between index and last. */
  mark(last: number, time: number): number;
  /** The rate settled at `time`: the stored one where there is one, else the exchange's formula. */
  fundingRate(time: number): number;
  /** Contracts open on both sides relative to their long-run mean, about 1. */
  interest(time: number): number;
  /** Share of accounts that are long, 0…1. */
  longShare(time: number): number;
}

/** Two seeded waves, −1…1, smooth over hours. */
function waves(seed: string, slowMs: number, fastMs: number): (time: number) => number {
  const source = random(seed);
  const slowPhase = source.next() * 2 * Math.PI;
  const fastPhase = source.next() * 2 * Math.PI;
  return (time) => {
    const minute = Math.floor(time / MINUTE_MS) * MINUTE_MS;
    const slow = Math.sin((2 * Math.PI * minute) / slowMs + slowPhase);
    const fast = Math.sin((2 * Math.PI * minute) / fastMs + fastPhase);
    return 0.6 * slow + 0.4 * fast;
  };
}

/** Derived prices of one market. Spot has no premium: index and mark are the last price. */
export function derived(options: {
  readonly seed: number | string;
  readonly symbol: string;
  readonly isContract: boolean;
  readonly fundingIntervalMs: number;
  readonly funding: FundingRates | undefined;
}): Derived {
  const { seed, symbol, isContract, fundingIntervalMs, funding } = options;
  const wave = waves(`${seed}/premium/${symbol}`, 26 * HOUR_MS, 5.3 * HOUR_MS);
  const interestWave = waves(`${seed}/interest/${symbol}`, 170 * HOUR_MS, 19 * HOUR_MS);
  const shareWave = waves(`${seed}/share/${symbol}`, 90 * HOUR_MS, 11 * HOUR_MS);
  const premium = (time: number) => (isContract ? AMPLITUDE * wave(time) : 0);
  const rates = new Map<number, number>();

  function computedRate(time: number): number {
    const known = rates.get(time);
    if (known !== undefined) return known;
    const minutes = Math.round(fundingIntervalMs / MINUTE_MS);
    let sum = 0;
    for (let i = 1; i <= minutes; i++) sum += i * premium(time - fundingIntervalMs + (i - 1) * MINUTE_MS);
    const mean = sum / ((minutes * (minutes + 1)) / 2);
    const interest = INTEREST_PER_8H * (fundingIntervalMs / (8 * HOUR_MS));
    const rate = mean + Math.min(CLAMP, Math.max(-CLAMP, interest - mean));
    const rounded = Math.round(Math.min(FUNDING_CAP, Math.max(-FUNDING_CAP, rate)) * 1e8) / 1e8;
    rates.set(time, rounded);
    return rounded;
  }

  return {
    premium,
    index: (last, time) => last / (1 + premium(time)),
    mark: (last, time) => last / (1 + premium(time) / 2),
    fundingRate(time) {
      if (funding) {
        const i = lowerBound(funding.time, time);
        // Settlements are stamped a few ms late in some sources.
        if (i < funding.time.length && funding.time[i]! - time < MINUTE_MS) return funding.rate[i]!;
      }
      return computedRate(time);
    },
    interest: (time) => 1 + 0.1 * interestWave(time),
    longShare: (time) => 0.5 + 0.06 * shareWave(time),
  };
}
