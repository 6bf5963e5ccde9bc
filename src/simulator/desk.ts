import type { Route } from "./gateway/route.ts";
import type { Depth } from "./market/book.ts";
import type { Market, Moment } from "./market/market.ts";

/** The trading side of the exchange, as its public side sees it. */
export interface Desk {
  /** Endpoints that need a key. */
  readonly routes: readonly Route[];
  /** When something next happens here by itself (funding), epoch ms. */
  nextTime(): number;
  /** Does what is due at `now`, before any trade of that moment. */
  onTime(now: number): void;
  /** The source moves the market: own orders may fill, stops may trigger. */
  onMoment(market: Market, moment: Moment): void;
  /** The book as it stands, own orders in it. */
  depth(market: Market, levels: number): Depth;
  /** Pushes what has happened to private topics. */
  flush(): void;
  insurance(coin: string): string;
  balance(account: string, coin: string): number;
  /** Takes a position over at its bankruptcy price; false when there is none. */
  liquidate(market: Market): boolean;
  /** Takes `qty` (all when "") of a position away at the mark price; false when there is none. */
  deleverage(market: Market, qty: string): boolean;
  /** Adds to a wallet; a sum below 0 takes away. */
  deposit(account: string, coin: string, amount: number): void;
  /** Puts other rules in place for a symbol. */
  changeInstrument(market: Market, change: Readonly<Record<string, string | number>>): void;
  /** A digest of every order, position and balance; equal states, equal digests. */
  digest(): string;
}
