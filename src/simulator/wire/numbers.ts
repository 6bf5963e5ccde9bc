import { plainDecimal } from "../../core/decimal.ts";

/** Digits that a sum of float64s is good for. */
const TRUE_DIGITS = 15;

/** A derived amount of money with at most `decimals` digits behind the point, trailing zeros dropped. */
export function money(value: number, decimals = 8): string {
  if (!Number.isFinite(value)) return "";
  const rounded = Number(value.toPrecision(TRUE_DIGITS));
  const exact = plainDecimal(rounded);
  const point = exact.indexOf(".");
  const text = point < 0 || exact.length - point - 1 <= decimals ? exact : rounded.toFixed(decimals);
  const short = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  return short === "-0" ? "0" : short;
}

/** A share such as 0.017103, six digits. */
export function fraction(value: number): string {
  return money(value, 6);
}
