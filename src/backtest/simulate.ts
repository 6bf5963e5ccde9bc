import { ArgumentError } from "../core/errors.ts";
import type { Bars } from "../model/bar.ts";
import type { Trade } from "../model/trade.ts";
import type { SignalColumns } from "../strategy/signals.ts";
import { enter } from "./enter.ts";
import type { Direction } from "./fills.ts";
import { fillBar, hold, type Trader } from "./hold.ts";
import { protectionOf } from "./levels.ts";
import { type MarketExtras, marketOf } from "./market.ts";
import { newRun, refuse, writeFlat } from "./run.ts";
import { signalScan } from "./scan.ts";
import type { BacktestSettings } from "./settings.ts";

export interface SimulationExtras extends MarketExtras {
  /** First bar whose signals count; the account is flat before it. Default 0. */
  readonly start?: number;
  /** Written over with the equity and returned, one number per bar. Fresh memory costs more than the whole simulation. */
  readonly equity?: Float64Array;
}

/** What the signals would have done. */
export interface Simulation {
  /** In order of entry; the last one may still be open. */
  readonly trades: readonly Trade[];
  /** Quote at the close of each bar, unrealised profit included. */
  readonly equity: Float64Array;
  /** Bars during which there was a position. */
  readonly barsInMarket: number;
  /** Bars that held both stop and target where no finer bars could tell which came first. */
  readonly ambiguousBars: number;
  /** Entries that were not made, by reason. */
  readonly refusals: Readonly<Record<string, number>>;
}

/**
 * Trades the signals over the bars; the order of events within a bar is in docs/guide/backtest.md.
 *
 * It jumps from signal to signal: flat bars cost nothing, held bars one compare of their low and high.
 *
 * @throws ArgumentError `SIGNAL_LENGTH`, `COLUMN_LENGTH`, and as `marketOf`
 */
export function simulate(
  signals: SignalColumns,
  bars: Bars,
  settings: BacktestSettings,
  extras: SimulationExtras = {},
): Simulation {
  if (signals.length !== bars.length) {
    const message = `signals have ${signals.length} bars, the market has ${bars.length}; make them from the same bars`;
    throw new ArgumentError("SIGNAL_LENGTH", message, { signals: signals.length, bars: bars.length });
  }
  const market = marketOf(bars, settings, extras);
  const { equity: room = new Float64Array(bars.length) } = extras;
  if (room.length !== bars.length) {
    throw new ArgumentError("COLUMN_LENGTH", `equity has ${room.length} rows, the market has ${bars.length} bars`);
  }
  const run = newRun(market, room);
  const trader: Trader = {
    run,
    signals,
    scan: signalScan(signals, market.side),
    protection: protectionOf(signals, settings),
  };
  let from = Math.max(signals.warmup, extras.start ?? 0);
  while (run.balance > 0) {
    const signal = trader.scan.nextEntry(from, () => refuse(run, "conflict"));
    if (signal < 0) break;
    from = tradeFrom(trader, signal);
  }
  writeFlat(run, bars.length);
  const { trades, equity, barsInMarket, ambiguousBars, refusals } = run;
  return { trades, equity, barsInMarket, ambiguousBars, refusals };
}

/** Makes the trade signalled at `signal` and those it reverses into; returns the bar from which signals are heard again. */
function tradeFrom(trader: Trader, signal: number): number {
  const { run, signals, protection, scan } = trader;
  const { bars, atClose } = run.market;
  const spent = atClose ? 1 : 0; // a bar has one fill: where fills are at the close, its own signal comes too late
  let signalBar = signal;
  let direction = scan.directionAt(signal);
  for (;;) {
    const bar = fillBar(run.market, signalBar);
    if (bar >= bars.length) return bars.length;
    const position = run.balance > 0 ? enter(run, { direction, signalBar, bar }, signals, protection) : null;
    if (!position) return bar + spent;
    const end = hold(trader, position);
    if (end.signalBar < 0 || !scan.reversesAt(direction, end.signalBar)) return end.bar + spent;
    signalBar = end.signalBar;
    direction = -direction as Direction;
  }
}
