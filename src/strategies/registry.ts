import type { Strategy } from "../strategy/strategy.ts";
import { rsiTrend } from "./rsi-trend.ts";

/** The strategies that ship, in the order they are listed. */
export const STRATEGIES: readonly Strategy[] = [rsiTrend];
