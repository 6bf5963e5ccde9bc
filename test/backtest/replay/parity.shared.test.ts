import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { BacktestSettings } from "../../../src/backtest/settings.ts";
import { hasBit } from "../../../src/core/bits.ts";
import { plainDecimal } from "../../../src/core/decimal.ts";
import { type Bars, sliceBars } from "../../../src/model/bar.ts";
import type { Instrument } from "../../../src/model/instrument.ts";
import { instrumentOf } from "../../../src/simulator/market/instruments.ts";
import { loadBars, loadFunding } from "../../../src/store/load.ts";
import { STRATEGIES } from "../../../src/strategies/registry.ts";
import { signalsOf } from "../../../src/strategy/evaluate.ts";
import { SIGNALS } from "../../../src/strategy/rules.ts";
import { streamOf } from "../../../src/strategy/stream.ts";
import { parityOf } from "./parity.ts";

const MARKET = join(import.meta.dirname, "../../../../shared/market");
const hasMarket = existsSync(MARKET);
const BARS = 8_000;

/** File of bars, decimals of its prices, and its funding where there is some. */
const FILES = [
  ["bybit-linear_BTCUSDT_60", 1, "bybit-linear_BTCUSDT"],
  ["bybit-linear_SOLUSDT_60", 3, "bybit-linear_SOLUSDT"],
  // One decimal finer than its prices, or every other target would only be touched.
  ["bybit-linear_XRPUSDT_60", 5, null],
  ["bybit-linear_ETHUSDT_15", 2, "bybit-linear_ETHUSDT"],
  ["binance-um_BTCUSDT_15", 1, "binance-um_BTCUSDT"],
  ["bybit-linear_BNBUSDT_5", 2, "bybit-linear_BNBUSDT"],
  ["binance-um_ETHUSDT_1", 2, "binance-um_ETHUSDT"],
  ["bybit-linear_DOGEUSDT_1", 5, null],
  ["bybit-linear_BNBUSDT_1_gappy", 2, "bybit-linear_BNBUSDT"],
] as const;

const SETTINGS: readonly (readonly [name: string, settings: Partial<BacktestSettings>])[] = [
  ["as it is", {}],
  ["risk sizing and a stop", { sizing: { kind: "risk", fraction: 0.01 }, stopLoss: 0.01 }],
  ["a trailing stop", { trailingStop: 0.02, side: "long" }],
  [
    "leverage, stop and target",
    { sizing: { kind: "fraction", fraction: 3 }, leverage: 3, stopLoss: 0.02, takeProfit: 0.03 },
  ],
  [
    "slippage and volatility sizing",
    { slippageBps: 2, sizing: { kind: "volatility", target: 0.3, bars: 50 }, stopLoss: 0.02 },
  ],
];

/** The symbol's rules on the grid of the file's prices: in its years ticks were others. */
function rulesOf(bars: Bars, decimals: number): Instrument {
  const tickSize = plainDecimal(Number(`1e-${decimals}`));
  return { ...instrumentOf(bars.symbol, "linear", bars.close[0]!), tickSize, minPrice: tickSize };
}

async function newest(file: string): Promise<Bars> {
  const bars = await loadBars(join(MARKET, "klines", `${file}.csv.gz`));
  return sliceBars(bars, Math.max(0, bars.length - BARS), bars.length);
}

describe("replay on real bars", () => {
  it.runIf(hasMarket).each(FILES)(
    "of %s trades every shipped strategy as the fast backtest does",
    { timeout: 60_000 },
    async (file, decimals, rates) => {
      const bars = await newest(file);
      const funding = rates ? await loadFunding(join(MARKET, "funding", `${rates}_funding.csv.gz`)) : undefined;
      const instrument = rulesOf(bars, decimals);
      let trades = 0;
      let paid = 0;
      for (const strategy of STRATEGIES) {
        for (const [name, settings] of SETTINGS) {
          const parity = parityOf({ strategy, bars, instrument, settings, ...(funding && { funding }) });
          expect(parity.difference, `${strategy.name} with ${name}`).toBeNull();
          // With slippage each target costs more, so that the strategy with targets of its own differs from the first one on.
          expect([null, "touchedTarget", "targetCost"], `${strategy.name} with ${name}`).toContain(parity.named);
          trades += parity.same;
          paid += parity.slow.trades.filter((trade) => trade.funding !== 0).length;
        }
      }
      expect(trades).toBeGreaterThan(4_000);
      if (rates) expect(paid).toBeGreaterThan(50);
    },
  );

  it.runIf(hasMarket)("values funding and judges liquidation by stored mark prices", { timeout: 60_000 }, async () => {
    const bars = await newest("bybit-linear_BTCUSDT_60");
    const mark = await loadBars(join(MARKET, "klines/bybit-linear-mark_BTCUSDT_60.csv.gz"));
    const funding = await loadFunding(join(MARKET, "funding/bybit-linear_BTCUSDT_funding.csv.gz"));
    const instrument = rulesOf(bars, 2);
    for (const strategy of STRATEGIES) {
      const parity = parityOf({ strategy, bars, mark, funding, instrument, settings: { leverage: 2 } });
      expect([null, "touchedTarget"]).toContain(parity.named);
      expect(parity.difference, strategy.name).toBeNull();
    }
  });

  it.runIf(hasMarket).each(FILES)("of %s hears the same signals bit for bit", async (file) => {
    const bars = await newest(file);
    for (const strategy of STRATEGIES) {
      const columns = signalsOf(strategy, {}, bars);
      const stream = streamOf(strategy, {}, { interval: bars.interval });
      for (let i = 0; i < bars.length; i++) {
        const row = stream.push({
          ...{ time: bars.time[i]!, open: bars.open[i]!, high: bars.high[i]! },
          ...{ low: bars.low[i]!, close: bars.close[i]!, volume: bars.volume[i]! },
        });
        for (const name of SIGNALS) {
          const column = columns[name];
          const bit = column instanceof Uint32Array && i >= columns.warmup && hasBit(column, i);
          if (typeof row[name] === "boolean" && row[name] !== bit) expect.fail(`${strategy.name} ${name} of bar ${i}`);
        }
      }
      expect(stream.warmup).toBe(columns.warmup);
    }
  });
});
