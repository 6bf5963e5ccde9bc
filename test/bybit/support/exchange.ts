import type { AddressInfo } from "node:net";
import {
  type ApiCredentials,
  type Gateway,
  type GatewayOptions,
  localHosts,
  openGateway,
} from "../../../src/bybit/index.ts";
import { type Interval, intervalMs } from "../../../src/core/time.ts";
import type { Category } from "../../../src/model/instrument.ts";
import { dispatch } from "../../../src/simulator/gateway/dispatch.ts";
import { httpServer } from "../../../src/simulator/gateway/httpserver.ts";
import { RateLimiter } from "../../../src/simulator/gateway/ratelimit.ts";
import { refusal } from "../../../src/simulator/gateway/retcodes.ts";
import type { Answer, Call, RateLimit, Route } from "../../../src/simulator/gateway/route.ts";
import { instrumentOf } from "../../../src/simulator/market/instruments.ts";
import type { MarketSource } from "../../../src/simulator/market/market.ts";
import type { ExchangeOptions } from "../../../src/simulator/options.ts";
import { routesOf } from "../../../src/simulator/routes.ts";
import { World } from "../../../src/simulator/world.ts";
import { generateBars } from "../../../src/store/generate.ts";

/** Midnight UTC at which the tests' exchanges open. */
export const OPENING = Date.UTC(2025, 0, 10);

/** A seeded market with `days` of history before `OPENING` and a day after. */
export function seededMarket(
  symbol: string,
  category: Category,
  { interval = "1", days = 2 }: { interval?: Interval; days?: number } = {},
): MarketSource {
  const startPrice = 60_000;
  const instrument = instrumentOf(symbol, category, startPrice);
  const bars = generateBars({
    seed: `1/${category}`,
    symbol,
    interval,
    from: OPENING - days * 86_400_000,
    length: ((days + 1) * 86_400_000) / intervalMs(interval),
    startPrice,
    tickSize: instrument.tickSize,
  });
  return { instrument, bars };
}

/** The REST side of the local exchange, with a desk that takes orders in and never fills them. */
export interface RestExchange {
  readonly rest: string;
  readonly world: World;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** Orders it took in, by their orderLinkId or number, in order. */
  readonly orders: readonly TakenOrder[];
  /** One line per answer it gave. */
  readonly log: readonly string[];
  close(): Promise<void>;
}

