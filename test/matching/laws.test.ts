import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { VenueEvent } from "../../src/matching/events.ts";
import type { ExecutionRow, OrderRow } from "../../src/matching/rows.ts";
import type { Liquidity, MarketKey } from "../../src/matching/types.ts";
import type { Venue } from "../../src/matching/venue.ts";
import { type Done, flow, frozen, liquidities, openWorld, perform, type Step, WORLD } from "../support/random-flow.ts";
import { P, venueDesk } from "../support/venue-desk.ts";

/** What a law may look at after each act. */
interface Moment extends Done {
  readonly venue: Venue;
  readonly step: Step;
  /** Told during this act, oldest first. */
  readonly events: readonly VenueEvent[];
  readonly executions: readonly ExecutionRow[];
}
type Law = (moment: Moment) => void;

/** Runs a flow and shows each moment of it to `law`. */
function live(steps: readonly Step[], liquidity: Liquidity, law: Law, insurance?: number): Venue {
  const venue = openWorld(liquidity, insurance);
  let events: VenueEvent[] = [];
  venue.listen((event) => events.push(frozen(event)));
  for (const step of steps) {
    events = [];
    const done = perform(venue, step);
    const executions = events.flatMap((event) => (event.type === "execution" ? [event.execution] : []));
    law({ ...done, venue, step, events, executions });
  }
  return venue;
}

/** `make` gives a fresh law for every flow, so that a law can remember. */
function always(make: () => Law, options: { runs?: number; insurance?: number } = {}): void {
  fc.assert(
    fc.property(flow, liquidities, (steps, liquidity) => void live(steps, liquidity, make(), options.insurance)),
    { numRuns: options.runs ?? 120 },
  );
}

const signOf = ({ side }: { readonly side: "buy" | "sell" }) => (side === "buy" ? 1 : -1);

