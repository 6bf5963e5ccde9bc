import { type Bits, bits, setBit } from "../../src/core/bits.ts";
import { type Interval, intervalMs } from "../../src/core/time.ts";
import { type Bars, barsOf } from "../../src/model/bar.ts";
import type { FundingRates } from "../../src/model/funding.ts";

export const START = Date.UTC(2024, 0, 1);

/** Bars from rows of open, high, low, close and (default 1000) volume, without gaps. */
export function barsFrom(rows: readonly (readonly number[])[], interval: Interval = "60"): Bars {
  const column = (at: number, missing = NaN) => Float64Array.from(rows, (row) => row[at] ?? missing);
  return barsOf(
    { symbol: "TESTUSDT", interval },
    {
      time: Float64Array.from(rows, (_, i) => START + i * intervalMs(interval)),
      open: column(0),
      high: column(1),
      low: column(2),
      close: column(3),
      volume: column(4, 1000),
    },
  );
}

export function bitsAt(length: number, ...bars: readonly number[]): Bits {
  const words = bits(length);
  for (const bar of bars) setBit(words, bar);
  return words;
}

/** Settlements so many hours behind the first bar's open. */
export function fundingAt(...stamps: readonly (readonly [hours: number, rate: number])[]): FundingRates {
  return {
    symbol: "TESTUSDT",
    time: Float64Array.from(stamps, ([hours]) => START + hours * 3_600_000),
    rate: Float64Array.from(stamps, ([, rate]) => rate),
  };
}
