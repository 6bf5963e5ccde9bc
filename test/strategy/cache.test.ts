import { describe, expect, it } from "vitest";
import { ColumnCache } from "../../src/strategy/cache.ts";

const column = (bytes: number) => ({ column: new Float64Array(bytes / 8), warmup: 0 });

describe("column cache", () => {
  it("forgets what was not used for longest once it is full", () => {
    const cache = new ColumnCache(240);
    cache.set("a", column(80));
    cache.set("b", column(80));
    cache.set("c", column(80));
    expect(cache.bytes).toBe(240);
    cache.get("a");
    cache.set("d", column(80));
    expect(["a", "b", "c", "d"].map((key) => cache.get(key) !== undefined)).toEqual([true, false, true, true]);
    expect(cache.bytes).toBe(240);
  });

  it("never holds more than its bound, nor anything larger", () => {
    const cache = new ColumnCache(100);
    cache.set("large", column(104));
    expect(cache.get("large")).toBeUndefined();
    for (let k = 0; k < 50; k++) {
      cache.set(`k${k % 7}`, column(8 * (1 + (k % 5))));
      expect(cache.bytes).toBeLessThanOrEqual(100);
    }
  });

  it("counts a replaced column once", () => {
    const cache = new ColumnCache(1000);
    cache.set("a", column(80));
    cache.set("a", column(160));
    expect(cache.bytes).toBe(160);
  });
});
