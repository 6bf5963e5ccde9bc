import { exact, exactNumber, exactText } from "../../src/core/exact.ts";
import { DAY_MS } from "../../src/core/time.ts";
import type { Bot } from "../../src/engine/bot.ts";
import type { JournalEvent } from "../../src/engine/events.ts";
import { isProtection } from "../../src/engine/facts.ts";
import type { BotInput } from "../../src/engine/inputs.ts";
import type { ApprovedRequest } from "../../src/engine/requests.ts";
import { ACCOUNT, type SimMarket } from "./market.ts";
import { LIMITS } from "./process.ts";
import type { World } from "./world.ts";

/** An exchange-side position as it was last seen. */
interface Seen {
  size: number;
  stop: number;
  /** For how long it has had no stop while the bot could have done something, ms. */
  nakedMs: number;
  /** A person or another bot had a hand in it. */
  isForeign: boolean;
  /** The disk lost what it had promised to keep of its stop. */
  isForgotten: boolean;
}

export interface Violation {
  readonly invariant: string;
  readonly at: number;
  readonly text: string;
}

/** How long a position may be without a stop that the bot did not lose itself, ms. */
const NAKED_MS = 2_000;
/** And without the stop that fired and could not close all of it: the next look, and a few tries in a thin market. */
const SLIPPED_MS = 75_000;
const RATE_PER_SECOND = 20;
const FRESH_MS = 10_000;

/** Compares what the exchange did with what may happen, after every event and at the end. */
export class Watch {
  readonly violations: Violation[] = [];
  private readonly world: World;
  private readonly seen = new Map<string, Seen>();
  private readonly entries = new Map<string, Set<string>>();
  private readonly sent: number[] = [];
  /** Executions of somebody else, and their symbols. */
  private readonly foreign = new Map<string, string>();
  private readonly own = new Set<string>();
  private readonly exits = new Set<string>();
  private idleWakes = 0;
  private checkedAt = 0;
  private lostIds = new Set<string>();
  killedAt = Infinity;
  private lossDay = -1;
  /** Entries sent. */
  entriesSent = 0;
  /** Executions that had happened before the journal was opened. */
  private before: ReadonlySet<string> = new Set();
  isAdjusted = false;

  constructor(world: World) {
    this.world = world;
  }

  fail(invariant: string, text: string): void {
    if (this.violations.length < 5) this.violations.push({ invariant, at: this.world.sched.now, text });
  }

  /** The bot sends something. */
  onSend(id: string, request: ApprovedRequest): void {
    const { world } = this;
    const { now } = world.sched;
    this.countRequest();
    const market = world.marketOf(request.symbol);
    if (request.kind === "cancel") return;
    if (request.kind === "protect") {
      if (request.stopLoss !== null) this.onGrid(market, request.stopLoss, null);
      return;
    }
    this.own.add(request.linkId);
    if (request.kind === "exit") this.exits.add(request.linkId);
    this.onGrid(market, null, request.qty);
    const intent = world.disk.durable.some(({ event }) => event.type === "intent" && event.order.linkId === id);
    if (!intent && !world.disk.isFull && !this.lostIds.has(id))
      this.fail("rule 2", `${request.kind} ${id} was sent before its intent was durable`);
    if (request.kind !== "entry") return;
    if (!intent && world.disk.isFull) this.fail("rule 7", `entry ${id} was sent without a journal`);
    if (this.killedAt !== Infinity) this.fail("I8", `entry ${id} was sent after the kill`);
    const bot = world.process.bot!;
    this.exposure(bot);
    const order = bot.state.orders.get(id)!;
    const signal = `${order.symbol}/${order.barTime}`;
    const quote = world.quotes.get(request.symbol);
    if (!quote || now - quote.time > LIMITS.maxDataAgeMs + 2_000) this.fail("I9", `entry on a quote of ${quote?.time}`);
    if (now - order.barTime > FRESH_MS + 2_000) this.fail("I9", `entry ${now - order.barTime} ms after its bar`);
    if (Math.abs(world.process.clockOffset) > LIMITS.maxClockOffsetMs) this.fail("I9", "entry with a wrong clock");
    if (request.stopLoss !== null) this.onGrid(market, request.stopLoss, null);
    if (this.lossDay === Math.floor(now / DAY_MS)) this.fail("I11", "entry after the day's loss was reached");
    let ids = this.entries.get(signal);
    if (!ids) {
      ids = new Set();
      this.entries.set(signal, ids);
    }
    ids.add(request.linkId);
    this.entriesSent += 1;
  }

