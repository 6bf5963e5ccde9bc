import type { Instrument } from "../model/instrument.ts";
import type { Direction } from "./fills.ts";

/** Maintenance margin of a position value: value × `rate` − `deduction`, quote. */
export interface MaintenanceTier {
  /** Largest position value of the tier, quote. */
  readonly limitValue: number;
  readonly rate: number;
  readonly deduction: number;
}

/** One tier of 0.5 %, where nothing else is known. */
export const DEFAULT_TIERS: readonly MaintenanceTier[] = [{ limitValue: Infinity, rate: 0.005, deduction: 0 }];

/** The maintenance ladder of an instrument; one tier of 0.5 % without one; none for spot. */
export function maintenanceTiers(instrument: Instrument | null): readonly MaintenanceTier[] {
  if (instrument === null) return DEFAULT_TIERS;
  if (instrument.category === "spot") return [];
  const tiers = instrument.riskTiers.map((tier) => ({
    limitValue: Number(tier.limitValue),
    rate: Number(tier.maintenanceMarginRate),
    deduction: Number(tier.maintenanceDeduction),
  }));
  return tiers.length > 0 ? tiers : DEFAULT_TIERS;
}

/** The tier of a position value; the last one beyond the ladder's end. */
export function tierOf(tiers: readonly MaintenanceTier[], value: number): MaintenanceTier | undefined {
  return tiers.find((tier) => value <= tier.limitValue) ?? tiers.at(-1);
}

/**
 * Mark price at which an account with one linear position is liquidated, because its equity no longer covers the
 * maintenance margin at that price. The tier is that of the entry value. ≤ 0 or infinite = never.
 *
 * `balance` is the account without unrealised profit, quote.
 */
export function liquidationPrice(position: {
  readonly direction: Direction;
  readonly quantity: number;
  readonly entryPrice: number;
  readonly balance: number;
  readonly tiers: readonly MaintenanceTier[];
}): number {
  const { direction, quantity, entryPrice, balance, tiers } = position;
  const tier = tierOf(tiers, entryPrice * quantity);
  if (!tier) return direction === 1 ? -Infinity : Infinity;
  const value = quantity * entryPrice;
  if (direction === 1) return (value - balance - tier.deduction) / (quantity * (1 - tier.rate));
  return (value + balance + tier.deduction) / (quantity * (1 + tier.rate));
}

/** Price at which `margin` is lost in full: where a liquidated position is closed. */
export function bankruptcyPrice(direction: Direction, entryPrice: number, margin: number, quantity: number): number {
  return entryPrice - (direction * margin) / quantity;
}

/** Liquidation and bankruptcy of an isolated linear position, both margins taken at the entry price, fees left out. */
export function isolatedLiquidation(position: {
  readonly direction: Direction;
  readonly quantity: number;
  readonly entryPrice: number;
  readonly leverage: number;
  readonly maintenanceRate: number;
}): { readonly liquidationPrice: number; readonly bankruptcyPrice: number } {
  const { direction, quantity, entryPrice, leverage, maintenanceRate } = position;
  const initial = (entryPrice * quantity) / leverage;
  const maintenance = entryPrice * quantity * maintenanceRate;
  return {
    liquidationPrice: entryPrice - (direction * (initial - maintenance)) / quantity,
    bankruptcyPrice: bankruptcyPrice(direction, entryPrice, initial, quantity),
  };
}
