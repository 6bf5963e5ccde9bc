import { plainDecimal } from "../../../core/decimal.ts";
import { ArgumentError } from "../../../core/errors.ts";
import { formatTime } from "../../../core/time.ts";
import { computeIndicator } from "../../../indicators/compute.ts";
import type { Indicator, IndicatorValues } from "../../../indicators/indicator.ts";
import type { Bars } from "../../../model/bar.ts";

/** What one indicator makes of one market: `columns` in the order of `outputs`, as long as `time`. */
export interface IndicatorColumns {
  readonly outputs: readonly string[];
  readonly time: Float64Array;
  readonly columns: readonly Float64Array[];
}

/** Runs `indicator` over `bars`. @throws ArgumentError as `computeIndicator` */
export function indicatorColumns(
  indicator: Indicator,
  bars: Bars,
  settings: { values: IndicatorValues; over?: string | undefined },
): IndicatorColumns {
  const columns = computeIndicator(indicator, bars, settings);
  return { outputs: indicator.outputs, time: bars.time, columns: Object.values(columns) };
}

/** The last `count` rows. */
export function lastRows(result: IndicatorColumns, count: number): IndicatorColumns {
  const from = Math.max(0, result.time.length - count);
  return {
    outputs: result.outputs,
    time: result.time.subarray(from),
    columns: result.columns.map((column) => column.subarray(from)),
  };
}

/** `{ time: [...], OUTPUT: [...] }`, undefined values as null. */
export function columnsJson(result: IndicatorColumns): string {
  const named = result.outputs.map((output, k) => [output, Array.from(result.columns[k]!)] as const);
  return JSON.stringify({ time: Array.from(result.time), ...Object.fromEntries(named) });
}

/** CSV with the header `time,OUTPUT…`; times in epoch ms, every digit of the values, nothing where undefined. */
export function columnsCsv(result: IndicatorColumns): string {
  const rows = Array.from(result.time, (time, i) =>
    [time, ...result.columns.map((column) => (Number.isNaN(column[i]!) ? "" : plainDecimal(column[i]!)))].join(","),
  );
  return [["time", ...result.outputs].join(","), ...rows].join("\n");
}

/** Rows of text for people, the header first: UTC times, ten digits, a dash where undefined. */
export function columnsText(result: IndicatorColumns): string[][] {
  const rows = Array.from(result.time, (time, i) => [
    formatTime(time),
    ...result.columns.map((column) =>
      Number.isNaN(column[i]!) ? "-" : plainDecimal(Number(column[i]!.toPrecision(10))),
    ),
  ]);
  return [["time", ...result.outputs], ...rows];
}

/**
 * `period=14 seed=first` as values.
 *
 * @throws ArgumentError `SETTING` for a word that is no `name=value`, or a name told twice
 */
export function parseSettings(words: readonly string[]): IndicatorValues {
  const values: Record<string, number | string> = {};
  for (const word of words) {
    const [, name, value] = /^([A-Za-z]\w*)=(.+)$/.exec(word) ?? [];
    if (name === undefined || value === undefined || Object.hasOwn(values, name)) {
      const fact = name === undefined ? "is not of the form name=value" : `tells ${name} twice`;
      throw new ArgumentError("SETTING", `${JSON.stringify(word)} ${fact}; write for example period=14`, { word });
    }
    values[name] = Number.isNaN(Number(value)) ? value : Number(value);
  }
  return values;
}