  /** A request is made again, under another id. */
  onRetry(linkId: string, again: string): void {
    this.own.add(again);
    for (const ids of this.entries.values()) if (ids.has(linkId)) ids.add(again);
  }

  onQuery(): void {
    this.countRequest();
  }

  private countRequest(): void {
    const { sent } = this;
    const { now } = this.world.sched;
    sent.push(now);
    const before = sent[sent.length - RATE_PER_SECOND - 1];
    if (before !== undefined && now - before < 1_000)
      this.fail("I13", `${RATE_PER_SECOND} requests in ${now - before} ms`);
  }

  private onGrid(market: SimMarket, price: string | null, qty: string | null): void {
    const { steps, instrument } = market;
    try {
      if (price !== null) steps.price.count(price, "exact");
      if (qty !== null && steps.qty.count(qty, "exact") < steps.qty.count(instrument.minOrderQty, "exact"))
        this.fail("I14", `quantity ${qty} is below the least`);
    } catch {
      this.fail("I14", `price ${price} or quantity ${qty} is off the grid`);
    }
  }

  /** Something became true at the exchange. */
  onFact(input: BotInput): void {
    const { world } = this;
    const { faults } = world;
    if (input.type === "order") {
      const { fact } = input;
      if (fact.status === "Cancelled" && Number(fact.cumExecQty) > 0) faults.hit("F52");
      if (fact.stopOrderType === "") this.checkEntries();
    }
    if (input.type !== "execution") return;
    const { fact } = input;
    if (fact.type === "Trade" && !isProtection(fact) && !this.own.has(fact.orderLinkId)) {
      this.foreign.set(fact.execId, fact.symbol);
      const seen = this.seen.get(fact.symbol);
      if (seen) seen.isForeign = true;
    }
    if (fact.type === "Funding") faults.hit("F70");
    if (fact.stopOrderType === "StopLoss") {
      const stop = this.seen.get(fact.symbol)?.stop ?? 0;
      const { steps } = world.marketOf(fact.symbol);
      if (stop > 0 && Math.abs(Number(fact.price) / steps.price.value(stop) - 1) > 0.004) faults.hit("F60");
    }
  }

  /** I1: of the ids sent for one signal, one at most was taken. */
  private checkEntries(): void {
    const { world } = this;
    for (const [signal, ids] of this.entries) {
      if (ids.size < 2) continue;
      const key = world.marketOf(signal.split("/")[0]!).key;
      const taken = [...ids].filter((orderLinkId) => world.venue.order(ACCOUNT, { market: key, orderLinkId }));
      if (taken.length > 1) this.fail("I1", `${taken.length} entries of ${signal} were accepted`);
    }
  }

  onJournalGone(): void {
    this.lossDay = -1;
    this.killedAt = Infinity;
    this.isAdjusted = true;
    for (const seen of this.seen.values()) seen.isForeign = seen.size !== 0;
  }

  /** Events that never came to the disk, which was full or died: where a stop was is unknown then, once it has fired. */
  onLost(events: readonly JournalEvent[]): void {
    for (const event of events) {
      const seen = event.type === "stop" ? this.seen.get(event.symbol) : undefined;
      if (seen) seen.isForgotten = true;
    }
  }

  /** Events the disk had promised to keep and did not. */
  onLie(events: readonly JournalEvent[]): void {
    this.onLost(events);
    for (const event of events) {
      if (event.type === "latched") {
        this.lossDay = -1;
        this.killedAt = Infinity;
      }
      if (event.type === "opened" || event.type === "adjusted") this.isAdjusted = true;
      const seen = event.type === "intent" ? this.seen.get(event.order.symbol) : undefined;
      if (seen) seen.isForgotten = true;
    }
  }

  /** I4: a journal books an execution once. */
  onRecovered(events: readonly JournalEvent[]): void {
    const ids = new Set<string>();
    for (const event of events) {
      if (event.type !== "execution") continue;
      if (ids.has(event.fact.execId)) this.fail("I4", `execution ${event.fact.execId} was booked twice`);
      ids.add(event.fact.execId);
    }
  }

