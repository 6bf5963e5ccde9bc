import { increment } from "../../core/decimal.ts";
import { MINUTE_MS } from "../../core/time.ts";
import type { Category, Instrument } from "../../model/instrument.ts";
import { FUNDING_CAP } from "../market/derived.ts";

/** What the exchange says of a symbol beyond its trading rules. */
export interface Listing {
  readonly instrument: Instrument;
  /** Epoch ms. */
  readonly launchTime: number;
  readonly symbolId: number;
  readonly status: "Trading" | "Closed";
}

/** Limit prices may lie this far from the mark before the band stops them: X, and Y at most. */
export const PRICE_LIMIT_RATIOS: Readonly<Record<Category, { x: string; y: string }>> = {
  linear: { x: "0.01", y: "0.02" },
  inverse: { x: "0.01", y: "0.02" },
  spot: { x: "0.005", y: "0.01" },
};

/** An entry of `/v5/market/instruments-info`. */
export function instrumentInfo(listing: Listing): Record<string, unknown> {
  return listing.instrument.category === "spot" ? spotInfo(listing) : contractInfo(listing);
}

function contractInfo({ instrument, launchTime, symbolId, status }: Listing): Record<string, unknown> {
  const { category, settleCoin } = instrument;
  const ratios = PRICE_LIMIT_RATIOS[category];
  return {
    symbol: instrument.symbol,
    contractType: category === "linear" ? "LinearPerpetual" : "InversePerpetual",
    status,
    baseCoin: instrument.baseCoin,
    quoteCoin: instrument.quoteCoin,
    launchTime: String(launchTime),
    deliveryTime: "0",
    deliveryFeeRate: "",
    priceScale: String(increment(instrument.tickSize).scale),
    leverageFilter: {
      minLeverage: "1",
      maxLeverage: instrument.maxLeverage,
      leverageStep: instrument.leverageStep,
    },
    priceFilter: { minPrice: instrument.minPrice, maxPrice: instrument.maxPrice, tickSize: instrument.tickSize },
    lotSizeFilter: {
      maxOrderQty: instrument.maxOrderQty,
      minOrderQty: instrument.minOrderQty,
      qtyStep: instrument.qtyStep,
      postOnlyMaxOrderQty: instrument.maxOrderQty,
      maxMktOrderQty: instrument.maxMarketOrderQty,
      minNotionalValue: instrument.minNotionalValue,
    },
    unifiedMarginTrade: true,
    fundingInterval: instrument.fundingIntervalMs / MINUTE_MS,
    settleCoin,
    copyTrading: "none",
    upperFundingRate: String(FUNDING_CAP),
    lowerFundingRate: String(-FUNDING_CAP),
    isPreListing: false,
    preListingInfo: null,
    riskParameters: { priceLimitRatioX: ratios.x, priceLimitRatioY: ratios.y },
    displayName: "",
    symbolType: "",
    symbolId,
    forbidUplWithdrawal: false,
    skipCallAuction: false,
  };
}

function spotInfo({ instrument, symbolId, status }: Listing): Record<string, unknown> {
  const ratios = PRICE_LIMIT_RATIOS.spot;
  const qty = increment(instrument.qtyStep);
  const most = qty.count(instrument.maxOrderQty, "floor");
  return {
    symbol: instrument.symbol,
    baseCoin: instrument.baseCoin,
    quoteCoin: instrument.quoteCoin,
    innovation: "0",
    symbolType: "",
    symbolId,
    xstockMultiplier: "",
    status,
    marginTrading: "none",
    stTag: "0",
    lotSizeFilter: {
      basePrecision: instrument.qtyStep,
      quotePrecision: "0.0000001",
      minOrderQty: instrument.minOrderQty,
      maxOrderQty: instrument.maxOrderQty,
      minOrderAmt: instrument.minNotionalValue,
      maxOrderAmt: "8000000",
      maxLimitOrderQty: instrument.maxOrderQty,
      maxMarketOrderQty: instrument.maxMarketOrderQty,
      postOnlyMaxLimitOrderSize: qty.format(most * 5),
    },
    priceFilter: { tickSize: instrument.tickSize },
    riskParameters: { priceLimitRatioX: ratios.x, priceLimitRatioY: ratios.y },
  };
}
