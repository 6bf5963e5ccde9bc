import { ConfigError, OutcomeUnknown, ToolkitError, VenueUnreachable } from "../core/errors.ts";
import { aborted, attemptsOf, mayComeAgain, pause, stillUnknown } from "./again.ts";
import { type Answer, answerOf, type Verdict } from "./answer.ts";
import { backoffMs } from "./backoff.ts";
import type { ApiFunction } from "./catalogue/entry.ts";
import { type CamelName, type FunctionName, functionOf, type ParamsOf, type ResultOf } from "./catalogue.ts";
import { checkParams } from "./check.ts";
import { ExchangeRefused, unknownOutcome, unreachable } from "./errors.ts";
import { ExchangeClock } from "./exchange-clock.ts";
import type { Hosts } from "./hosts.ts";
import { isProtective, Limiter, rateOf } from "./limiter.ts";
import { OrderLine } from "./order-line.ts";
import { CLOCK_REFUSED, DUPLICATE_ID, RATE_LIMITED } from "./retcodes.ts";
import { type ApiCredentials, type Signer, signerOf } from "./signer.ts";
import { type DryRun, openTransport, type Transport, type WireRequest } from "./transport.ts";

/** What a call was and what became of it: no parameters, no secrets. */
export interface CallEvent {
  readonly name: FunctionName;
  readonly attempt: number;
  readonly outcome: "accepted" | "refused" | "notSent" | "unknown";
  readonly retCode: number | undefined;
  /** From the moment it was let go, ms. */
  readonly elapsedMs: number;
  /** Waited for the rate limit, ms. */
  readonly waitedMs: number;
}

export interface GatewayOptions {
  readonly hosts: Hosts;
  /** Without: public functions only. */
  readonly credentials?: ApiCredentials | null | undefined;
  /** How old a request may be when the exchange sees it; default 5000. It is never widened on its own. */
  readonly recvWindowMs?: number;
  /** Over connecting, sending and answer; default 10 s. */
  readonly timeoutMs?: number;
  /** Multiplies every rate limit: for accounts that have more, addresses that are shared; Infinity where there is none. */
  readonly limitScale?: number;
  /** A local exchange whose time does not run as this machine's: it takes stamps by this machine's clock. */
  readonly isFast?: boolean;
  readonly onCall?: (event: CallEvent) => void;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
  /**
   * How often it may be sent. Reads: 3 unless told. What changes something: once unless told, and more often only where
   * that cannot do it twice; whoever tells must know that the wish is still fresh.
   */
  readonly attempts?: number;
  /** Goes before everything else and may use the reserve. Stops, cancels and closes do so by themselves. */
  readonly isProtective?: boolean;
}

/** The one way to the exchange's REST interface. */
export interface Gateway {
  readonly hosts: Hosts;
  readonly clock: ExchangeClock;
  readonly limiter: Limiter;
  /**
   * Calls a function of the catalogue.
   *
   * @throws ArgumentError `PARAM`, `FUNCTION`, `FUNCTION_REMOVED`, `RETRY`
   * @throws ConfigError `NO_KEY`
   * @throws ExchangeRefused the exchange said no: nothing was done
   * @throws VenueUnreachable `NOT_SENT`, `ADDRESS_BLOCKED`, `CLOSED`: nothing left this machine
   * @throws OutcomeUnknown `NO_ANSWER`: it was sent, and may have been done
   */
  call<N extends FunctionName | CamelName>(name: N, params: ParamsOf<N>, options?: CallOptions): Promise<ResultOf<N>>;
  /** The same, for names and parameters that are known at run time only. */
  callNamed(name: string, params: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<unknown>;
  /** What `call` would send, signed, without key and signature. Nothing is sent. */
  dryRun(name: string, params: Readonly<Record<string, unknown>>): Promise<DryRun>;
  /** Asks for the exchange's time. @throws as `call` */
  syncClock(): Promise<void>;
  /**
   * Opens order entry by socket, where there is one: orders, amendments and cancels go by it while it is up, and by REST
   * while it is not. `onChange` hears of both.
   *
   * @throws ConfigError `NO_KEY`
   */
  openOrderLine(onChange: (isUp: boolean, reason: string) => void): void;
  /** Breaks off what is under way; its outcome is unknown then. Nothing goes out any more. */
  close(): void;
}

/** A 403 means the address is barred for ten minutes; knocking on makes it longer. */
const BARRED_MS = 600_000;
const RETRY_FIRST_MS = 200;
/** Reset stamps further away than this are not believed. */
const LONGEST_HOLD_MS = 60_000;

/**
 * A gateway to one environment, as one account.
 *
 * @throws ConfigError `ENVIRONMENT` when the key is for another environment; `KEY`, `SDK_TRACE`
 */
export function openGateway(options: GatewayOptions): Gateway {
  const { hosts, credentials } = options;
  if (credentials && credentials.environment !== hosts.environment) {
    const message = `the key is for ${credentials.environment}, the address is ${hosts.environment}'s; they cannot be mixed`;
    throw new ConfigError("ENVIRONMENT", message, { key: credentials.environment, address: hosts.environment });
  }
  return new RestGateway(options, credentials ? signerOf(credentials) : undefined, openTransport(hosts));
}

interface Job {
  readonly name: FunctionName;
  readonly fn: ApiFunction;
  readonly params: Readonly<Record<string, unknown>>;
  readonly options: CallOptions;
}

class RestGateway implements Gateway {
  readonly hosts: Hosts;
  readonly clock: ExchangeClock;
  readonly limiter: Limiter;
  readonly #options: GatewayOptions;
  readonly #signer: Signer | undefined;
  readonly #transport: Transport;
  #orderLine: OrderLine | undefined;
  #barredUntil = -Infinity;
  #isClosed = false;
  #syncing: Promise<void> | undefined;

