import type { Market } from "../market/market.ts";
import type { World } from "../world.ts";
export function openDesk(world: World, _balances?: unknown): void {
  world.open({
    routes: [],
    nextTime: () => Infinity,
    onTime() {},
    onTick(market: Market, tick) {
      world.feed.traded(market, market.book(tick));
    },
    depth: (market) => ({ bids: [[market.last - 1, 100]], asks: [[market.last + 1, 100]] }),
    flush() {},
    insurance: () => "0",
    balance: () => 0,
    liquidate: () => false,
    deleverage: () => false,
    deposit() {},
    changeInstrument() {},
    digest: () => "",
  });
}