  onEvent(event: JournalEvent): void {
    const { world } = this;
    if (event.type === "opened") this.before = new Set(event.before);
    if (event.type === "adjusted") {
      // Only what is in no journal may have to be believed: a position from before it, or records the disk lost.
      if (!this.isAdjusted && this.before.size === 0)
        this.fail("I5", `the books of ${event.symbol} had to be corrected`);
      this.isAdjusted = true;
    }
    if (event.type === "latched" && event.latch === "liquidated") world.faults.hit("F73");
    if (event.type !== "day") return;
    this.lossDay = -1;
    if (Math.floor(world.start / DAY_MS) !== event.day) world.faults.hit("F86");
  }

  beforeInput(input: BotInput, bot: Bot): void {
    if (input.type === "bar" && bot.state.identity !== null && bot.state.dayStartEquity > 0) {
      const today = Math.floor(input.at / DAY_MS);
      const loss = 1 - bot.equity / bot.state.dayStartEquity;
      if (bot.state.day === today && loss > LIMITS.maxDailyLossFraction && bot.state.ledger.symbols.length === 0)
        this.lossDay = today;
    }
    this.idleWakes = input.type === "time" ? this.idleWakes + 1 : 0;
    if (this.idleWakes > 60) this.fail("I13", "the bot wakes again and again for nothing");
  }

  /** I10, as an entry is sent: what is held and what is on its way, at the prices of the moment; what they do later is no order. */
  private exposure({ state }: Bot): void {
    const { world } = this;
    let exposure = 0;
    for (const { key, instrument, steps } of world.markets) {
      const { symbol } = instrument;
      const held = Math.abs(steps.qty.value(venueSize(world, key)));
      const underWay = state
        .pending(symbol)
        .reduce((sum, order) => sum + (order.purpose === "entry" ? state.outstanding(order) : 0), 0);
      const booked = Math.abs(exactNumber(state.ledger.size(symbol))) + underWay;
      exposure += Math.max(held, booked) * (world.quotes.get(symbol)?.last ?? 0);
    }
    if (exposure > LIMITS.maxTotalQuote * 1.02) this.fail("I10", `exposure is ${exposure}`);
  }

  /** After every event: the exchange as it is now. */
  check(): void {
    const { world } = this;
    const { venue, sched } = world;
    let open = 0;
    for (const market of world.markets) {
      const row = venue.positions(ACCOUNT, market.key)[0]!;
      let seen = this.seen.get(market.instrument.symbol);
      if (!seen) {
        seen = { size: 0, stop: 0, nakedMs: 0, isForeign: false, isForgotten: false };
        this.seen.set(market.instrument.symbol, seen);
      }
      const { size, stopLoss: stop } = row;
      if (size === 0 || Math.sign(size) !== Math.sign(seen.size)) {
        if (size === 0 || seen.size === 0) {
          seen.stop = 0;
          seen.nakedMs = 0;
        }
        if (size === 0) {
          seen.isForeign = false;
          seen.isForgotten = false;
        }
        if (Math.sign(size) * Math.sign(seen.size) < 0 && !seen.isForeign) seen.stop = 0;
      }
      seen.size = size;
      if (size === 0) continue;
      const direction = Math.sign(size);
      if (stop !== 0) {
        if (!seen.isForeign && !seen.isForgotten && seen.stop !== 0 && direction * (stop - seen.stop) < 0)
          this.fail("I16", `stop of ${market.key} went from ${seen.stop} to ${stop}`);
        seen.nakedMs = 0;
        seen.stop = stop;
      } else if (!seen.isForeign) {
        // A stop that fired and did not find enough is another matter than one that was never there.
        const limit = seen.stop === 0 ? NAKED_MS : SLIPPED_MS;
        if (world.process.isAble) seen.nakedMs += sched.now - this.checkedAt;
        // A stop that somebody took away, of a position whose journal is lost: nobody can say where it was.
        const isUnknowable = seen.isForgotten && seen.stop !== 0;
        if (seen.nakedMs > limit && !isUnknowable) this.fail("I2", `${market.key} has ${size} and no stop`);
      }
      if (seen.isForeign) continue;
      open += 1;
    }
    this.checkedAt = sched.now;
    if (open > LIMITS.maxOpenPositions) this.fail("I10", `${open} positions`);
  }

  /** Whether a request was meant to close, whatever became of it on the way. */
  isExit(request: ApprovedRequest): boolean {
    return "linkId" in request && this.exits.has(request.linkId);
  }

