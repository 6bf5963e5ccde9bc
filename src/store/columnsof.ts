import type { Bars } from "../model/bar.ts";
import type { TableSchema } from "./csv.ts";
import type { ParquetColumn } from "./parquetwrite.ts";

/** The columns of a file of bars. Mark-price files have no volume: it is then all NaN in memory. */
export const BAR_SCHEMA: TableSchema = {
  required: ["startTime", "open", "high", "low", "close"],
  optional: ["volume", "turnover"],
};

export const FUNDING_SCHEMA: TableSchema = { required: ["fundingTime", "fundingRate"], optional: [] };

/** The columns of `bars` under their names on disk; a column of which nothing is known is left out. */
export function barFileColumns(bars: Bars): ParquetColumn[] {
  const { time, open, high, low, close, volume, turnover } = bars;
  const columns: ParquetColumn[] = [
    { name: "startTime", type: "INT64", data: time },
    { name: "open", type: "DOUBLE", data: open },
    { name: "high", type: "DOUBLE", data: high },
    { name: "low", type: "DOUBLE", data: low },
    { name: "close", type: "DOUBLE", data: close },
  ];
  if (isKnown(volume)) columns.push({ name: "volume", type: "DOUBLE", data: volume });
  if (isKnown(turnover)) columns.push({ name: "turnover", type: "DOUBLE", data: turnover });
  return columns;
}

function isKnown(column: Float64Array): boolean {
  return column.some((value) => value === value);
}
