import { formatDuration } from "../core/time.ts";
import type { MetricUnit } from "../metrics/catalogue.ts";

/** What a report prints where a value is not defined. */
export const UNDEFINED = "–";

/** `0.1234` as `12.34%`; from ±1,000 % on without decimals, from ±1,000,000 % on as `> 1,000,000%`. */
export function percent(fraction: number | null, digits = 2): string {
  if (fraction === null) return UNDEFINED;
  const size = Math.abs(fraction);
  if (size >= 1e4) return `${fraction < 0 ? "< -" : "> "}1,000,000%`;
  return `${grouped(100 * fraction, size >= 10 ? 0 : digits)}%`;
}

/** The same with a `+` before gains. */
export function change(fraction: number | null, digits = 2): string {
  return fraction !== null && fraction > 0 && percent(fraction, digits).startsWith(">") === false
    ? `+${percent(fraction, digits)}`
    : percent(fraction, digits);
}

/** Money with thousands separators: cents below a million, then none, then `12.3M`; small coins keep four digits. */
export function money(value: number | null): string {
  if (value === null) return UNDEFINED;
  const size = Math.abs(value);
  for (const [limit, unit, letter] of [
    [1e15, 1e15, "Q"],
    [1e12, 1e12, "T"],
    [1e9, 1e9, "B"],
    [1e7, 1e6, "M"],
  ] as const) {
    if (size >= limit) return size >= 1e18 ? value.toExponential(2) : `${grouped(value / unit, 2)}${letter}`;
  }
  if (size >= 1e6) return grouped(value, 0);
  if (size >= 1 || size === 0) return grouped(value, 2);
  return size < 1e-8 ? "0.00" : grouped(value, Math.min(8, 3 - Math.floor(Math.log10(size))));
}

/** The same with a `+` before gains. */
export function profit(value: number | null): string {
  return value !== null && value > 0 ? `+${money(value)}` : money(value);
}

/** A ratio with two decimals, `> 10,000` where it is beyond all measure. */
export function ratio(value: number | null): string {
  if (value === null) return UNDEFINED;
  return Math.abs(value) >= 1e4 ? `${value < 0 ? "< -" : "> "}10,000` : grouped(value, 2);
}

/** A whole number with thousands separators. */
export function count(value: number): string {
  return grouped(value, 0);
}

/** Any metric by its unit. */
export function metricText(unit: MetricUnit, value: number | null): string {
  if (value === null) return UNDEFINED;
  switch (unit) {
    case "fraction":
      return percent(value);
    case "money":
      return money(value);
    case "ms":
      return value === 0 ? "0" : formatDuration(value);
    case "count":
      return count(value);
    case "ratio":
      return ratio(value);
  }
}

/** `2024-01-31`, UTC. */
export function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** A parameter's value: numbers to six digits, the rest as it is but for control characters. */
export function parameter(value: number | string | boolean): string {
  return typeof value === "number" ? String(Number(value.toPrecision(6))) : String(value).replace(/\p{C}/gu, "?");
}

/** `value` with thousands separators and exactly `digits` decimals; never `-0`. */
export function grouped(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  const [whole = "0", decimals] = text.split(".");
  const sign = value < 0 && Number(text) !== 0 ? "-" : "";
  const thousands = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return decimals === undefined ? `${sign}${thousands}` : `${sign}${thousands}.${decimals}`;
}
