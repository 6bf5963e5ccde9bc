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
  const end = markEnd(run, position, from, to);
  return position.trailing ? walkFollowing(run, position, from, end) : walkFixed(run, position, from, end);
}

/** Values bar `i` as held to its close: nothing could trade in it, or nothing was touched. */
export function holdBar(run: Run, position: OpenPosition, i: number): void {
  const { bars } = run.market;
  if (bars.low[i]! < position.lowest) position.lowest = bars.low[i]!;
  if (bars.high[i]! > position.highest) position.highest = bars.high[i]!;
  value(run, position, i);
  moveTrail(run, position, i);
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

/** First bar of the span whose mark price liquidates; `to` where none does, or where there are no mark prices. */
function markEnd(run: Run, { direction, liquidation }: OpenPosition, from: number, to: number): number {
  const { mark } = run.market;
  if (!mark) return to;
  const floor = direction === 1 ? liquidation : -Infinity;
  const ceiling = direction === 1 ? Infinity : liquidation;
  return firstMarkTouch(mark, { from, to, floor, ceiling });
}

/** Levels that stay: 4 ns per bar, most of it waiting for memory. A call inside, even an idle one, makes it 9. */
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

/** The same with a stop that follows: it moves at the close of a bar, for the next one. */
function walkFollowing(run: Run, position: OpenPosition, from: number, to: number): number {
  const { equity, balance } = run;
  const { high, low, close } = run.market.bars;
  const { direction, size, entryPrice, trailing } = position;
  const everyBar = trailing?.kind === "price";
  let { floor, ceiling } = bounds(run, position);
  let { lowest, highest } = position;
  let i = from;
  for (; i < to; i++) {
    const down = low[i]!;
    const up = high[i]!;
    if (down <= floor || up >= ceiling) break;
    const moves = everyBar || (direction === 1 ? up > highest : down < lowest);
    if (down < lowest) lowest = down;
    if (up > highest) highest = up;
    equity[i] = balance + size * (close[i]! - entryPrice);
    if (!moves) continue;
    position.lowest = lowest;
    position.highest = highest;
    if (moveTrail(run, position, i)) ({ floor, ceiling } = bounds(run, position));
  }
  position.lowest = lowest;
  position.highest = highest;
  return i;
}

/** Bar `i` is closed: the best price so far, or its price level, may move the trailing stop, only ever in favour. */
function moveTrail(run: Run, position: OpenPosition, i: number): boolean {
  const { direction, trailing, lowest, highest } = position;
  if (!trailing) return false;
  const best = direction === 1 ? highest : lowest;
  const signalBar = trailing.kind === "price" ? i : position.signalBar;
  const level = levelPrice(trailing, signalBar, best, -direction as Direction);
  if (Number.isNaN(level)) return false;
  const moved = roundStop(level, direction === 1 ? "buy" : "sell", run.market.tick);
  if (direction * (moved - position.trail) <= 0) return false;
  position.trail = moved;
  return true;
}
