import { increment, plainDecimal } from "../core/decimal.ts";
import { random } from "../core/random.ts";
import { HOUR_MS, intervalMs } from "../core/time.ts";
import type { Bars } from "../model/bar.ts";
import type { FundingRates } from "../model/funding.ts";
import type { Instrument } from "../model/instrument.ts";

const FUNDING_MS = 8 * HOUR_MS;
/** A hundredth of a percent, what longs pay when the perpetual trades at its index. */
const BASE_RATE = 0.0001;
const RATE_LIMIT = 0.0075;

/**
 * Funding of a generated market: every 8 hours, near 0.01 %, higher after rises, lower after falls. Seeded.
 *
 * The first settlement lies at or after the first bar, the last at or before the end of the last.
 */
export function generateFunding(bars: Bars, seed: number | string): FundingRates {
  const dice = random(`funding/${seed}`);
  const times: number[] = [];
  const rates: number[] = [];
  const end = bars.length > 0 ? bars.time[bars.length - 1]! + intervalMs(bars.interval) : 0;
  let premium = 0;
  let row = 0;
  let before = bars.open[0] ?? NaN;
  for (
    let time = Math.ceil((bars.time[0] ?? 0) / FUNDING_MS) * FUNDING_MS;
    time <= end && bars.length > 0;
    time += FUNDING_MS
  ) {
    while (row + 1 < bars.length && bars.time[row + 1]! < time) row++;
    const price = bars.close[row]!;
    premium = 0.8 * premium + 0.006 * Math.log(price / before) + 0.00004 * dice.normal();
    before = price;
    times.push(time);
    rates.push(Math.round(Math.min(RATE_LIMIT, Math.max(-RATE_LIMIT, BASE_RATE + premium)) * 1e8) / 1e8);
  }
  return { symbol: bars.symbol, time: Float64Array.from(times), rate: Float64Array.from(rates) };
}

/** Rules of a generated linear perpetual, shaped like those of a large Bybit one. `tickSize` as in `generateBars`. */
export function syntheticInstrument(symbol: string, tickSize = "0.1"): Instrument {
  const tick = increment(tickSize);
  const tier = (limitValue: string, initial: string, maintenance: string, deduction: string, maxLeverage: string) => ({
    limitValue,
    initialMarginRate: initial,
    maintenanceMarginRate: maintenance,
    maintenanceDeduction: deduction,
    maxLeverage,
  });
  return {
    symbol,
    category: "linear",
    baseCoin: symbol.replace(/USDT$/, ""),
    quoteCoin: "USDT",
    settleCoin: "USDT",
    tickSize,
    minPrice: tickSize,
    maxPrice: plainDecimal(tick.value(1e8)),
    qtyStep: "0.001",
    minOrderQty: "0.001",
    maxOrderQty: "10000",
    maxMarketOrderQty: "1000",
    minNotionalValue: "5",
    maxLeverage: "100",
    leverageStep: "0.01",
    fundingIntervalMs: FUNDING_MS,
    riskTiers: [
      tier("2000000", "0.01", "0.005", "0", "100"),
      tier("10000000", "0.02", "0.01", "10000", "50"),
      tier("50000000", "0.04", "0.02", "110000", "25"),
      tier("200000000", "0.1", "0.05", "1610000", "10"),
    ],
  };
}
