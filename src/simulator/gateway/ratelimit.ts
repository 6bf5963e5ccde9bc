/** What a bucket says after a visit; the three numbers of the `X-Bapi-Limit…` headers. */
export interface Visit {
  /** How many of the units asked for fit. */
  readonly granted: number;
  readonly limit: number;
  readonly remaining: number;
  /** Epoch ms: when refused, the moment the next unit fits; else about now. */
  readonly resetAt: number;
}

/** A rolling-window counter: at most `limit` units in any `windowMs`. */
export class RateBucket {
  readonly limit: number;
  readonly #windowMs: number;
  readonly #times: Float64Array;
  #first = 0;
  #count = 0;

  constructor(limit: number, windowMs: number) {
    this.limit = limit;
    this.#windowMs = windowMs;
    this.#times = new Float64Array(limit);
  }

  /** Takes up to `units` at `now` (epoch ms, never running back by more than it ran ahead). */
  take(now: number, units = 1): Visit {
    while (this.#count > 0 && this.#times[this.#first]! <= now - this.#windowMs) {
      this.#first = (this.#first + 1) % this.limit;
      this.#count -= 1;
    }
    const granted = Math.min(units, this.limit - this.#count);
    for (let i = 0; i < granted; i++) {
      this.#times[(this.#first + this.#count) % this.limit] = now;
      this.#count += 1;
    }
    const resetAt = granted < units ? this.#times[this.#first]! + this.#windowMs : now;
    return { granted, limit: this.limit, remaining: this.limit - this.#count, resetAt };
  }
}

/** Buckets by name, made when first visited. `scale` multiplies every limit; Infinity switches refusals off. */
export class RateLimiter {
  readonly #buckets = new Map<string, RateBucket>();
  readonly #scale: number;

  constructor(scale = 1) {
    this.#scale = scale;
  }

  /** Visits the bucket `name`, which allows `limit` units per `windowMs`. */
  visit(name: string, limit: number, windowMs: number, now: number, units = 1): Visit {
    if (this.#scale === Number.POSITIVE_INFINITY) return { granted: units, limit, remaining: limit - 1, resetAt: now };
    let bucket = this.#buckets.get(name);
    if (!bucket) {
      bucket = new RateBucket(Math.max(1, Math.floor(limit * this.#scale)), windowMs);
      this.#buckets.set(name, bucket);
    }
    return bucket.take(now, units);
  }
}
