import { assetRoutes } from "./endpoints/asset.ts";
import { klineRoutes } from "./endpoints/klines.ts";
import { marketRoutes } from "./endpoints/market.ts";
import { userRoutes } from "./endpoints/user.ts";
import type { Route } from "./gateway/route.ts";
import type { World } from "./world.ts";

/** Every REST endpoint of an exchange, in the order of Bybit's own pages. */
export function routesOf(world: World): Route[] {
  const shared = {
    now: () => world.now(),
    markets: () => world.markets(),
    market: world.market.bind(world),
    depth: world.desk.depth.bind(world.desk),
    insurance: (coin: string) => world.desk.insurance(coin),
    balance: (account: string, coin: string) => world.desk.balance(account, coin),
    startTime: world.startTime,
  };
  return [
    ...marketRoutes(shared),
    ...klineRoutes(shared),
    ...world.desk.routes,
    ...assetRoutes(shared),
    ...userRoutes(shared),
  ];
}
