import { ArgumentError } from "../core/errors.ts";
import { indicatorOf, resolveValues } from "./catalogue.ts";
import type { BarField, Indicator, IndicatorValues } from "./indicator.ts";
import { batch } from "./kernel.ts";

/** Columns of equal length, one per field of a bar. */
export type BarSource = Readonly<Record<BarField, Float64Array>>;

const FIELDS: readonly BarField[] = ["open", "high", "low", "close", "volume"];

/**
 * Columns of an indicator over `bars`, by output name, as long as the bars; `NaN` until warmed up and where undefined.
 *
 * `values` are its settings, defaults for the rest; `over` is the column a `series` indicator reads in place of the close.
 *
 * @throws ArgumentError `INDICATOR`, `PARAM`, `PERIOD`; `FIELD` for a column there is none of, or that it cannot take
 */
export function computeIndicator(
  which: string | Indicator,
  bars: BarSource,
  settings: { readonly values?: IndicatorValues; readonly over?: string | undefined } = {},
): Readonly<Record<string, Float64Array>> {
  const indicator = typeof which === "string" ? indicatorOf(which) : which;
  const kernel = indicator.kernel(resolveValues(indicator, settings.values ?? {}));
  const columns = batch(kernel, ...fieldsOf(indicator, settings.over).map((name) => bars[name]));
  return Object.fromEntries(indicator.outputs.map((output, k) => [output, columns[k]!]));
}

function fieldsOf(indicator: Indicator, over: string | undefined): readonly BarField[] {
  if (over === undefined) return indicator.inputs;
  if (indicator.over === "bars") {
    const message = `${indicator.name} reads ${indicator.inputs.join(" ")}; it cannot read ${JSON.stringify(over)} alone`;
    throw new ArgumentError("FIELD", message, { over });
  }
  const field = FIELDS.find((name) => name === over);
  if (field) return [field];
  throw new ArgumentError("FIELD", `no column ${JSON.stringify(over)}; use one of ${FIELDS.join(" ")}`, { over });
}
