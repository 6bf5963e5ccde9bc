import { createVenue } from "../../src/matching/create.ts";
import type { VenueEvent } from "../../src/matching/events.ts";
import type { OrderRow, PositionRow } from "../../src/matching/rows.ts";
import type {
  AccountOptions,
  Level,
  MarketKey,
  MarketOptions,
  OrderRequest,
  PositionIdx,
  PriceSource,
  Reply,
  VenueOptions,
} from "../../src/matching/types.ts";
import type { Venue } from "../../src/matching/venue.ts";
import type { Instrument, RiskTier } from "../../src/model/instrument.ts";
import type { Side } from "../../src/model/trade.ts";

export const BTC = "linear/BTCUSDT";
export const ETH = "linear/ETHUSDT";
export const COIN = "inverse/BTCUSD";
export const SPOT = "spot/BTCUSDT";

/** A leg in prices; a bare number is its trigger price. */
export type Leg =
  | number
  | {
      readonly price: number;
      readonly triggerBy?: PriceSource | undefined;
      readonly limitPrice?: number | undefined;
    };

/** What an order says beyond side and quantity, in prices as people write them. Market unless it has a price. */
export interface Terms extends Partial<Omit<OrderRequest, "side" | "qty" | "takeProfit" | "stopLoss">> {
  readonly account?: string | undefined;
  readonly takeProfit?: Leg | undefined;
  readonly stopLoss?: Leg | undefined;
}

/** `limit leverage maintenanceRate deduction` of a rung. */
function rung(limit: number, leverage: number, rate: number, deduction: number): RiskTier {
  return {
    limitValue: String(limit),
    initialMarginRate: String(1 / leverage),
    maintenanceMarginRate: String(rate),
    maintenanceDeduction: String(deduction),
    maxLeverage: String(leverage),
  };
}

/** The lowest rungs that Bybit publishes for BTCUSDT, with the deductions it publishes. */
export const LADDER = [
  rung(2_000_000, 100, 0.005, 0),
  rung(2_600_000, 90, 0.0056, 1_200),
  rung(3_200_000, 80, 0.0063, 3_020),
  rung(3_800_000, 75, 0.0067, 4_300),
];
const LINEAR: Instrument = {
  symbol: "BTCUSDT",
  category: "linear",
  baseCoin: "BTC",
  quoteCoin: "USDT",
  settleCoin: "USDT",
  tickSize: "0.1",
  minPrice: "0.1",
  maxPrice: "1999999.8",
  qtyStep: "0.001",
  minOrderQty: "0.001",
  maxOrderQty: "1190",
  maxMarketOrderQty: "500",
  minNotionalValue: "5",
  maxLeverage: "100",
  leverageStep: "0.01",
  fundingIntervalMs: 8 * 3_600_000,
  riskTiers: LADDER,
};
export const INSTRUMENTS = {
  [BTC]: LINEAR,
  [ETH]: { ...LINEAR, symbol: "ETHUSDT", baseCoin: "ETH", tickSize: "0.01", minPrice: "0.01", qtyStep: "0.01" },
  [COIN]: {
    ...LINEAR,
    ...{ symbol: "BTCUSD", category: "inverse", quoteCoin: "USD", settleCoin: "BTC" },
    ...{ tickSize: "0.5", minPrice: "0.5", qtyStep: "1", minOrderQty: "1", minNotionalValue: "1" },
    ...{ maxOrderQty: "25000000", maxMarketOrderQty: "5000000" },
    riskTiers: [rung(150, 100, 0.005, 0), rung(300, 50, 0.01, 0.75)],
  },
  [SPOT]: {
    ...LINEAR,
    ...{ category: "spot", qtyStep: "0.000001", minOrderQty: "0.000001", maxOrderQty: "83", maxMarketOrderQty: "41.5" },
    ...{ maxLeverage: "1", fundingIntervalMs: 0, riskTiers: [] },
  },
} satisfies Readonly<Record<MarketKey, Instrument>>;
type Known = keyof typeof INSTRUMENTS;

/** A venue at 50,000 (ETH 2,000) with accounts "a" and "b", 10x cross unless told otherwise; numbers as people write them. */
export interface ExchangeDesk {
  readonly venue: Venue;
  readonly events: VenueEvent[];
  ticks(price: number, market?: MarketKey): number;
  steps(qty: number, market?: MarketKey): number;
  /** @throws Error with the retCode when refused */
  buy(qty: number, terms?: Terms): OrderRow;
  sell(qty: number, terms?: Terms): OrderRow;
  /** The retCode of the refusal. @throws Error when accepted, or when the refusal changed or told anything */
  refused(side: Side, qty: number, terms?: Terms): number;
  /** A trade of the source: moves the last price. */
  trade(price: number, more?: { market?: MarketKey; qty?: number; side?: Side }): void;
  mark(price: number, market?: MarketKey): void;
  index(price: number, market?: MarketKey): void;
  /** Walks the next minute; volume 1,000. */
  bar(ohlc: readonly [open: number, high: number, low: number, close: number], market?: MarketKey): void;
  /** Recorded depth in place of what was there. */
  depth(bids: readonly Level[], asks: readonly Level[], market?: MarketKey): void;
  /** Price and quantity of the fills so far, oldest first. */
  fills(account?: string, market?: MarketKey): [price: number, qty: number][];
  position(account?: string, market?: MarketKey, idx?: PositionIdx): PositionRow;
  /** Signed, in base coin (inverse: USD). */
  size(account?: string, market?: MarketKey): number;
  /** Wallet balance in coin. */
  money(account?: string, coin?: string): number;
  /** Kind, trigger price and quantity of what waits, by price and quantity. */
  waiting(account?: string): [kind: string, trigger: number, qty: number][];
}

