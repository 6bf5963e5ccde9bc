import { plainDecimal } from "../../../core/decimal.ts";
import { ArgumentError } from "../../../core/errors.ts";
import { formatTime } from "../../../core/time.ts";
import { resolveValues } from "../../../indicators/catalogue.ts";
import type { BarField, Indicator, IndicatorValues } from "../../../indicators/indicator.ts";
import { batch } from "../../../indicators/kernel.ts";
import type { Bars } from "../../../model/bar.ts";

/** What one indicator makes of one market: `columns` in the order of `outputs`, as long as `time`. */
export interface IndicatorColumns {
  readonly outputs: readonly string[];
  readonly time: Float64Array;
  readonly columns: readonly Float64Array[];
}

const FIELDS: readonly BarField[] = ["open", "high", "low", "close", "volume"];

/**
 * Runs `indicator` over `bars`; a `series` indicator over the column `over`.
 *
 * @throws ArgumentError `PARAM`, `PERIOD`, `FIELD` for a column there is none of, or one an indicator over bars cannot take
 */
export function indicatorColumns(
  indicator: Indicator,
  bars: Bars,
  settings: { values: IndicatorValues; over?: string | undefined },
): IndicatorColumns {
  const { over } = settings;
  if (over !== undefined && indicator.over === "bars") {
    throw new ArgumentError("FIELD", `${indicator.name} reads ${indicator.inputs.join(" ")}; it takes no --over`, {
      over,
    });
  }
  const field = FIELDS.find((name) => name === over);
  if (over !== undefined && field === undefined) {
    throw new ArgumentError("FIELD", `no column ${JSON.stringify(over)}; use one of ${FIELDS.join(" ")}`, { over });
  }
  const inputs = field === undefined ? indicator.inputs : [field];
  const kernel = indicator.kernel(resolveValues(indicator, settings.values));
  const columns = batch(kernel, ...inputs.map((name) => bars[name]));
  return { outputs: indicator.outputs, time: bars.time, columns };
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
