import fc from "fast-check";
import { createVenue } from "../../src/matching/create.ts";
import type { Level, Liquidity, MarketKey, OrderRequest, Reply } from "../../src/matching/types.ts";
import type { Venue } from "../../src/matching/venue.ts";
import { act, type Done, dealing, INSTRUMENTS, perform, type Step, WORLD } from "./random-flow.ts";

/** What a market may be like. Recorded depth is fed by `book` acts, and only there. */
export interface World {
  readonly liquidity: Liquidity | "recorded" | "crowd";
  readonly participation: number | undefined;
  readonly gapFill: "open" | "limit" | undefined;
  /** A rebate, when negative. */
  readonly maker: number;
  readonly insurance: number;
  readonly ownTradesMovePrice: boolean;
}
export const worlds: fc.Arbitrary<World> = fc.record({
  liquidity: fc.constantFrom<World["liquidity"]>(
    { kind: "unlimited" },
    { kind: "unlimited", slippageBps: 30 },
    { kind: "ladder", spreadTicks: 2, levelQty: 8, levels: 6 },
    "recorded",
    "recorded",
  ),
  participation: fc.constantFrom(undefined, undefined, 0.01),
  gapFill: fc.constantFrom(undefined, "limit" as const),
  maker: fc.constantFrom(0.0002, -0.0002),
  insurance: fc.constantFrom(1_000_000, 1),
  ownTradesMovePrice: fc.boolean(),
});

const HOUR = 3_600_000;

/** The world of `random-flow.ts` with other rules: rebates, settlements of its own, recorded depth, a poor fund. */
export function openWild(world: World): Venue {
  const { liquidity, participation, gapFill, maker, insurance, ownTradesMovePrice } = world;
  const rates = { taker: 0.0006, maker };
  const time = Float64Array.from({ length: 40 }, (_, i) => (i + 1) * HOUR);
  const funding = { symbol: "PLAIN", time, rate: time.map((_, i) => (i % 3 === 0 ? -0.002 : 0.001)) };
  const venue = createVenue({
    markets: INSTRUMENTS.map((instrument) => ({
      ...{ instrument, lastPrice: 1_000, participation, gapFill },
      liquidity: typeof liquidity === "string" ? undefined : liquidity,
      funding: instrument.category === "linear" ? funding : undefined,
    })),
    startTime: 0,
    fees: { linear: rates, inverse: rates, spot: { ...rates, taker: 0.001 } },
    insurance,
    ownTradesMovePrice,
  });
  const balances = { USDT: 6_000, XYZ: 6 };
  venue.openAccount({ id: "cross", balances, leverage: 25 });
  venue.openAccount({ id: "hedge", balances, positionMode: "hedge", leverage: 20 });
  venue.openAccount({ id: "isolated", balances, marginMode: "ISOLATED_MARGIN", leverage: 20 });
  if (liquidity === "recorded") for (const key of WORLD.keys) venue.onBook(key, "snapshot", depthAround(1_000, 7));
  if (liquidity === "crowd") venue.onBook("linear/PLAIN", "snapshot", { bids: [[960, 5]], asks: [[1_040, 5]] });
  return venue;
}

/** Five levels a side around a price, of quantities that `salt` chooses. */
function depthAround(last: number, salt: number): { bids: Level[]; asks: Level[] } {
  const side = (sign: 1 | -1) =>
    Array.from({ length: 5 }, (_, i): Level => [Math.max(1, last + sign * (i + 1)), ((salt * (i + 3)) % 11) + 1]);
  return { bids: side(-1), asks: side(1) };
}

const market = fc.constantFrom(...WORLD.keys);
const account = fc.constantFrom(...WORLD.accounts);
const other = fc.record({
  kind: fc.constantFrom("book" as const, "book" as const, "delta" as const, "open" as const, "hours" as const),
  market,
  by: fc.integer({ min: -12, max: 12 }),
  salt: fc.nat({ max: 100 }),
});
const command = fc.record({
  kind: fc.constantFrom("mode" as const, "auto" as const, "fees" as const, "batch" as const, "closeAll" as const),
  account,
  market,
  by: fc.integer({ min: -12, max: 12 }),
  side: fc.constantFrom("buy" as const, "sell" as const),
});
const wildAct = fc.oneof(
  { weight: 28, arbitrary: act },
  { weight: 5, arbitrary: other },
  { weight: 4, arbitrary: command },
);
export type WildStep = typeof wildAct extends fc.Arbitrary<infer T> ? T : never;
/** Everything that may happen, one thing after the other. */
export const wildFlow = fc.array(wildAct, { minLength: 20, maxLength: 60, size: "max" });

