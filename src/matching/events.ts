import type { Side } from "../model/trade.ts";
import type { ExecutionRow, OrderRow, PositionRow } from "./rows.ts";
import type { MarketKey } from "./types.ts";

/**
 * What has happened, in the order it happened.
 *
 * After an accepted order: order New → per fill execution → order PartiallyFilled or Filled → position → wallet;
 * the public trade of a fill comes before its executions. `n` counts events from 1 without a gap.
 * `order` is the venue's own object: it changes with later events, copy what you keep. All other rows are frozen
 * in time. A listener must not call commands or feed the venue.
 */
export type VenueEvent =
  | { readonly type: "order"; readonly n: number; readonly time: number; readonly order: OrderRow }
  | { readonly type: "execution"; readonly n: number; readonly time: number; readonly execution: ExecutionRow }
  | {
      readonly type: "position";
      readonly n: number;
      readonly time: number;
      readonly account: string;
      readonly market: MarketKey;
      /** Makes the row; call it now or never. */
      readonly position: () => PositionRow;
    }
  /** A balance changed; ask `wallet(account)`. */
  | { readonly type: "wallet"; readonly n: number; readonly time: number; readonly account: string }
  /** A trade in which an account here took part; trades fed by `onTrade` are not repeated. */
  | {
      readonly type: "trade";
      readonly n: number;
      readonly time: number;
      readonly market: MarketKey;
      readonly price: number;
      readonly qty: number;
      /** Of the taker. */
      readonly side: Side;
      readonly seq: number;
    }
  /** A position was taken over: `side` is its own ("buy": a long), `price` the bankruptcy price. */
  | {
      readonly type: "liquidation";
      readonly n: number;
      readonly time: number;
      readonly market: MarketKey;
      readonly account: string;
      readonly side: Side;
      readonly qty: number;
      readonly price: number;
    }
  /** Resting own orders changed, so that `depth(market)` did. */
  | { readonly type: "book"; readonly n: number; readonly time: number; readonly market: MarketKey };

export type VenueListener = (event: VenueEvent) => void;
