import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { plainDecimal } from "../../src/core/decimal.ts";
import { type Bars, sliceBars } from "../../src/model/bar.ts";
import type { FundingRates } from "../../src/model/funding.ts";
import type { Instrument } from "../../src/model/instrument.ts";
import { instrumentOf } from "../../src/simulator/market/instruments.ts";
import { loadBars, loadFunding } from "../../src/store/load.ts";
import { STRATEGIES } from "../../src/strategies/registry.ts";
import { socketParityOf } from "../support/live-parity.ts";

const MARKET = join(import.meta.dirname, "../../../shared/market");
const hasMarket = existsSync(MARKET);
const BARS = 500;
const OFTEN = { rsiPeriod: 10, oversold: 40, overbought: 60, emaPeriod: 100 };

/** File of bars, decimals of its prices, and its funding where there is some. */
const FILES = [
  ["bybit-linear_BTCUSDT_60", 1, "bybit-linear_BTCUSDT"],
  ["bybit-linear_XRPUSDT_60", 5, null],
  ["bybit-linear_ETHUSDT_15", 2, "bybit-linear_ETHUSDT"],
  ["bybit-linear_SOLUSDT_15", 3, "bybit-linear_SOLUSDT"],
  ["bybit-linear_BNBUSDT_5", 2, "bybit-linear_BNBUSDT"],
  ["bybit-linear_DOGEUSDT_1", 5, null],
  ["bybit-linear_ADAUSDT_1", 5, null],
] as const;

/** The symbol's rules on the grid of the file's prices: in its years ticks were others. */
function rulesOf(bars: Bars, decimals: number): Instrument {
  const tickSize = plainDecimal(Number(`1e-${decimals}`));
  return { ...instrumentOf(bars.symbol, "linear", bars.close[0]!), tickSize, minPrice: tickSize };
}

async function newest(file: string): Promise<Bars> {
  const bars = await loadBars(join(MARKET, "klines", `${file}.csv.gz`));
  // The last one of a download is usually not finished.
  return sliceBars(bars, bars.length - 1 - BARS, bars.length - 1);
}

/** The rates that fall into the bars. */
async function ratesOf(name: string, { time }: Bars): Promise<FundingRates> {
  const all = await loadFunding(join(MARKET, "funding", `${name}_funding.csv.gz`));
  const isWithin = (at: number) => at > time[0]! && at <= time[time.length - 1]!;
  const rate = all.rate.filter((_, i) => isWithin(all.time[i]!));
  return { symbol: all.symbol, time: all.time.filter(isWithin), rate };
}

describe("a bot over sockets on real bars", () => {
  it.runIf(hasMarket).each(FILES)(
    "of %s decides and does with every shipped strategy what a replay and the fast backtest do",
    { timeout: 60_000 },
    async (file, decimals, rates) => {
      const bars = await newest(file);
      const instrument = rulesOf(bars, decimals);
      const funding = rates ? await ratesOf(rates, bars) : undefined;
      let trades = 0;
      let paid = 0;
      for (const strategy of STRATEGIES) {
        const params = strategy.name === "rsi-trend" ? OFTEN : {};
        const parity = await socketParityOf({ strategy, params, bars, instrument, ...(funding && { funding }) });
        expect(parity.difference, strategy.name).toBeNull();
        expect(parity.trades, strategy.name).toEqual(parity.fast);
        trades += parity.trades.length;
        paid += parity.journal.filter((event) => event.type === "execution" && event.fact.type === "Funding").length;
      }
      expect(trades).toBeGreaterThan(50);
      if (rates) expect(paid).toBeGreaterThan(0);
    },
  );
});
