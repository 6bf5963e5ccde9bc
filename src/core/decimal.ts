import { ArgumentError } from "./errors.ts";

/** How a value that is not a whole number of steps becomes one. `exact` refuses it. */
export type Rounding = "floor" | "ceil" | "nearest" | "exact";

/**
 * A price or quantity step such as "0.1", "0.5", "0.001", "1" or "10".
 *
 * Books count steps as integers; this is the only way in and out. Rounding is by step, never by digits.
 */
export interface Increment {
  /** The step as written, e.g. "0.10". */
  readonly text: string;
  /** The step as a number. */
  readonly step: number;
  /** Decimals a value is printed with: those of `text`. */
  readonly scale: number;
  /**
   * Whole steps in `value`. A number within 1e-9 (relative) of a whole count is that count: 0.3 holds three steps of 0.1.
   *
   * @throws ArgumentError `NOT_FINITE`, `DECIMAL`, `OFF_STEP` (only with `exact`)
   */
  count(value: number | string, rounding: Rounding): number;
  /** The number nearest to `count` steps, the same bits as parsing `format(count)`. */
  value(count: number): number;
  /** `count` steps as a plain decimal, never in exponent form. */
  format(count: number): string;
}

/** @throws ArgumentError `STEP` unless `text` is a plain positive decimal */
export function increment(text: string): Increment {
  const parsed = /^(\d+)(?:\.(\d+))?$/.exec(text);
  const scale = parsed?.[2]?.length ?? 0;
  const units = parsed ? Number(`${parsed[1]}${parsed[2] ?? ""}`) : 0;
  if (!(units > 0) || !Number.isSafeInteger(units)) {
    throw new ArgumentError("STEP", `a step must be a plain positive decimal, was ${JSON.stringify(text)}`, { text });
  }
  const power = 10 ** scale;
  const step = units / power;
  return {
    text,
    step,
    scale,
    count(value, rounding) {
      const number = typeof value === "string" ? parseDecimal(value) : value;
      if (!Number.isFinite(number)) throw new ArgumentError("NOT_FINITE", `not a finite number: ${value}`, { value });
      const ratio = (number * power) / units;
      const nearest = Math.round(ratio);
      if (Math.abs(ratio - nearest) <= 1e-9 * Math.max(1, Math.abs(ratio))) return nearest === 0 ? 0 : nearest;
      if (rounding === "floor") return Math.floor(ratio);
      if (rounding === "ceil") return Math.ceil(ratio);
      if (rounding === "nearest") return nearest;
      throw new ArgumentError("OFF_STEP", `${value} is not a multiple of ${text}`, { value, step: text });
    },
    value: (count) => (count * units) / power,
    format: (count) => formatScaled(count * units, scale),
  };
}

/**
 * A plain decimal as a number; exponents, spaces and signs other than a leading minus are refused.
 *
 * @throws ArgumentError `DECIMAL`
 */
export function parseDecimal(text: string): number {
  if (!/^-?(\d+\.?\d*|\.\d+)$/.test(text)) {
    throw new ArgumentError("DECIMAL", `not a plain decimal: ${JSON.stringify(text)}`, { text });
  }
  return Number(text);
}

/** An integer number of 10^-scale as a plain decimal: (12345, 2) is "123.45". */
export function formatScaled(units: number, scale: number): string {
  const digits = BigInt(Math.abs(units))
    .toString()
    .padStart(scale + 1, "0");
  const sign = units < 0 ? "-" : "";
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** `value` as a plain decimal with the fewest digits that parse back to it; never in exponent form. */
export function plainDecimal(value: number): string {
  const text = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (!match) return text;
  const [, sign = "", head = "", tail = "", power = "0"] = match;
  const digits = head + tail;
  const point = 1 + Number(power);
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  return sign + digits.padEnd(point, "0");
}
