import { type Instrument, type InstrumentSteps, stepsOf } from "../model/instrument.ts";

/** What an instrument allows of a market order, as numbers. Quantities in base, notional in quote. */
export interface OrderLimits {
  readonly steps: InstrumentSteps;
  readonly minQty: number;
  /** `Infinity` where the instrument states none. */
  readonly maxMarketQty: number;
  readonly minNotional: number;
}

/** @throws ArgumentError `STEP` when the instrument's tick or step is not a positive decimal */
export function orderLimits(instrument: Instrument): OrderLimits {
  const most = Number(instrument.maxMarketOrderQty);
  return {
    steps: stepsOf(instrument),
    minQty: Number(instrument.minOrderQty),
    maxMarketQty: most > 0 ? most : Infinity,
    minNotional: Number(instrument.minNotionalValue),
  };
}
