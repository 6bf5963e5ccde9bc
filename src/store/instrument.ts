import { DataError } from "../core/errors.ts";
import type { Instrument } from "../model/instrument.ts";
import { dataFault, shown } from "./faults.ts";

const TEXTS = ["symbol", "baseCoin", "quoteCoin", "settleCoin"] as const;
const STEPS = ["tickSize", "qtyStep"] as const;
const DECIMALS = [
  ...["minPrice", "maxPrice", "minOrderQty", "maxOrderQty", "maxMarketOrderQty"],
  ...["minNotionalValue", "maxLeverage", "leverageStep"],
] as const;
const TIER = [
  "limitValue",
  "initialMarginRate",
  "maintenanceMarginRate",
  "maintenanceDeduction",
  "maxLeverage",
] as const;

/**
 * The instrument rules in a JSON file; every field must be there and be what `model/instrument.ts` says.
 *
 * @throws DataError `INSTRUMENT` naming the field
 */
export function parseInstrument(text: string, file: string): Instrument {
  try {
    const value: unknown = JSON.parse(text);
    checkInstrument(value, file);
    return value;
  } catch (error) {
    if (error instanceof DataError) throw error;
    throw dataFault("INSTRUMENT", { file }, "is not JSON", "write the rules of one instrument as a JSON object", error);
  }
}

function checkInstrument(value: unknown, file: string): asserts value is Instrument {
  const record = recordOf(value, file, "the file");
  for (const field of TEXTS) need(file, field, record[field], isText, "a text");
  for (const field of STEPS)
    need(file, field, record[field], (v) => isDecimal(v) && Number(v) > 0, 'a step such as "0.1"');
  for (const field of DECIMALS) need(file, field, record[field], isDecimal, 'a plain decimal text such as "100"');
  const isCategory = (v: unknown) => v === "linear" || v === "inverse" || v === "spot";
  need(file, "category", record.category, isCategory, "linear, inverse or spot");
  const isDuration = (v: unknown) => typeof v === "number" && Number.isSafeInteger(v) && v >= 0;
  need(file, "fundingIntervalMs", record.fundingIntervalMs, isDuration, "milliseconds (0 for spot)");
  need(file, "riskTiers", record.riskTiers, Array.isArray, "a list");
  for (const [i, tier] of (record.riskTiers as unknown[]).entries()) {
    const fields = recordOf(tier, file, `riskTiers[${i}]`);
    for (const field of TIER) need(file, `riskTiers[${i}].${field}`, fields[field], isDecimal, "a plain decimal text");
  }
}

function recordOf(value: unknown, file: string, name: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw dataFault("INSTRUMENT", { file, field: name }, "is not an object", "write the rules of one instrument");
}

function need(file: string, field: string, value: unknown, is: (value: unknown) => boolean, what: string): void {
  if (is(value)) return;
  const fact = value === undefined ? "is missing" : `is ${shown(JSON.stringify(value))}`;
  throw dataFault("INSTRUMENT", { file, field, value }, fact, `it must be ${what}`);
}

const isText = (value: unknown) => typeof value === "string" && value !== "";
const isDecimal = (value: unknown) => typeof value === "string" && /^\d+(\.\d+)?$/.test(value);
