import { ConfigError } from "../core/errors.ts";
import { exact, exactNumber } from "../core/exact.ts";
import { DAY_MS } from "../core/time.ts";
import type { JournalEvent } from "./events.ts";
import { isProtection } from "./facts.ts";
import type { BotIdentity, Purpose } from "./identity.ts";
import { Ledger } from "./ledger.ts";
import { afterFact, afterOutcome, isFinal, type OrderRecord } from "./order.ts";

/** What the bot wants to protect a position with, and what it knows of its trade so far. */
export interface PositionState {
  /** Plain decimal; `null` while none is wanted. */
  stop: string | null;
  /** Of the entry order; "" of an adopted position. */
  linkId: string;
  /** When it was opened, epoch ms. */
  since: number;
  /** When `stop` was last moved, epoch ms; 0 when it came with the entry. */
  stopAt: number;
  /** Close of the bar on which it was decided to leave (epoch ms) and why; `null` while it may stay. */
  leaving: { readonly barTime: number; readonly purpose: Exclude<Purpose, "entry"> } | null;
  /** Realised profit less fees plus funding since it was flat, exact. */
  net: bigint;
}

const NO_ORDERS: OrderRecord[] = [];

/** Everything a bot remembers: the fold of its journal. Only `apply` changes it. */
export class BotState {
  identity: BotIdentity | null = null;
  startBalance = 0n;
  readonly ledger = new Ledger();
  readonly orders = new Map<string, OrderRecord>();
  readonly positions = new Map<string, PositionState>();
  readonly latches = new Map<string, string>();
  /** UTC day (days since 1970) of `dayStartEquity`. */
  day = -1;
  dayStartEquity = 0;
  peakEquity = 0;
  consecutiveLosses = 0;
  /** Close of the bar on which the last losing trade of a symbol ended, epoch ms. */
  readonly lossAt = new Map<string, number>();
  /** Everything up to here is in the books, epoch ms: older executions need not be asked for again. */
  executionsUntil = 0;
  private readonly fills = new Map<string, bigint>();
  /** Those of `pending`, by symbol. */
  private readonly live = new Map<string, Set<string>>();
  events = 0;

  /** Takes one event in. @throws ConfigError `JOURNAL_OWNER` when it belongs to another bot */
  apply(event: JournalEvent): void {
    this.events += 1;
    switch (event.type) {
      case "opened":
        this.ledger.version += 1;
        this.identity = event.identity;
        this.startBalance = exact(event.balance);
        this.peakEquity = exactNumber(this.startBalance);
        this.dayStartEquity = this.peakEquity;
        this.day = Math.floor(event.at / DAY_MS);
        this.executionsUntil = event.at;
        for (const execId of event.before ?? []) this.ledger.skip(execId);
        break;
      case "looked":
        this.executionsUntil = Math.max(this.executionsUntil, event.until);
        break;
      case "intent":
        this.keep(event.order);
        if (event.order.purpose !== "entry") {
          const { barTime, purpose, symbol } = event.order;
          this.position(symbol).leaving = { barTime, purpose };
        }
        break;
      case "outcome":
        this.change(event.linkId, (order) => afterOutcome(order, event.outcome));
        break;
      case "order":
        this.change(event.fact.orderLinkId, (order) => afterFact(order, event.fact));
        break;
      case "execution":
        this.book(event);
        break;
      case "stop":
        this.position(event.symbol).stop = event.price;
        this.position(event.symbol).stopAt = event.at;
        break;
      case "day":
        this.day = event.day;
        this.dayStartEquity = event.equity;
        break;
      case "peak":
        this.peakEquity = event.equity;
        break;
      case "latched":
        this.latches.set(event.latch, event.reason);
        break;
      case "released":
        this.latches.delete(event.latch);
        if (event.latch === "consecutiveLosses") this.consecutiveLosses = 0;
        break;
      case "adjusted":
        this.ledger.adjust(event.symbol, exact(event.to), event.entryPrice);
        if (this.ledger.size(event.symbol) === 0n) this.forget(event.symbol);
        break;
      default:
        break; // refusals and starts are told, not kept
    }
  }

