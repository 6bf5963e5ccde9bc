/** What a topic's listener can do: take one finished message. */
export interface Listener {
  deliver(topic: string, message: Buffer): void;
}

/** Who listens to what. A message is serialised once, however many listen. */
export class Hub {
  readonly #topics = new Map<string, Set<Listener>>();

  /** Adds a listener; false when it already listened. */
  add(topic: string, listener: Listener): boolean {
    let listeners = this.#topics.get(topic);
    if (!listeners) {
      listeners = new Set();
      this.#topics.set(topic, listeners);
    }
    if (listeners.has(listener)) return false;
    listeners.add(listener);
    return true;
  }

  remove(topic: string, listener: Listener): void {
    const listeners = this.#topics.get(topic);
    if (!listeners?.delete(listener)) return;
    if (listeners.size === 0) this.#topics.delete(topic);
  }

  /** Whether anyone would get a message on `topic`. */
  hasListeners(topic: string): boolean {
    return this.#topics.has(topic);
  }

  /** Topics that someone listens to. */
  topics(): IterableIterator<string> {
    return this.#topics.keys();
  }

  publish(topic: string, text: string): void {
    const listeners = this.#topics.get(topic);
    if (!listeners) return;
    const message = Buffer.from(text);
    for (const listener of listeners) listener.deliver(topic, message);
  }
}
