import type { VenueEvent } from "../../src/matching/events.ts";
import type { ExecutionRow, OrderRow, PositionRow } from "../../src/matching/rows.ts";
import type { MarketKey } from "../../src/matching/types.ts";
import type { Venue } from "../../src/matching/venue.ts";
import { frozen } from "./random-flow.ts";

/** One position as executions make it: whole steps, whole money units. */
export interface Kept {
  size: number;
  cost: number;
  /** Since it was opened, and ever. */
  current: number;
  ever: number;
}

/**
 * A second set of books that knows nothing but what the venue tells, for markets of tick 1 and step 1.
 *
 * It does its own arithmetic and complains where the venue's differs.
 */
export class Bookkeeper {
  readonly orders = new Map<number, OrderRow>();
  readonly executions = new Map<string, ExecutionRow[]>();
  readonly positions = new Map<string, Kept>();
  /** Last told row of each position. */
  readonly rows = new Map<string, PositionRow>();
  /** Balances when the wallet was last told, by account and coin. */
  readonly balances = new Map<string, number>();
  readonly complaints: string[] = [];
  readonly #venue: Venue;
  /** Public trades told so far, by market and sequence. */
  readonly #trades = new Map<string, { price: number; qty: number }>();
  n = 0;
  /** Number of the last execution told. */
  lastExecution = 0;

  constructor(venue: Venue) {
    this.#venue = venue;
    for (const id of venue.accounts()) this.#readWallet(id);
    venue.listen((event) => this.#hear(frozen(event)));
  }

  kept(account: string, market: MarketKey, idx: number): Kept {
    const key = `${account} ${market} ${idx}`;
    const kept = this.positions.get(key) ?? { size: 0, cost: 0, current: 0, ever: 0 };
    this.positions.set(key, kept);
    return kept;
  }

  #hear(event: VenueEvent): void {
    this.n += 1;
    if (event.n !== this.n) this.complaints.push(`event ${event.n} is the ${this.n}th`);
    if (event.type === "order") this.orders.set(event.order.id, event.order);
    if (event.type === "wallet") this.#readWallet(event.account);
    if (event.type === "trade") this.#trades.set(`${event.market} ${event.seq}`, event);
    if (event.type === "position") {
      const row = event.position();
      this.rows.set(`${event.account} ${event.market} ${row.positionIdx}`, row);
    }
    if (event.type === "execution") this.#book(event.execution);
  }

  #readWallet(id: string): void {
    for (const { coin, walletBalance } of this.#venue.wallet(id).coins)
      this.balances.set(`${id} ${coin}`, walletBalance);
  }

  #book(row: ExecutionRow): void {
    const list = this.executions.get(row.account) ?? [];
    this.executions.set(row.account, list);
    if (list.length > 0 && row.id <= list[list.length - 1]!.id) this.complaints.push(`execution ${row.id} comes late`);
    list.push(row);
    this.lastExecution = row.id;
    const { account, market, price, qty } = row;
    if (row.value !== worthOf(market, price, qty)) this.complaints.push(`execution ${row.id} is worth ${row.value}`);
    if (row.type === "Funding") this.#settle(row);
    else {
      const order = this.#venue.order(account, { market, orderId: row.orderId })!;
      if (order.side !== row.side) this.complaints.push(`execution ${row.id} is on the other side of its order`);
      if (row.type === "Trade") this.#checkPublic(row);
      if (market !== "spot/SPOT") this.#trade(row, order);
      this.#checkFee(row);
    }
  }

  /** A trade in which an account took is public before it is anybody's. */
  #checkPublic({ id, market, seq, price, isMaker }: ExecutionRow): void {
    const trade = this.#trades.get(`${market} ${seq}`);
    if (!trade && !isMaker) this.complaints.push(`execution ${id} was never public`);
    if (trade && trade.price !== price)
      this.complaints.push(`execution ${id} at ${price} was public at ${trade.price}`);
  }

  #checkFee(row: ExecutionRow): void {
    const isBase = row.market === "spot/SPOT" && (row.side === "buy") === row.feeRate >= 0;
    const of = isBase ? row.qty * 10 ** this.#venue.coinScale("XYZ") : row.value;
    if (Math.abs(row.fee - of * row.feeRate) > 0.500_001) this.complaints.push(`execution ${row.id} paid ${row.fee}`);
    const coin = row.market === "spot/SPOT" ? (isBase ? "XYZ" : "USDT") : row.market === "inverse/INV" ? "XYZ" : "USDT";
    if (row.feeCoin !== coin) this.complaints.push(`execution ${row.id} paid in ${row.feeCoin}`);
  }

  #settle(row: ExecutionRow): void {
    const sign = row.side === "buy" ? 1 : -1;
    const idx = [0, 1, 2].find((i) => this.kept(row.account, row.market, i).size === sign * row.qty);
    if (idx === undefined) return void this.complaints.push(`funding ${row.id} for a position nobody has`);
    const kept = this.kept(row.account, row.market, idx);
    kept.current -= row.fee;
    kept.ever -= row.fee;
  }

  #trade(row: ExecutionRow, order: OrderRow): void {
    const kept = this.kept(row.account, row.market, order.positionIdx);
    const sign = row.side === "buy" ? 1 : -1;
    const before = kept.size;
    const closing = before * sign < 0 ? Math.min(Math.abs(before), row.qty) : 0;
    if (row.closedSize !== closing)
      this.complaints.push(`execution ${row.id} closed ${row.closedSize}, not ${closing}`);
    const after = before + sign * row.qty;
    if (order.reduceOnly && (closing !== row.qty || before * after < 0)) {
      this.complaints.push(`order ${order.id} only reduces, but took ${before} to ${after}`);
    }
    const isHedge = order.positionIdx !== 0;
    if (isHedge && after * (order.positionIdx === 1 ? 1 : -1) < 0)
      this.complaints.push(`side ${order.positionIdx} turned`);
    const exit = worthOf(row.market, row.price, closing);
    const s = (row.market === "inverse/INV" ? -1 : 1) * Math.sign(before);
    const entry = closing === 0 ? 0 : exit - s * row.pnl;
    const exact = before === 0 ? 0 : (kept.cost * closing) / Math.abs(before);
    const slack = closing === Math.abs(before) ? 0 : 1;
    if (closing > 0 && Math.abs(entry - exact) > slack + 1e-3)
      this.complaints.push(`execution ${row.id} made ${row.pnl}`);
    if (closing === 0 && row.pnl !== 0) this.complaints.push(`execution ${row.id} opened and made ${row.pnl}`);
    kept.size = after;
    kept.cost += row.value - exit - entry;
    kept.ever += row.pnl - row.fee;
    // A turn closes the old holding and starts a new one with its part of the fee.
    const opening = row.qty - closing;
    const openingFee = opening === 0 ? 0 : row.fee - Math.round((row.fee * closing) / row.qty);
    if (before === 0 || (opening > 0 && closing > 0)) kept.current = -openingFee;
    else kept.current += row.pnl - row.fee;
  }
}

/** Money units of `qty` steps at `price` ticks, both of 1. */
function worthOf(market: MarketKey, price: number, qty: number): number {
  return market === "inverse/INV" ? Math.round((qty / price) * 1e8) : price * qty * 1e8;
}
