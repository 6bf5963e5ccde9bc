import type { ApiKey, Permission } from "./keyring.ts";
import type { Params } from "./params.ts";

/** One request as an endpoint's code sees it. */
export interface Call {
  readonly params: Params;
  /** The account of the key that signed it; "" on public endpoints. */
  readonly account: string;
  readonly key: ApiKey | undefined;
  /** How many units of the rate limit it got; a batch serves that many of its items. */
  readonly granted: number;
}

/** What an endpoint answers when it does not refuse. */
export interface Answer {
  readonly result: unknown;
  readonly retMsg?: string;
  readonly retExtInfo?: unknown;
  /** Further fields of the envelope, which a few endpoints have. */
  readonly top?: Readonly<Record<string, unknown>>;
}

/** Requests an account may make of one endpoint per window, by category where it matters. */
export interface RateLimit {
  readonly perWindow: number | Readonly<{ linear: number; inverse: number; spot: number }>;
  /** One second unless given. */
  readonly windowMs?: number;
}

/** An endpoint: the one place that says what it is called, who may call it, and how far it is served. */
export interface Route {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** `public` needs no key, `read` any key, the rest a key with that permission (orders: by category). */
  readonly access: "public" | "read" | "trade" | Permission;
  readonly limit?: RateLimit;
  readonly status: "served" | "partly";
  /** What is missing, or what is worth knowing. */
  readonly note?: string;
  /** Units of the rate limit it takes; absent: one. */
  readonly units?: (params: Params) => number;
  readonly handle: (call: Call) => Answer;
}

/** The finished answer to a call, refused or not. */
export interface Outcome extends Answer {
  readonly retCode: number;
  readonly retMsg: string;
  readonly headers: LimitHeaders | undefined;
  readonly httpStatus?: number;
}

/** The rate limit as the exchange tells it, in headers and in order-entry replies. */
export interface LimitHeaders {
  readonly limit: number;
  readonly remaining: number;
  readonly resetAt: number;
}
