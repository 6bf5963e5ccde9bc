import { readFileSync } from "node:fs";
import { join } from "node:path";
import { indicatorOf, resolveValues } from "../../src/indicators/catalogue.ts";
import type { IndicatorValues } from "../../src/indicators/indicator.ts";
import type { BarColumns } from "./bar-columns.ts";
import { whole } from "./kernel-contract.ts";

type Section = "talib" | "pandas_ta" | "definition";
type Column = readonly (number | null)[];

interface GoldenFile {
  readonly input: Record<"t" | "open" | "high" | "low" | "close" | "volume", readonly number[]>;
  readonly talib: Record<string, Column>;
  readonly pandas_ta: Record<string, Column>;
  readonly definition: Record<string, Column>;
  readonly talib_degenerate_at_20_40_59: Record<string, Record<string, Column>>;
}

const file = join(import.meta.dirname, "../golden/indicators.json");
/** 600 hourly bars and what TA-Lib 0.6, pandas-ta 0.3.14b and plain definitions make of them, to 10 significant digits. */
export const golden = JSON.parse(readFileSync(file, "utf8")) as GoldenFile;

/** The file's bars. */
export const goldenBars: BarColumns = {
  time: Float64Array.from(golden.input.t),
  open: Float64Array.from(golden.input.open),
  high: Float64Array.from(golden.input.high),
  low: Float64Array.from(golden.input.low),
  close: Float64Array.from(golden.input.close),
  volume: Float64Array.from(golden.input.volume),
};

/** One named column of the file, `NaN` for null. */
export function goldenColumn(section: Section, key: string): Float64Array {
  const column = golden[section][key];
  if (!column) throw new Error(`no golden column ${section} ${key}`);
  return Float64Array.from(column, (value) => value ?? NaN);
}

/** One output of one indicator over `bars`. */
export function outputOf(call: {
  name: string;
  values?: IndicatorValues;
  output?: string;
  bars: BarColumns;
}): Float64Array {
  const indicator = indicatorOf(call.name);
  const kernel = indicator.kernel(resolveValues(indicator, call.values ?? {}));
  const index = call.output === undefined ? 0 : indicator.outputs.indexOf(call.output);
  if (index < 0) throw new Error(`${call.name} has no output ${call.output}`);
  return whole(
    kernel,
    indicator.inputs.map((field) => call.bars[field]),
  )[index]!;
}
