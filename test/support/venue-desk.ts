import { createVenue } from "../../src/matching/create.ts";
import type { VenueEvent } from "../../src/matching/events.ts";
import type { OrderRow } from "../../src/matching/rows.ts";
import type { BarInput, MarketKey, MarketOptions, OrderRequest, VenueOptions } from "../../src/matching/types.ts";
import type { Venue } from "../../src/matching/venue.ts";
import type { Instrument } from "../../src/model/instrument.ts";

/** Ticks of 1, steps of 1, so that numbers in tests are prices and quantities. */
export const PLAIN: Instrument = {
  symbol: "PLAIN",
  category: "linear",
  baseCoin: "XYZ",
  quoteCoin: "USDT",
  settleCoin: "USDT",
  tickSize: "1",
  minPrice: "1",
  maxPrice: "1000000",
  qtyStep: "1",
  minOrderQty: "1",
  maxOrderQty: "10000",
  maxMarketOrderQty: "5000",
  minNotionalValue: "5",
  maxLeverage: "100",
  leverageStep: "0.01",
  fundingIntervalMs: 28_800_000,
  riskTiers: [
    {
      limitValue: "20000000",
      initialMarginRate: "0.01",
      maintenanceMarginRate: "0.005",
      maintenanceDeduction: "0",
      maxLeverage: "100",
    },
  ],
};
export const PLAIN_SPOT: Instrument = {
  ...PLAIN,
  symbol: "SPOT",
  category: "spot",
  maxLeverage: "1",
  fundingIntervalMs: 0,
  riskTiers: [],
};
export const P: MarketKey = "linear/PLAIN";
export const S: MarketKey = "spot/SPOT";

/** A venue at 1,000 with accounts "a" and "b", and what is needed to trade on it in few words. */
export interface VenueDesk {
  readonly venue: Venue;
  readonly events: VenueEvent[];
  /** Places an order of "a" (or `account`) and returns its row as the venue has it. @throws Error when refused */
  order(request: Partial<OrderRequest> & Pick<OrderRequest, "side" | "qty">, account?: string): OrderRow;
  /** The retCode with which the order is refused. @throws Error when it is accepted */
  code(request: Partial<OrderRequest> & Pick<OrderRequest, "side" | "qty">, account?: string): number;
  /** Walks `[open, high, low, close]` as the next minute; volume 1,000. */
  bar(...ohlc: [number, number, number, number]): void;
  size(account?: string): number;
  /** Price and quantity of the fills so far, oldest first, of one account. */
  fills(account?: string): [price: number, qty: number][];
  /** Waiting orders: kind and trigger price, by price. */
  waiting(): [string, number][];
}

export function venueDesk(market: Partial<MarketOptions> = {}, options: Partial<VenueOptions> = {}): VenueDesk {
  const markets = [PLAIN, PLAIN_SPOT].map((instrument) => ({ instrument, lastPrice: 1_000, ...market }));
  const venue = createVenue({ markets, startTime: 0, ...options });
  for (const id of ["a", "b"]) venue.openAccount({ id, balances: { USDT: 1_000_000, XYZ: 1_000 } });
  const events: VenueEvent[] = [];
  venue.listen((event) => events.push(event.type === "order" ? { ...event, order: { ...event.order } } : event));
  const whole = (request: Partial<OrderRequest> & Pick<OrderRequest, "side" | "qty">): OrderRequest => ({
    market: P,
    type: request.price === undefined ? "Market" : "Limit",
    ...request,
  });
  let minute = 0;
  return {
    venue,
    events,
    order(request, account = "a") {
      const reply = venue.placeOrder(account, whole(request));
      if (!reply.ok) throw new Error(`${reply.code} ${reply.reason}`);
      return venue.order(account, { market: request.market ?? P, orderId: reply.orderId })!;
    },
    code(request, account = "a") {
      const reply = venue.placeOrder(account, whole(request));
      if (reply.ok) throw new Error("accepted");
      return reply.code;
    },
    bar(open, high, low, close) {
      minute += 1;
      const bar: BarInput = { time: minute * 60_000, open, high, low, close, volume: 1_000 };
      venue.onBar(P, bar);
    },
    size: (account = "a") => venue.positions(account, P).reduce((sum, { size }) => sum + size, 0),
    fills: (account = "a") => [...venue.executions(account)].map((e): [number, number] => [e.price, e.qty]).reverse(),
    waiting: () =>
      [...venue.openOrders("a")]
        .filter((order) => order.status === "Untriggered")
        .map((order): [string, number] => [order.stopOrderType, order.triggerPrice])
        .sort(([, x], [, y]) => x - y),
  };
}

/** The row without what changes with time or number. */
export function told(events: readonly VenueEvent[]): string[] {
  return events.map((event) => {
    if (event.type === "order") return `order ${event.order.id} ${event.order.status}`;
    if (event.type === "execution")
      return `execution ${event.execution.orderId} ${event.execution.qty}@${event.execution.price}`;
    if (event.type === "trade") return `trade ${event.qty}@${event.price} ${event.side}`;
    return event.type;
  });
}
