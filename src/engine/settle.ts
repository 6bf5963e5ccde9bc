import { exact, exactText } from "../core/exact.ts";
import type { Asking, Desk } from "./desk.ts";
import { type ExecutionFact, isProtection, type OrderFact, type Outcome } from "./facts.ts";
import type { Direction } from "./lane.ts";
import { isFinal } from "./order.ts";
import { enter, moveStop, protect, resend, trailOnExchange } from "./trade.ts";

/** Answers that mean an order of this id is there already: ask for it. */
const DUPLICATE = new Set([110072, 170141]);
/** Answers that mean the position has this protection already. */
const NOT_MODIFIED = new Set([34040]);

/** The answer to an order. */
export function onOrderAnswer(desk: Desk, linkId: string, outcome: Outcome): void {
  const order = desk.state.orders.get(linkId);
  if (!order) return;
  if (outcome.kind === "refused" && DUPLICATE.has(outcome.code)) {
    note(desk, linkId, { kind: "unknown", reason: outcome.reason });
    ask(desk, linkId, 0);
    return;
  }
  note(desk, linkId, outcome);
  if (outcome.kind === "unknown") ask(desk, linkId, desk.waits.askMs);
  else if (outcome.kind === "accepted") ask(desk, linkId, 4 * desk.waits.askMs);
  if (outcome.kind !== "refused" && outcome.kind !== "notSent") return;
  desk.reversals.delete(order.symbol);
  if (order.purpose === "entry") return;
  // An exit that was refused leaves a position that should be gone, or there was none.
  desk.lookSoon();
}

/** The answer to a protective price. Whether it is there is for the next look to say. */
export function onProtectAnswer(
  desk: Desk,
  symbol: string,
  { id, outcome }: { readonly id: string; readonly outcome: Outcome },
): void {
  if (outcome.kind === "unknown") return; // it may arrive yet
  const sent = desk.sent.get(id);
  desk.sent.delete(id);
  const watch = desk.watches.get(symbol);
  if (!watch || !sent) return;
  const isDone = outcome.kind === "accepted" || (outcome.kind === "refused" && NOT_MODIFIED.has(outcome.code));
  if (isDone && sent.stop === desk.state.position(symbol).stop) desk.watches.delete(symbol);
  else if (isDone) watch.nextAt = desk.now;
  else if (outcome.kind === "refused") desk.lookSoon();
}

/** News of an order, by stream or query. */
export function onOrderFact(desk: Desk, fact: OrderFact): void {
  // A stop or target has fired, or is gone: what is left of the position is for a look to say.
  if (isProtection(fact) && fact.status !== "Untriggered") desk.lookSoon();
  const order = desk.state.orders.get(fact.orderLinkId);
  if (!order) return;
  desk.emit({ type: "order", at: desk.now, fact });
  const after = desk.state.orders.get(fact.orderLinkId)!;
  if (isFinal(after.state) && after.state !== "filled") desk.reversals.delete(order.symbol);
  // Its executions may still be under way: the question goes on until they are all in the books.
  if (isFinal(after.state) && isBooked(desk, fact.orderLinkId)) desk.asking.delete(fact.orderLinkId);
}

/** An execution, by stream or query: booked once, whoever made it. */
export function onExecution(desk: Desk, fact: ExecutionFact): void {
  const { state } = desk;
  // Before the books are opened it is in the balance they will open with.
  if (state.identity === null || state.ledger.has(fact.execId)) return;
  const before = state.ledger.size(fact.symbol);
  // A position's own stop or target, a take-over or funding has no order of anybody's; the rest must be known.
  const isForeign = fact.type === "Trade" && !isProtection(fact) && !state.orders.has(fact.orderLinkId);
  desk.emit({ type: "execution", at: desk.now, fact, isForeign });
  if (isForeign && desk.bySymbol.has(fact.symbol)) {
    desk.latch(`foreign/${fact.symbol}`, `execution ${fact.execId} on ${fact.symbol} is of no order in the journal`);
  }
  const after = state.ledger.size(fact.symbol);
  const lane = desk.bySymbol.get(fact.symbol);
  const order = state.orders.get(fact.orderLinkId);
  if (order && isFinal(order.state) && isBooked(desk, order.linkId)) desk.asking.delete(order.linkId);
  if (fact.type === "BustTrade") {
    desk.emit({ type: "latched", at: desk.now, latch: "liquidated", reason: `${fact.symbol} was liquidated` });
  }
  if (!lane || before === after) return;
  if (before === 0n) opened(desk, fact.symbol);
  if (after !== 0n) return;
  desk.noteEquity();
  lane.left();
  desk.watches.delete(fact.symbol);
  const reversal = desk.reversals.get(fact.symbol);
  desk.reversals.delete(fact.symbol);
  const isFresh = reversal && desk.now - reversal.barTime <= desk.waits.freshMs;
  // The exit that made room is still told as working until its last news; it has nothing left to do.
  if (isFresh) enter(desk, lane, reversal.row, reversal);
}

