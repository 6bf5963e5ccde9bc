import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { P, venueDesk } from "../support/venue-desk.ts";

/** A long of 10 from 1,000 with a stop at 980 and a target at 1,040. */
function long() {
  const desk = venueDesk();
  desk.order({ side: "buy", qty: 10, stopLoss: { price: 980 }, takeProfit: { price: 1_040 } });
  return desk;
}
const exit = (desk: ReturnType<typeof venueDesk>) => desk.fills().slice(1);

describe("walking a bar", () => {
  it("stops at the stop and takes profit at the target", () => {
    const stopped = long();
    stopped.bar(1_000, 1_039, 980, 1_010);
    expect(exit(stopped)).toEqual([[980, 10]]);
    expect(stopped.waiting()).toEqual([]);
    const taken = long();
    taken.bar(1_000, 1_040, 981, 1_010);
    expect(exit(taken)).toEqual([[1_040, 10]]);
  });

  it("stops before it profits, whichever is nearer to the open", () => {
    const desk = long();
    desk.bar(1_035, 1_050, 970, 1_045);
    expect(exit(desk)).toEqual([[980, 10]]);
  });

  it("stops a short before it profits, too", () => {
    const desk = venueDesk();
    desk.order({ side: "sell", qty: 10, stopLoss: { price: 1_040 }, takeProfit: { price: 980 } });
    desk.bar(985, 1_050, 970, 975);
    expect(exit(desk)).toEqual([[1_040, 10]]);
  });

  it("fills at the open what the open jumped over", () => {
    const stopped = long();
    stopped.bar(950, 960, 940, 955);
    expect(exit(stopped)).toEqual([[950, 10]]);
    const taken = long();
    taken.bar(1_060, 1_070, 900, 1_000);
    expect(exit(taken)).toEqual([[1_060, 10]]);
  });

  it("fills a resting order at the open it gaps to, or at its own price when told to", () => {
    const open = venueDesk();
    open.order({ side: "buy", qty: 10, price: 990 });
    open.bar(980, 985, 975, 980);
    expect(open.fills()).toEqual([[980, 10]]);
    const limit = venueDesk({ gapFill: "limit" });
    limit.order({ side: "buy", qty: 10, price: 990 });
    limit.bar(980, 985, 975, 980);
    expect(limit.fills()).toEqual([[990, 10]]);
  });

  it("leaves a touched order alone and fills one that is passed by a tick", () => {
    const desk = venueDesk();
    desk.order({ side: "buy", qty: 10, price: 990 });
    desk.bar(1_000, 1_000, 990, 1_000);
    expect(desk.fills()).toEqual([]);
    desk.bar(1_000, 1_000, 989, 1_000);
    expect(desk.fills()).toEqual([[990, 10]]);
  });

  it("can stop on the bar of the entry, and profit from its close on", () => {
    const stopped = venueDesk();
    stopped.order({ side: "buy", qty: 10, price: 990, stopLoss: { price: 980 } });
    stopped.bar(1_000, 1_005, 979, 1_000);
    expect(stopped.fills()).toEqual([
      [990, 10],
      [980, 10],
    ]);
    const waits = venueDesk();
    waits.order({ side: "buy", qty: 10, price: 990, takeProfit: { price: 1_004 } });
    waits.bar(1_000, 1_010, 985, 1_003);
    expect(waits.fills()).toEqual([[990, 10]]);
    expect(waits.waiting()).toEqual([["TakeProfit", 1_004]]);
    const profits = venueDesk();
    profits.order({ side: "buy", qty: 10, price: 990, takeProfit: { price: 1_004 } });
    profits.bar(1_000, 1_010, 985, 1_006);
    expect(profits.fills()).toEqual([
      [990, 10],
      [1_006, 10],
    ]);
  });

  it("stops a breakout entry in its own bar", () => {
    const desk = venueDesk();
    const trigger = { price: 1_020, direction: 1 } as const;
    desk.order({ side: "buy", qty: 10, trigger, stopLoss: { price: 1_005 } });
    desk.bar(1_010, 1_025, 1_000, 1_015);
    expect(desk.fills()).toEqual([
      [1_020, 10],
      [1_005, 10],
    ]);
  });

  it("trails behind bars that are closed, never behind the one it is in", () => {
    const desk = venueDesk();
    desk.order({ side: "buy", qty: 10 });
    desk.venue.setTradingStop("a", { market: P, positionIdx: 0, tpslMode: "Full", trailingStop: 20 });
    // Falls 28 from its high, but the stop still stands at 980.
    desk.bar(1_000, 1_100, 981, 1_090);
    expect(desk.fills()).toHaveLength(1);
    // Now at 1,080.
    desk.bar(1_090, 1_120, 1_081, 1_110);
    expect(desk.fills()).toHaveLength(1);
    desk.bar(1_110, 1_110, 1_090, 1_095);
    expect(exit(desk)).toEqual([[1_100, 10]]);
  });

  it("arms a trailing stop once its price is reached", () => {
    const desk = venueDesk();
    desk.order({ side: "buy", qty: 10 });
    const wish = { market: P, positionIdx: 0, tpslMode: "Full", trailingStop: 20, activePrice: 1_050 } as const;
    desk.venue.setTradingStop("a", wish);
    desk.bar(1_000, 1_049, 960, 1_040);
    expect(desk.fills()).toHaveLength(1);
    desk.bar(1_040, 1_050, 1_035, 1_045);
    desk.bar(1_045, 1_045, 1_030, 1_035);
    expect(exit(desk)).toEqual([[1_030, 10]]);
  });

  it("gives resting orders their share of a bar's volume, the rest later", () => {
    const desk = venueDesk({ participation: 0.004 });
    const { id } = desk.order({ side: "buy", qty: 10, price: 990 });
    desk.bar(1_000, 1_000, 980, 1_000);
    expect(desk.fills()).toEqual([[990, 4]]);
    expect(desk.venue.order("a", { market: P, orderId: id })).toMatchObject({
      status: "PartiallyFilled",
      leavesQty: 6,
    });
    // The price is beyond it again: it fills at the better open, when the volume of the bar is known.
    desk.venue.advanceTo(120_000);
    desk.venue.openBar(P, 985);
    expect(desk.fills()).toHaveLength(1);
    desk.bar(985, 995, 985, 995);
    desk.bar(985, 995, 985, 995);
    expect(desk.fills().slice(1)).toEqual([
      [985, 4],
      [985, 2],
    ]);
  });

  it("is liquidated where the bar gets there, but stopped before when the stop is nearer", () => {
    const desk = venueDesk();
    desk.venue.openAccount({ id: "c", balances: { USDT: 1_000 } });
    desk.order({ side: "buy", qty: 8 }, "c");
    desk.bar(1_000, 1_100, 800, 1_000);
    expect(desk.size("c")).toBe(0);
    const kinds = [...desk.venue.executions("c")].map(({ type }) => type);
    expect(kinds[0]).toBe("BustTrade");
    const stopped = venueDesk();
    stopped.venue.openAccount({ id: "c", balances: { USDT: 1_000 } });
    stopped.order({ side: "buy", qty: 8, stopLoss: { price: 950 } }, "c");
    stopped.bar(1_000, 1_100, 800, 1_000);
    expect([...stopped.venue.executions("c")].map(({ type, price }) => [type, price])[0]).toEqual(["Trade", 950]);
  });

  it("trades nothing outside the bar and nothing twice, however the bars and orders fall", () => {
    const price = fc.integer({ min: 950, max: 1_050 });
    const bars = fc.array(fc.tuple(price, price, price, price), { minLength: 1, maxLength: 8 });
    const orders = fc.array(
      fc.record({
        side: fc.constantFrom("buy" as const, "sell" as const),
        qty: fc.integer({ min: 1, max: 20 }),
        price,
        trigger: fc.option(price, { nil: undefined }),
        stop: fc.integer({ min: 1, max: 30 }),
        target: fc.integer({ min: 1, max: 30 }),
        isMarket: fc.boolean(),
      }),
      { maxLength: 6 },
    );
    const liquidity = fc.constantFrom(
      { kind: "unlimited" } as const,
      { kind: "ladder", spreadTicks: 2, levelQty: 8, levels: 4 } as const,
    );
    fc.assert(
      fc.property(bars, orders, liquidity, (path, wishes, shown) => {
        const desk = venueDesk({ liquidity: shown });
        for (const [i, [a, b, c, d]] of path.entries()) {
          const wish = wishes[i];
          const { last } = desk.venue.quote(P);
          const trigger = (at: number | undefined) =>
            at === undefined ? undefined : { price: at, direction: at > last ? (1 as const) : (2 as const) };
          if (wish) {
            const sign = wish.side === "buy" ? 1 : -1;
            const base = wish.isMarket ? (wish.trigger ?? last) : wish.price;
            desk.venue.placeOrder("a", {
              market: P,
              side: wish.side,
              qty: wish.qty,
              type: wish.isMarket ? "Market" : "Limit",
              price: wish.price,
              trigger: trigger(wish.trigger),
              stopLoss: { price: base - sign * wish.stop },
              takeProfit: { price: base + sign * wish.target },
            });
          }
          const before = desk.fills().length;
          const [high, low] = [Math.max(a, b, c, d), Math.min(a, b, c, d)];
          desk.bar(a, high, low, b);
          for (const [at] of desk.fills().slice(before)) {
            expect(at).toBeGreaterThanOrEqual(low);
            expect(at).toBeLessThanOrEqual(high);
          }
          expect(desk.venue.quote(P).last).toBe(b);
          expect(desk.venue.audit().sizes[P]).toBe(0);
          const [position] = desk.venue.positions("a", P);
          if (position!.size === 0) expect(desk.waiting().filter(([kind]) => kind !== "Stop")).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
