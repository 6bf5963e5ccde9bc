import fc from "fast-check";
import { createVenue } from "../../src/matching/create.ts";
import type { VenueEvent } from "../../src/matching/events.ts";
import { orderRow } from "../../src/matching/order.ts";
import type { OrderRow } from "../../src/matching/rows.ts";
import type {
  AmendRequest,
  BarInput,
  Liquidity,
  MarketKey,
  OrderRequest,
  Reply,
  TradingStopRequest,
} from "../../src/matching/types.ts";
import type { Venue } from "../../src/matching/venue.ts";
import type { Instrument } from "../../src/model/instrument.ts";
import { PLAIN, PLAIN_SPOT } from "./venue-desk.ts";

/** Two rungs, low enough that ordinary positions climb them. */
function ladder(limitValue: number): Instrument["riskTiers"] {
  const [first, second] = [String(limitValue), String(limitValue * 1_000)];
  const rates = { initialMarginRate: "0.01", maintenanceMarginRate: "0.005", maintenanceDeduction: "0" };
  return [
    { ...rates, limitValue: first, maxLeverage: "100" },
    {
      limitValue: second,
      initialMarginRate: "0.02",
      maintenanceMarginRate: "0.01",
      maintenanceDeduction: String(limitValue * 0.005),
      maxLeverage: "50",
    },
  ];
}
export const INSTRUMENTS: readonly Instrument[] = [
  { ...PLAIN, riskTiers: ladder(30_000) },
  { ...PLAIN, symbol: "INV", category: "inverse", quoteCoin: "USD", settleCoin: "XYZ", riskTiers: ladder(20) },
  PLAIN_SPOT,
];
const KEYS: readonly MarketKey[] = ["linear/PLAIN", "inverse/INV", "spot/SPOT"];
const ACCOUNTS = ["cross", "hedge", "isolated"] as const;

/** Three accounts with little money in three markets at 1,000. */
export function openWorld(liquidity: Liquidity, insurance?: number): Venue {
  const markets = INSTRUMENTS.map((instrument) => ({ instrument, lastPrice: 1_000, liquidity }));
  const venue = createVenue({ markets, startTime: 0, insurance });
  const balances = { USDT: 6_000, XYZ: 6 };
  venue.openAccount({ id: "cross", balances, leverage: 25 });
  venue.openAccount({ id: "hedge", balances, positionMode: "hedge", leverage: 20 });
  venue.openAccount({ id: "isolated", balances, marginMode: "ISOLATED_MARGIN", leverage: 20 });
  return venue;
}

