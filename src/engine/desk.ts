import { exactNumber } from "../core/exact.ts";
import { DAY_MS } from "../core/time.ts";
import { approveProtective, type GuardContext, type GuardLimits } from "../risk/guards.ts";
import type { SignalRow } from "../strategy/stream.ts";
import type { EntryRefusal, JournalEvent } from "./events.ts";
import type { OrderFact, Quote } from "./facts.ts";
import { type BotIdentity, linkIdOf, type Purpose } from "./identity.ts";
import { type BotEffect, DEFAULT_WAITS, type Waits } from "./inputs.ts";
import type { Direction, Lane } from "./lane.ts";
import type { OrderRecord } from "./order.ts";
import type { ApprovedRequest, BotQuery } from "./requests.ts";
import { BotState } from "./state.ts";

export interface BotOptions {
  readonly identity: BotIdentity;
  readonly lanes: readonly Lane[];
  readonly limits: GuardLimits;
  readonly waits?: Partial<Waits>;
}

/** A question about an order, until somebody knows. */
export interface Asking {
  nextAt: number;
  polls: number;
}

/** A stop that should be on the exchange and is not known to be. */
export interface Watch {
  nextAt: number;
  tries: number;
  /** Since when the exchange is known to have no stop at all; Infinity when it has one, if an older one. */
  nakedSince: number;
}

/** A protective price on its way: until it is answered for, or too old, it may still be put in place. */
export interface Sent {
  readonly symbol: string;
  readonly stop: string;
  readonly at: number;
}

/** A position that should be gone: when its next closing order may be sent. */
export interface Leaving {
  nextAt: number;
  tries: number;
}

/** A reversal whose exit has not filled yet: where to, by which row, and the close of its bar. */
export interface Reversal {
  readonly direction: Direction;
  readonly barTime: number;
  readonly row: SignalRow;
}

/** The books as numbers, for decisions. */
interface Numbers {
  readonly version: number;
  readonly balance: number;
  readonly positions: readonly { readonly symbol: string; readonly size: number; readonly entry: number }[];
}

/** Latches that forbid entries. */
export const KILLED = "killed";
export const PAUSED = "paused";
export const FLATTENING = "flattening";

/**
 * What the parts of a bot share: the state that the journal holds, what is known only while it runs, and the list of
 * effects of the input at hand. No decisions are made here.
 */
export class Desk {
  readonly state: BotState;
  readonly identity: BotIdentity;
  readonly limits: GuardLimits;
  readonly waits: Waits;
  readonly lanes = new Map<string, Lane>();
  readonly bySymbol = new Map<string, Lane>();
  readonly quotes = new Map<string, Quote>();
  readonly asking = new Map<string, Asking>();
  readonly watches = new Map<string, Watch>();
  /** Protective prices that nobody answered for, by request. */
  readonly sent = new Map<string, Sent>();
  readonly leaving = new Map<string, Leaving>();
  readonly reversals = new Map<string, Reversal>();
  /** Positions the exchange told otherwise than the books at the last look, and since when. */
  readonly suspects = new Map<string, { readonly key: string; readonly since: number }>();
  effects: BotEffect[] = [];
  now = 0;
  /** The account was looked at since the start, or since the stream was lost. */
  isReconciled = false;
  isLinkUp = true;
  /** When the stream was last connected: only what was asked later is complete. */
  linkedAt = 0;
  /** The account as it was first seen, until two looks agree and the journal is begun. */
  opening: { readonly at: number; readonly balance: string; readonly last: string } | null = null;
  /** When the account was last asked for. */
  lookedAt = 0;
  /** The first time this life was told. */
  bornAt = Infinity;
  canJournal = true;
  clockOffsetMs = 0;
  reconcileAt = 0;
  isReporting = false;
  killAt = Infinity;
  /** When orders were asked to be taken back. */
  private readonly canceled = new Map<string, number>();
  private protects = 0;
  private kept: Numbers = { version: -1, balance: 0, positions: [] };

