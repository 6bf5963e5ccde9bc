import { describe, expect, it } from "vitest";
import { random } from "../../src/core/random.ts";

describe("random", () => {
  it("gives the same sequence for the same seed, forever", () => {
    const r = random(1);
    expect([r.next(), r.next(), r.next()]).toEqual([0.9612513612955809, 0.2647382745053619, 0.3613394189160317]);
    const again = random(1);
    const once = random("1");
    expect(Array.from({ length: 50 }, () => again.next())).toEqual(Array.from({ length: 50 }, () => once.next()));
  });

  it("forks without moving on, and differently by label", () => {
    const a = random(7);
    const left = a.fork("left").next();
    expect(a.fork("left").next()).toBe(left);
    expect(a.fork("right").next()).not.toBe(left);
    expect(a.next()).toBe(random(7).next());
  });

  it("is uniform in [0, 1) and standard normal, to four standard errors", () => {
    const r = random("moments");
    const n = 100_000;
    let [sum, squares, normals, normalSquares] = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      const u = r.next();
      expect(u >= 0 && u < 1).toBe(true);
      sum += u;
      squares += u * u;
      const z = r.normal();
      normals += z;
      normalSquares += z * z;
    }
    expect(Math.abs(sum / n - 1 / 2)).toBeLessThan(4 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(squares / n - 1 / 3)).toBeLessThan(4 * Math.sqrt(4 / 45 / n));
    expect(Math.abs(normals / n)).toBeLessThan(4 / Math.sqrt(n));
    expect(Math.abs(normalSquares / n - 1)).toBeLessThan(4 * Math.sqrt(2 / n));
  });

  it("draws integers below a limit, all of them", () => {
    const r = random(3);
    const seen = new Set(Array.from({ length: 200 }, () => r.below(6)));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});
