const ASSUMED_STEPS = 50;

/**
 * Requests that may be made per rolling window. A request counts from when it is let go until one window after its
 * answer: whenever the exchange counted it, it cannot still be counting it then.
 */
export class Budget {
  #limit: number;
  readonly windowMs: number;
  readonly #reserveFraction: number;
  #inFlight = 0;
  /** Answered requests that still count, oldest first. */
  #answered: { readonly at: number; readonly units: number }[] = [];
  #answeredUnits = 0;
  #heldUntil = -Infinity;

  /** `reserveFraction` of the limit is for protective requests only. */
  constructor(limit: number, windowMs: number, reserveFraction = 0) {
    this.#limit = limit;
    this.windowMs = windowMs;
    this.#reserveFraction = reserveFraction;
  }

  get limit(): number {
    return this.#limit;
  }

  /**
   * Counts `units` as if they had been answered evenly over the window before `now`: what a process that was killed may
   * have sent, and nobody knows any more.
   */
  assume(units: number, now: number): void {
    const steps = Math.min(ASSUMED_STEPS, units);
    for (let i = 1; i <= steps; i++) {
      this.#count(
        Math.floor((units * i) / steps) - Math.floor((units * (i - 1)) / steps),
        now - this.windowMs + (this.windowMs * i) / steps,
      );
    }
  }

  /** Whether `units` may go at `now`. What is more than the whole limit goes when nothing else counts. */
  hasRoom(units: number, now: number, isProtective: boolean): boolean {
    this.#forget(now);
    if (now < this.#heldUntil) return false;
    if (this.#limit === Infinity) return true;
    const used = this.#inFlight + this.#answeredUnits;
    const reserve = isProtective ? 0 : Math.floor(this.#limit * this.#reserveFraction);
    return used + units <= this.#limit - reserve || (used === 0 && units > this.#limit - reserve);
  }

  /** When room may next appear by time alone; Infinity when only an answer can make it. */
  nextRoomAt(now: number): number {
    if (this.#heldUntil > now) return this.#heldUntil;
    const first = this.#answered[0];
    return first ? first.at + this.windowMs : Infinity;
  }

  take(units: number): void {
    this.#inFlight += units;
  }

  /** The answer to a request has come, or it never was sent. */
  give(units: number, now: number, wasSent: boolean): void {
    this.#inFlight -= units;
    if (wasSent) this.#count(units, now);
  }

  /** What the exchange says of its own count. Others may use the same account. */
  told({ limit, remaining }: { limit: number; remaining: number }, now: number): void {
    if (this.#limit === Infinity) return; // the caller knows of no limit
    if (Number.isInteger(limit) && limit >= 1 && limit <= 100_000) this.#limit = limit;
    if (!Number.isInteger(remaining) || remaining < 0 || remaining > this.#limit) return;
    this.#forget(now);
    const unseen = this.#limit - remaining - this.#inFlight - this.#answeredUnits;
    if (unseen > 0) this.#count(unseen, now);
  }

  /** Nothing goes before `until`. */
  hold(until: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, until);
  }

  #count(units: number, at: number): void {
    this.#answered.push({ at, units });
    this.#answeredUnits += units;
  }

  #forget(now: number): void {
    let gone = 0;
    while (gone < this.#answered.length && this.#answered[gone]!.at + this.windowMs < now) {
      this.#answeredUnits -= this.#answered[gone]!.units;
      gone++;
    }
    if (gone > 0) this.#answered = this.#answered.slice(gone);
  }
}
