import { YEAR_MS } from "../core/time.ts";
import type { Instrument } from "../model/instrument.ts";
import type { Side } from "../model/trade.ts";
import { approveEntry, approveProtective } from "../risk/guards.ts";
import { orderLimits } from "../risk/limits.ts";
import { sizeOrder } from "../risk/sizing.ts";
import { marketPrice } from "../risk/slippage.ts";
import { realizedVolatility } from "../risk/volatility.ts";
import type { SignalRow } from "../strategy/stream.ts";
import type { Desk, Watch } from "./desk.ts";
import type { EntryRefusal, RefusalReason } from "./events.ts";
import type { Quote } from "./facts.ts";
import type { Purpose } from "./identity.ts";
import type { Direction, Lane } from "./lane.ts";
import type { OrderRecord } from "./order.ts";
import type { ApprovedRequest, BotRequest } from "./requests.ts";

/** Decides on a bar that was just pushed: leave, follow with the stop, or enter. */
export function decide(desk: Desk, lane: Lane, row: SignalRow): void {
  const bar = lane.bar!;
  const size = desk.size(lane.symbol);
  if (size === 0) {
    enterIfWanted(desk, lane, row);
    return;
  }
  const direction: Direction = size > 0 ? 1 : -1;
  lane.held(bar, direction);
  const reverses = lane.wanted(row) === -direction;
  if (reverses || wantsOut(desk, lane, row, direction)) {
    const barTime = lane.closeTime(bar);
    if (reverses) desk.reversals.set(lane.symbol, { direction: -direction as Direction, barTime, row });
    close(desk, lane, barTime, "exit");
  } else follow(desk, lane, row, direction);
}

/** Sends a reduce-only order for the whole position, unless one is under way. */
export function close(desk: Desk, lane: Lane, barTime: number, purpose: Exclude<Purpose, "entry">): void {
  const size = desk.size(lane.symbol);
  if (size === 0 || desk.pending(lane.symbol).some(isClosing)) return;
  const { qty } = lane.limits.steps;
  const side = size > 0 ? "sell" : "buy";
  const order = record(desk, lane, {
    linkId: desk.freshLinkId(lane, barTime, purpose),
    purpose,
    side,
    barTime,
    qty: qty.format(qty.count(Math.abs(size), "nearest")),
  });
  intend(desk, order);
}

/** Sends another closing order where the last one did not close everything. */
export function leaveDue(desk: Desk): void {
  const { state, leaving, now, waits } = desk;
  for (const lane of desk.lanes.values()) {
    const { symbol } = lane;
    const wanted = state.positions.get(symbol)?.leaving;
    if (!wanted || state.ledger.size(symbol) === 0n) {
      leaving.delete(symbol);
      continue;
    }
    const due = leaving.get(symbol) ?? { nextAt: Infinity, tries: 0 };
    leaving.set(symbol, due);
    if (desk.pending(symbol).some(isClosing)) due.nextAt = Infinity;
    else if (due.nextAt === Infinity) due.nextAt = now + waits.askMs * 2 ** Math.min(due.tries, 6);
    else if (due.nextAt <= now) {
      due.tries += 1;
      due.nextAt = Infinity;
      close(desk, lane, wanted.barTime, wanted.purpose);
    }
  }
}

function isClosing({ purpose }: OrderRecord): boolean {
  return purpose !== "entry";
}

/** After a restart: what a bar of the past was to the position that is held. */
export function remember(desk: Desk, lane: Lane, row: SignalRow): void {
  const { state } = desk;
  const size = state.ledger.size(lane.symbol);
  if (size === 0n) return;
  const position = state.position(lane.symbol);
  const closedAt = lane.closeTime(lane.bar!);
  const entry = state.orders.get(position.linkId);
  if (entry && closedAt === entry.barTime) lane.deciding(row);
  if (closedAt <= position.since) lane.entered(state.ledger.entryPrice(lane.symbol)!);
  else lane.held(lane.bar!, size > 0n ? 1 : -1);
}