  constructor(options: GatewayOptions, signer: Signer | undefined, transport: Transport) {
    this.hosts = options.hosts;
    this.#options = options;
    this.#signer = signer;
    this.#transport = transport;
    const isLocal = options.hosts.environment === "local";
    this.clock = new ExchangeClock({ mayHaveOwnTime: isLocal, isFast: isLocal && options.isFast === true });
    this.limiter = new Limiter({ scale: options.limitScale ?? 1 });
  }

  async call<N extends FunctionName | CamelName>(
    name: N,
    params: ParamsOf<N>,
    options: CallOptions = {},
  ): Promise<ResultOf<N>> {
    return (await this.callNamed(name, params as Record<string, unknown>, options)) as ResultOf<N>;
  }

  async callNamed(
    name: string,
    params: Readonly<Record<string, unknown>>,
    options: CallOptions = {},
  ): Promise<unknown> {
    const job = this.#jobOf(name, params, options);
    const attempts = attemptsOf({ ...job, attempts: options.attempts });
    let wasUnknown = false;
    for (let attempt = 1; ; attempt++) {
      try {
        return (await this.#attempt(job, attempt)).result;
      } catch (error) {
        if (wasUnknown && error instanceof ExchangeRefused && DUPLICATE_ID.has(error.retCode)) return this.#adopt(job);
        if (error instanceof OutcomeUnknown) wasUnknown = true;
        if (attempt >= attempts || !mayComeAgain(error)) throw wasUnknown ? stillUnknown(job, error) : error;
      }
      await pause(backoffMs(attempt - 1, RETRY_FIRST_MS), options.signal);
    }
  }

  async dryRun(name: string, params: Readonly<Record<string, unknown>>): Promise<DryRun> {
    const job = this.#jobOf(name, params, {});
    const dry = await this.#transport.show(this.#requestOf(job));
    return this.#signer ? (JSON.parse(this.#signer.redact(JSON.stringify(dry))) as DryRun) : dry;
  }

  syncClock(): Promise<void> {
    this.#syncing ??= this.callNamed("get_server_time", {})
      .then(() => {})
      .finally(() => {
        this.#syncing = undefined;
      });
    return this.#syncing;
  }

  openOrderLine(onChange: (isUp: boolean, reason: string) => void): void {
    const url = this.hosts.orders;
    if (url === null || this.#orderLine || this.#isClosed) return;
    if (!this.#signer) throw this.#noKey("order entry");
    const clockOffsetMs = () => this.clock.stamp() - Date.now();
    this.#orderLine = new OrderLine({ url, signer: this.#signer, clockOffsetMs, onChange });
  }

  close(): void {
    this.#isClosed = true;
    this.#orderLine?.close();
    this.#transport.close();
  }

  #jobOf(asked: string, params: Readonly<Record<string, unknown>>, options: CallOptions): Job {
    const { name, fn } = functionOf(asked);
    const checked = checkParams(name, fn, params) as Record<string, unknown>;
    if (fn.auth === "key" && !this.#signer) throw this.#noKey(name);
    return { name, fn, params: checked, options };
  }

  #noKey(name: string): ConfigError {
    const prefix = `BYBIT_${this.hosts.environment.toUpperCase()}`;
    const message = `${name} needs a key: set ${prefix}_API_KEY and ${prefix}_API_SECRET in the environment or in .env`;
    return new ConfigError("NO_KEY", message, { function: name });
  }

  #requestOf({ fn, params, options }: Job): WireRequest {
    return {
      method: fn.method,
      path: fn.path,
      params,
      signer: fn.auth === "key" ? this.#signer : undefined,
      stamp: () => this.clock.stamp(),
      recvWindowMs: this.#options.recvWindowMs ?? 5_000,
      timeoutMs: options.timeoutMs ?? this.#options.timeoutMs ?? 10_000,
      signal: options.signal,
    };
  }

  async #attempt(job: Job, attempt: number): Promise<Answer> {
    const { name, fn, params, options } = job;
    this.#requireOpen(name);
    if (fn.auth === "key" && !this.clock.isKnown) await this.#firstLookAtClock(name, options.signal);
    const rate = rateOf(fn, params);
    const units = fn.units?.(params) ?? 1;
    const asked = this.clock.reading();
    const permit = await this.limiter
      .acquire({
        ...(rate && { rate }),
        units,
        isProtective: options.isProtective ?? isProtective(fn, params),
        signal: options.signal,
      })
      .catch(() => {
        throw unreachable(name, "interrupted while waiting for the rate limit", this.hosts.rest);
      });
    if (this.#isClosed || this.#barredUntil > this.clock.reading()) {
      this.limiter.release(permit, false);
      this.#requireOpen(name); // it was closed, or barred, while this one waited
    }
    const sentAt = this.clock.reading();
    const request = this.#requestOf(job);
    const carrier = this.#orderLine?.carries(request) ? this.#orderLine : this.#transport;
    const reply = await carrier.send(request);
    const receivedAt = this.clock.reading();
    this.limiter.release(permit, reply.kind !== "notSent");
    const verdict = answerOf({ name, fn, reply, redact: (text) => this.#redact(text), where: this.hosts.rest });
    this.#learn(verdict, { sentAt, receivedAt, budget: rate ? permit.budgets[0] : undefined });
    this.#options.onCall?.({
      name,
      attempt,
      outcome: verdict.outcome,
      retCode: verdict.retCode,
      elapsedMs: receivedAt - sentAt,
      waitedMs: sentAt - asked,
    });
    if (verdict.outcome === "accepted") return verdict.answer;
    throw verdict.error;
  }