const market = fc.constantFrom(...KEYS);
const account = fc.constantFrom(...ACCOUNTS);
const side = fc.constantFrom("buy" as const, "sell" as const);
const near = fc.integer({ min: -25, max: 25 });
const far = fc.oneof({ weight: 8, arbitrary: near }, { weight: 2, arbitrary: fc.integer({ min: -120, max: 120 }) });
const source = fc.constantFrom("LastPrice" as const, "MarkPrice" as const, "IndexPrice" as const);
/** There in one of `of` cases. */
const perhaps = <T>(arbitrary: fc.Arbitrary<T>, of = 3) =>
  fc.oneof({ weight: of - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const order = fc.record({
  kind: fc.constant("order" as const),
  account,
  market,
  side,
  size: fc.integer({ min: 1, max: 40 }),
  at: near,
  isMarket: fc.boolean(),
  timeInForce: fc.constantFrom("GTC", "GTC", "IOC", "FOK", "PostOnly"),
  trigger: perhaps(fc.record({ at: near, by: source }), 4),
  takeProfit: perhaps(fc.integer({ min: 1, max: 30 })),
  stopLoss: perhaps(fc.integer({ min: 1, max: 30 })),
  isPartial: fc.boolean(),
  reduceOnly: fc.integer({ min: 0, max: 2 }).map((n) => n === 0),
  idx: fc.constantFrom(1 as const, 2 as const),
  smpType: fc.constantFrom("None", "None", "CancelMaker", "CancelTaker", "CancelBoth"),
  link: perhaps(fc.constantFrom("x", "y", "z"), 20),
});
const amend = fc.record({
  kind: fc.constant("amend" as const),
  account,
  nth: fc.nat({ max: 5 }),
  size: perhaps(fc.integer({ min: 1, max: 30 }), 2),
  at: perhaps(near, 2),
  stopLoss: perhaps(fc.integer({ min: 1, max: 30 })),
});
const cancel = fc.record({ kind: fc.constant("cancel" as const), account, nth: fc.nat({ max: 5 }) });
const bar = fc.record({ kind: fc.constant("bar" as const), market, prices: fc.tuple(near, far, far, far) });
const trade = fc.record({ kind: fc.constant("trade" as const), market, side, at: near, size: fc.nat({ max: 40 }) });
const marks = fc.record({ kind: fc.constant("marks" as const), market, mark: far, index: near });
const stop = fc.record({
  kind: fc.constant("stop" as const),
  account,
  market: fc.constantFrom(...KEYS.slice(0, 2)),
  idx: fc.constantFrom(1 as const, 2 as const),
  takeProfit: perhaps(fc.integer({ min: 1, max: 30 }), 2),
  stopLoss: perhaps(fc.integer({ min: 1, max: 30 }), 2),
  trailing: perhaps(fc.integer({ min: 1, max: 20 }), 2),
  size: perhaps(fc.integer({ min: 1, max: 10 })),
});
const rest = fc.record({
  kind: fc.constantFrom(
    "funding" as const,
    "transfer" as const,
    "leverage" as const,
    "marginMode" as const,
    "margin" as const,
    "cancelAll" as const,
    "liquidate" as const,
    "deleverage" as const,
  ),
  account,
  market,
  amount: fc.integer({ min: -3_000, max: 3_000 }),
});

/** What accounts do to each other in one market. */
export const dealing = fc.oneof(
  { weight: 14, arbitrary: order },
  { weight: 2, arbitrary: amend },
  { weight: 1, arbitrary: cancel },
  { weight: 1, arbitrary: trade },
  { weight: 1, arbitrary: stop },
);
/** One thing that happens. */
export const act = fc.oneof(
  { weight: 12, arbitrary: order },
  { weight: 3, arbitrary: amend },
  { weight: 2, arbitrary: cancel },
  { weight: 5, arbitrary: bar },
  { weight: 3, arbitrary: trade },
  { weight: 2, arbitrary: marks },
  { weight: 2, arbitrary: stop },
  { weight: 2, arbitrary: rest },
);
/** One thing that may happen to a venue; prices are distances from the last one. */
export type Step = typeof act extends fc.Arbitrary<infer T> ? T : never;
/** What happens one after the other. */
export const flow = fc.array(act, { minLength: 20, maxLength: 60, size: "max" });
export const liquidities = fc.constantFrom<Liquidity>(
  { kind: "unlimited" },
  { kind: "ladder", spreadTicks: 2, levelQty: 8, levels: 6 },
);

/** What one act did: the reply if it was a command, the bar if it was one. */
export interface Done {
  readonly reply?: Reply<object> | undefined;
  readonly bar?: BarInput | undefined;
  readonly market?: MarketKey | undefined;
}

function orderRequest(venue: Venue, step: Extract<Step, { kind: "order" }>): OrderRequest {
  const { last } = venue.quote(step.market);
  const sign = step.side === "buy" ? 1 : -1;
  const isSpot = step.market === "spot/SPOT";
  const isLinearHedge = step.account === "hedge" && step.market === "linear/PLAIN";
  // Inverse quantities are dollars.
  const qty = step.market === "inverse/INV" ? step.size * 120 : isSpot ? Math.ceil(step.size / 10) : step.size;
  const price = last + step.at;
  const base = step.trigger ? last + step.trigger.at : step.isMarket ? last : price;
  const { trigger } = step;
  const carries = !(step.reduceOnly && !isSpot) && !(isSpot && step.isMarket);
  const { takeProfit, stopLoss } = carries ? step : {};
  return {
    market: step.market,
    side: step.side,
    type: step.isMarket ? "Market" : "Limit",
    qty: isSpot && step.isMarket && sign === 1 ? qty * 1_000 * 1e8 : qty,
    price: step.isMarket ? undefined : price,
    timeInForce: step.isMarket ? undefined : (step.timeInForce as "GTC"),
    orderLinkId: step.link,
    positionIdx: isLinearHedge ? step.idx : 0,
    reduceOnly: isSpot ? undefined : step.reduceOnly,
    trigger: trigger && {
      price: last + trigger.at,
      direction: trigger.at > 0 ? 1 : 2,
      by: isSpot ? undefined : trigger.by,
    },
    takeProfit: takeProfit === undefined ? undefined : { price: base + sign * takeProfit },
    stopLoss: stopLoss === undefined ? undefined : { price: base - sign * stopLoss },
    tpslMode: step.isPartial && !isSpot ? "Partial" : undefined,
    smpType: step.smpType as "None",
  };
}

function nthOpen(venue: Venue, owner: string, nth: number): OrderRow | undefined {
  const open = [...venue.openOrders(owner)];
  return open[nth % Math.max(1, open.length)];
}

/** Does `step`; the clock moves a minute per bar. */
export function perform(venue: Venue, step: Step): Done {
  switch (step.kind) {
    case "order":
      return { reply: venue.placeOrder(step.account, orderRequest(venue, step)) };
    case "amend": {
      const row = nthOpen(venue, step.account, step.nth);
      if (!row) return {};
      const { last } = venue.quote(row.market);
      const sign = row.side === "buy" ? 1 : -1;
      const request: AmendRequest = {
        market: row.market,
        orderId: row.id,
        qty: step.size === undefined ? undefined : row.market === "inverse/INV" ? step.size * 120 : step.size,
        price: step.at === undefined || row.type === "Market" ? undefined : last + step.at,
        triggerPrice: step.at !== undefined && row.status === "Untriggered" ? last + step.at : undefined,
        stopLoss: step.stopLoss === undefined ? undefined : { price: row.price - sign * step.stopLoss },
      };
      return { reply: venue.amendOrder(step.account, request) };
    }
    case "cancel": {
      const row = nthOpen(venue, step.account, step.nth);
      const name = { market: row?.market ?? KEYS[0]!, orderId: row?.id ?? 999_999 };
      return { reply: venue.cancelOrder(step.account, name) };
    }
    case "bar":
      return onBar(venue, step.market, step.prices);
    case "trade": {
      const price = Math.max(50, venue.quote(step.market).last + step.at);
      venue.onTrade(step.market, { price, qty: step.size + 1, side: step.side });
      return {};
    }
    case "marks": {
      const { last } = venue.quote(step.market);
      venue.setPrices(step.market, { mark: Math.max(50, last + step.mark), index: Math.max(50, last + step.index) });
      return {};
    }
    case "stop":
      return { reply: venue.setTradingStop(step.account, tradingStop(venue, step)) };
    default:
      return other(venue, step);
  }
}

function onBar(venue: Venue, key: MarketKey, [a, b, c, d]: readonly [number, number, number, number]): Done {
  const { last } = venue.quote(key);
  const [open, x, y, close] = [a, b, c, d].map((by) => Math.max(50, last + by)) as [number, number, number, number];
  const [high, low] = [Math.max(open, x, y, close), Math.min(open, x, y, close)];
  const made: BarInput = { time: venue.now() + 60_000, open, high, low, close, volume: 1_000 };
  venue.onBar(key, made);
  return { bar: made, market: key };
}

function tradingStop(venue: Venue, step: Extract<Step, { kind: "stop" }>): TradingStopRequest {
  const idx = step.account === "hedge" && step.market === "linear/PLAIN" ? step.idx : 0;
  const { last } = venue.quote(step.market);
  const held = venue.positions(step.account, step.market).find((row) => row.positionIdx === idx);
  const sign = (held?.size ?? 0) < 0 ? -1 : 1;
  const leg = (by: number | undefined, way: number) => (by === undefined ? undefined : { price: last + way * by });
  return {
    market: step.market,
    positionIdx: idx,
    tpslMode: step.size === undefined ? "Full" : "Partial",
    size: step.size,
    takeProfit: leg(step.takeProfit, sign),
    stopLoss: leg(step.stopLoss, -sign),
    trailingStop: step.size === undefined ? step.trailing : undefined,
  };
}

function other(venue: Venue, step: Extract<Step, { amount: number }>): Done {
  const { account: id, market: key, amount } = step;
  switch (step.kind) {
    case "funding":
      if (key !== "spot/SPOT") venue.onFunding(key, amount / 100_000);
      return {};
    case "transfer":
      return { reply: venue.transfer(id, amount % 2 === 0 ? "USDT" : "XYZ", amount * (amount % 2 === 0 ? 1e8 : 1e5)) };
    case "leverage": {
      const leverage = 1 + (Math.abs(amount) % 120);
      return { reply: venue.setLeverage(id, key, { buy: leverage, sell: leverage }) };
    }
    case "marginMode":
      return { reply: venue.setMarginMode(id, amount > 0 ? "ISOLATED_MARGIN" : "REGULAR_MARGIN") };
    case "margin":
      return { reply: venue.addMargin(id, key, { amount: amount * 1e6, positionIdx: 0 }) };
    case "cancelAll":
      venue.cancelAll(id);
      return {};
    case "liquidate":
      venue.liquidate(id, key);
      return {};
    case "deleverage":
      venue.deleverage(id, key, Math.abs(amount) % 20);
      return {};
  }
}

/** An event as it was when it came: the venue's own order objects change later. */
export function frozen(event: VenueEvent): VenueEvent {
  if (event.type === "order") return { ...event, order: orderRow(event.order) };
  if (event.type !== "position") return event;
  const row = event.position();
  return { ...event, position: () => row };
}

export const WORLD = { keys: KEYS, accounts: ACCOUNTS };
