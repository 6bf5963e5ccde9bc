import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createVenue } from "../../src/matching/create.ts";
import type { Level } from "../../src/matching/types.ts";
import type { Venue } from "../../src/matching/venue.ts";
import { INSTRUMENTS, perform, type Step, WORLD } from "../support/random-flow.ts";
import {
  crowdFlow,
  crowds,
  openWild,
  performWild,
  type WildStep,
  type World,
  wildFlow,
  worlds,
} from "../support/wild-flow.ts";

type Way = (venue: Venue, world: World, step: WildStep) => void;
const plainly: Way = (venue, world, step) => void performWild(venue, world, step);

/** Both ways lead to the same books, step by step. */
function alike(numRuns: number, one: Way, other: Way): void {
  for (const [world, flow] of [
    [worlds, wildFlow],
    [crowds, crowdFlow],
  ] as const) {
    fc.assert(
      fc.property(world, flow, (drawn, steps) => {
        const rules = { ...drawn, participation: undefined };
        const [left, right] = [openWild(rules), openWild(rules)];
        for (const step of steps) {
          one(left, rules, step);
          other(right, rules, step);
        }
        expect(right.digest()).toBe(left.digest());
        for (const key of WORLD.keys) expect(right.depth(key, 3)).toEqual(left.depth(key, 3));
      }),
      { numRuns },
    );
  }
}

describe("it is all one", () => {
  it("whether somebody listens and asks, or nobody", () => {
    alike(60, plainly, (venue, world, step) => {
      venue.listen((event) => event.type === "position" && event.position());
      performWild(venue, world, step);
      for (const id of WORLD.accounts) [venue.wallet(id), venue.positions(id), [...venue.executions(id)]];
      for (const key of WORLD.keys) [venue.depth(key, 3), venue.quote(key), venue.fundingHistory(key)];
    });
  });

  it("whether orders come in a batch or one by one", () => {
    alike(60, plainly, (venue, world, step) => {
      if (step.kind !== "batch") return plainly(venue, world, step);
      const single: Venue = {
        ...venue,
        placeBatch: (id, requests) => requests.map((request) => venue.placeOrder(id, request)),
      };
      performWild(single, world, step);
    });
  });

  it("whether all orders are cancelled at once, or each, oldest first", () => {
    alike(60, plainly, (venue, world, step) => {
      if (step.kind !== "cancelAll") return plainly(venue, world, step);
      for (const { id: orderId, market } of [...venue.openOrders(step.account)].reverse()) {
        venue.cancelOrder(step.account, { market, orderId });
      }
    });
  });

  it("whether a bar is opened first, or walked at once, as long as its volume does not matter", () => {
    alike(60, plainly, (venue, world, step) => {
      if (step.kind !== "bar") return plainly(venue, world, step);
      const opened: Venue = {
        ...venue,
        onBar(key, bar) {
          venue.advanceTo(Math.max(venue.now(), bar.time));
          venue.openBar(key, bar.open);
          venue.onBar(key, bar);
        },
      };
      performWild(opened, world, step);
    });
  });
});

/** Prices p become 2 × MIDDLE − p. */
const MIDDLE = 10_000;

/** One linear market in the middle of its price range, without fees and with money enough for everything. */
function openMirror(isRecorded: boolean): Venue {
  const [plain] = INSTRUMENTS;
  const instrument = {
    ...plain!,
    maxPrice: String(2 * MIDDLE - 1),
    riskTiers: [],
    maxLeverage: "1",
    minNotionalValue: "0",
  };
  const venue = createVenue({
    markets: [{ instrument, lastPrice: MIDDLE, priceLimit: { x: 0.9, y: 0.9 } }],
    startTime: 0,
    fees: { linear: { taker: 0, maker: 0 } },
  });
  for (const id of WORLD.accounts) {
    const positionMode = id === "hedge" ? "hedge" : "oneWay";
    venue.openAccount({ id, balances: { USDT: 40_000_000 }, positionMode, leverage: 1 });
  }
  if (isRecorded) {
    const levels = (sign: number) => [3, 4, 7].map((by): Level => [MIDDLE + sign * by, by]);
    venue.onBook("linear/PLAIN", "snapshot", { bids: levels(-1), asks: levels(1) });
  }
  return venue;
}