/** Orders of one market within two ticks of its price: accounts meet each other, and themselves. */
const crowded = dealing.map((step): WildStep => {
  if (step.kind === "order") {
    const { at, isMarket, trigger, timeInForce } = step;
    const near = { market: "linear/PLAIN" as const, at: at % 3, isMarket: isMarket && at % 4 === 0 };
    // Most rest, so that those who must not have somebody to meet.
    const kept = at % 2 === 0 ? "GTC" : timeInForce;
    return {
      ...step,
      ...near,
      size: 1 + (step.size % 6),
      trigger: at % 5 === 0 ? trigger : undefined,
      timeInForce: kept,
    };
  }
  if (step.kind === "trade") return { ...step, market: "linear/PLAIN", at: step.at % 3, size: step.size % 10 };
  return step;
});
export const crowdFlow = fc.array(crowded, { minLength: 30, maxLength: 80, size: "max" });
/** Nothing displayed nearby. */
export const crowds: fc.Arbitrary<World> = worlds.map((world) => ({
  ...world,
  ...{ liquidity: "crowd", participation: undefined, ownTradesMovePrice: false },
}));

/** What a wild act did; a batch and cancel-all answer with many replies. */
export interface WildDone extends Done {
  readonly replies?: readonly Reply<object>[] | undefined;
}

export function performWild(venue: Venue, world: World, step: WildStep): WildDone {
  const isRecorded = world.liquidity === "recorded";
  switch (step.kind) {
    case "book":
    case "delta": {
      if (!isRecorded) return {};
      const depth = depthAround(Math.max(60, venue.quote(step.market).last + step.by), step.salt);
      venue.onBook(step.market, step.kind === "book" ? "snapshot" : "delta", depth);
      return {};
    }
    case "open": {
      const open = Math.max(50, venue.quote(step.market).last + step.by);
      venue.advanceTo(venue.now() + 60_000);
      venue.openBar(step.market, open);
      const bar = { time: venue.now(), open, high: open + (step.salt % 20), low: open - (step.salt % 7) };
      const whole = { ...bar, close: bar.low + ((step.salt * 7) % (bar.high - bar.low + 1)), volume: 1_000 };
      venue.onBar(step.market, whole);
      return { bar: whole, market: step.market };
    }
    case "hours":
      venue.advanceTo(venue.now() + (step.salt % 10) * HOUR);
      return {};
    case "mode":
      return {
        reply: venue.switchPositionMode(step.account, { market: step.market }, step.by > 0 ? "hedge" : "oneWay"),
      };
    case "auto":
      return {
        reply: venue.setAutoAddMargin(step.account, step.market, { on: step.by > 0, positionIdx: 0 }),
      };
    case "fees":
      venue.setFees(step.account, "linear", { taker: 0.0005, maker: step.by / 100_000 });
      return {};
    case "batch":
      return { replies: venue.placeBatch(step.account, batchOf(venue, step)) };
    case "closeAll":
      return {
        reply: venue.placeOrder(step.account, {
          ...{ market: step.market, side: step.side, type: "Market", qty: 0, reduceOnly: true, closeOnTrigger: true },
          positionIdx: idxOf(venue, step),
        }),
      };
    default:
      return perform(venue, step as Step);
  }
}

type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

function idxOf(venue: Venue, { account: id, market: key, side }: Command): 0 | 1 | 2 {
  if (key === "spot/SPOT" || venue.positionMode(id, key) === "oneWay") return 0;
  return side === "sell" ? 1 : 2;
}

function batchOf(venue: Venue, step: Command): OrderRequest[] {
  const { market: key, by, side } = step;
  const { last } = venue.quote(key);
  const qty = key === "inverse/INV" ? 600 : 2;
  const isHedge = key !== "spot/SPOT" && venue.positionMode(step.account, key) === "hedge";
  const positionIdx = isHedge ? (side === "buy" ? 1 : 2) : 0;
  return [0, 1, 2].map((i) => ({
    ...{ market: key as MarketKey, side, type: "Limit", qty: qty + i, price: last + by + i, positionIdx },
  }));
}
