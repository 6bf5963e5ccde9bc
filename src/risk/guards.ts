import type { Side } from "../model/trade.ts";

/** What a bot may never do. Fractions of equity; money in quote; times in ms. */
export interface GuardLimits {
  readonly riskPerTradeFraction: number;
  readonly maxDailyLossFraction: number;
  readonly maxDrawdownFraction: number;
  readonly maxOpenPositions: number;
  readonly maxPositionQuote: number;
  readonly minPositionQuote: number;
  readonly maxTotalQuote: number;
  readonly maxConsecutiveLosses: number;
  readonly cooldownBars: number;
  readonly maxPriceDeviationFraction: number;
  readonly maxSpreadBps: number;
  readonly maxDataAgeMs: number;
  readonly maxClockOffsetMs: number;
}

export type GuardName =
  | "killed"
  | "dailyLoss"
  | "drawdown"
  | "consecutiveLosses"
  | "cooldown"
  | "openPositions"
  | "positionSize"
  | "tooSmall"
  | "totalSize"
  | "tradeRisk"
  | "margin"
  | "staleData"
  | "clock"
  | "spread"
  | "fatFinger";

/** Why an entry is not made: the number that was measured, and what it may be at most (`tooSmall`: at least). */
export interface GuardRefusal {
  readonly guard: GuardName;
  readonly value: number;
  readonly limit: number;
}

/** What guards judge an entry by. In-flight entries count as positions. */
export interface GuardContext {
  /** Epoch ms. */
  readonly now: number;
  readonly isKilled: boolean;
  /** Unrealised profit included. */
  readonly equity: number;
  readonly dayStartEquity: number;
  readonly peakEquity: number;
  readonly consecutiveLosses: number;
  /** Bars since the last losing trade of the lane; Infinity for none. */
  readonly barsSinceLoss: number;
  readonly openPositions: number;
  readonly totalNotional: number;
  /** What may still be margined at the leverage in use, as notional. */
  readonly affordableNotional: number;
  readonly quote: {
    readonly last: number;
    readonly bid: number | null;
    readonly ask: number | null;
    readonly time: number;
  };
  /** Exchange time minus local time, ms. */
  readonly clockOffsetMs: number;
}

/** An entry as it would be sent. */
export interface EntryPlan {
  readonly side: Side;
  readonly quantity: number;
  /** Expected fill price. */
  readonly price: number;
  readonly stopPrice: number | null;
}

declare const APPROVED: unique symbol;

/** A request that passed the guards. Only this room makes one, and an exchange port takes nothing else. */
export type Approved<T> = T & { readonly [APPROVED]: true };

/** The request, approved, or the first guard that refuses it. */
export function approveEntry<T>(
  request: T,
  plan: EntryPlan,
  limits: GuardLimits,
  context: GuardContext,
): { readonly ok: true; readonly request: Approved<T> } | { readonly ok: false; readonly refusal: GuardRefusal } {
  const refusal = refusalOf(plan, limits, context);
  return refusal ? { ok: false, refusal } : { ok: true, request: request as Approved<T> };
}

/** A request that can only make risk smaller: a reduce-only close, a protective price, a cancel. No guard may stop it. */
export function approveProtective<T extends { readonly kind: "exit" | "protect" | "cancel" }>(request: T): Approved<T> {
  return request as unknown as Approved<T>;
}

/** Guards that do not depend on the order: whether any entry may be made now. */
export function accountRefusal(limits: GuardLimits, context: GuardContext): GuardRefusal | null {
  const { equity, dayStartEquity, peakEquity, now, quote } = context;
  if (context.isKilled) return { guard: "killed", value: 1, limit: 0 };
  const { bid, ask, last } = quote;
  const spread = bid !== null && ask !== null && bid > 0 ? ((ask - bid) / bid) * 10_000 : 0;
  return (
    over("dailyLoss", 1 - equity / dayStartEquity, limits.maxDailyLossFraction) ??
    over("drawdown", 1 - equity / peakEquity, limits.maxDrawdownFraction) ??
    over("consecutiveLosses", context.consecutiveLosses, limits.maxConsecutiveLosses - 1) ??
    under("cooldown", context.barsSinceLoss, limits.cooldownBars) ??
    over("openPositions", context.openPositions + 1, limits.maxOpenPositions) ??
    over("staleData", now - quote.time, limits.maxDataAgeMs) ??
    over("clock", Math.abs(context.clockOffsetMs), limits.maxClockOffsetMs) ??
    over("spread", spread, limits.maxSpreadBps) ??
    (last > 0 ? null : { guard: "staleData", value: last, limit: 0 })
  );
}

function refusalOf(plan: EntryPlan, limits: GuardLimits, context: GuardContext): GuardRefusal | null {
  const { quantity, price, stopPrice } = plan;
  const notional = quantity * price;
  const risk = stopPrice === null ? 0 : (quantity * Math.abs(price - stopPrice)) / context.equity;
  return (
    accountRefusal(limits, context) ??
    over("positionSize", notional, limits.maxPositionQuote) ??
    under("tooSmall", notional, limits.minPositionQuote) ??
    over("totalSize", context.totalNotional + notional, limits.maxTotalQuote) ??
    // A hair above is rounding: the quantity was made from this very fraction.
    over("tradeRisk", risk, limits.riskPerTradeFraction * (1 + 1e-9)) ??
    over("margin", notional, context.affordableNotional * (1 + 1e-9)) ??
    over("fatFinger", Math.abs(price / context.quote.last - 1), limits.maxPriceDeviationFraction)
  );
}

/** Refuses what is above `limit`, and what is no number: not knowing is no reason to go ahead. */
function over(guard: GuardName, value: number, limit: number): GuardRefusal | null {
  return value <= limit ? null : { guard, value, limit };
}

function under(guard: GuardName, value: number, limit: number): GuardRefusal | null {
  return value >= limit ? null : { guard, value, limit };
}
