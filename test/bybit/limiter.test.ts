import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { Budget } from "../../src/bybit/budget.ts";
import { FUNCTIONS } from "../../src/bybit/catalogue.ts";
import { isProtective, Limiter, rateOf } from "../../src/bybit/limiter.ts";
import { gatewayTo, restExchange } from "./support/exchange.ts";

const ORDER = {
  category: "linear",
  symbol: "BTCUSDT",
  side: "Buy",
  orderType: "Limit",
  qty: "0.01",
  price: "50000",
} as const;

describe("a budget", () => {
  it("counts a request from when it goes until a window after its answer", () => {
    const budget = new Budget(2, 1_000);
    budget.take(2);
    expect(budget.hasRoom(1, 5_000, false)).toBe(false);
    budget.give(2, 5_000, true);
    expect(budget.hasRoom(1, 6_000, false)).toBe(false);
    expect(budget.nextRoomAt(5_500)).toBe(6_000);
    expect(budget.hasRoom(2, 6_001, false)).toBe(true);
  });

  it("does not count what was not sent", () => {
    const budget = new Budget(1, 1_000);
    budget.take(1);
    budget.give(1, 0, false);
    expect(budget.hasRoom(1, 0, false)).toBe(true);
  });

  it("keeps a reserve for protective requests", () => {
    const budget = new Budget(10, 1_000, 0.2);
    budget.take(8);
    expect(budget.hasRoom(1, 0, false)).toBe(false);
    expect(budget.hasRoom(2, 0, true)).toBe(true);
    expect(budget.hasRoom(3, 0, true)).toBe(false);
  });

  it("lets a batch above the limit go when nothing else counts", () => {
    const budget = new Budget(10, 1_000, 0.2);
    expect(budget.hasRoom(20, 0, false)).toBe(true);
    budget.take(1);
    expect(budget.hasRoom(20, 0, false)).toBe(false);
  });

  it("believes the exchange's count of others, and not nonsense", () => {
    const budget = new Budget(10, 1_000);
    budget.told({ limit: 10, remaining: 3 }, 0);
    expect(budget.hasRoom(3, 0, false)).toBe(true);
    expect(budget.hasRoom(4, 0, false)).toBe(false);
    budget.told({ limit: 20, remaining: 20 }, 0);
    expect(budget.limit).toBe(20);
    budget.told({ limit: 0, remaining: -1 }, 0);
    budget.told({ limit: NaN, remaining: NaN }, 0);
    expect(budget.limit).toBe(20);
  });

  it("lets nothing go while it is held", () => {
    const budget = new Budget(10, 1_000);
    budget.hold(700);
    expect(budget.hasRoom(1, 699, true)).toBe(false);
    expect(budget.nextRoomAt(0)).toBe(700);
    expect(budget.hasRoom(1, 700, false)).toBe(true);
  });

  it("assumes what a process before may have sent, and forgets it evenly", () => {
    const budget = new Budget(100, 1_000);
    budget.assume(90, 0);
    expect([budget.hasRoom(10, 0, false), budget.hasRoom(11, 0, false)]).toEqual([true, false]);
    expect([budget.hasRoom(54, 501, false), budget.hasRoom(60, 501, false)]).toEqual([true, false]);
    expect(budget.hasRoom(100, 1_001, false)).toBe(true);
  });

  it("never lets more than the limit arrive in any window, however long each request is on its way", async () => {
    const arrivals = fc.array(fc.record({ gap: fc.nat(300), travel: fc.nat(400), back: fc.nat(400) }), {
      maxLength: 60,
    });
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1, max: 5 }), (requests, limit) => {
        const budget = new Budget(limit, 1_000);
        const seen: number[] = [];
        const pending: number[] = [];
        let now = 0;
        const settle = (until: number) => {
          for (const at of pending.filter((each) => each <= until)) budget.give(1, at, true);
          pending.splice(0, pending.length, ...pending.filter((each) => each > until));
        };
        for (const { gap, travel, back } of requests) {
          now += gap;
          settle(now);
          while (!budget.hasRoom(1, now, false)) {
            now = Math.min(budget.nextRoomAt(now) + 1, ...pending);
            settle(now);
          }
          budget.take(1);
          seen.push(now + travel);
          pending.push(now + travel + back);
        }
        seen.sort((a, b) => a - b);
        for (let i = limit; i < seen.length; i++) expect(seen[i]! - seen[i - limit]!).toBeGreaterThanOrEqual(1_000);
      }),
      { numRuns: 200 },
    );
  });
});

