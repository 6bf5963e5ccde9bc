import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { followedStop, type TrailingRule } from "../../src/risk/following.ts";

const trailing: TrailingRule = { activation: 0.02, distance: 0.01, by: "bot" };
const long = (best: number) => ({ direction: 1 as const, entryPrice: 100, best });
const short = (best: number) => ({ direction: -1 as const, entryPrice: 100, best });

describe("followedStop", () => {
  it("of a trailing rule begins at its activation and stays its distance behind", () => {
    expect(followedStop({ trailing }, long(101.99))).toBeNull();
    expect(followedStop({ trailing }, long(102))).toBeCloseTo(100.98, 12);
    expect(followedStop({ trailing }, long(110))).toBeCloseTo(108.9, 12);
    expect(followedStop({ trailing }, short(98.01))).toBeNull();
    expect(followedStop({ trailing }, short(98))).toBeCloseTo(98.98, 12);
    expect(followedStop({ trailing }, short(90))).toBeCloseTo(90.9, 12);
  });

  it("of one whose activation is its distance begins at the entry price: what the trail may lose, it has won", () => {
    const rule = { activation: 0.02, distance: 0.02, by: "bot" } as const;
    expect(followedStop({ trailing: rule }, long(102))).toBeCloseTo(99.96, 12);
    expect(followedStop({ trailing: rule }, short(98))).toBeCloseTo(99.96, 12);
  });

  it("of a break-even rule is the entry price and its offset, once and for all", () => {
    const breakEven = { activation: 0.01, offset: 0.001 };
    expect(followedStop({ breakEven }, long(100.9))).toBeNull();
    expect(followedStop({ breakEven }, long(101))).toBeCloseTo(100.1, 12);
    expect(followedStop({ breakEven }, long(150))).toBeCloseTo(100.1, 12);
    expect(followedStop({ breakEven }, short(99))).toBeCloseTo(99.9, 12);
  });

  it("of both is the nearer", () => {
    const both = { trailing, breakEven: { activation: 0.01, offset: 0.02 } };
    expect(followedStop(both, long(102))).toBeCloseTo(102, 12);
    expect(followedStop(both, long(105))).toBeCloseTo(103.95, 12);
  });

  it("leaves to the exchange what the exchange does", () => {
    expect(followedStop({ trailing: { ...trailing, by: "exchange" } }, long(200))).toBeNull();
    expect(followedStop({}, long(200))).toBeNull();
  });

  it("never goes back while the best price goes on", () => {
    const rule = fc.record({
      trailing: fc.record({
        activation: fc.double({ min: 0, max: 0.2, noNaN: true }),
        distance: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
        by: fc.constant("bot" as const),
      }),
      breakEven: fc.record({
        activation: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
        offset: fc.double({ min: 0, max: 0.01, noNaN: true }),
      }),
    });
    const steps = fc.array(fc.double({ min: 0, max: 0.05, noNaN: true }), { maxLength: 20 });
    fc.assert(
      fc.property(rule, steps, fc.constantFrom<1 | -1>(1, -1), (rules, moves, direction) => {
        let best = 100;
        let last: number | null = null;
        for (const move of moves) {
          best *= 1 + direction * move;
          const stop = followedStop(rules, { direction, entryPrice: 100, best });
          if (last !== null) expect(direction * (stop! - last)).toBeGreaterThanOrEqual(-1e-9);
          last = stop;
        }
      }),
    );
  });
});