  /** Quantity of an order that is in the books, exact. */
  filled(linkId: string): bigint {
    return this.fills.get(linkId) ?? 0n;
  }

  /** What an order may still add to the books, base. */
  outstanding(order: OrderRecord): number {
    return Number(isFinal(order.state) ? order.cumExecQty : order.qty) - exactNumber(this.filled(order.linkId));
  }

  /** Whether executions of an order are known of that are not in the books. */
  isUnbooked(order: OrderRecord): boolean {
    return this.filled(order.linkId) < exact(order.cumExecQty);
  }

  /** Orders of a symbol that may still do something, or did something that is not in the books yet. */
  pending(symbol: string): OrderRecord[] {
    const live = this.live.get(symbol);
    return live && live.size > 0 ? [...live].map((linkId) => this.orders.get(linkId)!) : NO_ORDERS;
  }

  /** All of them. */
  *allPending(): Generator<OrderRecord> {
    for (const live of this.live.values()) for (const linkId of live) yield this.orders.get(linkId)!;
  }

  position(symbol: string): PositionState {
    let position = this.positions.get(symbol);
    if (!position) {
      position = { stop: null, linkId: "", since: 0, stopAt: 0, leaving: null, net: 0n };
      this.positions.set(symbol, position);
    }
    return position;
  }

  /** Wallet balance by the books. */
  get balance(): bigint {
    return this.startBalance + this.ledger.net;
  }

  private forget(symbol: string): void {
    const position = this.position(symbol);
    position.stop = null;
    position.leaving = null;
  }

  private change(linkId: string, next: (order: OrderRecord) => OrderRecord): void {
    const order = this.orders.get(linkId);
    if (order) this.keep(next(order));
  }

  private keep(order: OrderRecord): void {
    this.orders.set(order.linkId, order);
    let live = this.live.get(order.symbol);
    if (!live) {
      live = new Set();
      this.live.set(order.symbol, live);
    }
    const isOver = isFinal(order.state) && !this.isUnbooked(order);
    if (isOver || this.filled(order.linkId) === exact(order.qty)) live.delete(order.linkId);
    else live.add(order.linkId);
  }

  private book({ fact, at }: Extract<JournalEvent, { type: "execution" }>): void {
    const posting = this.ledger.book(fact);
    if (!posting) return;
    if (posting.before !== posting.after) {
      this.fills.set(fact.orderLinkId, this.filled(fact.orderLinkId) + exact(fact.qty));
      const order = this.orders.get(fact.orderLinkId);
      if (order) this.keep(order);
    }
    const position = this.position(fact.symbol);
    const wasFlat = posting.before === 0n;
    if (wasFlat) {
      position.net = 0n;
      position.since = fact.time;
      position.leaving = null;
    }
    position.net += posting.realised - posting.fee + posting.funding;
    if (wasFlat && posting.after !== 0n) {
      const order = this.orders.get(fact.orderLinkId);
      position.linkId = order?.linkId ?? "";
      position.stop = order?.stopLoss ?? null;
    }
    // A stop or target that has fired was to close all of it; what it leaves over has no stop any more.
    if (isProtection(fact) && posting.after !== 0n && posting.before !== posting.after) {
      position.leaving ??= { barTime: fact.time, purpose: "stop" };
    }
    if (wasFlat || posting.after !== 0n) return;
    this.forget(fact.symbol);
    this.consecutiveLosses = position.net < 0n ? this.consecutiveLosses + 1 : 0;
    if (position.net < 0n) this.lossAt.set(fact.symbol, at);
  }
}

/** The state after a journal. @throws ConfigError `JOURNAL_OWNER` when it is another bot's */
export function replayJournal(events: Iterable<JournalEvent>, identity: BotIdentity): BotState {
  const state = new BotState();
  for (const event of events) state.apply(event);
  const owner = state.identity;
  if (owner && (owner.environment !== identity.environment || owner.account !== identity.account)) {
    const message = `the journal belongs to ${owner.environment}/${owner.account}, not to ${identity.environment}/${identity.account}`;
    throw new ConfigError("JOURNAL_OWNER", message, { owner, identity });
  }
  return state;
}