describe("the limiter", () => {
  const wish = (units: number, protective = false, key = "orders") => ({
    rate: { key, limit: 10, windowMs: 1_000, hasReserve: true },
    units,
    isProtective: protective,
    signal: undefined,
  });

  it("serves protective requests first, then in the order they came", async () => {
    vi.useFakeTimers();
    try {
      const limiter = new Limiter({ now: () => Date.now() });
      const order: string[] = [];
      const ask = async (name: string, units: number, protective = false) => {
        const permit = await limiter.acquire(wish(units, protective));
        order.push(name);
        limiter.release(permit, true);
      };
      const all = [ask("a", 8), ask("big", 6), ask("small", 1), ask("stop", 2, true), ask("stop 2", 2, true)];
      await vi.advanceTimersByTimeAsync(10);
      expect(order).toEqual(["a", "stop"]);
      await vi.advanceTimersByTimeAsync(1_100);
      expect(order).toEqual(["a", "stop", "stop 2", "big"]);
      await vi.advanceTimersByTimeAsync(1_100);
      await Promise.all(all);
      expect(order).toEqual(["a", "stop", "stop 2", "big", "small"]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("does not make one function wait for another", async () => {
    const limiter = new Limiter();
    await limiter.acquire(wish(8));
    const blocked = limiter.acquire(wish(8));
    blocked.catch(() => {});
    await limiter.acquire(wish(1, false, "reads"));
    expect(limiter.waiting).toBe(1);
  });

  it("forgets who stopped waiting", async () => {
    const limiter = new Limiter();
    await limiter.acquire(wish(8));
    const stop = new AbortController();
    const blocked = limiter.acquire({ ...wish(8), signal: stop.signal });
    stop.abort();
    await expect(blocked).rejects.toThrow();
    expect(limiter.waiting).toBe(0);
  });
});

describe("the address", () => {
  it("is never used up by processes that follow each other, each knowing nothing of the last", () => {
    const sent: number[] = [];
    for (let process = 0; process < 12; process++) {
      let now = process * 700;
      const { address } = new Limiter({ now: () => now });
      for (; now < process * 700 + 700; now++) {
        while (address.hasRoom(1, now, false)) {
          address.take(1);
          address.give(1, now, true);
          sent.push(now);
        }
      }
    }
    for (let i = 600; i < sent.length; i++) expect(sent[i]! - sent[i - 600]!).toBeGreaterThanOrEqual(5_000);
    expect(sent.length).toBeGreaterThan(8.4 * 100);
  });
});

describe("weights and urgency", () => {
  it("comes from the catalogue, by kind of market", () => {
    expect(rateOf(FUNCTIONS.place_order, { category: "spot" })).toMatchObject({
      limit: 20,
      windowMs: 1_000,
      hasReserve: true,
    });
    expect(rateOf(FUNCTIONS.place_order, { category: "linear" })).toMatchObject({ limit: 10 });
    expect(rateOf(FUNCTIONS.place_order, { category: "spot" })!.key).not.toBe(rateOf(FUNCTIONS.place_order, {})!.key);
    expect(rateOf(FUNCTIONS.get_kline, {})).toBeUndefined();
    expect(rateOf(FUNCTIONS.get_fee_rates, {})).toMatchObject({ limit: 5, hasReserve: false });
  });

  it("is protective what makes risk smaller", () => {
    expect(isProtective(FUNCTIONS.set_trading_stop, {})).toBe(true);
    expect(isProtective(FUNCTIONS.cancel_order, {})).toBe(true);
    expect(isProtective(FUNCTIONS.cancel_all_orders, {})).toBe(true);
    expect(isProtective(FUNCTIONS.place_order, ORDER)).toBe(false);
    expect(isProtective(FUNCTIONS.place_order, { ...ORDER, reduceOnly: true })).toBe(true);
    expect(isProtective(FUNCTIONS.place_batch_order, { request: [{ reduceOnly: true }, {}] })).toBe(false);
    expect(isProtective(FUNCTIONS.amend_order, { stopLoss: "1" })).toBe(true);
    expect(isProtective(FUNCTIONS.amend_order, { price: "1" })).toBe(false);
    expect(isProtective(FUNCTIONS.get_positions, {})).toBe(false);
  });
});

describe("against an exchange that counts", () => {
  it("is never told 10006; stops pass the orders that wait", async () => {
    const exchange = await restExchange({ limitScale: 1 });
    const gateway = gatewayTo(exchange, { limitScale: 1 });
    try {
      const done: string[] = [];
      const orders = Array.from({ length: 24 }, (_, i) =>
        gateway.call("place_order", { ...ORDER, orderLinkId: `o${i}` }).then(() => done.push("order")),
      );
      await Promise.all(orders.slice(0, 4));
      const close = { ...ORDER, side: "Sell", reduceOnly: true } as const;
      await gateway.call("place_order", { ...close, orderLinkId: "close" }).then(() => done.push("close"));
      expect(done.length).toBeLessThanOrEqual(12);
      await Promise.all(orders);
      expect(exchange.log.filter((line) => line.includes("10006"))).toEqual([]);
      expect(exchange.orders).toHaveLength(25);
    } finally {
      gateway.close();
      await exchange.close();
    }
  });

  it("told 10006 all the same, waits for the reset and asks a read again", async () => {
    const exchange = await restExchange();
    const gateway = gatewayTo(exchange);
    try {
      await gateway.syncClock();
      exchange.world.faults.add({ fault: "reject", retCode: 10006, on: "/v5/order/realtime", count: 1 });
      const started = performance.now();
      await gateway.call("get_open_orders", { category: "linear", symbol: "BTCUSDT" });
      expect(performance.now() - started).toBeGreaterThan(990);
    } finally {
      gateway.close();
      await exchange.close();
    }
  });
});