export interface DeskOptions extends Partial<Omit<VenueOptions, "markets">> {
  readonly market?: Partial<MarketOptions> | undefined;
  /** Instead of the one `market` holds for all. */
  readonly per?: Partial<Record<Known, Partial<MarketOptions>>> | undefined;
  /** Of "a" and "b". */
  readonly account?: Partial<AccountOptions> | undefined;
}

export function exchangeDesk({ market, per, account, ...options }: DeskOptions = {}): ExchangeDesk {
  const keys = Object.keys(INSTRUMENTS) as Known[];
  const instrument = (key: MarketKey) => per?.[key as Known]?.instrument ?? INSTRUMENTS[key as Known];
  const tick = (key: MarketKey) => Number(instrument(key).tickSize);
  const step = (key: MarketKey) => Number(instrument(key).qtyStep);
  const round = (value: number) => Number(value.toFixed(6));
  const ticks = (price: number, key: MarketKey = BTC) => round(price / tick(key));
  const steps = (qty: number, key: MarketKey = BTC) => round(qty / step(key));
  const venue = createVenue({
    markets: keys.map((key) => {
      const lastPrice = ticks(key === ETH ? 2_000 : 50_000, key);
      return { instrument: INSTRUMENTS[key], lastPrice, ...market, ...per?.[key] };
    }),
    startTime: 0,
    ...options,
  });
  for (const id of ["a", "b"]) venue.openAccount({ id, balances: { USDT: 1_000_000, BTC: 10 }, ...account });
  const events: VenueEvent[] = [];
  venue.listen((event) => {
    // Order objects change later, position rows are made now or never.
    if (event.type === "order") events.push({ ...event, order: { ...event.order } });
    else if (event.type === "position") {
      const row = event.position();
      events.push({ ...event, position: () => row });
    } else events.push(event);
  });
  const leg = (key: MarketKey, wish: Leg | undefined) => {
    if (wish === undefined) return undefined;
    if (typeof wish === "number") return { price: ticks(wish, key) };
    const { price, limitPrice, triggerBy } = wish;
    return { price: ticks(price, key), limitPrice: limitPrice && ticks(limitPrice, key), triggerBy };
  };
  const send = (side: Side, qty: number, terms: Terms): Reply<{ readonly orderId: number }> => {
    const { account: id = "a", market: key = BTC, price, trigger, takeProfit, stopLoss, ...rest } = terms;
    const isQuote = rest.marketUnit === "quoteCoin";
    return venue.placeOrder(id, {
      ...{ market: key, side, type: price === undefined ? "Market" : "Limit", ...rest },
      qty: isQuote ? Math.round(qty * 1e8) : steps(qty, key),
      price: price === undefined ? undefined : ticks(price, key),
      trigger: trigger && { ...trigger, price: ticks(trigger.price, key) },
      takeProfit: leg(key, takeProfit),
      stopLoss: leg(key, stopLoss),
    });
  };
  const place = (side: Side, qty: number, terms: Terms = {}): OrderRow => {
    const reply = send(side, qty, terms);
    if (!reply.ok) throw new Error(`${reply.code} ${reply.reason}`);
    return venue.order(terms.account ?? "a", { market: terms.market ?? BTC, orderId: reply.orderId })!;
  };
  let minute = 0;
  return {
    ...{ venue, events, ticks, steps },
    buy: (qty, terms) => place("buy", qty, terms),
    sell: (qty, terms) => place("sell", qty, terms),
    refused(side, qty, terms = {}) {
      const [before, told] = [venue.digest(), events.length];
      const reply = send(side, qty, terms);
      if (reply.ok) throw new Error("accepted");
      if (venue.digest() !== before || events.length !== told) throw new Error(`${reply.code} changed the venue`);
      return reply.code;
    },
    trade(price, { market: key = BTC, qty = 1, side = "buy" } = {}) {
      venue.onTrade(key, { price: ticks(price, key), qty: steps(qty, key), side });
    },
    mark: (price, key = BTC) => venue.setMark(key, ticks(price, key)),
    index: (price, key = BTC) => venue.setIndex(key, ticks(price, key)),
    bar([open, high, low, close], key = BTC) {
      minute += 1;
      const prices = { open: ticks(open, key), high: ticks(high, key), low: ticks(low, key), close: ticks(close, key) };
      venue.onBar(key, { time: minute * 60_000, ...prices, volume: steps(1_000, key) });
    },
    depth(bids, asks, key = BTC) {
      const level = ([price, qty]: Level): Level => [ticks(price, key), steps(qty, key)];
      venue.onBook(key, "snapshot", { bids: bids.map(level), asks: asks.map(level) });
    },
    fills: (id = "a", key = BTC) =>
      [...venue.executions(id)]
        .filter((row) => row.market === key && row.type !== "Funding")
        .map((row): [number, number] => [round(row.price * tick(key)), round(row.qty * step(key))])
        .reverse(),
    position: (id = "a", key = BTC, idx = 0) => venue.positions(id, key).find((row) => row.positionIdx === idx)!,
    size: (id = "a", key = BTC) => round(venue.positions(id, key).reduce((sum, row) => sum + row.size, 0) * step(key)),
    money: (id = "a", coin = "USDT") =>
      (venue.wallet(id).coins.find((row) => row.coin === coin)?.walletBalance ?? 0) / 10 ** venue.coinScale(coin),
    waiting: (id = "a") =>
      [...venue.openOrders(id)]
        .filter((row) => row.status === "Untriggered")
        .map((row): [string, number, number] => [
          row.stopOrderType,
          round((row.stopPrice || row.triggerPrice) * tick(row.market)),
          round(row.qty * step(row.market)),
        ])
        .sort(([, x, m], [, y, n]) => x - y || m - n),
  };
}
