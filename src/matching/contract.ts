import { increment } from "../core/decimal.ts";
import { type Instrument, stepsOf } from "../model/instrument.ts";

/** Money beyond this (2^52 units) is refused at the door, so that every sum in the books stays exact. */
export const MOST_MONEY = 2 ** 52;

/** One rung of the risk ladder: money and fractions. */
export interface Tier {
  readonly limit: number;
  readonly maintenanceRate: number;
  readonly deduction: number;
  readonly maxLeverage: number;
}

/** The arithmetic of one instrument: ticks and steps to money and back. */
export class Contract {
  readonly instrument: Instrument;
  readonly isSpot: boolean;
  readonly isInverse: boolean;
  /** A long gains when the value grows (1) or shrinks (−1, inverse: value is coin per USD). */
  readonly direction: 1 | -1;
  readonly tiers: readonly Tier[];
  readonly minQty: number;
  readonly maxQty: number;
  readonly maxMarketQty: number;
  readonly minPrice: number;
  readonly maxPrice: number;
  readonly maxLeverage: number;
  /** One tick as a price. */
  readonly tick: number;
  readonly step: number;
  readonly #multiply: number;
  readonly #divide: number;
  readonly #unitsPerStep: number;
  readonly #minNotional: number;

  /** Scales: decimals of the money units of the value coin (settle, spot: quote) and, for spot, of the base coin. */
  constructor(instrument: Instrument, valueScale: number, baseScale: number) {
    this.instrument = instrument;
    this.isSpot = instrument.category === "spot";
    this.isInverse = instrument.category === "inverse";
    this.direction = this.isInverse ? -1 : 1;
    const { price, qty } = stepsOf(instrument);
    this.tick = price.step;
    this.step = qty.step;
    const tickUnits = Math.round(price.step * 10 ** price.scale);
    const stepUnits = Math.round(qty.step * 10 ** qty.scale);
    const power = this.isInverse ? valueScale + price.scale - qty.scale : valueScale - price.scale - qty.scale;
    const units = this.isInverse ? stepUnits / tickUnits : stepUnits * tickUnits;
    this.#multiply = power >= 0 ? units * 10 ** power : units;
    this.#divide = power >= 0 ? 1 : 10 ** -power;
    this.#unitsPerStep = stepUnits * 10 ** (baseScale - qty.scale);
    this.minQty = Math.max(1, qty.count(instrument.minOrderQty, "ceil"));
    this.maxQty = qty.count(instrument.maxOrderQty, "floor");
    this.maxMarketQty = qty.count(instrument.maxMarketOrderQty, "floor");
    this.minPrice = Math.max(1, price.count(instrument.minPrice, "ceil"));
    this.maxPrice = price.count(instrument.maxPrice, "floor");
    this.maxLeverage = Number(instrument.maxLeverage);
    // Inverse quantities are quote already.
    const notionalScale = this.isInverse ? 0 : valueScale;
    this.#minNotional = Number(instrument.minNotionalValue) * 10 ** notionalScale;
    this.tiers = instrument.riskTiers.map((tier) => ({
      limit: Number(tier.limitValue) * 10 ** valueScale,
      maintenanceRate: Number(tier.maintenanceMarginRate),
      deduction: Number(tier.maintenanceDeduction) * 10 ** valueScale,
      maxLeverage: Number(tier.maxLeverage),
    }));
  }

  /** Money of `steps` at `ticks`: quote, for inverse coin; nearest unit. */
  value(ticks: number, steps: number): number {
    if (this.isInverse) return Math.round(((steps / ticks) * this.#multiply) / this.#divide);
    const product = ticks * steps * this.#multiply;
    return this.#divide === 1 ? product : Math.round(product / this.#divide);
  }

  /** The price in ticks (not whole) at which `steps` are worth `value`. */
  priceOf(value: number, steps: number): number {
    if (this.isInverse) return ((steps / value) * this.#multiply) / this.#divide;
    return ((value / steps) * this.#divide) / this.#multiply;
  }

  /** Spot: money of the base coin in `steps`. */
  baseUnits(steps: number): number {
    return steps * this.#unitsPerStep;
  }

  /** Spot: whole steps in money of the base coin. */
  baseSteps(units: number): number {
    return Math.floor(units / this.#unitsPerStep);
  }

  /** Whether an order of this value is too small; inverse compares its quantity in USD. */
  isBelowNotional(value: number, steps: number): boolean {
    return (this.isInverse ? steps * this.step : value) < this.#minNotional;
  }

  /** Index of the rung for a position of `value`; the last one beyond all. */
  tierIndex(value: number): number {
    const { tiers } = this;
    let i = 0;
    while (i < tiers.length - 1 && value > tiers[i]!.limit) i += 1;
    return i;
  }

  tier(value: number): Tier {
    return this.tiers[this.tierIndex(value)] ?? NO_TIER;
  }
}

const NO_TIER: Tier = { limit: Infinity, maintenanceRate: 0, deduction: 0, maxLeverage: 1 };

/** Decimals of the money units of each coin in these markets: 8, or fewer for coins that come in coarse steps. */
export function coinScales(instruments: readonly Instrument[]): Map<string, number> {
  const scales = new Map<string, number>();
  const need = (coin: string, scale: number) => scales.set(coin, Math.max(scale, scales.get(coin) ?? 0));
  for (const instrument of instruments) {
    const stepScale = increment(instrument.qtyStep).scale;
    if (instrument.category !== "spot") need(instrument.settleCoin, 8);
    else {
      need(instrument.quoteCoin, 8);
      need(instrument.baseCoin, Math.max(stepScale, Math.min(8, stepScale + 3)));
    }
  }
  return scales;
}
