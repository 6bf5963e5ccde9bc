import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RateBucket, RateLimiter } from "../../../src/simulator/gateway/ratelimit.ts";

describe("RateBucket", () => {
  it("refuses the eleventh visit of a second and says when the next one fits", () => {
    const bucket = new RateBucket(10, 1_000);
    for (let i = 0; i < 10; i++) expect(bucket.take(1_000 + i)).toMatchObject({ granted: 1, remaining: 9 - i });
    expect(bucket.take(1_500)).toEqual({ granted: 0, limit: 10, remaining: 0, resetAt: 2_000 });
    expect(bucket.take(2_000)).toMatchObject({ granted: 1, remaining: 0 });
  });

  it("grants the first orders of a batch and refuses the rest", () => {
    expect(new RateBucket(10, 1_000).take(0, 15)).toMatchObject({ granted: 10, remaining: 0 });
  });

  it("never grants more than its limit in any window", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 80 }), (gaps) => {
        const bucket = new RateBucket(5, 1_000);
        const granted: number[] = [];
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          if (bucket.take(now).granted === 1) granted.push(now);
        }
        for (const at of granted)
          expect(granted.filter((t) => t > at - 1_000 && t <= at).length).toBeLessThanOrEqual(5);
      }),
    );
  });
});

describe("RateLimiter", () => {
  it("keeps a bucket per name", () => {
    const limiter = new RateLimiter();
    expect(limiter.visit("a", 1, 1_000, 0).granted).toBe(1);
    expect(limiter.visit("a", 1, 1_000, 0).granted).toBe(0);
    expect(limiter.visit("b", 1, 1_000, 0).granted).toBe(1);
  });

  it("never refuses when scaled without end", () => {
    const limiter = new RateLimiter(Number.POSITIVE_INFINITY);
    for (let i = 0; i < 100; i++) expect(limiter.visit("a", 1, 1_000, 0).granted).toBe(1);
  });
});
