import { VenueRejection } from "../../core/errors.ts";
import type { ApiKey, Permission } from "./keyring.ts";
import type { Params } from "./params.ts";
import type { RateLimiter } from "./ratelimit.ts";
import { refusal, words } from "./retcodes.ts";
import type { LimitHeaders, Outcome, Route } from "./route.ts";

/** What dispatching needs of the exchange around it. */
export interface DispatchWorld {
  readonly limiter: RateLimiter;
  /** Epoch ms by the clock that rate limits go by. */
  limitTime(): number;
  /** Refuses private requests with 10016 while true. */
  inMaintenance(): boolean;
  /** A defect of ours: told to the log, answered as a server error. */
  onDefect(error: unknown, where: string): void;
}

const EMPTY = Object.freeze({});

/** Runs one call through permission, rate limit and the endpoint's own code. It never throws. */
export function dispatch(route: Route, params: Params, key: ApiKey | undefined, world: DispatchWorld): Outcome {
  let headers: LimitHeaders | undefined;
  try {
    if (key) {
      if (world.inMaintenance()) throw refusal(10016, "Server error: the service is restarting.");
      checkPermission(route, params, key);
    }
    const units = route.units?.(params) ?? 1;
    let granted = units;
    if (key && route.limit) {
      const now = world.limitTime();
      const visit = world.limiter.visit(
        bucketOf(route, params, key),
        limitOf(route, params),
        windowOf(route),
        now,
        units,
      );
      granted = visit.granted;
      headers = visit;
      if (granted === 0) throw refusal(10006);
    }
    const answer = route.handle({ params, key, account: key?.account ?? "", granted });
    return { retCode: 0, ...answer, retMsg: answer.retMsg ?? "OK", headers };
  } catch (error) {
    if (error instanceof VenueRejection) {
      const { result, retExtInfo } = error.details;
      return { retCode: Number(error.code), retMsg: error.message, result: result ?? EMPTY, retExtInfo, headers };
    }
    world.onDefect(error, route.path);
    return { retCode: 10016, retMsg: words(10016), result: EMPTY, headers };
  }
}

function checkPermission(route: Route, params: Params, key: ApiKey): void {
  if (route.access === "public" || route.access === "read") return;
  if (key.readOnly) throw refusal(10005, `${words(10005)} (the key is read-only)`);
  const needed: Permission =
    route.access !== "trade" ? route.access : params.raw.category === "spot" ? "SpotTrade" : "Order";
  if (!key.permissions.has(needed)) throw refusal(10005, `${words(10005)} (${needed} is missing)`);
}

function categoryOf(params: Params): "linear" | "inverse" | "spot" {
  const category = params.raw.category;
  return category === "spot" || category === "inverse" ? category : "linear";
}

function limitOf(route: Route, params: Params): number {
  const perWindow = route.limit!.perWindow;
  return typeof perWindow === "number" ? perWindow : perWindow[categoryOf(params)];
}

function windowOf(route: Route): number {
  return route.limit!.windowMs ?? 1_000;
}

function bucketOf(route: Route, params: Params, key: ApiKey): string {
  const perWindow = route.limit!.perWindow;
  return typeof perWindow === "number"
    ? `${key.account}${route.path}`
    : `${key.account}${route.path}:${categoryOf(params)}`;
}
