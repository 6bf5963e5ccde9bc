import { ArgumentError, ToolkitError, VenueRejection } from "../core/errors.ts";
import { backoffMs } from "./backoff.ts";
import { type ApiCredentials, type Signer, signerOf } from "./signer.ts";
import { type SessionKind, type StreamFrame, StreamSession } from "./stream-session.ts";
import { requireLivingTopic } from "./stream-topics.ts";
import { isPrivateTopic, maxAgeMs } from "./topics.ts";

/** A topic and the socket it is on. */
export interface Subscription {
  readonly topic: string;
  readonly kind: SessionKind;
}

/** What happens on the streams. `at` is the reading of the monotonic clock, ms. */
export type StreamEvent =
  | { readonly type: "data"; readonly at: number; readonly kind: SessionKind; readonly frame: StreamFrame }
  /** Every topic of the socket is acknowledged (again). Whoever holds state must ask by REST what it missed. */
  | { readonly type: "resynchronize"; readonly at: number; readonly kind: SessionKind; readonly isFirst: boolean }
  | {
      readonly type: "down";
      readonly at: number;
      readonly kind: SessionKind;
      readonly reason: string;
      readonly retryInMs: number;
    }
  /** Nothing came for longer than the topic allows, however alive the socket is; it is connected anew. */
  | {
      readonly type: "stale";
      readonly at: number;
      readonly kind: SessionKind;
      readonly topic: string;
      readonly ageMs: number;
    }
  /** The exchange does not know the topic; it is left out from now on, unless every topic is needed. */
  | {
      readonly type: "refused";
      readonly at: number;
      readonly kind: SessionKind;
      readonly topic: string;
      readonly reason: string;
    };

export interface StreamsOptions {
  /** `ws://…` or `wss://…` of each socket. */
  readonly urls: Readonly<Record<SessionKind, string>>;
  readonly credentials?: ApiCredentials | undefined;
  /** Exchange time minus local time, ms, asked at each login. */
  readonly clockOffsetMs?: () => number;
  readonly onEvent: (event: StreamEvent) => void;
  /** For those who cannot do without any of their topics: a refusal ends the connection, and all of it is tried again. */
  readonly needsEveryTopic?: boolean;
  /** How long a topic may be silent, ms, where it is not the usual; Infinity: for ever. */
  readonly maxAgeMs?: (topic: string) => number;
  /** Between pings; default 10 s. */
  readonly pingMs?: number;
  /** How long a pong, a login or an acknowledgement may take; default 5 s. */
  readonly patienceMs?: number;
  /** First wait before connecting anew, which doubles up to 30 s; default 250 ms. */
  readonly retryMs?: number;
  /** Between looks at the age of topics; default 250 ms. */
  readonly watchMs?: number;
}

/**
 * Bybit's public and private streams, kept up: login and every subscription acknowledged, silence noticed behind living
 * pongs, lost sockets connected anew with growing waits, and a word to whoever holds state each time.
 */
export class Streams {
  private readonly options: StreamsOptions;
  private readonly signer: Signer | undefined;
  private readonly lines = new Map<SessionKind, Line>();
  private readonly watch: NodeJS.Timeout;

  /** @throws ConfigError `KEY` */
  constructor(options: StreamsOptions) {
    this.options = options;
    this.signer = options.credentials && signerOf(options.credentials);
    this.watch = setInterval(() => {
      for (const line of this.lines.values()) line.lookAtAges();
    }, options.watchMs ?? 250);
  }

  /**
   * Adds topics; what they bring is told to `onEvent`, a refusal too. Topics that are there already stay as they are.
   *
   * @throws ArgumentError `TOPIC_REMOVED` for one of the past; `TOPIC` for a private topic without a key, or on a public socket
   */
  subscribe(subscriptions: readonly Subscription[]): void {
    for (const { topic, kind } of subscriptions) {
      requireLivingTopic(topic, kind);
      if (isPrivateTopic(topic) !== (kind === "private")) {
        throw new ArgumentError("TOPIC", `${topic} is not on the ${kind} socket`, { topic, kind });
      }
      if (kind === "private" && !this.options.credentials) {
        throw new ArgumentError("TOPIC", `${topic} is private and needs an API key`, { topic });
      }
    }
    for (const kind of new Set(subscriptions.map((each) => each.kind))) {
      const topics = subscriptions.filter((each) => each.kind === kind).map((each) => each.topic);
      let line = this.lines.get(kind);
      if (!line) {
        line = new Line(kind, this.options, this.signer);
        this.lines.set(kind, line);
      }
      line.add(topics);
    }
  }

  /** Subscribes a topic anew: its next frame is a snapshot. */
  refresh({ topic, kind }: Subscription): void {
    this.lines.get(kind)?.refresh(topic);
  }

  /** Resolves when everything a socket had sent by now has been told to `onEvent`; at once while it is down. */
  async roundTrip(kind: SessionKind): Promise<void> {
    await this.lines.get(kind)?.roundTrip();
  }

  /** Ms since the last frame of a topic; Infinity before the first. */
  ageMs({ topic, kind }: Subscription): number {
    return this.lines.get(kind)?.ageMs(topic) ?? Infinity;
  }

  /** Whether every topic of a socket is acknowledged. */
  isLive(kind: SessionKind): boolean {
    return this.lines.get(kind)?.isLive ?? false;
  }

  close(): void {
    clearInterval(this.watch);
    for (const line of this.lines.values()) line.close();
    this.lines.clear();
  }
}

