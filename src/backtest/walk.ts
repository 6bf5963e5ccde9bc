import { roundStop } from "../risk/protection.ts";
import type { Direction } from "./fills.ts";
import { levelPrice } from "./levels.ts";
import { firstMarkTouch } from "./mark.ts";
import { activeStop, type OpenPosition } from "./position.ts";
import type { Run } from "./run.ts";

/**
 * Values the position at the closes of bars [`from`, `to`) up to the first bar that touches its stop, target or
 * liquidation price, and returns that bar; `to` if none does.
 */
export function walk(run: Run, position: OpenPosition, from: number, to: number): number {
  const { mark } = run.market;
  let end = to;
  if (mark) {
    const { direction, liquidation } = position;
    const floor = direction === 1 ? liquidation : -Infinity;
    const ceiling = direction === 1 ? Infinity : liquidation;
    end = firstMarkTouch(mark, { from, to, floor, ceiling });
  }
  return position.trailing ? walkTrailing(run, position, from, end) : walkFixed(run, position, from, end);
}

/** Values bar `i` as held to its close: nothing could trade in it, or nothing was touched. */
export function holdBar(run: Run, position: OpenPosition, i: number): void {
  const { bars } = run.market;
  if (bars.low[i]! < position.lowest) position.lowest = bars.low[i]!;
  if (bars.high[i]! > position.highest) position.highest = bars.high[i]!;
  value(run, position, i);
  if (position.trailing) moveTrail(run, position, i);
}

/** Writes the equity at the close of bar `i`. */
export function value(run: Run, position: OpenPosition, i: number): void {
  run.equity[i] = run.balance + position.size * (run.market.bars.close[i]! - position.entryPrice);
}

/** Prices that end the position when reached from above (`floor`) or from below (`ceiling`). */
function bounds(run: Run, position: OpenPosition): { floor: number; ceiling: number } {
  const { direction, targetTrigger } = position;
  const stop = activeStop(position);
  const liquidation = run.market.mark ? -direction * Infinity : position.liquidation;
  if (direction === 1) return { floor: Math.max(stop, liquidation), ceiling: targetTrigger };
  return { floor: targetTrigger, ceiling: Math.min(stop, liquidation) };
}

/** Levels that stay: one loop for both directions, 1 to 2 ns per bar. */
function walkFixed(run: Run, position: OpenPosition, from: number, to: number): number {
  const { equity, balance } = run;
  const { high, low, close } = run.market.bars;
  const { size, entryPrice } = position;
  const { floor, ceiling } = bounds(run, position);
  let { lowest, highest } = position;
  let i = from;
  for (; i < to; i++) {
    const down = low[i]!;
    const up = high[i]!;
    if (down <= floor || up >= ceiling) break;
    if (down < lowest) lowest = down;
    if (up > highest) highest = up;
    equity[i] = balance + size * (close[i]! - entryPrice);
  }
  position.lowest = lowest;
  position.highest = highest;
  return i;
}

/** A stop that follows: it moves at the close of each bar, for the next one. */
function walkTrailing(run: Run, position: OpenPosition, from: number, to: number): number {
  const { high, low } = run.market.bars;
  let { floor, ceiling } = bounds(run, position);
  let i = from;
  for (; i < to; i++) {
    if (low[i]! <= floor || high[i]! >= ceiling) break;
    const { trail } = position;
    holdBar(run, position, i);
    if (position.trail !== trail) ({ floor, ceiling } = bounds(run, position));
  }
  return i;
}

/** Bar `i` is closed: its extreme, or its price level, may move the trailing stop, only ever in favour. */
function moveTrail(run: Run, position: OpenPosition, i: number): void {
  const { bars, tick } = run.market;
  const { direction, trailing } = position;
  const extreme = direction === 1 ? bars.high[i]! : bars.low[i]!;
  const isBest = direction * (extreme - position.best) > 0;
  if (isBest) position.best = extreme;
  if (!trailing || !(isBest || trailing.kind === "price")) return;
  const signalBar = trailing.kind === "price" ? i : position.signalBar;
  const level = levelPrice(trailing, signalBar, position.best, -direction as Direction);
  if (Number.isNaN(level)) return;
  const moved = roundStop(level, direction === 1 ? "buy" : "sell", tick);
  if (direction * (moved - position.trail) > 0) position.trail = moved;
}