export interface TakenOrder {
  readonly orderId: string;
  readonly orderLinkId: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface RestOptions extends Partial<ExchangeOptions> {
  /** Endpoints beside those of orders. */
  readonly routes?: readonly Route[];
  /** False: without the order endpoints. */
  readonly usualOrders?: boolean;
}

/** Starts one, on a free port. Time stands still at `OPENING` unless `speed` is given. */
export async function restExchange(options: RestOptions = {}): Promise<RestExchange> {
  const world = new World({
    markets: [seededMarket("BTCUSDT", "linear"), seededMarket("BTCUSDT", "spot"), seededMarket("BTCUSD", "inverse")],
    startTime: OPENING,
    speed: "step",
    ...options,
  });
  const orders: TakenOrder[] = [];
  world.open({
    routes: [...(options.usualOrders === false ? [] : orderDesk(orders)), ...(options.routes ?? [])],
    nextTime: () => Infinity,
    onTime() {},
    onMoment() {},
    depth: ({ last }, levels) => ({
      bids: Array.from({ length: levels }, (_, i) => [last - 1 - i, 1_000] as const),
      asks: Array.from({ length: levels }, (_, i) => [last + 1 + i, 1_000] as const),
    }),
    flush() {},
    insurance: () => "0",
    balance: () => 100_000,
    liquidate: () => false,
    deleverage: () => false,
    deposit() {},
    changeInstrument() {},
    digest: () => "",
  });
  const limitScale = options.limitScale ?? Infinity;
  const dispatching = {
    limiter: new RateLimiter(limitScale),
    limitTime: () => Date.now(),
    inMaintenance: () => world.now() < world.maintenanceUntil,
    onDefect: (error: unknown) => {
      throw error;
    },
  };
  const log: string[] = [];
  const app = httpServer({
    keys: world.keys,
    clock: world.gatewayClock,
    faults: world.faults,
    limitScale,
    log: (line) => void log.push(line),
    timeouts: options.timeouts,
    routes: routesOf(world),
    call: (route, params, key) => dispatch(route, params, key, dispatching),
    traceId: () => "0".repeat(32),
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  const { port } = app.server.address() as AddressInfo;
  return { rest: `http://127.0.0.1:${port}`, world, ...world.demo, orders, log, close: () => app.close() };
}

const ORDER_LIMIT: RateLimit = { perWindow: { linear: 10, inverse: 10, spot: 20 } };

/** Order endpoints: each orderLinkId is taken once, the rest is never refused. */
function orderDesk(orders: TakenOrder[]): Route[] {
  const post = (path: string, handle: (call: Call) => Answer): Route => {
    return { method: "POST", path, access: "trade", status: "partly", limit: ORDER_LIMIT, handle };
  };
  const named = ({ params }: Call) => {
    const [orderId, link] = [params.text("orderId"), params.text("orderLinkId")];
    const found = orders.find((order) => (orderId === "" ? order.orderLinkId === link : order.orderId === orderId));
    if (!found) throw refusal(110001);
    return found;
  };
  return [
    post("/v5/order/create", ({ params }) => {
      const orderLinkId = params.text("orderLinkId");
      if (orderLinkId !== "" && orders.some((order) => order.orderLinkId === orderLinkId)) throw refusal(110072);
      const orderId = `order-${orders.length + 1}`;
      orders.push({ orderId, orderLinkId, body: params.raw });
      return { result: { orderId, orderLinkId } };
    }),
    post("/v5/order/cancel", (call) => {
      const order = named(call);
      orders.splice(orders.indexOf(order), 1);
      return { result: { orderId: order.orderId, orderLinkId: order.orderLinkId } };
    }),
    {
      method: "GET",
      path: "/v5/order/realtime",
      access: "read",
      status: "partly",
      limit: { perWindow: 50 },
      handle({ params }) {
        const link = params.text("orderLinkId");
        const list = orders.filter((order) => link === "" || order.orderLinkId === link).map(orderRow);
        return { result: { category: params.text("category"), list, nextPageCursor: "" } };
      },
    },
  ];
}

function orderRow({ orderId, orderLinkId, body }: TakenOrder): Record<string, unknown> {
  return {
    symbol: body.symbol,
    orderId,
    orderLinkId,
    side: body.side,
    orderType: body.orderType,
    orderStatus: "New",
    price: body.price ?? "",
    qty: body.qty,
    cumExecQty: "0",
    avgPrice: "",
    rejectReason: "EC_NoError",
    reduceOnly: false,
    createdTime: "1736467200000",
    updatedTime: "1736467200000",
  };
}

/** Credentials of the exchange's demo key, or of another one. */
export function demoCredentials(
  exchange: RestExchange,
  own: Partial<{ key: string; secret: string }> = {},
): ApiCredentials {
  const secret = own.secret ?? exchange.apiSecret;
  return {
    key: own.key ?? exchange.apiKey,
    secret: { reveal: () => secret },
    kind: secret.startsWith("-----BEGIN") ? "rsa" : "hmac",
    environment: "local",
  };
}

/** A gateway to it, with the demo key and without rate limits unless told. */
export function gatewayTo(exchange: RestExchange, options: Partial<GatewayOptions> = {}): Gateway {
  return openGateway({
    hosts: localHosts({ rest: exchange.rest, ws: exchange.rest.replace("http", "ws") }),
    credentials: demoCredentials(exchange),
    limitScale: Infinity,
    ...options,
  });
}
