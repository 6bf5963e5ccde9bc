import { marketPrice } from "../risk/slippage.ts";
import type { PositionRule, PositionView, SignalColumns } from "../strategy/signals.ts";
import { carry } from "./carry.ts";
import { type Direction, nextTradingBar } from "./fills.ts";
import type { Protection } from "./levels.ts";
import type { Market } from "./market.ts";
import type { OpenPosition } from "./position.ts";
import { close, type Exit, nextSettlementBar, type Run, settle } from "./run.ts";
import type { SignalScan } from "./scan.ts";

/** A simulation's books with what the strategy says. */
export interface Trader {
  readonly run: Run;
  readonly signals: SignalColumns;
  readonly scan: SignalScan;
  readonly protection: Protection;
}

/** Where a position ended, and the bar of the signal that ended it; -1 when something else did. */
export interface End {
  readonly bar: number;
  readonly signalBar: number;
}

/** The bar in which an order given at the close of `signalBar` fills: it waits for one that trades; `length` if none does. */
export function fillBar({ bars, atClose }: Market, signalBar: number): number {
  return nextTradingBar(bars.volume, atClose ? signalBar : signalBar + 1);
}

/** Carries a position to its end and books it. */
export function hold({ run, scan }: Trader, position: OpenPosition): End {
  const { bars, atClose } = run.market;
  const { direction, entryBar } = position;
  const { length } = bars;
  const first = atClose ? entryBar + 1 : entryBar;
  let look: Look = { from: first, signalBar: scan.nextExit(direction, first), exit: null };
  const rule = scan.rule(direction);
  if (rule) look = ask(run, position, rule, look);
  const bar = look.signalBar < length ? fillBar(run.market, look.signalBar) : length;
  const filled = bar < length;
  const exit = look.exit ?? carry(run, position, look.from, filled && atClose ? bar + 1 : bar);
  if (exit) {
    close(run, position, exit, exit.bar - first + 1);
    run.written = exit.bar;
    return { bar: exit.bar, signalBar: -1 };
  }
  if (!filled) {
    const price = bars.close[length - 1]!;
    close(run, position, { bar: length - 1, price, reason: "open", feeRate: 0, ambiguous: false }, length - first);
    run.written = length;
    return { bar: length, signalBar: -1 };
  }
  const reverses = scan.reversesAt(direction, look.signalBar);
  close(run, position, signalExit(run, position, bar, reverses ? "reverse" : "signal"), bar - entryBar);
  run.written = bar;
  return { bar, signalBar: look.signalBar };
}

/** A market exit at the open or close of `bar`; a settlement at that very open comes before it. */
function signalExit(run: Run, position: OpenPosition, bar: number, reason: "signal" | "reverse"): Exit {
  const { bars, atClose, settings } = run.market;
  if (!atClose && nextSettlementBar(run, bar) === bar) settle(run, position, bar, 1);
  const base = atClose ? bars.close[bar]! : bars.open[bar]!;
  const price = marketPrice(base, -position.direction as Direction, run.market);
  return { bar, price, reason, feeRate: settings.feeRate, ambiguous: false };
}

interface Look {
  /** First bar not carried yet. */
  readonly from: number;
  /** Bar at whose close a signal ends the position; `length` if none does. */
  readonly signalBar: number;
  readonly exit: Exit | null;
}

/** Goes bar by bar, asking the strategy's rule at every close until it, or the exit bit at `bits.signalBar`, says so. */
function ask(run: Run, position: OpenPosition, rule: PositionRule, bits: Look): Look {
  const { close: prices, length } = run.market.bars;
  const { direction, entryBar, entryPrice } = position;
  const view: PositionView = { barsHeld: 0, entryPrice, unrealizedFraction: 0 };
  for (let i = bits.from; i < length; i++) {
    const exit = carry(run, position, i, i + 1);
    if (exit) return { from: i, signalBar: length, exit };
    view.barsHeld = i - entryBar;
    view.unrealizedFraction = direction * (prices[i]! / entryPrice - 1);
    if (i >= bits.signalBar || rule(i, view)) return { from: i + 1, signalBar: i, exit: null };
  }
  return { from: length, signalBar: length, exit: null };
}
