import type { z } from "zod";

/** Kinds of market a function knows. `option` is known to Bybit, and to the handbook only. */
export type ApiCategory = "linear" | "inverse" | "spot" | "option";

export const GROUPS = ["market", "trade", "position", "account", "asset", "user"] as const;
export type Group = (typeof GROUPS)[number];

/**
 * What becomes of the world when it is called: nothing, an order, a setting of the account, or a movement of money.
 * Everything but `reads` asks before it is done on mainnet.
 */
export type Effect = "reads" | "trades" | "sets" | "moves";

/**
 * Whether the same request may be sent again when its outcome is not known.
 *
 * `read`: always. `orderLinkId`: when it carries one, as the exchange takes each id once. `absolute`: it names the state
 * to be in, and being there twice is no different. `never`: each one adds up.
 */
export type Idempotency = "read" | "orderLinkId" | "absolute" | "never";

/** Requests an account may make of one function per window; absent: only the limit of the address counts. */
export interface RateRule {
  /** By category where it matters; `all` for the rest. */
  readonly perWindow: Readonly<Partial<Record<ApiCategory | "all", number>>>;
  readonly windowMs: number;
}

/** One function of the exchange, as data. */
export interface ApiFunction<P extends z.ZodObject = z.ZodObject, R extends z.ZodType = z.ZodType> {
  readonly group: Group;
  readonly method: "GET" | "POST";
  readonly path: `/v5/${string}`;
  /** What it is for, one line. */
  readonly summary: string;
  /** `none`: anybody may call it. `key`: it is signed. */
  readonly auth: "none" | "key";
  readonly effect: Effect;
  readonly idempotency: Idempotency;
  readonly rate?: RateRule;
  /** Kinds of market it serves; absent: the question does not arise. */
  readonly categories?: readonly ApiCategory[];
  readonly params: P;
  readonly result: R;
  /** Parameters that would be accepted. */
  readonly example: Readonly<Record<string, unknown>>;
  /** Other names it is called by: older pybit, the compendium. */
  readonly aliases?: readonly string[];
  /** Parameters by the name they once had, and what to write instead. */
  readonly renamed?: Readonly<Record<string, string>>;
  /** Requests it counts as; absent: one. */
  readonly units?: (params: Readonly<Record<string, unknown>>) => number;
  /** What one should know before using it. */
  readonly note?: string;
}

/** `entry` with its types kept: parameters and result of a call are inferred from them. */
export function define<P extends z.ZodObject, R extends z.ZodType>(entry: ApiFunction<P, R>): ApiFunction<P, R> {
  return entry;
}

/** `count` requests per second, of every kind of market alike. */
export function perSecond(count: number): RateRule {
  return { perWindow: { all: count }, windowMs: 1_000 };
}

/** `count` requests per minute. */
export function perMinute(count: number): RateRule {
  return { perWindow: { all: count }, windowMs: 60_000 };
}

/** Order functions of spot have limits of their own. */
export function ordersPerSecond(contracts: number, spot: number, option = contracts): RateRule {
  return { perWindow: { linear: contracts, inverse: contracts, option, spot }, windowMs: 1_000 };
}

/** A batch counts as its orders; of options as one. */
export function batchUnits(params: Readonly<Record<string, unknown>>): number {
  return params.category !== "option" && Array.isArray(params.request) ? Math.max(1, params.request.length) : 1;
}
