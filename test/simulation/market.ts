import type { Random } from "../../src/core/random.ts";
import type { LaneOptions } from "../../src/engine/lane.ts";
import { createVenue } from "../../src/matching/create.ts";
import type { MarketKey } from "../../src/matching/types.ts";
import type { Venue } from "../../src/matching/venue.ts";
import { type Instrument, type InstrumentSteps, stepsOf } from "../../src/model/instrument.ts";
import { syntheticInstrument } from "../../src/store/synthetic.ts";
import { float, int } from "../../src/strategy/param.ts";
import { defineStrategy } from "../../src/strategy/strategy.ts";
import type { StreamBar } from "../../src/strategy/stream.ts";

export const ACCOUNT = "sim";
export const BAR_MS = 60_000;
export const WARM_BARS = 4;

/** Trades nearly every bar: in with the last move, out against it or after some bars, with a stop that follows. */
export const restless = defineStrategy({
  name: "restless",
  params: {
    stop: float(0.003, { min: 0.001, max: 0.02 }),
    trail: float(0, { min: 0, max: 0.02 }),
    target: float(0, { min: 0, max: 0.02 }),
    hold: int(3, { min: 1, max: 20 }),
  },
  rules: ({ close, position }, p) => ({
    enterLong: close.above(close.lag(1)),
    enterShort: close.below(close.lag(2)),
    exitLong: position.barsHeld.above(p.hold),
    exitShort: position.barsHeld.above(p.hold),
    stopLoss: p.stop,
    trailingStop: p.trail > 0 ? p.trail : undefined,
    takeProfit: p.target > 0 ? p.target : undefined,
  }),
});

/** One symbol: its place at the venue, its price path, and the bars that have closed. */
export interface SimMarket {
  readonly key: MarketKey;
  readonly instrument: Instrument;
  readonly steps: InstrumentSteps;
  readonly lane: LaneOptions;
  /** Last price, ticks. */
  last: number;
  /** Of the bar under way. */
  open: number;
  high: number;
  low: number;
  readonly bars: StreamBar[];
  /** When the last price was traded, epoch ms. */
  tradedAt: number;
}

/** A venue with one or two thin markets, and lanes for them. */
export function openMarkets(dice: Random, start: number): { venue: Venue; markets: SimMarket[] } {
  const symbols = dice.next() < 0.6 ? ["BTCUSDT", "ETHUSDT"] : ["BTCUSDT"];
  const isThin = dice.next() < 0.3;
  const stop = [0.002, 0.004, 0.01][dice.below(3)]!;
  const params = {
    stop,
    trail: dice.next() < 0.6 ? stop * 0.7 : 0,
    target: dice.next() < 0.3 ? stop * 1.5 : 0,
    hold: 1 + dice.below(5),
  };
  const markets = symbols.map((symbol, i): SimMarket => {
    const instrument = syntheticInstrument(symbol, ["0.5", "0.1"][i]!);
    const steps = stepsOf(instrument);
    const last = steps.price.count([50_000, 3_000][i]!, "nearest");
    const lane: LaneOptions = {
      name: `lane-${symbol}`,
      strategy: restless,
      params,
      interval: "1",
      instrument,
      sizing: dice.next() < 0.5 ? { kind: "quote", quote: 3_000 } : { kind: "risk", fraction: 0.003 },
      leverage: 5,
      feeRate: 0.00055,
      slippage: 0.0002,
      side: "both",
      stopLoss: null,
      takeProfit: null,
      trailingStop: null,
    };
    const market = { key: `linear/${symbol}` as const, instrument, steps, lane, last, bars: [] as StreamBar[] };
    return { ...market, open: last, high: last, low: last, tradedAt: start };
  });
  const venue = createVenue({
    startTime: start - WARM_BARS * BAR_MS,
    seed: dice.below(1e9),
    historyLimit: 5_000,
    markets: markets.map(({ instrument, steps, last, lane }) => {
      const price = steps.price.value(last);
      const wanted = 3_000 / price / steps.qty.step;
      return {
        instrument,
        lastPrice: last,
        liquidity: {
          kind: "ladder" as const,
          spreadTicks: 1,
          levelQty: Math.max(1, Math.round(wanted * (isThin ? 0.08 : 0.5))),
          levels: isThin ? 8 : 40,
        },
        ...(lane && {}),
      };
    }),
  });
  venue.openAccount({ id: ACCOUNT, balances: { USDT: "10000" }, leverage: 10 });
  return { venue, markets };
}

/** The next last price, ticks. */
export function nextPrice(market: SimMarket, dice: Random, gap: number): number {
  const moved = market.last * (1 + gap + dice.normal() * 0.0006);
  const next = Math.max(100, Math.round(moved));
  market.last = next;
  market.high = Math.max(market.high, next);
  market.low = Math.min(market.low, next);
  return next;
}

/** Ends the bar that opened at `time`. */
export function closeBar(market: SimMarket, time: number): StreamBar {
  const { steps, open, high, low, last } = market;
  const value = (ticks: number) => steps.price.value(ticks);
  const bar = { time, open: value(open), high: value(high), low: value(low), close: value(last), volume: 10 };
  market.bars.push(bar);
  market.open = last;
  market.high = last;
  market.low = last;
  return bar;
}