  #redact(text: string): string {
    return this.#signer ? this.#signer.redact(text) : text;
  }

  #requireOpen(name: FunctionName): void {
    if (this.#isClosed)
      throw new VenueUnreachable("CLOSED", `${name} was not sent: the gateway is closed`, { function: name });
    const left = this.#barredUntil - this.clock.reading();
    if (left <= 0) return;
    const message = `${name} was not sent: this address was barred (HTTP 403); nothing goes out for ${Math.ceil(left / 1_000)} s more`;
    throw new VenueUnreachable("ADDRESS_BLOCKED", message, { function: name, leftMs: left });
  }

  async #firstLookAtClock(name: FunctionName, signal: AbortSignal | undefined): Promise<void> {
    try {
      await Promise.race([this.syncClock(), ...(signal ? [aborted(signal)] : [])]);
    } catch (error) {
      const cause = error instanceof ToolkitError ? String(error.details.cause ?? error.code) : "no clock";
      throw unreachable(name, `${cause}, while asking for the time`, this.hosts.rest);
    }
  }

  /** Clock, limits and bars, as an answer tells them. */
  #learn(
    verdict: Verdict,
    {
      sentAt,
      receivedAt,
      budget,
    }: { sentAt: number; receivedAt: number; budget: { told: Told; hold(until: number): void } | undefined },
  ): void {
    const { facts } = verdict;
    if (facts.status === 403) this.#barredUntil = receivedAt + BARRED_MS;
    if (facts.serverTime !== undefined) this.clock.sample(facts.serverTime, sentAt, receivedAt);
    if (verdict.retCode === CLOCK_REFUSED && facts.serverClock !== undefined) {
      this.clock.correct(facts.serverClock, sentAt, receivedAt);
    }
    if (budget && facts.limit) budget.told(facts.limit, receivedAt);
    if (verdict.retCode === RATE_LIMITED && facts.status === 200) {
      const resetIn = facts.limit ? facts.limit.resetAt - this.clock.now() : 0;
      const wait = Math.min(LONGEST_HOLD_MS, Math.max(1_000, Number.isFinite(resetIn) ? resetIn : 0));
      (budget ?? this.limiter.address).hold(receivedAt + wait);
    }
  }

  /** The order was taken in by an attempt whose answer was lost: its own words now. */
  async #adopt({ name, params, options }: Job): Promise<unknown> {
    const { category, symbol, orderLinkId } = params;
    const { signal } = options;
    let cause = "the order is not to be seen yet";
    // One that was filled at once may be in the history only.
    for (const where of ["get_open_orders", "get_order_history"] as const) {
      try {
        const answer = await this.callNamed(where, { category, symbol, orderLinkId }, { signal });
        const { list } = answer as { list: readonly { orderId: string; orderLinkId: string }[] };
        const own = list.find((order) => order.orderLinkId === orderLinkId);
        if (own) return { orderId: own.orderId, orderLinkId: own.orderLinkId };
      } catch (error) {
        if (!(error instanceof ToolkitError)) throw error;
        cause = `${where} ended with ${error.code}`;
      }
    }
    throw unknownOutcome(name, `its orderLinkId is taken, and ${cause}`, false);
  }
}

type Told = (facts: { limit: number; remaining: number }, now: number) => void;
