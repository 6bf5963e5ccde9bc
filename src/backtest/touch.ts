import { lowerBound } from "../core/columns.ts";
import { intervalMs } from "../core/time.ts";
import { marketPrice } from "../risk/slippage.ts";
import type { Direction } from "./fills.ts";
import { bankruptcyPrice } from "./liquidation.ts";
import type { Market } from "./market.ts";
import { activeStop, type OpenPosition, see } from "./position.ts";
import type { Exit, Run } from "./run.ts";

/** The prices of one bar. */
export interface BarPrices {
  readonly open: number;
  readonly high: number;
  readonly low: number;
}

/** What a bar did to a stop and a target: where it opened decides first, then the stop. */
export type Touch = "none" | "stopGap" | "targetGap" | "stop" | "target" | "both";

/** `target` is the price that fills it, not the one it fills at. */
export function touchOf(
  bar: BarPrices,
  { direction, stop, target }: { direction: Direction; stop: number; target: number },
): Touch {
  const reaches = (price: number, level: number, way: Direction) => way * (price - level) >= 0;
  const behind = -direction as Direction;
  if (reaches(bar.open, stop, behind)) return "stopGap";
  if (reaches(bar.open, target, direction)) return "targetGap";
  const worst = direction === 1 ? bar.low : bar.high;
  const best = direction === 1 ? bar.high : bar.low;
  const stopped = reaches(worst, stop, behind);
  if (reaches(best, target, direction)) return stopped ? "both" : "target";
  return stopped ? "stop" : "none";
}

/** How bar `i` ends the position, `null` if it does not. A bar without volume fills nothing, but mark prices still liquidate. */
export function protectiveExit(run: Run, position: OpenPosition, i: number): Exit | null {
  const { market } = run;
  const { bars } = market;
  const { direction } = position;
  const stop = activeStop(position);
  const bar = { open: bars.open[i]!, high: bars.high[i]!, low: bars.low[i]! };
  const trades = bars.volume[i] !== 0;
  const levels = { direction, stop, target: position.targetTrigger };
  const touch = trades ? touchOf(bar, levels) : "none";
  const stopFirst =
    (touch === "stop" || touch === "both" || touch === "stopGap") && direction * (stop - position.liquidation) > 0;
  if (isLiquidated(market, position, i, stopFirst)) {
    see(position, bar.open);
    const price = bankruptcyPrice(direction, position.entryPrice, run.balance, position.quantity);
    return { bar: i, price, reason: "liquidation", feeRate: 0, ambiguous: false };
  }
  if (touch === "none") return null;
  see(position, bar.open);
  if (touch !== "both") return exitOf(market, position, { touch, open: bar.open, bar: i, ambiguous: false });
  return exitOf(market, position, { ...decide(market, levels, i), bar: i });
}

/** A stop nearer than the liquidation price goes first, unless the bar already opens beyond liquidation. */
function isLiquidated({ mark, bars }: Market, position: OpenPosition, i: number, stopFirst: boolean): boolean {
  const { open, high, low } = mark ?? bars;
  const { direction, liquidation } = position;
  if (direction * (open[i]! - liquidation) <= 0) return true;
  return !stopFirst && direction * ((direction === 1 ? low : high)[i]! - liquidation) <= 0;
}

/** Both levels lie inside bar `i`: finer bars say which came first; without them, or if they cannot, the stop did. */
function decide(
  { detail, bars }: Market,
  levels: { direction: Direction; stop: number; target: number },
  i: number,
): { touch: Touch; open: number; ambiguous: boolean } {
  if (detail) {
    const from = bars.time[i]!;
    const end = lowerBound(detail.time, from + intervalMs(bars.interval));
    for (let k = lowerBound(detail.time, from); k < end; k++) {
      if (detail.volume[k] === 0) continue;
      const bar = { open: detail.open[k]!, high: detail.high[k]!, low: detail.low[k]! };
      const touch = touchOf(bar, levels);
      if (touch === "both") break;
      if (touch !== "none") return { touch, open: bar.open, ambiguous: false };
    }
  }
  return { touch: "stop", open: NaN, ambiguous: true };
}

function exitOf(
  market: Market,
  position: OpenPosition,
  at: { touch: Touch; open: number; bar: number; ambiguous: boolean },
): Exit {
  const { direction, target, stopLoss, trail } = position;
  const { bar, ambiguous } = at;
  if (at.touch === "target" || at.touch === "targetGap") {
    const gap = at.touch === "targetGap" && market.settings.targetGap === "open";
    return { bar, price: gap ? at.open : target, reason: "takeProfit", feeRate: market.makerFeeRate, ambiguous };
  }
  const base = at.touch === "stopGap" ? at.open : activeStop(position);
  const price = marketPrice(base, -direction as Direction, market);
  const reason = direction * (trail - stopLoss) > 0 ? "trailingStop" : "stopLoss";
  return { bar, price, reason, feeRate: market.settings.feeRate, ambiguous };
}
