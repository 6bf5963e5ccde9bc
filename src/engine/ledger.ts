import { EXACT_SCALE, exact, exactNumber, exactProduct, exactShare } from "../core/exact.ts";
import type { ExecutionFact } from "./facts.ts";

/** What an execution did to the books. Exact amounts; money of the settle coin. */
export interface Posting {
  /** Signed position before and after. */
  readonly before: bigint;
  readonly after: bigint;
  /** Price profit of the closed part, before fees. */
  readonly realised: bigint;
  /** > 0 paid. */
  readonly fee: bigint;
  /** > 0 received. */
  readonly funding: bigint;
}

/** Execution types that change a position. Everything else only moves money. */
const TRADES = new Set(["Trade", "AdlTrade", "BustTrade", "SessionSettlePnL", "Settle", "Delivery"]);

/** Fills of a symbol that may still turn out to have had one between them, and the position before the first. */
interface Recent {
  readonly size: bigint;
  readonly cost: bigint;
  realised: bigint;
  readonly fills: ExecutionFact[];
}

const UNIT = exact("1");

/** After so many fills, and so long, a flat symbol is settled. */
const KEPT = 64;
const SETTLED_MS = 600_000;

/**
 * Positions and money of an account, from execution ids alone, each booked once, in exact decimals.
 *
 * The order in which they are told does not matter: a fill that comes late is booked in its place.
 *
 * Linear contracts: value is price × quantity, and entry and exit values are kept as sums, so that nothing is rounded.
 */
export class Ledger {
  private readonly booked = new Set<string>();
  private skipped = 0;
  private readonly recent = new Map<string, Recent>();
  private readonly open = new Map<string, { size: bigint; cost: bigint }>();
  /** Grows with every change, so that others can keep what they made of it. */
  version = 0;
  /** Sums since the beginning, exact money. */
  realised = 0n;
  fees = 0n;
  funding = 0n;

  /** Whether this execution is in the books. */
  has(execId: string): boolean {
    return this.booked.has(execId);
  }

  get executions(): number {
    return this.booked.size - this.skipped;
  }

  /** Signed position of a symbol, exact. */
  size(symbol: string): bigint {
    return this.open.get(symbol)?.size ?? 0n;
  }

  /** Average entry price; `null` when flat. */
  entryPrice(symbol: string): number | null {
    const position = this.open.get(symbol);
    if (!position || position.size === 0n) return null;
    // Divided before it is rounded: the price of a single fill comes back to the last bit.
    return exactNumber(exactShare(position.cost, UNIT, position.size));
  }

  /** Realised profit less fees plus funding: what the wallet must have changed by. */
  get net(): bigint {
    return this.realised - this.fees + this.funding;
  }

  /** Symbols with a position. */
  get symbols(): string[] {
    return [...this.open].filter(([, { size }]) => size !== 0n).map(([symbol]) => symbol);
  }

  /** Books an execution; `null` when it is booked already. */
  book(fact: ExecutionFact): Posting | null {
    if (this.booked.has(fact.execId)) return null;
    this.booked.add(fact.execId);
    this.version += 1;
    const before = this.size(fact.symbol);
    const fee = exact(fact.fee);
    if (!TRADES.has(fact.type)) {
      // Funding and the like: the exchange states what was paid as a fee, received as a negative one.
      this.funding -= fee;
      return { before, after: before, realised: 0n, fee: 0n, funding: -fee };
    }
    const realised = this.take(fact);
    this.realised += realised;
    this.fees += fee;
    return { before, after: this.size(fact.symbol), realised, fee, funding: 0n };
  }

  /** Books a fill in its place in time, also one that is told late; the price profit that adds. */
  private take(fact: ExecutionFact): bigint {
    const { symbol } = fact;
    let recent = this.recent.get(symbol);
    if (!recent) {
      const { size = 0n, cost = 0n } = this.open.get(symbol) ?? {};
      recent = { size, cost, realised: 0n, fills: [] };
      this.recent.set(symbol, recent);
    }
    const { fills } = recent;
    const last = fills.at(-1);
    const isInOrder = !last || !isEarlier(fact, last);
    fills.push(fact);
    let realised = 0n;
    if (isInOrder) realised = this.move(symbol, changeOf(fact), exact(fact.price));
    else {
      fills.sort((a, b) => (isEarlier(a, b) ? -1 : isEarlier(b, a) ? 1 : 0));
      this.open.set(symbol, { size: recent.size, cost: recent.cost });
      for (const each of fills) realised += this.move(symbol, changeOf(each), exact(each.price));
      realised -= recent.realised;
    }
    recent.realised += realised;
    // Flat, and long enough ago that nothing earlier is told any more: start afresh.
    if (fills.length >= KEPT && this.size(symbol) === 0n && fills[0]!.time < fact.time - SETTLED_MS)
      this.recent.delete(symbol);
    return realised;
  }

  /** Takes an execution as booked that happened before the books began. */
  skip(execId: string): void {
    this.booked.add(execId);
    this.skipped += 1;
  }

  /** Believes the exchange about a position whose executions cannot be had: money stays as it is. */
  adjust(symbol: string, size: bigint, entryPrice?: number): void {
    const price = entryPrice ?? this.entryPrice(symbol) ?? 0;
    this.version += 1;
    this.recent.delete(symbol);
    const cost = size === 0n ? 0n : exactProduct(size, exact(price.toFixed(EXACT_SCALE)));
    this.open.set(symbol, { size, cost });
  }

  private move(symbol: string, change: bigint, price: bigint): bigint {
    let position = this.open.get(symbol);
    if (!position) {
      position = { size: 0n, cost: 0n };
      this.open.set(symbol, position);
    }
    const { size, cost } = position;
    const isSame = size === 0n || size > 0n === change > 0n;
    if (isSame) {
      position.size = size + change;
      position.cost = cost + exactProduct(change, price);
      return 0n;
    }
    const closing = abs(change) < abs(size) ? change : -size;
    // The last part takes what is left of the cost, so that rounding cannot stay behind.
    const share = closing === -size ? cost : exactShare(cost, -closing, size);
    const realised = -exactProduct(closing, price) - share;
    position.size = size + closing;
    position.cost = cost - share;
    const rest = change - closing;
    if (rest !== 0n) {
      position.size = rest;
      position.cost = exactProduct(rest, price);
    }
    return realised;
  }
}

function changeOf({ side, qty }: ExecutionFact): bigint {
  return side === "buy" ? exact(qty) : -exact(qty);
}

function isEarlier(a: ExecutionFact, b: ExecutionFact): boolean {
  return a.time < b.time || (a.time === b.time && (a.seq ?? 0) < (b.seq ?? 0));
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
