import type { z } from "zod";
import { DataError } from "../core/errors.ts";
import { MINUTE_MS } from "../core/time.ts";
import type { Category, Instrument, RiskTier } from "../model/instrument.ts";
import type { instrumentRow, riskTierRow } from "./catalogue/rows.ts";
import type { Gateway } from "./gateway.ts";

/** Rules of one market, and since when it trades. */
export interface ListedInstrument {
  readonly instrument: Instrument;
  /** Epoch ms; 0 when the exchange does not tell. */
  readonly launchTime: number;
}

/**
 * The rules of `symbol` as the exchange states them now.
 *
 * @throws DataError `SYMBOL_UNKNOWN` when it does not trade there, `INSTRUMENT_ANSWER` when a rule is missing; and as
 * `Gateway.call`
 */
export async function fetchInstrument(
  gateway: Gateway,
  { category, symbol }: { category: Category; symbol: string },
  signal?: AbortSignal,
): Promise<ListedInstrument> {
  const { list } = await gateway.call("get_instruments_info", { category, symbol }, { signal });
  const row = list.find((each) => each.symbol === symbol);
  if (!row)
    throw new DataError("SYMBOL_UNKNOWN", `${category} ${symbol} does not trade there; check symbol and --category`, {
      category,
      symbol,
    });
  const tiers = category === "spot" ? [] : await fetchTiers(gateway, { category, symbol }, signal);
  return { instrument: instrumentOfRow(row, category, tiers), launchTime: row.launchTime ?? 0 };
}

async function fetchTiers(
  gateway: Gateway,
  market: { category: "linear" | "inverse"; symbol: string },
  signal?: AbortSignal,
): Promise<RiskTier[]> {
  const rows: z.infer<typeof riskTierRow>[] = [];
  let cursor: string | undefined;
  do {
    const answer = await gateway.call("get_risk_limit", { ...market, ...(cursor && { cursor }) }, { signal });
    rows.push(...answer.list.filter((row) => row.symbol === market.symbol));
    cursor = answer.nextPageCursor && answer.nextPageCursor !== cursor ? answer.nextPageCursor : undefined;
  } while (cursor);
  return rows.map(tierOfRow).sort((a, b) => Number(a.limitValue) - Number(b.limitValue));
}

/** Rates come as fractions for some markets and as percent for others; leverage tells which. */
function tierOfRow(row: z.infer<typeof riskTierRow>): RiskTier {
  const isPercent = Number(row.initialMargin) * Number(row.maxLeverage) > 10;
  const rate = (text: string) => (isPercent ? hundredth(text) : text);
  return {
    limitValue: row.riskLimitValue,
    initialMarginRate: rate(row.initialMargin),
    maintenanceMarginRate: rate(row.maintenanceMargin),
    maintenanceDeduction: row.mmDeduction || "0",
    maxLeverage: row.maxLeverage,
  };
}

/** A decimal divided by 100 by moving its point: exact. */
function hundredth(text: string): string {
  const [whole = "0", fraction = ""] = text.split(".");
  const digits = whole.padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}${fraction}`.replace(/0+$/, "").replace(/\.$/, "");
}

/** @throws DataError `INSTRUMENT_ANSWER` */
export function instrumentOfRow(
  row: z.infer<typeof instrumentRow>,
  category: Category,
  riskTiers: readonly RiskTier[],
): Instrument {
  const { priceFilter: price, lotSizeFilter: lot, leverageFilter: leverage } = row;
  const need = (name: string, value: string | undefined): string => {
    if (value !== undefined && value !== "") return value;
    throw new DataError("INSTRUMENT_ANSWER", `the exchange's rules of ${row.symbol} lack ${name}`, {
      symbol: row.symbol,
      name,
    });
  };
  const isSpot = category === "spot";
  const tickSize = need("tickSize", price.tickSize);
  const step = isSpot ? need("basePrecision", lot.basePrecision) : need("qtyStep", lot.qtyStep);
  const most = isSpot
    ? need("maxLimitOrderQty", lot.maxLimitOrderQty ?? lot.maxOrderQty)
    : need("maxOrderQty", lot.maxOrderQty);
  return {
    symbol: row.symbol,
    category,
    baseCoin: row.baseCoin,
    quoteCoin: row.quoteCoin,
    settleCoin: row.settleCoin ?? row.quoteCoin,
    tickSize,
    minPrice: price.minPrice ?? tickSize,
    maxPrice: price.maxPrice ?? "1000000000",
    qtyStep: step,
    minOrderQty: isSpot ? step : need("minOrderQty", lot.minOrderQty),
    maxOrderQty: most,
    maxMarketOrderQty: (isSpot ? lot.maxMarketOrderQty : lot.maxMktOrderQty) ?? most,
    minNotionalValue: (isSpot ? lot.minOrderAmt : lot.minNotionalValue) ?? "0",
    maxLeverage: leverage?.maxLeverage ?? "1",
    leverageStep: leverage?.leverageStep ?? "0.01",
    fundingIntervalMs: (row.fundingInterval ?? 0) * MINUTE_MS,
    riskTiers,
  };
}
