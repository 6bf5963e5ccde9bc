import type { Increment } from "../core/decimal.ts";
import { ArgumentError } from "../core/errors.ts";
import { intervalMs, YEAR_MS } from "../core/time.ts";
import type { Bars } from "../model/bar.ts";
import type { FundingRates } from "../model/funding.ts";
import type { Instrument } from "../model/instrument.ts";
import { type OrderLimits, orderLimits } from "../risk/limits.ts";
import { NO_SETTLEMENTS, type Settlements, settlementsOf } from "./funding.ts";
import { type MaintenanceTier, maintenanceTiers } from "./liquidation.ts";
import { alignMark, type MarkColumns } from "./mark.ts";
import type { BacktestSettings } from "./settings.ts";

/** What a backtest may know beside bars and signals. */
export interface MarketExtras {
  /** Rounding, minima, margin tiers; without one nothing is rounded and margin is 0.5 %. */
  readonly instrument?: Instrument;
  readonly funding?: FundingRates;
  /** Mark-price bars of the same interval: they decide on liquidation and value funding. */
  readonly mark?: Bars;
  /** Bars of a shorter interval, which decide whether stop or target came first. */
  readonly detail?: Bars;
}

/** Bars and rules as the loops need them. */
export interface Market {
  readonly bars: Bars;
  readonly settings: BacktestSettings;
  readonly atClose: boolean;
  /** Fraction by which a market fill is worse than its price. */
  readonly slippage: number;
  readonly makerFeeRate: number;
  readonly leverage: number;
  readonly side: "both" | "long" | "short";
  readonly tick: Increment | null;
  readonly limits: OrderLimits | null;
  readonly tiers: readonly MaintenanceTier[];
  readonly settlements: Settlements;
  readonly mark: MarkColumns | null;
  readonly detail: Bars | null;
  readonly barsPerYear: number;
}

/** @throws ArgumentError `INVERSE`, `SPOT_SHORT`, `MARK_INTERVAL`, `DETAIL_INTERVAL`, `STEP` */
export function marketOf(bars: Bars, settings: BacktestSettings, extras: MarketExtras = {}): Market {
  const { instrument = null, funding, detail = null } = extras;
  checkInstrument(instrument, settings);
  checkDetail(detail, bars);
  const spot = instrument?.category === "spot";
  const mark = extras.mark ? alignMark(extras.mark, bars) : null;
  const limits = instrument && orderLimits(instrument);
  const paysFunding = settings.funding && funding !== undefined && !spot;
  return {
    bars,
    settings,
    atClose: settings.fill === "close",
    slippage: settings.slippageBps / 10_000,
    makerFeeRate: settings.makerFeeRate ?? settings.feeRate,
    leverage: instrument ? Math.min(settings.leverage, Number(instrument.maxLeverage)) : settings.leverage,
    side: spot ? "long" : settings.side,
    tick: limits?.steps.price ?? null,
    limits,
    tiers: maintenanceTiers(instrument),
    settlements: paysFunding ? settlementsOf(funding, bars, mark?.open ?? bars.open) : NO_SETTLEMENTS,
    mark,
    detail,
    barsPerYear: YEAR_MS / intervalMs(bars.interval),
  };
}

function checkInstrument(instrument: Instrument | null, settings: BacktestSettings): void {
  if (instrument?.category === "inverse") {
    const message = `${instrument.symbol} is an inverse contract, whose profit is in coin; backtests count in quote: use its linear market`;
    throw new ArgumentError("INVERSE", message, { symbol: instrument.symbol });
  }
  if (instrument?.category === "spot" && settings.side === "short") {
    const message = `${instrument.symbol} is a spot market, which cannot be sold short; use side long`;
    throw new ArgumentError("SPOT_SHORT", message, { symbol: instrument.symbol });
  }
}

function checkDetail(detail: Bars | null, bars: Bars): void {
  if (detail === null || intervalMs(detail.interval) < intervalMs(bars.interval)) return;
  const message = `detail bars must be shorter than the bars' ${bars.interval}, was ${detail.interval}`;
  throw new ArgumentError("DETAIL_INTERVAL", message, { detail: detail.interval, bars: bars.interval });
}
