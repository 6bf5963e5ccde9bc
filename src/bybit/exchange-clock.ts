/** The exchange's time, told apart from this machine's. Readings of `monotonic` are ms that never jump. */
export class ExchangeClock {
  readonly #monotonic: () => number;
  readonly #wall: () => number;
  readonly #mayHaveOwnTime: boolean;
  readonly #isFast: boolean;
  /** Exchange time minus the monotonic clock, ms. */
  #offset: number | undefined;
  #roundTripMs = Infinity;
  #sampledAt = -Infinity;
  /** What stamps are off by, as the exchange itself told; used where it keeps a time of its own. */
  #correction = 0;

  /** `isFast`: its time is known to run otherwise than this machine's, so that no offset holds for long. */
  constructor(
    options: { monotonic?: () => number; wall?: () => number; mayHaveOwnTime?: boolean; isFast?: boolean } = {},
  ) {
    this.#monotonic = options.monotonic ?? (() => performance.now());
    this.#wall = options.wall ?? Date.now;
    this.#mayHaveOwnTime = options.mayHaveOwnTime ?? false;
    this.#isFast = options.isFast ?? false;
  }

  /** A reading of the monotonic clock, for `sample`. */
  reading(): number {
    return this.#monotonic();
  }

  get isKnown(): boolean {
    return this.#offset !== undefined;
  }

  /** Since the last sample, ms. */
  get ageMs(): number {
    return this.#monotonic() - this.#sampledAt;
  }

  /** How far `now` may be off, ms: half the round trip of the sample it stands on. */
  get uncertaintyMs(): number {
    return this.#roundTripMs / 2;
  }

  /** Exchange time now, epoch ms; this machine's until the first sample. */
  now(): number {
    return this.#offset === undefined ? this.#wall() : this.#monotonic() + this.#offset;
  }

  /** Exchange time minus this machine's, ms. */
  get offsetMs(): number {
    return this.now() - this.#wall();
  }

  /** What to stamp a request with, epoch ms. */
  stamp(): number {
    return Math.round(this.#hasOwnTime() ? this.#wall() + this.#correction : this.now());
  }

  /**
   * The exchange wrote `serverTime` between two readings of the monotonic clock. The offset lies between the two; an
   * estimate that does is kept unless this look was a quicker one.
   */
  sample(serverTime: number, sentAt: number, receivedAt: number): void {
    this.#sampledAt = receivedAt;
    const roundTrip = receivedAt - sentAt;
    const fits =
      this.#offset !== undefined && this.#offset >= serverTime - receivedAt && this.#offset <= serverTime - sentAt;
    if (fits && roundTrip >= this.#roundTripMs) return;
    this.#offset = serverTime - (sentAt + receivedAt) / 2;
    this.#roundTripMs = roundTrip;
  }

  /** A stamp was refused by an exchange whose clock read `serverTime`: the next one is right. */
  correct(serverTime: number, sentAt: number, receivedAt: number): void {
    if (this.#hasOwnTime()) {
      this.#correction = serverTime - this.#wall();
      return;
    }
    this.#offset = undefined;
    this.sample(serverTime, sentAt, receivedAt);
  }

  /**
   * A local exchange may play the past, at any speed. Its clock is hours away from ours and says nothing about stamps,
   * which it takes by this machine's clock then.
   */
  #hasOwnTime(): boolean {
    return this.#isFast || (this.#mayHaveOwnTime && Math.abs(this.offsetMs) > 3_600_000);
  }
}