  constructor({ identity, lanes, limits, waits }: BotOptions, state: BotState = new BotState()) {
    this.state = state;
    this.identity = identity;
    this.limits = limits;
    this.waits = { ...DEFAULT_WAITS, ...waits };
    for (const lane of lanes) {
      this.lanes.set(lane.options.name, lane);
      this.bySymbol.set(lane.symbol, lane);
    }
  }

  /** Remembers: the state changes, and the journal will hold why. */
  emit(event: JournalEvent): void {
    this.state.apply(event);
    this.effects.push({ type: "journal", event });
  }

  send(id: string, request: ApprovedRequest): void {
    this.effects.push({ type: "send", id, request });
  }

  query(query: BotQuery): void {
    this.effects.push({ type: "query", query });
  }

  /** An id for a request that is no order. */
  requestId(kind: "protect" | "cancel", symbol: string): string {
    this.protects += 1;
    return `${kind}/${symbol}/${this.protects}`;
  }

  /** Until when a stop sent earlier, other than `stop` (absent: any), may still arrive: a later one must not be overtaken by it. */
  staleStopUntil(symbol: string, stop: string | undefined): number {
    let until = 0;
    for (const [id, each] of this.sent) {
      const end = each.at + this.waits.lostMs;
      if (end <= this.now) this.sent.delete(id);
      else if (each.symbol === symbol && each.stop !== stop) until = Math.max(until, end);
    }
    const { stopAt, stop: kept } = this.state.position(symbol);
    if (stopAt < this.bornAt && kept !== stop) until = Math.max(until, stopAt + this.waits.lostMs);
    return until;
  }

  /** Asks for the whole account shortly: not at once, as what just happened may not be in it yet. */
  lookSoon(): void {
    this.reconcileAt = Math.min(this.reconcileAt, this.now + this.waits.askMs);
  }

  /** Takes an order back, unless that was asked just now. */
  cancel({ symbol, orderId }: OrderFact): void {
    if (this.now - (this.canceled.get(orderId) ?? -Infinity) < this.waits.killMs) return;
    this.canceled.set(orderId, this.now);
    this.send(this.requestId("cancel", symbol), approveProtective({ kind: "cancel", symbol, orderId } as const));
  }

  refuse(lane: Lane, barTime: number, reason: EntryRefusal): void {
    this.emit({ type: "refusal", at: this.now, lane: lane.options.name, barTime, why: { reason } });
  }

  /** Signed position of a symbol by the books, base. */
  size(symbol: string): number {
    return this.numbers().positions.find((position) => position.symbol === symbol)?.size ?? 0;
  }

  linkId(lane: Lane, barTime: number, purpose: Purpose, leg: number): string {
    return linkIdOf(this.identity, { lane: lane.options.name, symbol: lane.symbol, barTime, purpose, leg });
  }

  /** An id for closing that has not been used yet: what one order leaves over, another may close. */
  freshLinkId(lane: Lane, barTime: number, purpose: Exclude<Purpose, "entry">): string {
    for (let leg = 0; ; leg++) {
      const linkId = this.linkId(lane, barTime, purpose, leg);
      if (!this.state.orders.has(linkId)) return linkId;
    }
  }

  /** Orders of a symbol that may still do something. */
  pending(symbol: string): OrderRecord[] {
    return this.state.pending(symbol);
  }

  /** Wallet by the books plus unrealised profit at the last prices, quote. */
  equity(): number {
    const { balance, positions } = this.numbers();
    let equity = balance;
    for (const { symbol, size, entry } of positions) {
      const quote = this.quotes.get(symbol);
      if (quote) equity += size * ((quote.mark ?? quote.last) - entry);
    }
    return equity;
  }

  /** The books as numbers, made anew when they have changed. */
  private numbers(): Numbers {
    const { state } = this;
    const { ledger } = state;
    if (this.kept.version !== ledger.version) {
      this.kept = {
        version: ledger.version,
        balance: exactNumber(state.balance),
        positions: ledger.symbols.map((symbol) => {
          return { symbol, size: exactNumber(ledger.size(symbol)), entry: ledger.entryPrice(symbol)! };
        }),
      };
    }
    return this.kept;
  }