/** Enters if the row says so and everything allows it. */
export function enterIfWanted(desk: Desk, lane: Lane, row: SignalRow): void {
  const wanted = lane.wanted(row);
  if (wanted === 0) return;
  const barTime = lane.closeTime(lane.bar!);
  if (wanted === "conflict") desk.refuse(lane, barTime, "conflict");
  else enter(desk, lane, row, { direction: wanted, barTime });
}

/** Sizes, checks, journals and sends an entry decided by `row`; or remembers why not. */
export function enter(desk: Desk, lane: Lane, row: SignalRow, decision: Decision): void {
  // Decided on in another life: should it still fill, this is the row that it was decided by.
  if (desk.state.orders.has(desk.linkId(lane, decision.barTime, "entry", 0))) lane.deciding(row);
  const plan = planEntry(desk, lane, row, decision);
  if ("why" in plan) {
    const { barTime } = decision;
    desk.emit({ type: "refusal", at: desk.now, lane: lane.options.name, barTime, why: plan.why });
    return;
  }
  lane.deciding(row);
  desk.emit({ type: "intent", at: desk.now, order: plan.order });
  desk.send(plan.order.linkId, plan.request);
}

/** Which way, and at the close of which bar it was decided (epoch ms). */
export interface Decision {
  readonly direction: Direction;
  readonly barTime: number;
}

type EntryPlanned =
  | { readonly order: OrderRecord; readonly request: ApprovedRequest }
  | { readonly why: RefusalReason };

function planEntry(desk: Desk, lane: Lane, row: SignalRow, { direction, barTime }: Decision): EntryPlanned {
  const quote = desk.quotes.get(lane.symbol);
  const side = direction === 1 ? "buy" : "sell";
  const reason = notNow(desk, lane, quote, side);
  if (reason !== null || !quote) return { why: { reason: reason ?? "noQuote" } };
  if (desk.now - barTime > desk.waits.freshMs) return { why: { reason: "tooLate" } };
  desk.noteEquity();
  const { options } = lane;
  const price = marketPrice(quote.last, direction, { slippage: options.slippage, tick: lane.tick });
  const levels = lane.levels(row, direction, price);
  if (typeof levels === "string") return { why: { reason: levels } };
  const sizing = sizeOrder(options.sizing, {
    side,
    price,
    equity: desk.equity(),
    stopPrice: levels.stop,
    feeRate: options.feeRate,
    leverage: options.leverage,
    volatility: volatilityOf(lane, row),
    multiplier: row.size,
    limits: lane.limits,
  });
  if (!sizing.ok) return { why: { reason: sizing.reason } };
  // Last, as it takes a hash: most of what is refused is refused before.
  const linkId = desk.linkId(lane, barTime, "entry", 0);
  if (desk.state.orders.has(linkId)) return { why: { reason: "alreadyDecided" } };
  const { qty, price: tick } = lane.limits.steps;
  const order = record(desk, lane, {
    linkId,
    purpose: "entry",
    side,
    barTime,
    qty: qty.format(qty.count(sizing.quantity, "floor")),
    stopLoss: levels.stop === null ? null : tick.format(tick.count(levels.stop, "nearest")),
    takeProfit: levels.target === null ? null : tick.format(tick.count(levels.target, "nearest")),
  });
  const plan = { side, price, quantity: sizing.quantity, stopPrice: levels.stop } as const;
  const verdict = approveEntry(requestOf(order), plan, desk.limits, desk.guardContext(lane, quote));
  return verdict.ok ? { order, request: verdict.request } : { why: verdict.refusal };
}

/** Why no entry may be made whatever its size; `null` when one may. */
function notNow(desk: Desk, lane: Lane, quote: Quote | undefined, side: Side): EntryRefusal | null {
  if (lane.stopped !== null) return "laneStopped";
  if (!desk.canJournal) return "noJournal";
  if (!desk.isReconciled || !desk.isLinkUp) return "linkDown";
  const { symbol } = lane;
  if (desk.pending(symbol).some((order) => mayMeet(order, side)) || desk.suspects.has(symbol)) return "orderUnresolved";
  // A stop meant for the position before may not arrive at this one.
  if (desk.staleStopUntil(symbol, undefined) > desk.now) return "orderUnresolved";
  return quote ? null : "noQuote";
}

