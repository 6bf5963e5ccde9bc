import { randomBytes } from "node:crypto";
import { ToolkitError } from "../core/errors.ts";
import { backoffMs } from "./backoff.ts";
import type { Signer } from "./signer.ts";
import { type OrderAnswer, StreamSession } from "./stream-session.ts";
import type { Reply, WireRequest } from "./transport.ts";

export interface OrderLineOptions {
  readonly url: string;
  readonly signer: Signer;
  /** What to add to this machine's time for the exchange's, ms, asked at each login. */
  readonly clockOffsetMs: () => number;
  /** It can be used, or cannot, at first or any more. */
  readonly onChange: (isUp: boolean, reason: string) => void;
}

const OPERATIONS: Readonly<Record<string, string>> = {
  "/v5/order/create": "order.create",
  "/v5/order/amend": "order.amend",
  "/v5/order/cancel": "order.cancel",
  "/v5/order/create-batch": "order.create-batch",
  "/v5/order/amend-batch": "order.amend-batch",
  "/v5/order/cancel-batch": "order.cancel-batch",
};
const CATEGORIES: readonly unknown[] = ["linear", "inverse", "spot"];

const PING_MS = 10_000;
const PATIENCE_MS = 5_000;
const RETRY_MS = 250;
/** What is said of a connection, not of an order: not logged in, and the service is restarting. */
const BAD_LINE: ReadonlySet<number> = new Set([10003, 10019]);

/**
 * The order-entry socket, kept up. A request that went out on it and got no answer is one without an answer: whether it
 * arrived, nobody knows.
 */
export class OrderLine {
  private readonly options: OrderLineOptions;
  private readonly waiting = new Map<string, (reply: Reply) => void>();
  /** Request ids are to be fresh; the exchange may remember those of a process before this one. */
  private readonly prefix = randomBytes(6).toString("hex");
  private count = 0;
  /** The one that is logged in. */
  private session: StreamSession | null = null;
  private connection: StreamSession | null = null;
  private isOver = false;
  private wakeUp: () => void = () => {};

  constructor(options: OrderLineOptions) {
    this.options = options;
    void this.run();
  }

  /** Whether a request can go out on it now. */
  carries({ path, params }: WireRequest): boolean {
    return this.session?.isOpen === true && OPERATIONS[path] !== undefined && CATEGORIES.includes(params.category);
  }

  /** Sends, once, what it `carries`. */
  send({ path, params, stamp, recvWindowMs, timeoutMs, signal }: WireRequest): Promise<Reply> {
    const session = this.session!;
    this.count += 1;
    const reqId = `${this.prefix}-${this.count}`;
    const header = { "X-BAPI-TIMESTAMP": String(stamp()), "X-BAPI-RECV-WINDOW": String(recvWindowMs) };
    const { promise, resolve } = Promise.withResolvers<Reply>();
    const settle = (reply: Reply) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", interrupt);
      this.waiting.delete(reqId);
      resolve(reply);
    };
    const interrupt = () => settle({ kind: "noAnswer", cause: "interrupted" });
    // A line that does not answer may be dead: the next request goes elsewhere.
    const timer = setTimeout(() => session.end(`no answer within ${timeoutMs} ms`), timeoutMs);
    this.waiting.set(reqId, settle);
    if (session.post({ reqId, header, op: OPERATIONS[path], args: [params] })) {
      signal?.addEventListener("abort", interrupt, { once: true });
    } else settle({ kind: "notSent", cause: "no connection" });
    return promise;
  }

  close(): void {
    this.isOver = true;
    this.connection?.end("closed");
    this.wakeUp();
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.isOver) {
      const { reason, wasUp } = await this.live();
      if (this.isOver) return;
      if (wasUp) failures = 0;
      if (failures === 0) this.options.onChange(false, reason);
      failures += 1;
      await this.pause(backoffMs(failures - 1, RETRY_MS));
    }
  }

  /** One connection from beginning to end. */
  private async live(): Promise<{ reason: string; wasUp: boolean }> {
    const { url, signer, clockOffsetMs, onChange } = this.options;
    const session = new StreamSession(
      { kind: "orders", url, signer, clockOffsetMs: clockOffsetMs(), pingMs: PING_MS, patienceMs: PATIENCE_MS },
      { onAnswer: (answer) => this.heard(answer) },
    );
    this.connection = session;
    try {
      await session.open();
      this.session = session;
      onChange(true, "");
    } catch (error) {
      if (!(error instanceof ToolkitError)) throw error;
      session.end(error.message);
    }
    const reason = await session.ended;
    const wasUp = this.session !== null;
    this.session = null;
    for (const settle of this.waiting.values()) settle({ kind: "noAnswer", cause: reason });
    return { reason, wasUp };
  }

  private heard(answer: OrderAnswer): void {
    this.waiting.get(answer.reqId)?.({ kind: "answer", ...asOverRest(answer) });
    if (BAD_LINE.has(answer.retCode)) this.session?.end(`retCode ${answer.retCode}`);
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** The same answer as REST would give it: result and time have other names here, and limits are inside. */
function asOverRest({ retCode, retMsg, data, retExtInfo, header }: OrderAnswer) {
  const text = JSON.stringify({ retCode, retMsg, result: data, retExtInfo, time: Number(header?.Timenow) });
  const headers = Object.fromEntries(
    Object.entries(header ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  return { status: 200, headers, text };
}
