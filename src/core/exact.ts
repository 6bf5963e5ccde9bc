import { ArgumentError } from "./errors.ts";

/** Decimals an exact amount keeps. */
export const EXACT_SCALE = 18;
const UNIT = 10n ** BigInt(EXACT_SCALE);

/**
 * A plain decimal as an exact amount: a whole number of 10^-18. Sums and differences of them lose nothing.
 *
 * @throws ArgumentError `DECIMAL` for anything but a plain decimal with at most 18 decimals
 */
export function exact(text: string): bigint {
  const parsed = /^(-?)(\d+)(?:\.(\d{1,18}))?$/.exec(text);
  if (!parsed) throw new ArgumentError("DECIMAL", `not a plain decimal: ${JSON.stringify(text)}`, { text });
  const [, sign, whole = "0", decimals = ""] = parsed;
  const units = BigInt(whole) * UNIT + BigInt(decimals.padEnd(EXACT_SCALE, "0"));
  return sign === "-" ? -units : units;
}

/** An exact amount as a plain decimal with no more digits than it needs. */
export function exactText(amount: bigint): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(EXACT_SCALE + 1, "0");
  const decimals = digits.slice(-EXACT_SCALE).replace(/0+$/, "");
  return `${amount < 0n ? "-" : ""}${digits.slice(0, -EXACT_SCALE)}${decimals === "" ? "" : `.${decimals}`}`;
}

/** The nearest number: for display, sizes and comparisons, never for books. */
export function exactNumber(amount: bigint): number {
  return Number(exactText(amount));
}

/** `a × b`, rounded toward zero in the eighteenth decimal. */
export function exactProduct(a: bigint, b: bigint): bigint {
  return (a * b) / UNIT;
}

/** `amount × part ÷ whole`, rounded toward zero in the eighteenth decimal. */
export function exactShare(amount: bigint, part: bigint, whole: bigint): bigint {
  return (amount * part) / whole;
}
