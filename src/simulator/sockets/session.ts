import type { WebSocket } from "ws";
import type { FaultInjector } from "../faults/injector.ts";
import type { Listener } from "./hub.ts";

/** What a session needs of the exchange around it. */
export interface SessionWorld {
  readonly faults: FaultInjector;
  /** Exchange time, epoch ms. */
  now(): number;
  /** How long a subscribe reply waits: clients that register their callback after sending lose the race otherwise. */
  readonly ackDelayMs: number;
  /** One line per message in and out, when asked for. */
  readonly log: ((line: string) => void) | undefined;
}

/** Bytes a client may leave unread before it is dropped, as a slow reader is on the exchange. */
const MOST_BUFFERED_BYTES = 64 * 1024 * 1024;

/** One WebSocket connection: replies, data pushes, and the faults that befall them. */
export class Session implements Listener {
  readonly connId: string;
  readonly #socket: WebSocket;
  readonly #world: SessionWorld;
  readonly #timers = new Set<NodeJS.Timeout>();
  #held: Buffer | undefined;
  #stalled = false;
  /** Machine time of the last sign of life, epoch ms; idle connections are closed by it. */
  lastActiveAt = Date.now();

  constructor(socket: WebSocket, connId: string, world: SessionWorld) {
    this.#socket = socket;
    this.connId = connId;
    this.#world = world;
  }

  /** Answers a request; faults of data do not touch it. */
  reply(message: unknown): void {
    this.send(JSON.stringify(message));
  }

  /** Sends a text as it is. */
  send(text: string): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#world.log?.(`ws ${this.connId} < ${text.slice(0, 300)}`);
    this.#socket.send(text);
  }

  /** Answers after the ack delay; `then` runs right behind it, so that data follows the answer. */
  replyLater(message: unknown, then: () => void = () => {}): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.reply(message);
      then();
    }, this.#world.ackDelayMs);
    this.#timers.add(timer);
  }

  /** Runs `work` after `ms` unless the connection ends first. */
  later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    this.#timers.add(timer);
  }

  deliver(topic: string, message: Buffer): void {
    if (this.#socket.readyState !== this.#socket.OPEN || this.#stalled) return;
    this.lastActiveAt = Date.now();
    if (this.#world.faults.idle && !this.#held) {
      this.#push(message);
      return;
    }
    const rule = this.#world.faults.hit(
      ["drop", "duplicate", "reorder", "stall", "disconnect"],
      topic,
      this.#world.now(),
    );
    if (rule?.fault === "stall") this.#stalled = true;
    if (rule?.fault === "disconnect") this.terminate();
    if (rule?.fault === "drop" || this.#stalled || rule?.fault === "disconnect") return;
    if (rule?.fault === "reorder" && !this.#held) {
      this.#held = message;
      return;
    }
    this.#push(message);
    if (rule?.fault === "duplicate") this.#push(message);
    const held = this.#held;
    this.#held = undefined;
    if (held) this.#push(held);
  }

  /** Breaks the connection without a goodbye. */
  terminate(): void {
    this.#socket.terminate();
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** To be called when the connection has ended. */
  ended(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #push(message: Buffer): void {
    if (this.#socket.bufferedAmount > MOST_BUFFERED_BYTES) {
      this.terminate();
      return;
    }
    this.#socket.send(message, { binary: false });
  }
}
