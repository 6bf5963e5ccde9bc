import type { Side } from "../model/trade.ts";
import type { OrderLimits } from "./limits.ts";
import type { SizingPolicy } from "./policy.ts";

/** What a sizing policy may know when the order is made. Prices in quote per base, money in quote. */
export interface SizingContext {
  readonly side: Side;
  readonly equity: number;
  /** Price the order is expected to fill at, slippage included. */
  readonly price: number;
  /** Where the position would be closed at a loss; `null` without a stop. */
  readonly stopPrice: number | null;
  /** Fraction of notional paid per fill. */
  readonly feeRate: number;
  /** Caps notional; it never multiplies what a policy asks for. */
  readonly leverage: number;
  /** Annualised, a fraction; only read by the volatility policy. `NaN` = not known. */
  readonly volatility?: number;
  /** Multiplies what the policy gives, before any cap. Default 1. */
  readonly multiplier?: number;
  /** Most base quantity that may be asked for, e.g. a share of traded volume. */
  readonly maxQuantity?: number;
  /** `null`: nothing is rounded and nothing is too small. */
  readonly limits: OrderLimits | null;
}

export type SizingRefusal =
  | "noEquity"
  | "noSize"
  | "noStop"
  | "stopWrongSide"
  | "volatilityUnknown"
  | "belowMinQty"
  | "belowMinNotional";

/** A base quantity > 0 with its value at the expected price, or why nothing is sent. */
export type Sizing =
  | { readonly ok: true; readonly quantity: number; readonly notional: number }
  | { readonly ok: false; readonly reason: SizingRefusal };

/**
 * The order a policy makes of an account.
 *
 * In this order: the policy's quantity, times `multiplier`; capped to what equity can margin at `leverage` with its entry
 * fee (so notional ≤ equity × leverage always); capped to `maxQuantity` and the largest market order; floored to the step.
 */
export function sizeOrder(policy: SizingPolicy, context: SizingContext): Sizing {
  const { equity, price, limits, multiplier = 1, maxQuantity = Infinity } = context;
  if (!(equity > 0)) return refused("noEquity");
  if (!(multiplier > 0)) return refused("noSize");
  if (context.stopPrice !== null && !isBehind(context.side, price, context.stopPrice)) return refused("stopWrongSide");
  const wanted = quantityOf(policy, context);
  if (typeof wanted === "string") return refused(wanted);
  let quantity = Math.min(wanted * multiplier, affordableQuantity(context), maxQuantity);
  if (limits) {
    const steps = limits.steps.qty;
    quantity = steps.value(steps.count(Math.min(quantity, limits.maxMarketQty), "floor"));
    if (quantity < limits.minQty) return refused("belowMinQty");
    if (quantity * price < limits.minNotional) return refused("belowMinNotional");
  }
  return quantity > 0 ? { ok: true, quantity, notional: quantity * price } : refused("noSize");
}

/** Base quantity whose margin and entry fee are exactly `equity`: equity ÷ (price × (1 ÷ leverage + feeRate)). */
export function affordableQuantity({
  equity,
  price,
  leverage,
  feeRate,
}: Pick<SizingContext, "equity" | "price" | "leverage" | "feeRate">): number {
  return equity / (price * (1 / leverage + feeRate));
}

/** Quote lost per base unit when a stop is hit, both fees included. */
export function riskPerUnit(price: number, stopPrice: number, feeRate: number): number {
  return Math.abs(price - stopPrice) + price * feeRate + stopPrice * feeRate;
}

function quantityOf(policy: SizingPolicy, context: SizingContext): number | SizingRefusal {
  const { equity, price, stopPrice, feeRate, volatility = NaN } = context;
  switch (policy.kind) {
    case "all-in":
      return equity / (price * (1 + feeRate));
    case "quote":
      return policy.quote / price;
    case "qty":
      return policy.qty;
    case "fraction":
      return (equity * policy.fraction) / price;
    case "risk":
      if (stopPrice === null) return "noStop";
      return (equity * policy.fraction) / riskPerUnit(price, stopPrice, feeRate);
    case "volatility":
      return volatility > 0 ? (equity * (policy.target / volatility)) / price : "volatilityUnknown";
  }
}

/** Whether a stop lies where the position would lose: below a long's price, above a short's. */
function isBehind(side: Side, price: number, stopPrice: number): boolean {
  return side === "buy" ? stopPrice < price : stopPrice > price;
}

function refused(reason: SizingRefusal): Sizing {
  return { ok: false, reason };
}
