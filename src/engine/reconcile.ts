import { exact, exactText } from "../core/exact.ts";
import { DAY_MS } from "../core/time.ts";
import type { Desk } from "./desk.ts";
import { type AccountReport, isProtection, type OrderFact, type PositionFact } from "./facts.ts";
import { isOwnLinkId } from "./identity.ts";
import type { Direction } from "./lane.ts";
import { ask, onExecution, onOrderFact } from "./settle.ts";
import { protect, trailOnExchange, watchOf } from "./trade.ts";

/** A little before the newest execution: lists are not always complete to the millisecond. */
const OVERLAP_MS = 60_000;
/** How far back a new journal looks for traces of an older one. */
const BEFORE_MS = 7 * DAY_MS;
/** For so long an execution may be in the balance and not in the list, or the other way round, ms. */
const UNSETTLED_MS = 5_000;
/** How often it is remembered up to when the books are complete when nothing happened, ms. */
const REMEMBER_MS = 600_000;

/** Asks for the whole account when it is time. */
export function reportDue(desk: Desk): void {
  if (desk.isReporting || desk.reconcileAt > desk.now) return;
  desk.isReporting = true;
  desk.lookedAt = desk.now;
  desk.reconcileAt = Infinity;
  const { state } = desk;
  const since = state.identity === null ? desk.now - BEFORE_MS : state.executionsUntil - OVERLAP_MS;
  desk.query({ kind: "account", since: Math.max(0, since) });
}

/**
 * Makes the books agree with what the exchange says of the account: missing executions are booked, orders and positions
 * compared, stops looked for. What is not the bot's own is reported, and never taken for its own.
 */
export function onReport(desk: Desk, report: AccountReport): void {
  desk.isReporting = false;
  desk.reconcileAt = desk.now + desk.waits.reconcileMs;
  if (desk.state.identity === null && !open(desk, report)) return;
  const booked = desk.state.ledger.executions;
  const inOrder = [...report.executions].sort((a, b) => a.time - b.time || (a.seq ?? 0) - (b.seq ?? 0));
  for (const execution of inOrder) onExecution(desk, execution);
  for (const fact of report.openOrders) lookAtOrder(desk, fact);
  askForTheMissing(desk, report);
  for (const symbol of desk.bySymbol.keys()) lookAtPosition(desk, symbol, report);
  const isNew = desk.state.ledger.executions !== booked;
  if (isNew || report.askedAt - desk.state.executionsUntil > REMEMBER_MS) {
    desk.emit({ type: "looked", at: desk.now, until: report.askedAt });
  }
  // What was asked before the stream was connected may miss what happened in between.
  if (desk.lookedAt >= desk.linkedAt) desk.isReconciled = true;
  else desk.lookSoon();
}

/**
 * Begins a journal; false while it is not certain what the balance contains: of an account with a past, two looks must agree.
 */
function open(desk: Desk, report: AccountReport): boolean {
  const { identity } = desk;
  const isNew = report.executions.length === 0 && report.positions.every(({ size }) => Number(size) === 0);
  const first = desk.opening;
  const last = report.executions.at(-1)?.execId ?? "";
  const seen = { at: desk.lookedAt, balance: report.walletBalance, last };
  const isSame = first !== null && first.balance === seen.balance && first.last === last;
  if (!isSame) desk.opening = seen;
  if (!isNew && (!isSame || desk.lookedAt - first.at < UNSETTLED_MS)) {
    desk.lookSoon();
    return false;
  }
  const before = report.executions.map(({ execId }) => execId);
  // The books are complete up to when was asked, however late the answer was read.
  desk.emit({ type: "opened", at: desk.lookedAt, identity, balance: report.walletBalance, before });
  const own = report.executions.find(({ orderLinkId }) => isOwnLinkId(identity, orderLinkId));
  if (own) desk.latch("journal", `order ${own.orderLinkId} is this bot's, from a journal that is gone`);
  return true;
}