describe("in any flow of orders, prices and money", () => {
  it("no unit of money and no step of quantity appears or vanishes", () => {
    always(() => ({ venue }) => {
      const { coins, sizes } = venue.audit();
      for (const { coin, residual } of coins) expect(residual, coin).toBe(0);
      for (const [key, size] of Object.entries(sizes)) expect(size, key).toBe(0);
    });
  });

  it("no bar fills an order outside of it, and no limit order trades beyond its price", () => {
    const kinds = new Set<string>();
    always(() => {
      const orders = new Map<number, OrderRow>();
      return ({ bar, market, events }) => {
        for (const event of events) {
          if (event.type === "order") orders.set(event.order.id, event.order);
          if (event.type !== "execution" || event.execution.type !== "Trade") continue;
          const { price, orderId, orderType } = event.execution;
          if (bar && event.execution.market === market) {
            expect(price).toBeGreaterThanOrEqual(bar.low);
            expect(price).toBeLessThanOrEqual(bar.high);
            kinds.add(`bar ${orderType}`);
          }
          const order = orders.get(orderId);
          if (order?.type !== "Limit") continue;
          expect(signOf(order) * (price - order.price)).toBeLessThanOrEqual(0);
          kinds.add("limit");
        }
      };
    });
    expect([...kinds].sort()).toEqual(["bar Limit", "bar Market", "limit"]);
  });

  it("an order that only reduces never opens or turns a position", () => {
    let seen = 0;
    always(() => {
      const orders = new Map<number, OrderRow>();
      return ({ venue, executions, events }) => {
        for (const event of events) if (event.type === "order") orders.set(event.order.id, event.order);
        for (const { orderId, account, market, closedSize, qty } of executions) {
          const order = orders.get(orderId) ?? venue.order(account, { market, orderId });
          if (!order?.reduceOnly) continue;
          expect(closedSize).toBe(qty);
          seen += 1;
        }
      };
    });
    expect(seen).toBeGreaterThan(100);
  });

  it("an order's quantity is what it traded, what is left and what was cancelled, and its sums are its fills'", () => {
    always(() => {
      const sums = new Map<number, { qty: number; value: number; fee: number }>();
      return ({ venue, events }) => {
        for (const event of events) {
          if (event.type === "execution" && event.execution.orderId !== 0) {
            const { orderId, qty, value, fee } = event.execution;
            const sum = sums.get(orderId) ?? { qty: 0, value: 0, fee: 0 };
            sums.set(orderId, { qty: sum.qty + qty, value: sum.value + value, fee: sum.fee + fee });
          }
        }
        for (const id of WORLD.accounts) {
          for (const order of [...venue.openOrders(id), ...venue.closedOrders(id)]) {
            const sum = sums.get(order.id) ?? { qty: 0, value: 0, fee: 0 };
            expect([order.cumExecQty, order.cumExecValue, order.cumExecFee]).toEqual([sum.qty, sum.value, sum.fee]);
            if (order.marketUnit === "quoteCoin") continue;
            const cancelled = order.qty - order.cumExecQty - order.leavesQty;
            const isOpen = order.closedSeq === 0;
            if (isOpen || order.status === "Filled") expect(cancelled, JSON.stringify(order.status)).toBe(0);
            else expect(cancelled).toBeGreaterThanOrEqual(0);
            expect(order.leavesQty).toBeGreaterThanOrEqual(0);
            if (!isOpen) expect(order.leavesQty).toBe(0);
          }
        }
      };
    });
  });

  it("events are numbered without a gap, executions uniquely and upwards, and the clock never goes back", () => {
    always(() => {
      let [n, id, time] = [0, 0, 0];
      return ({ events }) => {
        for (const event of events) {
          n += 1;
          expect(event.n).toBe(n);
          expect(event.time).toBeGreaterThanOrEqual(time);
          time = event.time;
          if (event.type !== "execution") continue;
          expect(event.execution.id).toBeGreaterThan(id);
          id = event.execution.id;
        }
      };
    });
  });

  it("no account ends below nothing, and a cross account that stays stands above its maintenance margin", () => {
    const seen = new Set<string>();
    for (const insurance of [1_000_000, 1]) {
      always(
        () =>
          ({ venue, events }) => {
            for (const event of events) if (event.type === "liquidation") seen.add(`liquidation, fund ${insurance}`);
            for (const id of WORLD.accounts) {
              const wallet = venue.wallet(id);
              const hasPosition = venue.positions(id).some(({ size }) => size !== 0);
              expect(wallet.totalEquity, id).toBeGreaterThan(-1e-6);
              if (!hasPosition)
                for (const coin of wallet.coins) expect(coin.walletBalance, id).toBeGreaterThanOrEqual(0);
              if (hasPosition && venue.marginMode(id) === "REGULAR_MARGIN")
                expect(wallet.totalMarginBalance).toBeGreaterThan(wallet.totalMaintenanceMargin - 1e-6);
            }
          },
        { insurance },
      );
    }
    expect([...seen].sort()).toEqual(["liquidation, fund 1", "liquidation, fund 1000000"]);
  });

  it("a command that is refused changes nothing and tells nothing", () => {
    const codes = new Set<number>();
    fc.assert(
      fc.property(flow, liquidities, (steps, liquidity) => {
        const venue = openWorld(liquidity);
        let told = 0;
        venue.listen(() => {
          told += 1;
        });
        for (const step of steps) {
          const [digest, heard] = [venue.digest(), told];
          const { reply } = perform(venue, step);
          if (!reply || reply.ok) continue;
          expect(venue.digest(), `${reply.code}`).toBe(digest);
          expect(told, `${reply.code}`).toBe(heard);
          codes.add(reply.code);
        }
      }),
      { numRuns: 60 },
    );
    expect(codes.size).toBeGreaterThanOrEqual(12);
  });

  it("the same acts tell the same events and leave the same books", () => {
    fc.assert(
      fc.property(flow, liquidities, (steps, liquidity) => {
        const tape = () => {
          const told: unknown[] = [];
          const venue = live(steps, liquidity, ({ events }) => {
            for (const event of events) {
              told.push(event.type === "position" ? { ...event, position: event.position() } : event);
            }
          });
          return [JSON.stringify(told), venue.digest()];
        };
        expect(tape()).toEqual(tape());
      }),
      { numRuns: 40 },
    );
  });
});