/** One socket that is wanted: sessions come and go. */
class Line {
  readonly kind: SessionKind;
  isLive = false;
  private readonly options: StreamsOptions;
  private readonly signer: Signer | undefined;
  /** Wanted topics, and when each last brought something or was acknowledged; 0 while it is not. */
  private readonly heard = new Map<string, number>();
  private readonly brought = new Set<string>();
  private session: StreamSession | null = null;
  private wakeUp: () => void = () => {};
  private isOver = false;
  private hasBeenLive = false;

  constructor(kind: SessionKind, options: StreamsOptions, signer: Signer | undefined) {
    this.kind = kind;
    this.signer = signer;
    this.options = options;
  }

  add(topics: readonly string[]): void {
    const isNew = this.heard.size === 0;
    const added = topics.filter((topic) => !this.heard.has(topic));
    for (const topic of added) this.heard.set(topic, 0);
    if (isNew) void this.run();
    else if (this.isLive && this.session && added.length > 0) void this.acknowledge(this.session, added);
  }

  refresh(topic: string): void {
    const { session } = this;
    if (!this.isLive || !session || !this.heard.has(topic)) return;
    const anew = session.unsubscribe([topic]).then(() => session.subscribe([topic]));
    anew.catch(() => session.end(`${topic} could not be subscribed anew`));
  }

  async roundTrip(): Promise<void> {
    if (this.isLive) await this.session?.roundTrip();
  }

  ageMs(topic: string): number {
    const at = this.heard.get(topic);
    return at && this.brought.has(topic) ? performance.now() - at : Infinity;
  }

  /** Ends the session when a topic is silent for too long. */
  lookAtAges(): void {
    if (!this.isLive || !this.session) return;
    const at = performance.now();
    const limit = this.options.maxAgeMs ?? maxAgeMs;
    for (const [topic, heardAt] of this.heard) {
      const ageMs = at - heardAt;
      if (heardAt === 0 || ageMs <= limit(topic)) continue;
      this.options.onEvent({ type: "stale", at, kind: this.kind, topic, ageMs });
      this.session.end(`${topic} brought nothing for ${Math.round(ageMs)} ms`);
      return;
    }
  }

  close(): void {
    this.isOver = true;
    this.session?.end("closed");
    this.wakeUp();
  }

  private async run(): Promise<void> {
    let failures = 0;
    while (!this.isOver) {
      const { reason, wasLive } = await this.live();
      if (this.isOver) return;
      failures = wasLive ? 0 : failures + 1;
      const retryInMs = backoffMs(failures, this.options.retryMs ?? 250);
      this.options.onEvent({ type: "down", at: performance.now(), kind: this.kind, reason, retryInMs });
      await this.pause(retryInMs);
    }
  }

  /** One session from beginning to end. */
  private async live(): Promise<{ reason: string; wasLive: boolean }> {
    const { kind, options, signer } = this;
    const { pingMs = 10_000, patienceMs = 5_000 } = options;
    const session = new StreamSession(
      {
        ...{ kind, pingMs, patienceMs },
        url: options.urls[kind],
        clockOffsetMs: options.clockOffsetMs?.() ?? 0,
        signer: kind === "private" ? signer : undefined,
      },
      { onFrame: (frame) => this.take(frame) },
    );
    this.session = session;
    for (const topic of this.heard.keys()) this.heard.set(topic, 0);
    this.brought.clear();
    try {
      await session.open();
      await this.acknowledge(session, [...this.heard.keys()]);
    } catch (error) {
      session.end(error instanceof ToolkitError ? error.message : "unexpected failure");
      if (!(error instanceof ToolkitError)) throw error;
    }
    const reason = await session.ended;
    const wasLive = this.isLive;
    this.isLive = false;
    this.session = null;
    return { reason, wasLive };
  }

  /** Topics one by one where a batch is refused, so that a bad one does not take the others down. */
  private async acknowledge(session: StreamSession, topics: readonly string[]): Promise<void> {
    for (const batch of batches(topics, this.kind)) {
      try {
        await session.subscribe(batch);
        this.note(batch);
      } catch (error) {
        if (!(error instanceof VenueRejection)) {
          session.end("subscription failed");
          return;
        }
        if (batch.length === 1) this.refuse(batch[0]!, error.message);
        else {
          for (const topic of batch) if (session === this.session) await this.acknowledge(session, [topic]);
        }
      }
    }
    const areAll = [...this.heard.values()].every((at) => at > 0);
    if (session !== this.session || this.isLive || !areAll || this.heard.size === 0) return;
    this.isLive = true;
    const isFirst = !this.hasBeenLive;
    this.hasBeenLive = true;
    this.options.onEvent({ type: "resynchronize", at: performance.now(), kind: this.kind, isFirst });
  }

  private note(topics: readonly string[]): void {
    const at = performance.now();
    for (const topic of topics) if (this.heard.has(topic)) this.heard.set(topic, at);
  }

  private refuse(topic: string, reason: string): void {
    if (this.options.needsEveryTopic) this.session?.end(`${topic} refused: ${reason}`);
    else this.heard.delete(topic);
    this.options.onEvent({ type: "refused", at: performance.now(), kind: this.kind, topic, reason });
  }

  private take(frame: StreamFrame): void {
    const at = performance.now();
    if (this.heard.has(frame.topic)) {
      this.heard.set(frame.topic, at);
      this.brought.add(frame.topic);
    }
    this.options.onEvent({ type: "data", at, kind: this.kind, frame });
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

/** Topics per request: spot takes 10, others anything; 21,000 characters in all. */
function batches(topics: readonly string[], kind: SessionKind): string[][] {
  const size = kind === "spot" ? 10 : 200;
  const out: string[][] = [];
  for (let k = 0; k < topics.length; k += size) out.push(topics.slice(k, k + size));
  return out;
}