function lookAtOrder(desk: Desk, fact: OrderFact): void {
  if (!desk.bySymbol.has(fact.symbol)) return;
  if (desk.state.orders.has(fact.orderLinkId)) {
    onOrderFact(desk, fact);
    return;
  }
  if (isProtection(fact)) return;
  if (isOwnLinkId(desk.identity, fact.orderLinkId)) {
    // This bot's, from a journal that is gone: it may not stay, as nobody remembers what it was for.
    desk.cancel(fact);
  }
  desk.latch(`foreign/${fact.symbol}`, `order ${fact.orderId} on ${fact.symbol} is in no journal of this bot`);
}

/** Orders that should be open and are not listed: each is asked for by its id. */
function askForTheMissing(desk: Desk, report: AccountReport): void {
  const listed = new Set(report.openOrders.map((fact) => fact.orderLinkId));
  for (const order of desk.state.allPending()) {
    if (listed.has(order.linkId) || desk.asking.has(order.linkId)) continue;
    if (order.createdAt <= report.askedAt) ask(desk, order.linkId, 0);
  }
}

function lookAtPosition(desk: Desk, symbol: string, report: AccountReport): void {
  const fact = report.positions.find((position) => position.symbol === symbol);
  const told = fact?.size ?? "0";
  const booked = desk.state.ledger.size(symbol);
  if (exact(told) === booked) {
    desk.suspects.delete(symbol);
    if (booked !== 0n && fact) lookAtStop(desk, fact);
    return;
  }
  // Executions may be told later than the position they made: only what stays different is believed.
  const key = `${told}/${exactText(booked)}`;
  const suspect = desk.suspects.get(symbol);
  if (suspect?.key !== key) desk.suspects.set(symbol, { key, since: desk.lookedAt });
  if (suspect?.key !== key || desk.lookedAt - suspect.since < UNSETTLED_MS) {
    desk.reconcileAt = Math.min(desk.reconcileAt, desk.now + 2 * desk.waits.askMs);
    return;
  }
  desk.suspects.delete(symbol);
  const entryPrice = fact?.entryPrice ?? 0;
  desk.emit({ type: "adjusted", at: desk.now, symbol, from: exactText(booked), to: told, entryPrice });
  desk.latch(`foreign/${symbol}`, `position of ${symbol} is ${told}, the books say ${exactText(booked)}`);
  if (fact && exact(told) !== 0n) lookAtStop(desk, fact);
}

/** A position must have the stop it should, on the protective side. */
function lookAtStop(desk: Desk, fact: PositionFact): void {
  const { symbol } = fact;
  const position = desk.state.position(symbol);
  const lane = desk.bySymbol.get(symbol)!;
  const direction: Direction = exact(fact.size) > 0n ? 1 : -1;
  const there = fact.stopLoss === null ? null : Number(fact.stopLoss);
  if (fact.trailingStop === null && position.linkId !== "") trailOnExchange(desk, lane, direction);
  if (position.stop === null) {
    // A journal that lost its end does not know the stop that is there; from now on it does.
    if (fact.stopLoss !== null) {
      desk.emit({ type: "stop", at: desk.now, symbol, price: fact.stopLoss, why: "found" });
    }
    return;
  }
  const wanted = Number(position.stop);
  // A nearer one is as good: somebody, or the exchange's own trailing stop, moved it in favour.
  const isThere = there !== null && direction * (there - wanted) >= -lane.tick.step / 2;
  if (isThere) {
    desk.watches.delete(symbol);
    const isNearer = direction * (there - wanted) > lane.tick.step / 2;
    if (isNearer) desk.emit({ type: "stop", at: desk.now, symbol, price: fact.stopLoss!, why: "found" });
    return;
  }
  const watch = watchOf(desk, symbol);
  watch.nakedSince = there === null ? Math.min(watch.nakedSince, desk.now) : Infinity;
  protect(desk, symbol);
}
