import { WebsocketClient } from "bybit-api";
import { OutcomeUnknown, VenueRejection, VenueUnreachable } from "../core/errors.ts";
import { NO_SECRET, type Signer } from "./signer.ts";

/** Where a session connects, and as whom. */
export interface SessionOptions {
  readonly url: string;
  readonly kind: SessionKind | "orders";
  /** Needed by the private socket and by order entry. */
  readonly signer?: Signer | undefined;
  /** Exchange time minus local time, ms. */
  readonly clockOffsetMs: number;
  readonly pingMs: number;
  /** How long a pong, a login or an acknowledgement may take. */
  readonly patienceMs: number;
}

/** What a session brings. */
export interface SessionListener {
  readonly onFrame?: (frame: StreamFrame) => void;
  /** An answer to what was posted. */
  readonly onAnswer?: (answer: OrderAnswer) => void;
}

/** What order entry answers, as Bybit sent it. */
export interface OrderAnswer {
  readonly reqId: string;
  readonly retCode: number;
  readonly retMsg: string;
  readonly data: unknown;
  readonly retExtInfo: unknown;
  readonly header?: Readonly<Record<string, unknown>>;
}

export type SessionKind = "linear" | "inverse" | "spot" | "option" | "private";

/** A message of a subscribed topic, as Bybit sent it. */
export interface StreamFrame {
  readonly topic: string;
  readonly type?: "snapshot" | "delta";
  /** When it was sent, epoch ms of the exchange; private frames call it `creationTime`. */
  readonly ts?: number;
  readonly cts?: number;
  readonly creationTime?: number;
  readonly data: unknown;
}

const KEYS = {
  linear: "v5LinearPublic",
  inverse: "v5InversePublic",
  spot: "v5SpotPublic",
  option: "v5OptionPublic",
  private: "v5Private",
  orders: "v5PrivateTrade",
} as const;

/** Never: reconnecting is done with a new session, which waits longer each time. */
const NEVER_MS = 2 ** 31 - 1;
const ECHO = "echo";
const SILENT = { trace() {}, info() {}, error() {} };

/** What the SDK hands to listeners; only these fields are read, as the rest may hold the key. */
interface Answer {
  readonly op?: string;
  readonly success?: boolean;
  readonly ret_msg?: string;
  readonly message?: string;
  readonly reqId?: string;
  readonly retCode?: number;
}

/**
 * One life of one socket: connected, logged in where needed, subscribed; then it ends, once, for one reason.
 *
 * Every request waits for its acknowledgement, one at a time, as Bybit's public sockets do not name the request they answer.
 */
export class StreamSession {
  private readonly client: WebsocketClient;
  private readonly options: SessionOptions;
  private readonly listener: SessionListener;
  private waiting: { op: string; settle: (answer: Answer) => void } | null = null;
  private queue: Promise<unknown> = Promise.resolve();
  private readonly finish: (reason: string) => void;
  private isOver = false;
  /** Resolves with the reason when the session is over. */
  readonly ended: Promise<string>;

  constructor(options: SessionOptions, listener: SessionListener) {
    this.options = options;
    this.listener = listener;
    const { signer, pingMs, patienceMs } = options;
    this.client = new WebsocketClient(
      {
        wsUrl: options.url,
        pingInterval: pingMs,
        pongTimeout: patienceMs,
        reconnectTimeout: NEVER_MS,
        recvWindow: patienceMs,
        ...(signer && {
          key: signer.key,
          secret: NO_SECRET,
          customSignMessageFn: (payload: string) => Promise.resolve(signer.sign(payload)),
        }),
      },
      SILENT,
    );
    this.client.setTimeOffsetMs(options.clockOffsetMs);
    let finish: (reason: string) => void = () => {};
    this.ended = new Promise((resolve) => {
      finish = resolve;
    });
    this.finish = finish;
    this.client.on("update", (frame: StreamFrame) => {
      if (!this.isOver) listener.onFrame?.(frame);
    });
    this.client.on("response", (answer: Answer) => this.heard(answer));
    // Order entry says so with success in its name and the truth in its retCode.
    this.client.on("authenticated", (event: unknown) => {
      const answer = event as Answer; // the SDK's type says it is inside another
      this.heard({ success: (answer.retCode ?? 0) === 0, ...answer, op: "auth" });
    });
    this.client.on("exception", (answer: Answer) => {
      if (answer.op !== undefined) this.heard({ ...answer, success: false });
      else this.end(answer.message ?? "connection failed");
    });
    this.client.on("reconnect", () => this.end("connection lost"));
    this.client.on("close", () => this.end("closed"));
  }