  /** Rolls the day at midnight UTC and keeps the highest equity; both are remembered over restarts. */
  noteEquity(): void {
    const { state, now, limits } = this;
    if (state.identity === null || !this.isPriced()) return;
    const day = Math.floor(now / DAY_MS);
    const equity = this.equity();
    if (day > state.day) {
      this.emit({ type: "day", at: now, day, equity });
      if (state.latches.has("dailyLoss")) this.emit({ type: "released", at: now, latch: "dailyLoss" });
    }
    if (equity > state.peakEquity) this.emit({ type: "peak", at: now, equity });
    this.latchAbove("dailyLoss", 1 - equity / state.dayStartEquity, limits.maxDailyLossFraction);
    this.latchAbove("drawdown", 1 - equity / state.peakEquity, limits.maxDrawdownFraction);
    this.latchAbove("consecutiveLosses", state.consecutiveLosses, limits.maxConsecutiveLosses - 1);
  }

  /** Between bars: whether what is held has lost too much since midnight, or since the highest equity. */
  watchLosses(): void {
    const { state, limits } = this;
    if (state.ledger.symbols.length === 0 || state.identity === null || !this.isPriced()) return;
    if (Math.floor(this.now / DAY_MS) > state.day) return; // the day begins with its first bar
    const equity = this.equity();
    this.latchAbove("dailyLoss", 1 - equity / state.dayStartEquity, limits.maxDailyLossFraction);
    this.latchAbove("drawdown", 1 - equity / state.peakEquity, limits.maxDrawdownFraction);
  }

  /** What was once too much stays forbidden, also when the market comes back. */
  private latchAbove(latch: string, value: number, limit: number): void {
    if (value > limit) this.latch(latch, `${latch} is ${value}, may be ${limit}`);
  }

  /** Forbids entries until a person has looked. */
  latch(latch: string, reason: string): void {
    if (this.state.latches.has(latch)) return;
    this.emit({ type: "latched", at: this.now, latch, reason });
  }

  /** Whether every position has a price: without them equity is a guess. */
  private isPriced(): boolean {
    return this.numbers().positions.every(({ symbol }) => this.quotes.has(symbol));
  }

  /** What guards judge an entry of `lane` by. */
  guardContext(lane: Lane, quote: Quote): GuardContext {
    const { state, now } = this;
    const equity = this.equity();
    let totalNotional = 0;
    let openPositions = 0;
    for (const symbol of new Set([...state.ledger.symbols, ...this.entering()])) {
      // Without a price nobody knows how much it is, and no guard lets that pass.
      const price = this.quotes.get(symbol)?.last ?? state.ledger.entryPrice(symbol) ?? Number.NaN;
      const underWay = this.pending(symbol).reduce(
        (sum, order) => sum + (order.purpose === "entry" ? state.outstanding(order) : 0),
        0,
      );
      totalNotional += (Math.abs(this.size(symbol)) + underWay) * price;
      openPositions += 1;
    }
    const lossAt = state.lossAt.get(lane.symbol);
    return {
      now,
      equity,
      totalNotional,
      openPositions,
      quote,
      isKilled: state.latches.size > 0,
      dayStartEquity: state.dayStartEquity,
      peakEquity: state.peakEquity,
      consecutiveLosses: state.consecutiveLosses,
      barsSinceLoss: lossAt === undefined ? Infinity : Math.floor((now - lossAt) / lane.intervalMs),
      affordableNotional: Math.max(0, equity * lane.options.leverage - totalNotional),
      clockOffsetMs: this.clockOffsetMs,
    };
  }

  private entering(): string[] {
    return [...this.state.allPending()].filter((order) => order.purpose === "entry").map((order) => order.symbol);
  }
}
