import { DAY_MS } from "../core/time.ts";
import type { SignalRow, StreamBar } from "../strategy/stream.ts";
import { type BotOptions, Desk, FLATTENING, KILLED } from "./desk.ts";
import type { Outcome, Quote } from "./facts.ts";
import type { BotEffect, BotInput } from "./inputs.ts";
import { killDue, lookAtKill, onCommand } from "./kill.ts";
import type { Lane } from "./lane.ts";
import { onReport, reportDue } from "./reconcile.ts";
import {
  ask,
  askDue,
  onExecution,
  onFound,
  onOrderAnswer,
  onOrderFact,
  onProtectAnswer,
  watchStops,
} from "./settle.ts";
import { BotState } from "./state.ts";
import { decide, leaveDue, onRules, remember } from "./trade.ts";

const NOTHING: readonly BotEffect[] = [];

/**
 * The trader, without a clock, a socket or a disk: facts go in, wishes come out.
 *
 * Replay, simulation and live trading feed it the same facts and carry out the same wishes; that is all the difference there
 * is between them. Orders are journalled before they are sent, and known by an id that a repeated attempt repeats. An outcome
 * nobody knows blocks entries of its symbol until the exchange was asked. Stops travel with entries, and are looked for.
 */
export class Bot {
  private readonly desk: Desk;

  /** `state` is what the journal tells; a new bot has none. Bars of the past are given with `warm`, then facts. */
  constructor(options: BotOptions, state: BotState = new BotState()) {
    this.desk = new Desk(options, state);
    // A kill that was under way goes on; orders of the last life are asked for at the first look.
    if (state.latches.has(KILLED) || state.latches.has(FLATTENING)) this.desk.killAt = 0;
  }

  get state(): BotState {
    return this.desk.state;
  }

  /** Whether the account was looked at since the start, or since the stream was lost. */
  get isReady(): boolean {
    return this.desk.isReconciled;
  }

  /** Whether a kill is still closing things. */
  get isClosing(): boolean {
    return this.desk.killAt !== Infinity;
  }

  /** Wallet plus unrealised profit at the last prices, quote. */
  get equity(): number {
    return this.desk.equity();
  }

  /** When the bot wants to be told the time next, epoch ms; Infinity for never. */
  get wakeAt(): number {
    const { desk } = this;
    // While a look is under way the next one has to wait for it.
    let at = Math.min(desk.isReporting ? Infinity : desk.reconcileAt, desk.killAt);
    // Asked at every bar, and mostly there is nothing.
    for (const due of [desk.asking, desk.watches, desk.leaving]) {
      if (due.size > 0) for (const { nextAt } of due.values()) at = Math.min(at, nextAt);
    }
    return at;
  }

  /** Takes in the prices of a symbol. They are looked at when something is decided; nothing is done about them alone. */
  price(symbol: string, quote: Quote): void {
    this.desk.quotes.set(symbol, quote);
  }

  /** Takes in a bar of the past: indicators see it, nothing is decided. */
  warm(lane: string, bar: StreamBar): void {
    const { desk } = this;
    const each = desk.lanes.get(lane)!;
    const row = this.pushed(each, bar);
    if (row) remember(desk, each, row);
  }

  /** Takes a fact in; returns what is to be done about it, in order. */
  handle(input: BotInput): readonly BotEffect[] {
    const { desk } = this;
    if (input.at > desk.now) desk.now = input.at;
    if (desk.bornAt === Infinity) desk.bornAt = desk.now;
    if (input.type === "bar") {
      const lane = desk.lanes.get(input.lane)!;
      const row = this.pushed(lane, input.bar);
      if (!row) {
        desk.effects = [];
        this.tellStopped(lane, input.bar);
        return this.finish();
      }
      // Most bars end here: nothing signalled, nothing held, nothing due.
      if (this.isQuiet(lane, row) && this.wakeAt > desk.now) return NOTHING;
      desk.effects = [];
      desk.noteEquity();
      if (this.isOlder(lane, input.bar)) remember(desk, lane, row);
      else decide(desk, lane, row);
      if (lane.stopped !== null) this.tellStopped(lane, input.bar);
    } else {
      desk.effects = [];
      this.take(input);
    }
    return this.finish();
  }

  /** Does what is due, whatever the input was. */
  private finish(): readonly BotEffect[] {
    const { desk } = this;
    askDue(desk);
    watchStops(desk);
    leaveDue(desk);
    killDue(desk);
    reportDue(desk);
    return desk.effects;
  }

  /** Remembers, once a life, that a strategy cannot go on. */
  private tellStopped(lane: Lane, bar: StreamBar): void {
    if (lane.isStopTold || lane.stopped === null) return;
    lane.isStopTold = true;
    const { desk } = this;
    const why = { reason: "laneStopped", text: lane.stopped } as const;
    desk.emit({ type: "refusal", at: desk.now, lane: lane.options.name, barTime: lane.closeTime(bar), why });
  }

  /** Whether the position held was opened on a bar or after it: told again after a restart, it is not one of those held. */
  private isOlder(lane: Lane, bar: StreamBar): boolean {
    const { ledger, positions } = this.state;
    if (ledger.size(lane.symbol) === 0n) return false;
    return lane.closeTime(bar) <= (positions.get(lane.symbol)?.since ?? 0);
  }

  private isQuiet(lane: Lane, row: SignalRow): boolean {
    const { state, now } = this.desk;
    if (row.enterLong || row.enterShort || state.ledger.size(lane.symbol) !== 0n) return false;
    return Math.floor(now / DAY_MS) === state.day;
  }

  /** The lane's row for a bar; `null` when its strategy cannot go on, which stops this lane and no other. */
  private pushed(lane: Lane, bar: StreamBar): SignalRow | null {
    if (lane.stopped !== null) return null;
    try {
      return lane.push(bar);
    } catch (error) {
      lane.stopped = error instanceof Error ? error.message : String(error);
      return null;
    }
  }

  private take(input: Exclude<BotInput, { type: "bar" }>): void {
    const { desk } = this;
    switch (input.type) {
      case "answer":
        this.onAnswer(input.id, input.outcome);
        break;
      case "order":
        onOrderFact(desk, input.fact);
        break;
      case "execution":
        onExecution(desk, input.fact);
        break;
      case "found":
        onFound(desk, input.linkId, input);
        break;
      case "report":
        onReport(desk, input.report);
        lookAtKill(desk, input.report);
        break;
      case "queryFailed":
        if (input.query.kind === "order") ask(desk, input.query.linkId, desk.waits.askMs);
        else {
          desk.isReporting = false;
          desk.reconcileAt = desk.now + desk.waits.askMs;
        }
        break;
      case "link":
        desk.isLinkUp = input.isUp;
        // What was told while it was down is missing: look, then trust the stream again.
        if (input.isUp) {
          desk.linkedAt = desk.now;
          desk.reconcileAt = Math.min(desk.reconcileAt, desk.now);
        } else desk.isReconciled = false;
        break;
      case "rules":
        onRules(desk, input.instrument);
        break;
      case "clock":
        desk.clockOffsetMs = input.offsetMs;
        break;
      case "journal":
        desk.canJournal = input.isWritable;
        break;
      case "command":
        onCommand(desk, input.command, input.reason);
        break;
      case "time":
        desk.watchLosses();
        break;
    }
  }

  private onAnswer(id: string, outcome: Outcome): void {
    const [kind, symbol] = id.split("/");
    if (kind === "protect" && symbol !== undefined) onProtectAnswer(this.desk, symbol, { id, outcome });
    else if (kind !== "cancel") onOrderAnswer(this.desk, id, outcome);
  }
}
