import { createHash } from "node:crypto";
import type { Bars } from "../model/bar.ts";

/** Names bars by what is in them: symbol, interval, span, and a hash of times, prices and volumes. */
export function dataKey(bars: Bars): string {
  const hash = createHash("sha256");
  for (const column of [bars.time, bars.open, bars.high, bars.low, bars.close, bars.volume]) {
    hash.update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
  }
  return `${bars.symbol}/${bars.interval}/${bars.length}/${hash.digest("hex").slice(0, 16)}`;
}

/** A short name for any plain value: equal values, equal names. */
export function fingerprint(value: unknown): string {
  return createHash("sha256").update(canonical(value)).digest("hex").slice(0, 16);
}

/** JSON with keys in order, so that equal values have equal texts. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`)
    .join(",")}}`;
}