  /** Connects, and logs in where the socket is not public. @throws VenueUnreachable; VenueRejection `LOGIN` */
  async open(): Promise<void> {
    const { kind, patienceMs } = this.options;
    const login = kind === "private" || kind === "orders" ? this.answerTo("auth") : null;
    const connected = this.client.connect(KEYS[kind]).then(() => true);
    connected.catch(() => {}); // told by `ended`
    const over = this.ended.then(() => false);
    const isConnected = await Promise.race([connected, over, delay(patienceMs).then(() => false)]);
    if (!isConnected) {
      this.end("no connection");
      throw new VenueUnreachable("STREAM_CONNECT", `no connection to ${this.options.url}: ${await this.ended}`);
    }
    const answer = await login;
    if (!answer || answer.success === true) return;
    if (this.isOver) {
      throw new VenueUnreachable("STREAM_CONNECT", `no login to ${this.options.url}: ${await this.ended}`);
    }
    this.end("login refused");
    throw new VenueRejection("LOGIN", `login to ${this.options.url} refused: ${answer.ret_msg || "no reason given"}`);
  }

  /**
   * Subscribes and waits for the acknowledgement.
   *
   * @throws VenueRejection `SUBSCRIBE`; OutcomeUnknown `SUBSCRIBE_TIMEOUT`, after which the session is over
   */
  subscribe(topics: readonly string[]): Promise<void> {
    return this.request("subscribe", topics);
  }

  /** Ends subscriptions. @throws as `subscribe` */
  unsubscribe(topics: readonly string[]): Promise<void> {
    return this.request("unsubscribe", topics);
  }

  /** Resolves when everything that was sent to us before the exchange heard of this has come. */
  async roundTrip(): Promise<void> {
    const trip = this.queue.then(async () => {
      if (this.isOver) return;
      const answer = this.answerTo(ECHO);
      this.client.tryWsSend(KEYS[this.options.kind], JSON.stringify({ op: ECHO }));
      // It knows no such request, and says so behind everything it said before.
      await answer;
    });
    this.queue = trip.catch(() => {});
    await trip;
  }

  /** Whether what is posted goes out. */
  get isOpen(): boolean {
    return !this.isOver && this.client.getWsStore().isWsOpen(KEYS[this.options.kind]);
  }

  /** Sends a message whose answer goes to `onAnswer`; false when it could not be sent. */
  post(message: unknown): boolean {
    if (!this.isOpen) return false;
    try {
      this.client.tryWsSend(KEYS[this.options.kind], JSON.stringify(message), true);
      return true;
    } catch {
      return false;
    }
  }

  /** Ends the session at once, without a farewell: a socket that does not answer is not asked. */
  end(reason: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.waiting?.settle({ success: false, ret_msg: reason });
    this.finish(reason);
    this.client.closeAll(true);
  }

  private request(op: "subscribe" | "unsubscribe", topics: readonly string[]): Promise<void> {
    const sent = this.queue.then(() => this.send(op, topics));
    this.queue = sent.catch(() => {});
    return sent;
  }

  private async send(op: "subscribe" | "unsubscribe", topics: readonly string[]): Promise<void> {
    if (this.isOver) throw new VenueUnreachable("STREAM_OVER", `the connection is over: ${await this.ended}`);
    const answer = this.answerTo(op);
    this.client.tryWsSend(KEYS[this.options.kind], JSON.stringify({ req_id: topics.join(","), op, args: topics }));
    const { success, ret_msg: reason } = await answer;
    if (success === true) return;
    if (this.isOver) throw new OutcomeUnknown("SUBSCRIBE_TIMEOUT", `${op} ${topics.join(" ")}: ${reason}`, { topics });
    throw new VenueRejection("SUBSCRIBE", `${op} ${topics.join(" ")} refused: ${reason || "no reason given"}`, {
      topics,
    });
  }

  private async answerTo(op: string): Promise<Answer> {
    const { patienceMs } = this.options;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Answer>((resolve) => {
        this.waiting = { op, settle: resolve };
        timer = setTimeout(() => this.end(`no answer to ${op} within ${patienceMs} ms`), patienceMs);
      });
    } finally {
      clearTimeout(timer);
      this.waiting = null;
    }
  }

  private heard(answer: Answer): void {
    if (answer.reqId !== undefined && answer.op?.startsWith("order.")) {
      if (!this.isOver) this.listener.onAnswer?.(answer as OrderAnswer);
    } else if (this.waiting && this.waiting.op === answer.op) this.waiting.settle(answer);
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