describe("within a bar", () => {
  it("stops before it profits, at the stop's own price, whatever else waits", () => {
    const level = fc.integer({ min: 1, max: 40 });
    const order = fc.record({
      side: fc.constantFrom("buy" as const, "sell" as const),
      by: fc.integer({ min: 1, max: 60 }),
    });
    const input = fc.record({
      side: fc.constantFrom("buy" as const, "sell" as const),
      stop: level,
      target: level,
      beyond: fc.tuple(fc.nat({ max: 20 }), fc.nat({ max: 20 })),
      open: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      close: fc.double({ min: 0, max: 1, noNaN: true }),
      others: fc.array(order, { maxLength: 4 }),
    });
    fc.assert(
      fc.property(input, ({ side, stop, target, beyond, open, close, others }) => {
        const desk = venueDesk();
        const sign = side === "buy" ? 1 : -1;
        const [stopAt, targetAt] = [1_000 - sign * stop, 1_000 + sign * target];
        desk.order({ side, qty: 10, stopLoss: { price: stopAt }, takeProfit: { price: targetAt } });
        for (const { side: way, by } of others) {
          desk.order({ side: way, qty: 3, price: 1_000 - (way === "buy" ? by : -by) }, "b");
        }
        const [lowest, highest] = [Math.min(stopAt, targetAt), Math.max(stopAt, targetAt)];
        const [low, high] = [lowest - beyond[0], highest + beyond[1]];
        const opens = Math.min(highest - 1, Math.max(lowest + 1, Math.round(lowest + open * (highest - lowest))));
        desk.bar(opens, high, low, Math.round(low + close * (high - low)));
        expect(desk.fills().slice(1)).toEqual([[stopAt, 10]]);
        expect(desk.size()).toBe(0);
        expect(desk.waiting()).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe("orders that only reduce", () => {
  it("close a position that several of them wait for, and no more than it", () => {
    const reducer = fc.record({ qty: fc.integer({ min: 1, max: 15 }), by: fc.integer({ min: 1, max: 9 }) });
    const input = fc.record({
      side: fc.constantFrom("buy" as const, "sell" as const),
      reducers: fc.array(reducer, { minLength: 2, maxLength: 6 }),
      sold: fc.integer({ min: 0, max: 9 }),
      far: fc.integer({ min: 1, max: 12 }),
    });
    fc.assert(
      fc.property(input, ({ side, reducers, sold, far }) => {
        const desk = venueDesk();
        const sign = side === "buy" ? 1 : -1;
        const close = side === "buy" ? "sell" : "buy";
        desk.order({ side, qty: 10 });
        for (const { qty, by } of reducers)
          desk.order({ side: close, qty, price: 1_000 + sign * by, reduceOnly: true });
        if (sold > 0) desk.order({ side: close, qty: sold });
        const [low, high] = sign === 1 ? [1_000, 1_000 + far] : [1_000 - far, 1_000];
        desk.bar(1_000, high, low, 1_000);
        const closed = [...desk.venue.executions("a")].slice(0, -1).reduce((sum, { qty }) => sum + qty, 0);
        const left = Math.abs(desk.size());
        expect(left).toBe(10 - closed);
        if (left === 0) expect([...desk.venue.openOrders("a")]).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

/** A resting sell order of the reference book; `rank` is its place in time. */
interface Rested {
  readonly id: number;
  price: number;
  qty: number;
  rank: number;
}

describe("the queue", () => {
  it("serves the best price first, then who came first, also after amendments and cancellations", () => {
    const price = fc.integer({ min: 1_001, max: 1_005 });
    const qty = fc.integer({ min: 1, max: 9 });
    const nth = fc.nat({ max: 20 });
    const step = fc.oneof(
      fc.record({ kind: fc.constant("rest" as const), owner: fc.constantFrom("a", "b"), price, qty }),
      fc.record({ kind: fc.constant("amend" as const), nth, price: fc.option(price), qty }),
      fc.record({ kind: fc.constant("cancel" as const), nth }),
      fc.record({ kind: fc.constant("take" as const), price, qty: fc.integer({ min: 1, max: 25 }) }),
    );
    let served = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 5, maxLength: 40, size: "max" }), (steps) => {
        const { venue, events } = venueDesk();
        venue.openAccount({ id: "taker", balances: { USDT: 10_000_000 } });
        venue.onBook(P, "snapshot", { bids: [[900, 1]], asks: [[1_100, 1]] });
        const owners = new Map<number, string>();
        let book: Rested[] = [];
        let rank = 0;
        for (const act of steps) {
          rank += 1;
          if (act.kind === "rest") {
            const reply = venue.placeOrder(act.owner, {
              market: P,
              side: "sell",
              type: "Limit",
              price: act.price,
              qty: act.qty,
            });
            if (!reply.ok) throw new Error(reply.reason);
            owners.set(reply.orderId, act.owner);
            book.push({ id: reply.orderId, price: act.price, qty: act.qty, rank });
            continue;
          }
          if (act.kind === "take") {
            const from = events.length;
            const request = { market: P, side: "buy", type: "Limit", timeInForce: "IOC" } as const;
            expect(venue.placeOrder("taker", { ...request, price: act.price, qty: act.qty }).ok).toBe(true);
            const got = events
              .slice(from)
              .flatMap((e) => (e.type === "execution" && e.execution.isMaker ? [e.execution] : []));
            const due = serve(book, act.price, act.qty);
            expect(got.map((e) => [e.orderId, e.price, e.qty])).toEqual(due);
            book = book.filter((one) => one.qty > 0);
            served += due.length;
            continue;
          }
          const one = book[act.nth % Math.max(1, book.length)];
          if (!one) continue;
          const owner = owners.get(one.id)!;
          if (act.kind === "cancel") {
            expect(venue.cancelOrder(owner, { market: P, orderId: one.id }).ok).toBe(true);
            book = book.filter((other) => other !== one);
          } else amend(venue, { owner, one, price: act.price ?? one.price, left: act.qty, rank });
        }
        expect(shown(venue, P)).toEqual(levels(book));
      }),
      { numRuns: 300 },
    );
    expect(served).toBeGreaterThan(200);
  });
});

/** Gives a resting order another price and `left` steps to go; only a smaller one at its price keeps its place. */
function amend(venue: Venue, to: { owner: string; one: Rested; price: number; left: number; rank: number }): void {
  const { owner, one, price, left, rank } = to;
  if (price === one.price && left === one.qty) return;
  const row = venue.order(owner, { market: P, orderId: one.id })!;
  const qty = row.cumExecQty + left;
  expect(venue.amendOrder(owner, { market: P, orderId: one.id, price, qty })).toMatchObject({ ok: true });
  if (price !== one.price || left > one.qty) one.rank = rank;
  one.price = price;
  one.qty = left;
}

/** The fills that price-time priority owes a buyer of `qty` up to `limit`; takes them from the book. */
function serve(book: Rested[], limit: number, qty: number): [number, number, number][] {
  const fills: [number, number, number][] = [];
  let left = qty;
  for (const one of book.toSorted((x, y) => x.price - y.price || x.rank - y.rank)) {
    if (one.price > limit || left === 0) break;
    const part = Math.min(left, one.qty);
    one.qty -= part;
    left -= part;
    fills.push([one.id, one.price, part]);
  }
  return fills;
}

function levels(book: readonly Rested[]): [number, number][] {
  const sums = new Map<number, number>();
  for (const { price, qty } of book) sums.set(price, (sums.get(price) ?? 0) + qty);
  return [...sums].sort(([x], [y]) => x - y);
}

function shown(venue: Venue, key: MarketKey): (readonly [number, number])[] {
  return venue.depth(key, 50).asks.filter(([price]) => price < 1_100);
}
