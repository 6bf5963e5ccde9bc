import { exact, exactText } from "../core/exact.ts";
import { approveProtective } from "../risk/guards.ts";
import type { Desk } from "./desk.ts";
import { KILLED } from "./desk.ts";
import type { AccountReport, OrderFact, PositionFact } from "./facts.ts";
import { isOwnLinkId } from "./identity.ts";
import type { Direction } from "./lane.ts";
import { ask, onExecution, onOrderFact } from "./settle.ts";
import { protect } from "./trade.ts";

/** A little before the newest execution: lists are not always complete to the millisecond. */
const OVERLAP_MS = 60_000;

/** Asks for the whole account when it is time. */
export function reportDue(desk: Desk): void {
  if (desk.isReporting || desk.reconcileAt > desk.now) return;
  desk.isReporting = true;
  desk.reconcileAt = Infinity;
  desk.query({ kind: "account", since: Math.max(0, desk.state.executionsUntil - OVERLAP_MS) });
}

/**
 * Makes the books agree with what the exchange says of the account: missing executions are booked, orders and positions
 * compared, stops looked for. What is not the bot's own is reported, and never taken for its own.
 */
export function onReport(desk: Desk, report: AccountReport): void {
  desk.isReporting = false;
  desk.reconcileAt = desk.now + desk.waits.reconcileMs;
  if (desk.state.identity === null) {
    const { identity } = desk;
    desk.emit({ type: "opened", at: desk.now, identity, balance: report.walletBalance });
  }
  const inOrder = [...report.executions].sort((a, b) => a.time - b.time);
  for (const execution of inOrder) onExecution(desk, execution);
  for (const fact of report.openOrders) lookAtOrder(desk, fact);
  askForTheMissing(desk, report);
  for (const symbol of desk.bySymbol.keys()) lookAtPosition(desk, symbol, report);
  desk.isReconciled = true;
}

function lookAtOrder(desk: Desk, fact: OrderFact): void {
  if (!desk.bySymbol.has(fact.symbol)) return;
  if (desk.state.orders.has(fact.orderLinkId)) {
    onOrderFact(desk, fact);
    return;
  }
  if (fact.stopOrderType !== "") return; // the position's own protection
  if (isOwnLinkId(desk.identity, fact.orderLinkId)) {
    // This bot's, from a journal that is gone: it may not stay, as nobody remembers what it was for.
    const request = approveProtective({ kind: "cancel", symbol: fact.symbol, orderId: fact.orderId } as const);
    desk.send(desk.requestId("cancel", fact.symbol), request);
    return;
  }
  latch(desk, `foreign/${fact.symbol}`, `order ${fact.orderId} on ${fact.symbol} is not this bot's`);
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
  if (desk.suspects.get(symbol) !== key) {
    desk.suspects.set(symbol, key);
    desk.reconcileAt = Math.min(desk.reconcileAt, desk.now + 2 * desk.waits.askMs);
    return;
  }
  desk.suspects.delete(symbol);
  desk.emit({ type: "adjusted", at: desk.now, symbol, from: exactText(booked), to: told });
  latch(desk, `foreign/${symbol}`, `position of ${symbol} is ${told}, the books say ${exactText(booked)}`);
  if (fact && exact(told) !== 0n) lookAtStop(desk, fact);
}

/** A position must have the stop it should, on the protective side. */
function lookAtStop(desk: Desk, fact: PositionFact): void {
  const { symbol } = fact;
  const position = desk.state.position(symbol);
  const lane = desk.bySymbol.get(symbol)!;
  const direction: Direction = exact(fact.size) > 0n ? 1 : -1;
  const there = fact.stopLoss === null ? null : Number(fact.stopLoss);
  if (position.stop === null) return;
  const wanted = Number(position.stop);
  // A nearer one is as good: somebody, or the exchange's own trailing stop, moved it in favour.
  const isThere = there !== null && direction * (there - wanted) >= -lane.tick.step / 2;
  if (isThere) desk.watches.delete(symbol);
  else protect(desk, symbol);
}

function latch(desk: Desk, name: string, reason: string): void {
  if (desk.state.latches.has(name) || desk.state.latches.has(KILLED)) return;
  desk.emit({ type: "latched", at: desk.now, latch: name, reason });
}
