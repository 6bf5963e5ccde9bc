import { ArgumentError } from "../core/errors.ts";

/**
 * How much to buy or sell short. Fractions are of equity.
 *
 * - `all-in`: equity pays for the position and its entry fee, once, whatever the leverage.
 * - `quote`: a fixed notional. `qty`: a fixed base quantity. `fraction`: notional as a fraction of equity; above 1 needs leverage.
 * - `risk`: what a hit stop costs, both fees included, is this fraction of equity.
 * - `volatility`: notional such that equity would move with this annualised volatility, measured over `bars`.
 */
export type SizingPolicy =
  | { readonly kind: "all-in" }
  | { readonly kind: "quote"; readonly quote: number }
  | { readonly kind: "qty"; readonly qty: number }
  | { readonly kind: "fraction"; readonly fraction: number }
  | { readonly kind: "risk"; readonly fraction: number }
  | { readonly kind: "volatility"; readonly target: number; readonly bars: number };

/** Returns a volatility is measured over unless told. */
export const VOLATILITY_BARS = 100;

const FORMS = "all-in, quote:1000, qty:0.5, fraction:0.5, risk:0.01 or volatility:0.2";

/**
 * The policy a user wrote: `all-in`, `quote:1000`, `qty:0.5`, `fraction:0.5`, `risk:0.01`, `volatility:0.2` or `volatility:0.2:60`.
 *
 * @throws ArgumentError `SIZING`
 */
export function parseSizing(text: string): SizingPolicy {
  const [kind = "", first, second, ...rest] = text.trim().split(":");
  const refuse = (fact: string): never => {
    throw new ArgumentError("SIZING", `${fact}, was ${JSON.stringify(text)}; use ${FORMS}`, { text });
  };
  const extra = kind === "volatility" ? rest.length > 0 : second !== undefined;
  if (kind === "all-in") return first === undefined ? { kind } : refuse("all-in takes no number");
  if (!["quote", "qty", "fraction", "risk", "volatility"].includes(kind)) return refuse("unknown sizing policy");
  const value = numberOf(first);
  if (extra || !(value > 0)) return refuse(`${kind} needs one number above 0`);
  switch (kind) {
    case "quote":
      return { kind, quote: value };
    case "qty":
      return { kind, qty: value };
    case "fraction":
      return { kind, fraction: value };
    case "risk":
      return value < 1
        ? { kind, fraction: value }
        : refuse("risk is a fraction of equity below 1 (0.01 is one percent)");
    default: {
      const bars = second === undefined ? VOLATILITY_BARS : numberOf(second);
      if (!(Number.isInteger(bars) && bars >= 2)) return refuse("volatility is measured over an integer ≥ 2 of bars");
      return { kind: "volatility", target: value, bars };
    }
  }
}

/** The policy as `parseSizing` reads it. */
export function formatSizing(policy: SizingPolicy): string {
  switch (policy.kind) {
    case "all-in":
      return policy.kind;
    case "quote":
      return `quote:${policy.quote}`;
    case "qty":
      return `qty:${policy.qty}`;
    case "fraction":
    case "risk":
      return `${policy.kind}:${policy.fraction}`;
    case "volatility":
      return `volatility:${policy.target}${policy.bars === VOLATILITY_BARS ? "" : `:${policy.bars}`}`;
  }
}

function numberOf(text: string | undefined): number {
  return text !== undefined && /^\d*\.?\d+(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : NaN;
}