/** Whether an order under way may change a position opened on `side`: a reduce-only one of the same side cannot. */
function mayMeet(order: OrderRecord, side: Side): boolean {
  return !isClosing(order) || order.side !== side;
}

/** Sends an intent again under the same id: a duplicate is refused by the exchange, never filled twice. */
export function resend(desk: Desk, order: OrderRecord, quote: Quote | undefined): boolean {
  const lane = desk.lanes.get(order.lane);
  if (!lane) return false;
  if (order.purpose !== "entry") {
    desk.send(order.linkId, approveProtective(requestOf(order) as Extract<BotRequest, { kind: "exit" }>));
    return true;
  }
  if (!quote || lane.stopped !== null || !desk.canJournal) return false;
  const plan = {
    side: order.side,
    price: quote.last,
    quantity: Number(order.qty),
    stopPrice: order.stopLoss === null ? null : Number(order.stopLoss),
  };
  // It counts itself among what is under way: leave it out.
  const context = desk.guardContext(lane, quote);
  const own = plan.quantity * quote.last;
  const without = {
    ...context,
    openPositions: context.openPositions - 1,
    totalNotional: context.totalNotional - own,
    affordableNotional: context.affordableNotional + own,
  };
  const verdict = approveEntry(requestOf(order), plan, desk.limits, without);
  if (verdict.ok) desk.send(order.linkId, verdict.request);
  return verdict.ok;
}

function follow(desk: Desk, lane: Lane, row: SignalRow, direction: Direction): void {
  const to = lane.trail(row, direction);
  if (to !== null) moveStop(desk, lane, to, direction, "trailing");
}

/** Wants the stop at `price` from now on, if that is nearer to the market: a stop never moves away. */
export function moveStop(desk: Desk, lane: Lane, price: number, direction: Direction, why: string): void {
  const { stop } = desk.state.position(lane.symbol);
  if (stop !== null && direction * (price - Number(stop)) <= 0) return;
  const { price: tick } = lane.limits.steps;
  const text = tick.format(tick.count(price, "nearest"));
  if (text === stop || desk.staleStopUntil(lane.symbol, text) > desk.now) return;
  desk.emit({ type: "stop", at: desk.now, symbol: lane.symbol, price: text, why });
  protect(desk, lane.symbol);
}

/** Has the exchange follow the price for a position, where its lane wants that. */
export function trailOnExchange(desk: Desk, lane: Lane, direction: Direction): void {
  const trailing = lane.exchangeTrail(direction);
  if (!trailing) return;
  const { symbol } = lane;
  const request = approveProtective({ kind: "protect", symbol, stopLoss: null, takeProfit: null, trailing } as const);
  desk.send(desk.requestId("protect", symbol), request);
}

/** Whether the market is already at or beyond the stop: no exchange takes such a stop any more. */
function isCrossed(desk: Desk, symbol: string, stop: string): boolean {
  const quote = desk.quotes.get(symbol);
  const size = desk.state.ledger.size(symbol);
  return quote !== undefined && (size > 0n ? quote.last <= Number(stop) : quote.last >= Number(stop));
}

/**
 * Asks the exchange to have the position's stop where it is wanted, and watches until it is there.
 *
 * A position that has been without any for too long is closed, whoever asks: looks and refusals may come so often that the
 * watch itself is never due.
 */
export function protect(desk: Desk, symbol: string): void {
  const lane = desk.bySymbol.get(symbol);
  if (lane) bringStopOntoGrid(desk, lane);
  const { stop } = desk.state.position(symbol);
  if (stop === null) {
    desk.watches.delete(symbol);
    return;
  }
  const watch = watchOf(desk, symbol);
  if (lane && desk.now - watch.nakedSince > desk.waits.nakedMs) close(desk, lane, desk.now, "flatten");
  if (lane && isCrossed(desk, symbol, stop)) {
    watch.nextAt = desk.now + desk.waits.askMs;
    close(desk, lane, desk.now, "stop");
    return;
  }
  const blockedUntil = desk.staleStopUntil(symbol, stop);
  if (blockedUntil > desk.now) {
    watch.nextAt = blockedUntil;
    return;
  }
  watch.tries += 1;
  watch.nextAt = desk.now + desk.waits.askMs * 2 ** Math.min(watch.tries - 1, watch.nakedSince === Infinity ? 5 : 2);
  // A later life must know how lately it was sent: it may arrive then.
  if (desk.state.position(symbol).stopAt !== desk.now) {
    desk.emit({ type: "stop", at: desk.now, symbol, price: stop, why: "again" });
  }
  const request = approveProtective({ kind: "protect", symbol, stopLoss: stop, takeProfit: null } as const);
  const id = desk.requestId("protect", symbol);
  desk.sent.set(id, { symbol, stop, at: desk.now });
  desk.send(id, request);
}