type Mirrored = Extract<Step, { kind: "order" | "amend" | "cancel" | "bar" | "trade" | "stop" }>;

/** The step in a mirror: what rose falls, who bought sells. Sizes are small, so that nobody runs out of money. */
function inMirror(step: Mirrored): Mirrored {
  switch (step.kind) {
    case "order":
      return {
        ...step,
        ...{ side: step.side === "buy" ? "sell" : "buy", at: -step.at, idx: step.idx === 1 ? 2 : 1 },
        trigger: step.trigger && { ...step.trigger, at: -step.trigger.at },
      };
    case "amend":
      return { ...step, at: step.at === undefined ? undefined : -step.at };
    case "bar":
      return { ...step, prices: step.prices.map((by) => -by) as [number, number, number, number] };
    case "trade":
      return { ...step, side: step.side === "buy" ? "sell" : "buy", at: -step.at };
    case "stop":
      return { ...step, idx: step.idx === 1 ? 2 : 1 };
    default:
      return step;
  }
}

function isMirrored(step: WildStep): step is Mirrored & WildStep {
  if ("market" in step && step.market !== "linear/PLAIN") return false;
  if (step.kind === "bar") {
    // At a tie the low comes first, on both sides of the mirror.
    const [open, ...rest] = step.prices;
    return open - Math.min(open, ...rest) !== Math.max(open, ...rest) - open;
  }
  return ["order", "amend", "cancel", "trade", "stop"].includes(step.kind);
}

/** Trades and open orders as seen from one side of the mirror. */
function seen(venue: Venue, flip: 1 | -1): unknown {
  const price = (value: number) => (value === 0 ? 0 : flip === 1 ? value : 2 * MIDDLE - value);
  const side = (value: "buy" | "sell") => (flip === 1 ? value : value === "buy" ? "sell" : "buy");
  return WORLD.accounts.map((id) => ({
    fills: [...venue.executions(id)].map((row) => [
      ...[row.orderId, price(row.price), row.qty, side(row.side), row.isMaker, row.closedSize],
    ]),
    open: [...venue.openOrders(id)].map((row) => [
      ...[row.id, row.status, side(row.side), row.leavesQty, row.stopOrderType],
      ...[price(row.triggerPrice), price(row.stopPrice), row.type === "Limit" ? price(row.price) : 0],
    ]),
    closed: [...venue.closedOrders(id)].map((row) => [row.id, row.status, row.cancelType, row.cumExecQty]),
    sizes: venue.positions(id, "linear/PLAIN").reduce((sum, row) => sum + flip * row.size, 0) + 0,
  }));
}

describe("in a mirror", () => {
  it.each([false, true])(
    "falls are rises and buyers sellers, and all else is the same (recorded depth: %s)",
    (isRecorded) => {
      let fills = 0;
      fc.assert(
        fc.property(fc.oneof(wildFlow, crowdFlow), (steps) => {
          const [world, mirror] = [openMirror(isRecorded), openMirror(isRecorded)];
          for (const step of steps) {
            if (!isMirrored(step)) continue;
            const [one, other] = [perform(world, step), perform(mirror, inMirror(step))];
            expect(other.reply?.ok).toBe(one.reply?.ok);
            expect(2 * MIDDLE - mirror.quote("linear/PLAIN").last).toBe(world.quote("linear/PLAIN").last);
          }
          expect(seen(mirror, -1)).toEqual(seen(world, 1));
          fills += [...world.executions("cross")].length;
        }),
        { numRuns: 250 },
      );
      expect(fills).toBeGreaterThan(200);
    },
  );
});
