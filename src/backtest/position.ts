import type { Level } from "../strategy/signals.ts";
import type { Direction } from "./fills.ts";

/** The one open position of a simulation. Its owner changes it from bar to bar. */
export interface OpenPosition {
  readonly direction: Direction;
  /** Signed base. */
  readonly size: number;
  readonly quantity: number;
  readonly entryPrice: number;
  readonly signalBar: number;
  readonly entryBar: number;
  readonly entryFee: number;
  /** Infinitely far away where there is none, as are `trail`, `target` and `targetTrigger`. */
  readonly stopLoss: number;
  readonly target: number;
  /** Price that fills the target; on a price grid one tick beyond it. */
  readonly targetTrigger: number;
  readonly trailing: Level | null;
  /** Where the trailing stop stands for the bar to come. */
  trail: number;
  /** Quote at risk at the entry; `null` without a stop. */
  readonly initialRisk: number | null;
  /** > 0 received. */
  funding: number;
  /** Mark price that liquidates; moves with the balance. */
  liquidation: number;
  /** Extremes of the price while open: the entry, and the bars held to their close. The trailing stop follows one of them. */
  lowest: number;
  highest: number;
}

/** The nearer of stop loss and trailing stop. */
export function nearestStop(direction: Direction, stopLoss: number, trail: number): number {
  return direction === 1 ? Math.max(stopLoss, trail) : Math.min(stopLoss, trail);
}

/** Where the position would be stopped now. */
export function activeStop({ direction, stopLoss, trail }: OpenPosition): number {
  return nearestStop(direction, stopLoss, trail);
}

/** Takes a price into the extremes seen while open. */
export function see(position: OpenPosition, price: number): void {
  if (price < position.lowest) position.lowest = price;
  if (price > position.highest) position.highest = price;
}

/** Worst and best unrealised return while open, fractions of the entry price: adverse ≤ 0 ≤ favourable. */
export function excursions({
  direction,
  entryPrice,
  lowest,
  highest,
}: Pick<OpenPosition, "direction" | "entryPrice" | "lowest" | "highest">): {
  readonly adverse: number;
  readonly favorable: number;
} {
  const down = lowest / entryPrice - 1;
  const up = highest / entryPrice - 1;
  return direction === 1
    ? { adverse: Math.min(0, down), favorable: Math.max(0, up) }
    : { adverse: Math.min(0, -up), favorable: Math.max(0, -down) };
}