/** The market's rules have changed: what is wanted from now on is by the new ones, a stop that is not in place yet too. */
export function onRules(desk: Desk, instrument: Instrument): void {
  const lane = desk.bySymbol.get(instrument.symbol);
  if (!lane) return;
  lane.limits = orderLimits(instrument);
  if (desk.watches.has(lane.symbol)) protect(desk, lane.symbol);
}

/** A stop that the market's rules do not allow any more moves to the next nearer price that they do. */
function bringStopOntoGrid(desk: Desk, lane: Lane): void {
  const { stop } = desk.state.position(lane.symbol);
  if (stop === null) return;
  const isLong = desk.state.ledger.size(lane.symbol) > 0n;
  const text = lane.tick.format(lane.tick.count(stop, isLong ? "ceil" : "floor"));
  if (Number(text) === Number(stop)) return;
  desk.emit({ type: "stop", at: desk.now, symbol: lane.symbol, price: text, why: "rules" });
}

/** The watch over a symbol's stop, begun if there is none. */
export function watchOf(desk: Desk, symbol: string): Watch {
  const watch = desk.watches.get(symbol) ?? { nextAt: desk.now, tries: 0, nakedSince: Infinity };
  desk.watches.set(symbol, watch);
  return watch;
}

function intend(desk: Desk, order: OrderRecord): void {
  desk.emit({ type: "intent", at: desk.now, order });
  desk.send(order.linkId, approveProtective(requestOf(order) as Extract<BotRequest, { kind: "exit" }>));
}

/** A rule that throws stops its lane; the position keeps its stop. */
function wantsOut(desk: Desk, lane: Lane, row: SignalRow, direction: Direction): boolean {
  try {
    return asksOut(desk, lane, row, direction);
  } catch (error) {
    lane.stopped = error instanceof Error ? error.message : String(error);
    return false;
  }
}

function asksOut(desk: Desk, lane: Lane, row: SignalRow, direction: Direction): boolean {
  const exit = direction === 1 ? row.exitLong : row.exitShort;
  if (typeof exit === "boolean") return exit;
  const entryPrice = desk.state.ledger.entryPrice(lane.symbol)!;
  const unrealizedFraction = direction * (lane.bar!.close / entryPrice - 1);
  return exit({ barsHeld: Math.max(0, row.index - lane.entryIndex), entryPrice, unrealizedFraction });
}

function record(
  desk: Desk,
  lane: Lane,
  given: Pick<OrderRecord, "linkId" | "purpose" | "side" | "qty" | "barTime"> & Partial<OrderRecord>,
): OrderRecord {
  return {
    lane: lane.options.name,
    symbol: lane.symbol,
    stopLoss: null,
    takeProfit: null,
    createdAt: desk.now,
    state: "intended",
    orderId: null,
    cumExecQty: "0",
    reason: null,
    ...given,
  };
}

function requestOf({ linkId, purpose, symbol, side, qty, stopLoss, takeProfit }: OrderRecord): BotRequest {
  return purpose === "entry"
    ? { kind: "entry", linkId, symbol, side, qty, stopLoss, takeProfit }
    : { kind: "exit", linkId, symbol, side, qty };
}

function volatilityOf(lane: Lane, row: SignalRow): number {
  const { sizing } = lane.options;
  if (sizing.kind !== "volatility") return Number.NaN;
  const closes = lane.recentCloses(row, sizing.bars);
  return realizedVolatility(closes, {
    at: closes.length - 1,
    bars: sizing.bars,
    barsPerYear: YEAR_MS / lane.intervalMs,
  });
}
