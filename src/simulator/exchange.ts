import type { AddressInfo } from "node:net";
import { ArgumentError, ToolkitError } from "../core/errors.ts";
import type { Category } from "../model/instrument.ts";
import { drive } from "./clock.ts";
import { type Control, controlOf } from "./control.ts";
import { controlRoutes } from "./controlroutes.ts";
import type { DispatchWorld } from "./gateway/dispatch.ts";
import { dispatch } from "./gateway/dispatch.ts";
import { httpServer } from "./gateway/httpserver.ts";
import type { ApiKey } from "./gateway/keyring.ts";
import type { Params } from "./gateway/params.ts";
import { RateLimiter } from "./gateway/ratelimit.ts";
import { refusal } from "./gateway/retcodes.ts";
import type { Outcome, Route } from "./gateway/route.ts";
import type { Fed } from "./market/fed.ts";
import type { Addresses, ExchangeOptions } from "./options.ts";
import { routesOf } from "./routes.ts";
import { SOCKET_PATHS, socketServer } from "./sockets/server.ts";
import type { SessionWorld } from "./sockets/session.ts";
import { openDesk } from "./trading/desk.ts";
import { ids } from "./wire/ids.ts";
import { World } from "./world.ts";

/** A running exchange. */
export interface Exchange extends Addresses {
  /** The demo key; opens this exchange only. */
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly port: number;
  readonly startTime: number;
  /**
   * Tells a market of a fed source what happened in it, and the exchange its time; it has happened when this returns.
   *
   * @throws ArgumentError `SYMBOL` no fed market of that name; `FED` numbers that cannot be
   */
  feed(market: { readonly category: Category; readonly symbol: string }, fed: Fed): void;
  /** Time, faults and fate, in process. */
  readonly control: Control;
  /** Stops time, breaks every connection, frees the port. */
  close(): Promise<void>;
}

const USUAL_ACK_DELAY_MS = 12;

/**
 * Starts a Bybit V5 exchange on this machine.
 *
 * @throws ArgumentError `MARKETS`
 * @throws ToolkitError `LISTEN` when the port cannot be had
 */
export async function startExchange(options: ExchangeOptions): Promise<Exchange> {
  const world = new World(options);
  openDesk(world, { balances: options.balances, liquidity: options.liquidity });
  const onDefect = (error: unknown, where: string) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    (options.log ?? console.error)(`defect at ${where}: ${text}`);
  };
  const limitScale = options.limitScale ?? (world.speed === "step" ? Number.POSITIVE_INFINITY : 1);
  const trace = ids(world.seed, "trace");
  const routes = routesOf(world);
  const byPath = new Map(routes.map((route) => [route.path, route]));
  const dispatching: DispatchWorld = {
    limiter: new RateLimiter(limitScale),
    limitTime: () =>
      typeof world.speed === "number" || world.speed === "fed" ? Date.now() + world.skewMs : world.now(),
    inMaintenance: () => world.now() < world.maintenanceUntil,
    onDefect,
  };
  const call = (route: Route, params: Params, key: ApiKey | undefined): Outcome => {
    const outcome = dispatch(route, params, key, dispatching);
    if (route.method === "POST") world.flush();
    return outcome;
  };

  const clock = world.gatewayClock;
  const gateway = {
    keys: world.keys,
    clock,
    faults: world.faults,
    limitScale,
    log: options.log,
    timeouts: options.timeouts,
  };
  const app = httpServer({ ...gateway, routes, call, traceId: () => trace.trace() });
  const session: SessionWorld = {
    faults: world.faults,
    now: () => world.now(),
    ackDelayMs: options.ackDelayMs ?? USUAL_ACK_DELAY_MS,
    log: options.log,
  };
  const gatekeeper = { keys: world.keys, clock };
  const sockets = socketServer(app.server, {
    session,
    feed: world.feed,
    gatekeeper,
    entry: {
      gatekeeper,
      world: session,
      traceId: () => trace.trace(),
      call(path, params, key) {
        const route = byPath.get(path);
        if (!route) throw refusal(10404);
        return call(route, params, key);
      },
    },
    onDefect,
  });
  const control = controlOf(world, (path) => sockets.disconnect(path));
  controlRoutes(app, control);

  const host = options.host ?? "127.0.0.1";
  try {
    await app.listen({ port: options.port ?? 0, host });
  } catch (error) {
    sockets.close();
    await app.close();
    throw new ToolkitError(
      "LISTEN",
      `cannot listen on ${host}:${options.port}: ${(error as Error).message}`,
      {},
      error,
    );
  }
  const { port } = app.server.address() as AddressInfo; // a TCP server has one once it listens
  const driver = drive(world.clock, world.speed, (until) => {
    world.advance(world.speed === "max" ? Math.min(until, world.endTime) : until);
  });
  return {
    ...addresses(host, port),
    ...world.demo,
    port,
    startTime: world.startTime,
    feed({ category, symbol }, fed) {
      const market = world.market(category, symbol);
      if (!market?.isFed) throw new ArgumentError("SYMBOL", `no fed market ${category} ${symbol} here`);
      world.tell(market, fed);
    },
    control,
    async close() {
      driver.stop();
      sockets.close();
      await app.close();
    },
  };
}

function addresses(host: string, port: number): Addresses {
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  const ws = `ws://${name}:${port}`;
  const { linear, inverse, spot, private: own, trade } = SOCKET_PATHS;
  return {
    rest: `http://${name}:${port}`,
    ws,
    wsPublic: { linear: ws + linear, inverse: ws + inverse, spot: ws + spot },
    wsPrivate: ws + own,
    wsTrade: ws + trade,
  };
}
