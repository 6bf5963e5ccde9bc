import { type Increment, increment } from "../core/decimal.ts";

export type Category = "linear" | "inverse" | "spot";

/** One step of a symbol's risk-limit ladder. Rates are fractions of position value. */
export interface RiskTier {
  /** Position value (quote for linear, coin for inverse) up to which this tier applies. */
  readonly limitValue: string;
  readonly initialMarginRate: string;
  readonly maintenanceMarginRate: string;
  /** Subtracted from value × maintenance rate, so that margin is continuous across tiers. */
  readonly maintenanceDeduction: string;
  readonly maxLeverage: string;
}

/**
 * The exchange's rules for one symbol, as it states them: plain decimal strings.
 *
 * Quantities are base for linear and spot, quote (USD contracts) for inverse.
 */
export interface Instrument {
  readonly symbol: string;
  readonly category: Category;
  readonly baseCoin: string;
  readonly quoteCoin: string;
  readonly settleCoin: string;
  readonly tickSize: string;
  readonly minPrice: string;
  readonly maxPrice: string;
  /** Spot: the exchange calls it `basePrecision`. */
  readonly qtyStep: string;
  readonly minOrderQty: string;
  readonly maxOrderQty: string;
  readonly maxMarketOrderQty: string;
  /** Least price × quantity of an order, in quote. Spot: `minOrderAmt`. */
  readonly minNotionalValue: string;
  /** "1" for spot. */
  readonly maxLeverage: string;
  readonly leverageStep: string;
  /** 0 for spot. */
  readonly fundingIntervalMs: number;
  /** Ascending by `limitValue`; empty for spot. */
  readonly riskTiers: readonly RiskTier[];
}

/** The two conversions between the exchange's decimals and the integers of the books. */
export interface InstrumentSteps {
  readonly price: Increment;
  readonly qty: Increment;
}

/** @throws ArgumentError `STEP` when the instrument's tick or step is not a positive decimal */
export function stepsOf(instrument: Pick<Instrument, "tickSize" | "qtyStep">): InstrumentSteps {
  return { price: increment(instrument.tickSize), qty: increment(instrument.qtyStep) };
}
