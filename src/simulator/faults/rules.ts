import { ConfigError } from "../../core/errors.ts";

/** Faults of a REST request or an order-entry message; "after" ones let the effect happen first. */
export const REQUEST_FAULTS = [
  /** The connection breaks before the exchange sees the request. */
  "requestLost",
  /** The request takes effect, then the connection breaks. */
  "answerLost",
  /** HTTP 502 with an HTML page, without and with the effect; on a socket the connection breaks. */
  "serverError",
  "serverErrorAfter",
  /** `delayMs` pass before the request takes effect, or between the effect and the answer. */
  "slowRequest",
  "slowAnswer",
  /** The effect happens, the body is not JSON, or is cut in half. */
  "garbage",
  "truncated",
  /** `retCode` without and with the effect. */
  "reject",
  "rejectAfter",
  /** HTTP 403, as for an address that asks too often. */
  "forbidden",
] as const;

/** Faults of WebSocket messages and sessions. */
export const SOCKET_FAULTS = [
  "drop",
  "duplicate",
  /** The message is held back and comes after the next one. */
  "reorder",
  /** No data any more on this connection; pings are still answered. */
  "stall",
  "disconnect",
  /** The next subscribe requests are answered with success false. */
  "refuseSubscribe",
  "refuseAuth",
  /** The upgrade is answered with HTTP 503. */
  "refuseConnect",
] as const;

/** Things that happen to the exchange itself, once, `fromMs` after its start. */
export const WORLD_FAULTS = [
  /** The gateway's clock runs `delayMs` ahead (< 0: behind): honest stamps meet 10002. */
  "clockSkew",
  /** `change` is merged into the rules of `symbol`. */
  "instrumentChange",
  /** The open position of `symbol` is liquidated, or reduced by `qty` by auto-deleveraging. */
  "liquidate",
  "adl",
  "keyExpiry",
  /** The key keeps only `permissions` (none: it may only read). */
  "permissionLoss",
  /** 10016 for every private request until `untilMs`. */
  "maintenance",
] as const;

export type RequestFault = (typeof REQUEST_FAULTS)[number];
export type SocketFault = (typeof SOCKET_FAULTS)[number];
export type WorldFault = (typeof WORLD_FAULTS)[number];
export type FaultKind = RequestFault | SocketFault | WorldFault;

/** One line of a fault file. Times are exchange time since its start. */
export interface FaultRule {
  readonly fault: FaultKind;
  /** Part of the REST path, order-entry op or topic it concerns; absent: all. */
  readonly on?: string;
  /** 0…1, drawn from the plan's seed for each match; absent: 1. */
  readonly probability?: number;
  /** Matches that are spared first. */
  readonly skip?: number;
  /** Hits after which the rule is spent. */
  readonly count?: number;
  readonly fromMs?: number;
  readonly untilMs?: number;
  readonly delayMs?: number;
  readonly retCode?: number;
  readonly retMsg?: string;
  readonly symbol?: string;
  readonly category?: string;
  readonly qty?: string;
  readonly change?: Readonly<Record<string, string | number>>;
  readonly permissions?: readonly string[];
  readonly apiKey?: string;
}

/** What a fault file holds. */
export interface FaultPlan {
  readonly seed: number | string;
  readonly rules: readonly FaultRule[];
}

const ALL: readonly string[] = [...REQUEST_FAULTS, ...SOCKET_FAULTS, ...WORLD_FAULTS];
const NUMBERS = ["probability", "skip", "count", "fromMs", "untilMs", "delayMs", "retCode"] as const;
const TEXTS = ["on", "retMsg", "symbol", "category", "qty", "apiKey"] as const;
const OTHERS = ["fault", "change", "permissions"] as const;

/**
 * A checked plan from parsed JSON: `{ "seed": 1, "rules": [{ "fault": "answerLost", … }] }` or just the list.
 *
 * @throws ConfigError `FAULTS`
 */
export function faultPlan(json: unknown, seed: number | string): FaultPlan {
  if (Array.isArray(json)) return { seed, rules: json.map(faultRule) };
  if (!isRecord(json) || !Array.isArray(json.rules)) throw wrong("a fault plan is a list of rules or { seed, rules }");
  const own = json.seed;
  if (own !== undefined && typeof own !== "number" && typeof own !== "string") throw wrong("seed must be a number");
  return { seed: own ?? seed, rules: json.rules.map(faultRule) };
}

/**
 * One checked rule.
 *
 * @throws ConfigError `FAULTS`
 */
export function faultRule(json: unknown, index = 0): FaultRule {
  const at = `rule ${index + 1}`;
  if (!isRecord(json)) throw wrong(`${at} must be an object`);
  if (typeof json.fault !== "string" || !ALL.includes(json.fault)) {
    throw wrong(`${at}: unknown fault ${JSON.stringify(json.fault)}; use one of ${ALL.join(" ")}`);
  }
  const known: readonly string[] = [...NUMBERS, ...TEXTS, ...OTHERS];
  for (const name of Object.keys(json)) if (!known.includes(name)) throw wrong(`${at}: unknown field ${name}`);
  for (const name of NUMBERS) {
    if (json[name] !== undefined && !Number.isFinite(json[name])) throw wrong(`${at}: ${name} must be a number`);
  }
  for (const name of TEXTS) {
    if (json[name] !== undefined && typeof json[name] !== "string") throw wrong(`${at}: ${name} must be a text`);
  }
  const probability = json.probability ?? 1;
  if (!(Number(probability) >= 0 && Number(probability) <= 1)) throw wrong(`${at}: probability must be within 0 and 1`);
  if (json.change !== undefined && !isRecord(json.change)) throw wrong(`${at}: change must be an object`);
  if (json.permissions !== undefined && !Array.isArray(json.permissions))
    throw wrong(`${at}: permissions must be a list`);
  return json as unknown as FaultRule; // every field was checked above
}

function wrong(fact: string): ConfigError {
  return new ConfigError("FAULTS", fact);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
