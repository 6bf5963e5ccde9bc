import type { LevelExpression } from "./level.ts";
import type { Condition, Series } from "./series.ts";

/** Rules that become true or false per bar. */
export const SIGNALS = ["enterLong", "exitLong", "enterShort", "exitShort"] as const;
export type SignalName = (typeof SIGNALS)[number];
/** Rules that say where a protective price lies. */
export const LEVELS = ["stopLoss", "takeProfit", "trailingStop"] as const;
export type LevelName = (typeof LEVELS)[number];

/** What a strategy says, bar by bar, at the close. A rule that is absent never fires. */
export interface Rules {
  readonly enterLong?: Condition | undefined;
  /** May read `position`. */
  readonly exitLong?: Condition | undefined;
  readonly enterShort?: Condition | undefined;
  /** May read `position`. */
  readonly exitShort?: Condition | undefined;
  /** A number is a fraction of the entry price (0.02 = two percent); else `distance(…)` or `price(…)`. */
  readonly stopLoss?: number | LevelExpression | undefined;
  readonly takeProfit?: number | LevelExpression | undefined;
  /** Kept behind the best price of closed bars. */
  readonly trailingStop?: number | LevelExpression | undefined;
  /** Multiplies what the sizing policy gives; undefined or ≤ 0: no entry. */
  readonly size?: number | Series | undefined;
}