  /** I12: an exit never turns a position around. */
  onExit(before: number, after: number, linkId: string): void {
    if (before !== 0 && after !== 0 && Math.sign(before) !== Math.sign(after))
      this.fail("I12", `exit ${linkId} turned ${before} into ${after}`);
    if (before === 0 && after !== 0) this.fail("I12", `exit ${linkId} opened ${after}`);
  }

  /** When no fault has struck for a while. */
  atQuiescence(): void {
    const { world } = this;
    const { bot } = world.process;
    if (!bot || bot.state.identity === null) {
      this.fail("I17", bot ? "no journal was opened" : "no process is alive");
      return;
    }
    const { state } = bot;
    if (!bot.isReady) this.fail("I17", "the bot has not looked at the account");
    const unsettled = [...state.allPending()].filter(({ createdAt }) => createdAt < world.sched.now - 30_000);
    for (const { linkId, state: at } of unsettled) this.fail("I17", `order ${linkId} is still ${at}`);
    if (bot.isClosing) this.fail("I17", "a kill is still going on");
    this.books(bot);
    this.orders(bot);
    this.foreigners();
    if (this.killedAt === Infinity) return;
    if (!state.latches.has("killed")) this.fail("I8", "the kill was forgotten");
    for (const { key } of world.markets) {
      const size = venueSize(world, key);
      if (size !== 0) this.fail("I8", `${key} still has ${size} after the kill`);
    }
    if (world.venue.openOrders(ACCOUNT)[Symbol.iterator]().next().done !== true)
      this.fail("I8", "orders are open after the kill");
  }

  /** I19: what somebody else did is in the journal as such. */
  private foreigners(): void {
    if (this.isAdjusted || this.foreign.size === 0) return;
    const told = new Set<string>();
    for (const { event } of this.world.disk.durable) {
      if (event.type === "execution" && event.isForeign) told.add(event.fact.execId);
    }
    for (const [execId, symbol] of this.foreign) {
      if (!told.has(execId) && !this.before.has(execId))
        this.fail("I19", `execution ${execId} of ${symbol} is somebody else's, and nobody said so`);
    }
  }

  private books(bot: Bot): void {
    const { world } = this;
    const { state } = bot;
    let isFlat = true;
    for (const { key, instrument, steps } of world.markets) {
      const there = exact(steps.qty.format(venueSize(world, key)));
      if (there !== 0n) isFlat = false;
      const booked = state.ledger.size(instrument.symbol);
      if (there !== booked) this.fail("I5", `${key} is ${exactText(there)}, booked ${exactText(booked)}`);
    }
    if (this.isAdjusted) return;
    let known = 0;
    for (const row of world.venue.executions(ACCOUNT)) {
      if (state.ledger.has(String(row.id))) known += 1;
      else this.fail("I3", `execution ${row.id} (${row.type}) is not booked`);
    }
    const booked = state.ledger.executions + this.before.size;
    if (booked !== known) this.fail("I3", `${booked} executions booked, ${known} happened`);
    const wallet = exact(world.walletBalance());
    const difference = state.balance - wallet;
    // While a position is partly closed the exchange rounds its cost to units of 1e-8; flat, nothing may be left.
    // What a liquidation costs beyond the wallet is the insurance fund's.
    const allowed = !isFlat || (wallet === 0n && difference < 0n) ? exact("0.0001") : 0n;
    if (difference > allowed || -difference > allowed)
      this.fail("I6", `books ${exactText(state.balance)}, wallet ${exactText(wallet)}, flat ${isFlat}`);
  }

  /** I7: what is open at the exchange is known to the books, or was reported. */
  private orders(bot: Bot): void {
    const { world } = this;
    for (const order of world.venue.openOrders(ACCOUNT)) {
      if (order.stopOrderType !== "" && order.stopOrderType !== "Stop") continue;
      if (bot.state.orders.has(order.orderLinkId)) continue;
      if ([...bot.state.latches.keys()].some((latch) => latch.startsWith("foreign/") || latch === "killed")) continue;
      if (world.rearmed) continue;
      this.fail("I7", `order ${order.id} is open and nobody knows it`);
    }
  }
}

function venueSize(world: World, key: SimMarket["key"]): number {
  return world.venue.positions(ACCOUNT, key)[0]?.size ?? 0;
}
