import { plainDecimal } from "../../core/decimal.ts";

/** A derived amount of money with at most `decimals` digits behind the point, trailing zeros dropped. */
export function money(value: number, decimals = 8): string {
  if (!Number.isFinite(value)) return "";
  const text = Math.abs(value) < 1e21 ? value.toFixed(decimals) : plainDecimal(value);
  const short = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  return short === "-0" ? "0" : short;
}

/** A share such as 0.017103, six digits. */
export function fraction(value: number): string {
  return money(value, 6);
}
