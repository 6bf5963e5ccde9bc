import { strategyNamed } from "../strategy/named.ts";
import type { Strategy } from "../strategy/strategy.ts";
import { bollingerReversion } from "./bollinger-reversion.ts";
import { donchianBreakout } from "./donchian-breakout.ts";
import { ensemble } from "./ensemble.ts";
import { macdAdx } from "./macd-adx.ts";
import { rsiTrend } from "./rsi-trend.ts";
import { supertrend } from "./supertrend.ts";

/** The strategies that ship, in the order they are listed. */
export const STRATEGIES: readonly Strategy[] = [
  rsiTrend,
  ensemble,
  donchianBreakout,
  supertrend,
  bollingerReversion,
  macdAdx,
];

/** The strategy that ships under `name`. @throws ArgumentError `STRATEGY_UNKNOWN`, naming the nearest */
export function shipped(name: string): Strategy {
  return strategyNamed(name, STRATEGIES);
}
