import { exactNumber } from "../core/exact.ts";
import type { Bot } from "../engine/bot.ts";
import type { PositionFact, Quote } from "../engine/facts.ts";
import type { BotIdentity } from "../engine/identity.ts";
import type { Lane } from "../engine/lane.ts";
import type { GuardLimits } from "../risk/guards.ts";
import type { LaneStatus, TraderStatus } from "./status.ts";

/** What a status is made of. */
export interface StatusSources {
  readonly identity: BotIdentity;
  readonly bot: Bot;
  readonly lanes: readonly Lane[];
  readonly limits: GuardLimits;
  readonly quotes: ReadonlyMap<string, Quote>;
  /** Positions as last told. */
  readonly positions: ReadonlyMap<string, PositionFact>;
  readonly startedAt: number;
  readonly now: number;
  readonly isLinkUp: boolean;
  readonly isJournalWritable: boolean;
  readonly clockOffsetMs: number;
  readonly isStopping: boolean;
}

export function statusOf(sources: StatusSources): TraderStatus {
  const { identity, bot, lanes, limits, now } = sources;
  const { state, equity } = bot;
  const latches = [...state.latches.keys()];
  const lanesNow = lanes.map((lane) => laneStatus(sources, lane));
  const notional = lanesNow.reduce((sum, { size, markPrice }) => sum + Math.abs(size) * (markPrice ?? 0), 0);
  const { dayStartEquity, peakEquity } = state;
  return {
    environment: identity.environment,
    account: identity.account,
    pid: process.pid,
    state: stateOf(sources),
    latches,
    startedAt: sources.startedAt,
    now,
    isLinkUp: sources.isLinkUp,
    isReconciled: bot.isReady,
    isJournalWritable: sources.isJournalWritable,
    clockOffsetMs: sources.clockOffsetMs,
    balance: exactNumber(state.balance),
    equity,
    dayStartEquity,
    peakEquity,
    dailyLoss: fall(dayStartEquity, equity),
    maxDailyLoss: limits.maxDailyLossFraction,
    drawdown: fall(peakEquity, equity),
    maxDrawdown: limits.maxDrawdownFraction,
    marginUsed: equity > 0 ? notional / equity : 0,
    lanes: lanesNow,
  };
}

function stateOf({ bot, isStopping }: StatusSources): TraderStatus["state"] {
  if (bot.isClosing) return "closing";
  if (isStopping) return "stopping";
  if (!bot.isReady) return "starting";
  return bot.state.latches.size > 0 ? "halted" : "trading";
}

/** By how much `now` is below `before`, fraction; 0 where it is not. */
function fall(before: number, now: number): number {
  return before > 0 ? Math.max(0, 1 - now / before) : 0;
}

function laneStatus({ bot, quotes, positions, now }: StatusSources, lane: Lane): LaneStatus {
  const { symbol, options } = lane;
  const { ledger } = bot.state;
  const size = exactNumber(ledger.size(symbol));
  const quote = quotes.get(symbol);
  const mark = quote?.mark ?? quote?.last ?? null;
  const entryPrice = size === 0 ? null : ledger.entryPrice(symbol);
  const liquidation = size === 0 ? null : (positions.get(symbol)?.liquidationPrice ?? null);
  return {
    name: options.name,
    strategy: options.strategy.name,
    symbol,
    interval: options.interval,
    stopped: lane.stopped,
    lastBar: lane.bar?.time ?? null,
    bars: lane.length,
    size,
    entryPrice,
    lastPrice: quote?.last ?? null,
    markPrice: mark,
    priceAgeMs: quote ? Math.max(0, now - quote.time) : null,
    unrealized: entryPrice === null || mark === null ? 0 : size * (mark - entryPrice),
    stop: size === 0 ? null : bot.state.position(symbol).stop,
    liquidationPrice: liquidation,
    liquidationDistance: liquidation === null || mark === null ? null : Math.abs(mark - liquidation) / mark,
    orders: bot.state.pending(symbol),
  };
}
