import { type Bits, bits, setBit } from "../../src/core/bits.ts";
import type { Random } from "../../src/core/random.ts";
import type { Interval } from "../../src/core/time.ts";
import { intervalMs } from "../../src/core/time.ts";
import { type Bars, barsOf } from "../../src/model/bar.ts";
import type { FundingRates } from "../../src/model/funding.ts";
import type { Instrument } from "../../src/model/instrument.ts";
import type { Level, SignalColumns } from "../../src/strategy/signals.ts";

/** A wild small market: price gaps, zero volume, sometimes missing bars. */
export function randomBars(
  random: Random,
  { length, interval = "60", deviation = 0.01, missing = 0, idle = 0 }: RandomBarsOptions,
): Bars {
  const step = intervalMs(interval);
  const columns = {
    time: new Float64Array(length),
    open: new Float64Array(length),
    high: new Float64Array(length),
    low: new Float64Array(length),
    close: new Float64Array(length),
    volume: new Float64Array(length),
  };
  let time = Date.UTC(2024, 0, 1);
  let price = 100;
  for (let i = 0; i < length; i++) {
    const open = price * Math.exp(random.next() < 0.3 ? deviation * random.normal() : 0);
    const isIdle = random.next() < idle;
    const close = isIdle ? open : open * Math.exp(deviation * random.normal());
    columns.time[i] = time;
    columns.open[i] = open;
    columns.close[i] = close;
    columns.high[i] = isIdle ? open : Math.max(open, close) * (1 + deviation * random.next());
    columns.low[i] = isIdle ? open : Math.min(open, close) * (1 - deviation * random.next());
    columns.volume[i] = isIdle ? 0 : 1 + 100 * random.next();
    price = close;
    time += step * (random.next() < missing ? 1 + random.below(20) : 1);
  }
  return barsOf({ symbol: "TESTUSDT", interval }, columns);
}

export interface RandomBarsOptions {
  readonly length: number;
  readonly interval?: Interval;
  readonly deviation?: number;
  /** Chance of a hole behind a bar, and of a bar without trades. */
  readonly missing?: number;
  readonly idle?: number;
}

/** The same prices in `parts` times shorter bars. */
export function splitBars(random: Random, bars: Bars, interval: Interval, parts: number): Bars {
  const length = bars.length * parts;
  const part = intervalMs(interval);
  const names = ["time", "open", "high", "low", "close", "volume"] as const;
  const columns = Object.fromEntries(names.map((name) => [name, new Float64Array(length)])) as Record<
    (typeof names)[number],
    Float64Array
  >;
  for (let i = 0; i < bars.length; i++) {
    const [low, high] = [bars.low[i]!, bars.high[i]!];
    let open = bars.open[i]!;
    for (let k = 0; k < parts; k++) {
      const at = i * parts + k;
      const close = k === parts - 1 ? bars.close[i]! : low + (high - low) * random.next();
      columns.time[at] = bars.time[i]! + k * part;
      columns.open[at] = open;
      columns.close[at] = close;
      columns.high[at] = k === 1 ? high : Math.max(open, close);
      columns.low[at] = k === 2 ? low : Math.min(open, close);
      columns.volume[at] = random.next() < 0.1 ? 0 : 1;
      open = close;
    }
  }
  return barsOf({ symbol: bars.symbol, interval }, columns);
}

export function randomBits(random: Random, length: number, chance: number): Bits {
  const words = bits(length);
  for (let i = 0; i < length; i++) if (random.next() < chance) setBit(words, i);
  return words;
}

export function randomFunding(random: Random, bars: Bars, stepMs: number): FundingRates {
  const first = bars.time[0]! - stepMs;
  const count = Math.ceil((bars.time[bars.length - 1]! - first) / stepMs) + 2;
  const time = Float64Array.from({ length: count }, (_, k) => first + k * stepMs);
  return { symbol: bars.symbol, time, rate: time.map(() => 0.003 * random.normal()) };
}

/** Random rules of every shape the contract allows. */
export function randomSignals(random: Random, bars: Bars): SignalColumns {
  const { length, close } = bars;
  const chance = [0.02, 0.1, 0.4][random.below(3)]!;
  const maybe = <T>(make: () => T): T | undefined => (random.next() < 0.5 ? make() : undefined);
  const holes = (value: () => number) => Float64Array.from({ length }, () => (random.next() < 0.05 ? NaN : value()));
  const level = (away: (i: number) => number): Level => {
    const kind = random.below(3);
    if (kind === 0) return { kind: "fraction", fraction: 0.005 + 0.05 * random.next() };
    if (kind === 1) return { kind: "distance", distance: holes(() => 0.3 + 4 * random.next()) };
    return { kind: "price", price: close.map((_, i) => (random.next() < 0.05 ? NaN : away(i))) };
  };
  const around = (i: number) => close[i]! * (1 + 0.04 * (random.next() - 0.6));
  const exit = (side: number) => {
    if (random.next() < 0.25) {
      const bars = random.below(20);
      return (_: number, p: { barsHeld: number; unrealizedFraction: number }) =>
        p.barsHeld >= bars || p.unrealizedFraction * 50 > side;
    }
    return randomBits(random, length, chance);
  };
  const optional = {
    enterLong: maybe(() => randomBits(random, length, chance)),
    exitLong: maybe(() => exit(1)),
    enterShort: maybe(() => randomBits(random, length, chance)),
    exitShort: maybe(() => exit(2)),
    stopLoss: maybe(() => level(around)),
    takeProfit: maybe(() => level((i) => around(i) * 1.03)),
    trailingStop: maybe(() => level(around)),
    size: maybe(() => holes(() => 1.5 * random.next())),
  };
  const given = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  return { length, warmup: random.below(30), ...given };
}

/** A linear market with three margin tiers and coarse steps. */
export function testInstrument(over: Partial<Instrument> = {}): Instrument {
  const tier = (limitValue: string, rate: string, deduction: string) => ({
    limitValue,
    initialMarginRate: "0.01",
    maintenanceMarginRate: rate,
    maintenanceDeduction: deduction,
    maxLeverage: "100",
  });
  return {
    symbol: "TESTUSDT",
    category: "linear",
    baseCoin: "TEST",
    quoteCoin: "USDT",
    settleCoin: "USDT",
    tickSize: "0.05",
    minPrice: "0.05",
    maxPrice: "100000",
    qtyStep: "0.1",
    minOrderQty: "0.1",
    maxOrderQty: "10000",
    maxMarketOrderQty: "500",
    minNotionalValue: "5",
    maxLeverage: "50",
    leverageStep: "0.01",
    fundingIntervalMs: 28_800_000,
    riskTiers: [tier("5000", "0.005", "0"), tier("20000", "0.01", "25"), tier("50000", "0.025", "325")],
    ...over,
  };
}
