import { refusal } from "./retcodes.ts";

/** Parameters of a request: strings of a query, or the typed fields of a JSON body. */
export type RawParams = Readonly<Record<string, unknown>>;

/** Digits that no price, quantity or sum on an exchange needs more of. */
const LONGEST_DECIMAL = 40;

/**
 * Reads parameters by Bybit's rules and says no in its form (10001).
 *
 * Prices and quantities are decimal strings, in bodies too; whole numbers are JSON numbers there and digits in a
 * query. An empty string counts as absent.
 */
export class Params {
  readonly raw: RawParams;

  constructor(raw: RawParams) {
    this.raw = raw;
  }

  /** A text, "" when absent. */
  text(name: string): string {
    const value = this.raw[name];
    if (value === undefined || value === null) return "";
    if (typeof value !== "string") throw refusal(10001, `params error: ${name} must be a string`);
    return value;
  }

  /** A text that must be there. */
  required(name: string): string {
    const value = this.text(name);
    if (value === "") throw refusal(10001, `params error: ${name} is required`);
    return value;
  }

  /** One of `choices`; `fallback` when absent, without one it must be there. */
  oneOf<T extends string>(name: string, choices: readonly T[], fallback?: T): T {
    const value = this.text(name);
    if (value === "" && fallback !== undefined) return fallback;
    const chosen = choices.find((choice) => choice === value);
    if (chosen === undefined) {
      throw refusal(
        10001,
        `params error: ${name} ${value === "" ? "is required" : "invalid"}, use ${choices.join("|")}`,
      );
    }
    return chosen;
  }

  /** A plain decimal ≥ 0 as it was written, "" when absent. */
  decimal(name: string): string {
    const value = this.text(name);
    if (value === "" || isPlainDecimal(value)) return value;
    throw refusal(10001, `params error: ${name} invalid`);
  }

  /** A plain decimal, perhaps below zero, "" when absent. */
  signedDecimal(name: string): string {
    const value = this.text(name);
    if (value === "" || isPlainDecimal(value.replace(/^-/, ""))) return value;
    throw refusal(10001, `params error: ${name} invalid`);
  }

  /** A whole number in a range; `undefined` when absent. */
  integer(name: string, range: { min: number; max: number }): number | undefined {
    const value = this.raw[name];
    if (value === undefined || value === null || value === "") return undefined;
    const number = typeof value === "string" && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
    if (typeof number !== "number" || !Number.isInteger(number)) {
      throw refusal(10001, `params error: ${name} must be an integer`);
    }
    if (number < range.min || number > range.max) throw refusal(10001, `params error: ${name} out of range`);
    return number;
  }

  /** How many rows a list may have: 1 to `max`; more than `max` is refused, as the exchange does. */
  limit(max: number, fallback: number): number {
    return this.integer("limit", { min: 1, max }) ?? fallback;
  }

  /** Epoch ms, `undefined` when absent. */
  time(name: string): number | undefined {
    return this.integer(name, { min: 0, max: 99_999_999_999_999 });
  }

  /** A JSON truth value, false when absent; a query may say `true`. */
  flag(name: string): boolean {
    const value = this.raw[name];
    if (value === undefined || value === null || value === "") return false;
    if (typeof value === "boolean") return value;
    if (value === "true" || value === "false") return value === "true";
    throw refusal(10001, `params error: ${name} must be a boolean`);
  }

  /** A list of objects, each to be read by rules of its own. */
  list(name: string): Params[] {
    const value = this.raw[name];
    if (!Array.isArray(value)) throw refusal(10001, `params error: ${name} must be an array`);
    return value.map((item: unknown) => {
      if (!isRecord(item)) throw refusal(10001, `params error: ${name} must hold objects`);
      return new Params(item);
    });
  }
}

/** Whether `value` is a JSON object. */
export function isRecord(value: unknown): value is RawParams {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPlainDecimal(text: string): boolean {
  return text.length <= LONGEST_DECIMAL && /^(\d+\.?\d*|\.\d+)$/.test(text);
}

/** The parameters of a raw query string; a name that comes twice counts once, the last time. */
export function queryParams(query: string): Params {
  const raw: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  if (query !== "") for (const [name, value] of new URLSearchParams(query)) raw[name] = value;
  return new Params(raw);
}

/** The parameters of a raw JSON body. */
export function bodyParams(body: Buffer | string): Params {
  let value: unknown;
  try {
    value = body.length === 0 ? {} : JSON.parse(typeof body === "string" ? body : body.toString("utf8"));
  } catch {
    throw refusal(10001, "params error: the body is not JSON");
  }
  if (!isRecord(value)) throw refusal(10001, "params error: the body must be a JSON object");
  return new Params(value);
}
