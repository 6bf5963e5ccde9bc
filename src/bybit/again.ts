import { ArgumentError, OutcomeUnknown, ToolkitError, VenueUnreachable } from "../core/errors.ts";
import type { ApiFunction } from "./catalogue/entry.ts";
import { ExchangeRefused, unknownOutcome } from "./errors.ts";
import { ALREADY_SO, CLOCK_REFUSED, RATE_LIMITED } from "./retcodes.ts";

/** A call, as far as it matters for sending it again. */
export interface Attempted {
  readonly name: string;
  readonly fn: ApiFunction;
  readonly params: Readonly<Record<string, unknown>>;
  /** How often the caller wants it sent; absent: reads three times, the rest once. */
  readonly attempts: number | undefined;
}

const READ_ATTEMPTS = 3;

/** How often a call may be sent. @throws ArgumentError `RETRY` when sending it twice could do it twice */
export function attemptsOf({ name, fn, params, attempts: wanted }: Attempted): number {
  const asked = wanted ?? (fn.idempotency === "read" ? READ_ATTEMPTS : 1);
  if (asked <= 1 || fn.idempotency === "read" || fn.idempotency === "absolute") return asked;
  const orders = Array.isArray(params.request) ? (params.request as readonly { orderLinkId?: string }[]) : [params];
  if (fn.idempotency === "orderLinkId" && orders.every((order) => order.orderLinkId !== undefined)) return asked;
  const advice = fn.idempotency === "never" ? "each one adds up" : "give every order an orderLinkId";
  throw new ArgumentError("RETRY", `${name} cannot be sent more than once: ${advice}`, {
    function: name,
    attempts: asked,
  });
}

/**
 * What to say when an attempt without an answer was followed by `error`. A no to a later attempt does not undo the first:
 * the order that is there may be why there is no room for it now.
 */
export function stillUnknown({ name, fn }: Pick<Attempted, "name" | "fn">, error: unknown): unknown {
  if (fn.effect === "reads" || error instanceof OutcomeUnknown) return error;
  if (error instanceof ExchangeRefused && ALREADY_SO.has(error.retCode)) return error;
  const cause = error instanceof ToolkitError ? error.code : "failed";
  return unknownOutcome(name, `no answer at first, then ${cause}`, false);
}

/** Whether an attempt that ended so may be followed by another. */
export function mayComeAgain(error: unknown): boolean {
  if (error instanceof OutcomeUnknown) return true;
  if (error instanceof VenueUnreachable)
    return error.code === "NOT_SENT" && !/interrupted/.test(String(error.details.cause));
  return (
    error instanceof ExchangeRefused &&
    [RATE_LIMITED, CLOCK_REFUSED, 429, 10429].includes(error.retCode) &&
    error.details.status !== 403
  );
}

/** Rejects when `signal` is aborted, and never resolves. */
export function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  const stop = () => reject(new ToolkitError("INTERRUPTED", "interrupted"));
  if (signal.aborted) stop();
  else signal.addEventListener("abort", stop, { once: true });
  return promise;
}

/** Waits; ends early, quietly, when interrupted: the next attempt finds out. */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", done);
      resolve();
    }
    signal?.addEventListener("abort", done, { once: true });
  });
}
