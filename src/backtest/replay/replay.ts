import { ArgumentError } from "../../core/errors.ts";
import type { JournalEvent } from "../../engine/events.ts";
import { computeMetrics } from "../../metrics/metrics.ts";
import type { GuardLimits } from "../../risk/guards.ts";
import { resolveParams } from "../../strategy/resolve.ts";
import { describeBars, tooFewBars } from "../backtest.ts";
import type { BacktestResult } from "../result.ts";
import { type BacktestSettings, backtestSettings } from "../settings.ts";
import type { ReplayInput } from "./input.ts";
import { ReplayRun } from "./run.ts";

/** A backtest's result with what the bot remembered. */
export interface ReplayResult extends BacktestResult {
  readonly journal: readonly JournalEvent[];
}

/** Nothing is forbidden: for comparing with the fast backtest, which has no guards. */
export const NO_LIMITS: GuardLimits = {
  riskPerTradeFraction: Infinity,
  maxDailyLossFraction: Infinity,
  maxDrawdownFraction: Infinity,
  maxOpenPositions: Infinity,
  maxPositionQuote: Infinity,
  minPositionQuote: 0,
  maxTotalQuote: Infinity,
  maxConsecutiveLosses: Infinity,
  cooldownBars: 0,
  maxPriceDeviationFraction: Infinity,
  maxSpreadBps: Infinity,
  maxDataAgeMs: Infinity,
  maxClockOffsetMs: Infinity,
};

/**
 * Trades the bars with the bot; docs/guide/backtest.md names where that differs from the fast backtest.
 *
 * @throws ArgumentError `REPLAY` where the settings are not those of a bot; and as `backtest`
 */
export function replay(input: ReplayInput): ReplayResult {
  const replaying = startReplay(input);
  replaying.advance(input.bars.length);
  return replaying.finish();
}

/** A replay that is taken further piece by piece, so that others can have their turn in between. */
export interface Replaying {
  /** Goes on up to bar `to`, exclusive. @throws whatever the strategy's set-up throws */
  advance(to: number): void;
  /** The result; call when all bars are behind. */
  finish(): ReplayResult;
}

/** @throws as `replay` */
export function startReplay(input: ReplayInput): Replaying {
  const { strategy, bars } = input;
  const settings = backtestSettings(input.settings);
  requireReplayable(settings);
  const { symbol, category } = input.instrument;
  if (category !== "linear") throw refusal(`${symbol} is ${category}: the bot trades linear contracts`);
  const params = resolveParams(strategy, input.params);
  const run = new ReplayRun({ ...input, settings, params, limits: input.limits ?? NO_LIMITS });
  return {
    advance: (to) => run.advance(to),
    finish() {
      if (run.isUnready) throw tooFewBars(strategy, params, bars);
      const { equity, journal } = run;
      const { trades, barsInMarket, ambiguousBars } = run.end();
      const { time } = bars;
      const curve = { startEquity: settings.cash, time, equity, intervalMs: run.step };
      const metrics = computeMetrics({ ...curve, trades, barsInMarket, ambiguousBars });
      const data = describeBars(bars);
      const refusals = refusalsOf(journal);
      return { strategy: strategy.name, params, data, settings, metrics, trades, equity, time, refusals, journal };
    },
  };
}

/** Refuses settings that no bot can follow. @throws ArgumentError `REPLAY` */
export function requireReplayable(settings: BacktestSettings): void {
  const faults: readonly (readonly [boolean, string])[] = [
    [settings.fill !== "next-open", "fill close: a bot cannot trade on a close and at it"],
    [settings.participation !== null, "participation: a bot does not know how much will be traded"],
    [settings.targetGap !== "open", "target-gap limit: the exchange's targets are market orders"],
  ];
  const fault = faults.find(([is]) => is)?.[1];
  if (fault) throw refusal(fault);
}

function refusal(fault: string): ArgumentError {
  return new ArgumentError("REPLAY", `${fault}; use the fast engine`, { fault });
}

/** Entries that were not made: by the bot's reason, or by the code the exchange refused them with. */
function refusalsOf(journal: readonly JournalEvent[]): Record<string, number> {
  const counts: Record<string, number> = {};
  const entries = new Set<string>();
  const count = (name: string) => {
    counts[name] = (counts[name] ?? 0) + 1;
  };
  for (const event of journal) {
    if (event.type === "refusal") count("guard" in event.why ? event.why.guard : event.why.reason);
    else if (event.type === "intent" && event.order.purpose === "entry") entries.add(event.order.linkId);
    else if (event.type === "outcome" && event.outcome.kind === "refused" && entries.has(event.linkId)) {
      count(`exchange${event.outcome.code}`);
    }
  }
  return counts;
}
