import type { Category } from "../../model/instrument.ts";
import type { Hub } from "../sockets/hub.ts";
import { privateTopic } from "../sockets/private.ts";
import type { Ids } from "../wire/ids.ts";

/** Something that happened to an account, as the element of a push. */
export interface PrivateEvent {
  readonly account: string;
  readonly topic: "order" | "execution" | "execution.fast" | "position" | "wallet";
  /** `undefined` for the wallet, which has none. */
  readonly category: Category | undefined;
  /** Called at once, and only when someone listens. */
  readonly data: () => Record<string, unknown>;
}

type Heard = Omit<PrivateEvent, "data"> & { readonly data: Record<string, unknown> };

/** Pushes what happens to accounts, in the order it happened; neighbours of one topic share a message. */
export class PrivatePublisher {
  readonly #hub: Hub;
  readonly #ids: Ids;
  #events: Heard[] = [];

  constructor(hub: Hub, ids: Ids) {
    this.#hub = hub;
    this.#ids = ids;
  }

  /** Whether anyone would hear of `topic`; saves the making of facts. */
  hears(account: string, topic: PrivateEvent["topic"], category: Category | undefined): boolean {
    return namesOf(topic, category).some((name) => this.#hub.hasListeners(privateTopic(account, name)));
  }

  add(event: PrivateEvent): void {
    if (this.hears(event.account, event.topic, event.category)) this.#events.push({ ...event, data: event.data() });
  }

  /** Sends what has gathered. */
  flush(now: number): void {
    if (this.#events.length === 0) return;
    const events = this.#events;
    this.#events = [];
    for (let from = 0; from < events.length; ) {
      const first = events[from]!;
      let to = from + 1;
      while (to < events.length && isAlike(first, events[to]!)) to += 1;
      this.#send(first, events.slice(from, to), now);
      from = to;
    }
  }

  #send({ account, topic, category }: Heard, events: readonly Heard[], now: number): void {
    const id = this.#ids.uuid();
    const data = events.map((event) => event.data);
    for (const name of namesOf(topic, category)) {
      const hubName = privateTopic(account, name);
      if (!this.#hub.hasListeners(hubName)) continue;
      const head = topic === "execution.fast" ? { topic: name } : { id, topic: name };
      this.#hub.publish(hubName, JSON.stringify({ ...head, creationTime: now, data }));
    }
  }
}

function namesOf(topic: string, category: Category | undefined): string[] {
  return category === undefined ? [topic] : [topic, `${topic}.${category}`];
}

function isAlike(a: Heard, b: Heard): boolean {
  return a.account === b.account && a.topic === b.topic && a.category === b.category;
}
