import type { OutcomeUnknown, VenueUnreachable } from "../core/errors.ts";
import type { ApiFunction } from "./catalogue/entry.ts";
import { ExchangeRefused, unknownOutcome, unreachable } from "./errors.ts";
import { CLOCK_REFUSED, isPlainNo, isUncertain } from "./retcodes.ts";
import type { Reply } from "./transport.ts";

/** A result that was understood. */
export interface Answer {
  readonly result: unknown;
}

/** What an answer says beside its result. Absent where it does not. */
export interface Facts {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** When the exchange wrote it, epoch ms. */
  readonly serverTime?: number;
  /** Its clock, as it quotes it when a stamp was refused, epoch ms. */
  readonly serverClock?: number;
  readonly limit?: { readonly limit: number; readonly remaining: number; readonly resetAt: number };
}

/** One of three outcomes and the happy one. */
export type Verdict =
  | { readonly outcome: "accepted"; readonly retCode: 0; readonly answer: Answer; readonly facts: Facts }
  | { readonly outcome: "refused"; readonly retCode: number; readonly error: ExchangeRefused; readonly facts: Facts }
  | {
      readonly outcome: "notSent";
      readonly retCode: undefined;
      readonly error: VenueUnreachable;
      readonly facts: Facts;
    }
  | {
      readonly outcome: "unknown";
      readonly retCode: number | undefined;
      readonly error: OutcomeUnknown;
      readonly facts: Facts;
    };

export interface AnswerInput {
  readonly name: string;
  readonly fn: ApiFunction;
  readonly reply: Reply;
  readonly redact: (text: string) => string;
  readonly where: string;
}

/** HTTP statuses with which a gateway says no before anything is done. */
const HTTP_NO: Readonly<Record<number, number>> = { 400: 10001, 401: 10007, 403: 403, 404: 404, 429: 429 };

interface Envelope {
  readonly retCode: number;
  readonly retMsg: string;
  readonly result: unknown;
  readonly retExtInfo: unknown;
  readonly time: number | undefined;
}

/** What a reply means: accepted, refused, not sent, or nobody knows. */
export function answerOf({ name, fn, reply, redact, where }: AnswerInput): Verdict {
  const isRead = fn.effect === "reads";
  if (reply.kind === "notSent") {
    return {
      outcome: "notSent",
      retCode: undefined,
      error: unreachable(name, reply.cause, where),
      facts: { status: 0 },
    };
  }
  const unknown = (cause: string, facts: Facts, retCode?: number): Verdict => {
    return { outcome: "unknown", retCode, error: unknownOutcome(name, redact(cause), isRead), facts };
  };
  if (reply.kind === "noAnswer") return unknown(reply.cause, { status: 0 });
  const { status } = reply;
  const envelope = envelopeOf(redact(reply.text));
  const facts = factsOf(reply, envelope);
  const refused = (retCode: number, retMsg: string): Verdict => {
    return { outcome: "refused", retCode, error: new ExchangeRefused(name, retCode, retMsg, { status }), facts };
  };
  if (status !== 200) {
    if (status === 403) return refused(403, envelope?.retMsg ?? "");
    if (envelope && envelope.retCode !== 0 && status < 500 && isPlainNo(envelope.retCode)) {
      return refused(envelope.retCode, envelope.retMsg);
    }
    return HTTP_NO[status] === undefined
      ? unknown(`HTTP ${status}`, facts)
      : refused(HTTP_NO[status], `HTTP ${status}`);
  }
  if (!envelope) return unknown("the answer cannot be read", facts);
  const { retCode, retMsg } = envelope;
  if (retCode !== 0) {
    if (isRead ? !isUncertain(retCode) : isPlainNo(retCode)) return refused(retCode, retMsg);
    return unknown(`retCode ${retCode} ${retMsg}`.trim(), facts, retCode);
  }
  const parsed = fn.result.safeParse(withOutcomes(envelope));
  if (parsed.success) return { outcome: "accepted", retCode: 0, answer: { result: parsed.data }, facts };
  const [issue] = parsed.error.issues;
  const field = issue?.path.map(String).join(".") || "result";
  return unknown(`the answer lacks or garbles ${field}`, facts, 0);
}

/** A batch tells beside its result what became of each order; it belongs to it. */
function withOutcomes({ result, retExtInfo }: Envelope): unknown {
  const list = isRecord(retExtInfo) ? retExtInfo.list : undefined;
  return Array.isArray(list) && isRecord(result) ? { ...result, outcomes: list } : result;
}

function envelopeOf(text: string): Envelope | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(json) || !Number.isInteger(json.retCode)) return undefined;
  return {
    retCode: json.retCode as number,
    retMsg: typeof json.retMsg === "string" ? json.retMsg : "",
    result: json.result ?? {},
    retExtInfo: json.retExtInfo,
    time: Number.isSafeInteger(json.time) && (json.time as number) > 0 ? (json.time as number) : undefined,
  };
}

function factsOf(reply: Extract<Reply, { kind: "answer" }>, envelope: Envelope | undefined): Facts {
  const { status, headers } = reply;
  const [limit, remaining, resetAt] = ["", "-status", "-reset-timestamp"].map((part) =>
    Number(headers[`x-bapi-limit${part}`] ?? NaN),
  );
  const quoted = envelope?.retCode === CLOCK_REFUSED ? /server_timestamp\[(\d{13})\]/.exec(envelope.retMsg) : null;
  return {
    status,
    ...(envelope?.time !== undefined && { serverTime: envelope.time }),
    ...(quoted && { serverClock: Number(quoted[1]) }),
    ...(Number.isFinite(limit) &&
      Number.isFinite(remaining) && { limit: { limit: limit!, remaining: remaining!, resetAt: resetAt! } }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