interface Found {
  readonly order: OrderFact | null;
  readonly executions: readonly ExecutionFact[];
}

/** What the exchange found of an order that nobody answered for. */
export function onFound(desk: Desk, linkId: string, found: Found): void {
  for (const execution of found.executions) onExecution(desk, execution);
  const order = desk.state.orders.get(linkId);
  if (!order) return;
  if (found.order && isOfEarlierLife(desk, linkId, found)) {
    desk.asking.delete(linkId);
    note(desk, linkId, { kind: "refused", code: 0, reason: "its id was used before this journal began" });
    desk.lookSoon();
    return;
  }
  if (found.order) {
    onOrderFact(desk, found.order);
    const after = desk.state.orders.get(linkId)!;
    if (isFinal(after.state) && isBooked(desk, linkId)) desk.asking.delete(linkId);
    else ask(desk, linkId, 2 * desk.waits.askMs);
    return;
  }
  if (isFinal(order.state)) {
    desk.asking.delete(linkId);
    return;
  }
  if (desk.now - order.createdAt < desk.waits.lostMs) {
    ask(desk, linkId, desk.waits.askMs);
    return;
  }
  // Nobody knows it, and what was signed then is too old to be accepted now: it never arrived.
  desk.asking.delete(linkId);
  const isFresh = desk.now - order.barTime <= desk.waits.freshMs;
  const isStillWanted = order.purpose === "entry" ? isFresh : desk.state.ledger.size(order.symbol) !== 0n;
  if (isStillWanted && resend(desk, order, desk.quotes.get(order.symbol))) ask(desk, linkId, desk.waits.askMs);
  else note(desk, linkId, { kind: "notSent", reason: "never arrived" });
}

/** Whether an id stands for an order of before the books began: all it did is known, and none of it as this order's. */
function isOfEarlierLife(desk: Desk, linkId: string, { order, executions }: Found): boolean {
  if (executions.length === 0 || desk.state.filled(linkId) !== 0n) return false;
  const total = executions.reduce((sum, { qty }) => sum + exact(qty), 0n);
  return total === exact(order!.cumExecQty) && executions.every(({ execId }) => desk.state.ledger.has(execId));
}

/** Asks about an order after a while, sooner if it is asked already. */
export function ask(desk: Desk, linkId: string, afterMs: number): void {
  const asking: Asking = desk.asking.get(linkId) ?? { nextAt: Infinity, polls: 0 };
  asking.nextAt = desk.now + afterMs;
  desk.asking.set(linkId, asking);
}

/** Sends the questions that are due. */
export function askDue(desk: Desk): void {
  for (const [linkId, asking] of desk.asking) {
    if (asking.nextAt > desk.now) continue;
    const { symbol } = desk.state.orders.get(linkId)!;
    asking.polls += 1;
    // Until the answer, or the news that there is none; then it is due again.
    asking.nextAt = Infinity;
    desk.query({ kind: "order", symbol, linkId });
  }
}

function opened(desk: Desk, symbol: string): void {
  const lane = desk.bySymbol.get(symbol)!;
  const { ledger } = desk.state;
  const price = ledger.entryPrice(symbol)!;
  const direction: Direction = ledger.size(symbol) > 0n ? 1 : -1;
  lane.entered(price);
  trailOnExchange(desk, lane, direction);
  if (!lane.entryRow) return;
  const levels = lane.levels(lane.entryRow, direction, price);
  // The stop travelled with the entry, made from the price that was expected; the fill may ask for a nearer one.
  if (typeof levels !== "string" && levels.stop !== null) moveStop(desk, lane, levels.stop, direction, "fill");
}

/** Whether the executions in the books are all the order had. */
function isBooked(desk: Desk, linkId: string): boolean {
  const order = desk.state.orders.get(linkId)!;
  return exactText(desk.state.filled(linkId)) === order.cumExecQty || Number(order.cumExecQty) === 0;
}

function note(desk: Desk, linkId: string, outcome: Outcome): void {
  desk.emit({ type: "outcome", at: desk.now, linkId, outcome });
}

/** Protects again where a stop should be and is not known to be. */
export function watchStops(desk: Desk): void {
  for (const [symbol, watch] of desk.watches) {
    if (watch.nextAt > desk.now) continue;
    if (!desk.bySymbol.has(symbol) || desk.state.ledger.size(symbol) === 0n) {
      desk.watches.delete(symbol);
      continue;
    }
    protect(desk, symbol);
  }
}
