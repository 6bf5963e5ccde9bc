import { exactNumber } from "../core/exact.ts";
import type { JournalEvent } from "../engine/events.ts";
import type { ExecutionFact } from "../engine/facts.ts";
import { BotState } from "../engine/state.ts";
import type { ExitReason, Trade } from "../model/trade.ts";

/** A trade of a bot, from flat to flat. */
export interface BotTrade extends Trade {
  /** The lane whose entry opened it; "" when nobody's did: somebody traded by hand, or before the journal. */
  readonly lane: string;
  /** Whether an execution in it was of no order of the bot. */
  readonly isForeign: boolean;
}

/** The wallet after something changed it. */
export interface BalancePoint {
  /** Epoch ms. */
  readonly time: number;
  /** Without unrealised profit, quote. */
  readonly balance: number;
  /** Whether a position was open from here on. */
  readonly isOpen: boolean;
}

/** What a journal says was earned. Bars are not in a journal: `barsHeld` is 0, excursions are those of the fills. */
export interface Earnings {
  readonly startBalance: number;
  readonly trades: readonly BotTrade[];
  readonly points: readonly BalancePoint[];
  /** Entries that were not made, by reason. */
  readonly refusals: Readonly<Record<string, number>>;
}

interface Open {
  readonly time: number;
  readonly side: "buy" | "sell";
  readonly lane: string;
  readonly stop: number | null;
  isForeign: boolean;
  quantity: number;
  value: number;
  exitQuantity: number;
  exitValue: number;
  gross: number;
  fees: number;
  funding: number;
}

/** Trades, wallet and refusals of a journal, from its execution ids; a position that is open yet is a trade of reason `open`. */
export function earningsOf(events: Iterable<JournalEvent>): Earnings {
  const state = new BotState();
  const open = new Map<string, Open>();
  const trades: BotTrade[] = [];
  const points: BalancePoint[] = [];
  const refusals: Record<string, number> = {};
  let last = 0;
  for (const event of events) {
    last = Math.max(last, event.at);
    if (event.type === "refusal") {
      const name = "guard" in event.why ? event.why.guard : event.why.reason;
      refusals[name] = (refusals[name] ?? 0) + 1;
    }
    if (event.type !== "execution") {
      state.apply(event);
      // What the exchange was believed about has no executions to make a trade of.
      if (event.type === "adjusted") open.delete(event.symbol);
      continue;
    }
    const { fact } = event;
    if (state.ledger.has(fact.execId)) continue;
    const { ledger } = state;
    const before = { size: ledger.size(fact.symbol), realised: ledger.realised, fees: ledger.fees, net: ledger.net };
    state.apply(event);
    const after = ledger.size(fact.symbol);
    points.push({ time: fact.time, balance: exactNumber(state.balance), isOpen: ledger.symbols.length > 0 });
    let trade = open.get(fact.symbol);
    if (before.size === after) {
      if (trade) trade.funding += exactNumber(ledger.net - before.net);
      continue;
    }
    if (!trade) {
      const order = state.orders.get(fact.orderLinkId);
      trade = opened(fact, order?.lane ?? "", order?.stopLoss ?? null);
      open.set(fact.symbol, trade);
    }
    trade.isForeign ||= event.isForeign;
    add(trade, fact, exactNumber(ledger.realised - before.realised));
    trade.fees += exactNumber(ledger.fees - before.fees);
    if (after !== 0n) continue;
    open.delete(fact.symbol);
    trades.push(closed(trade, fact.symbol, { time: fact.time, id: trades.length + 1, reason: reasonOf(fact, state) }));
  }
  for (const [symbol, trade] of open) {
    trades.push(closed(trade, symbol, { time: last, id: trades.length + 1, reason: "open" }));
  }
  return { startBalance: exactNumber(state.startBalance), trades, points, refusals };
}

function opened(fact: ExecutionFact, lane: string, stop: string | null): Open {
  return {
    ...{ time: fact.time, side: fact.side, lane, stop: stop === null ? null : Number(stop), isForeign: false },
    ...{ quantity: 0, value: 0, exitQuantity: 0, exitValue: 0, gross: 0, fees: 0, funding: 0 },
  };
}

function add(trade: Open, { side, price, qty }: ExecutionFact, realised: number): void {
  const quantity = Number(qty);
  if (side === trade.side) {
    trade.quantity += quantity;
    trade.value += quantity * Number(price);
    return;
  }
  trade.exitQuantity += quantity;
  trade.exitValue += quantity * Number(price);
  trade.gross += realised;
}

function closed(
  trade: Open,
  symbol: string,
  { time, id, reason }: { time: number; id: number; reason: ExitReason },
): BotTrade {
  const { side, quantity, value, exitQuantity, exitValue, gross, fees, funding, stop, lane, isForeign } = trade;
  const entryPrice = value / quantity;
  const exitPrice = exitQuantity > 0 ? exitValue / exitQuantity : entryPrice;
  const moved = (side === "buy" ? 1 : -1) * (exitPrice / entryPrice - 1);
  return {
    ...{ id, symbol, side, entryTime: trade.time, entryPrice, exitTime: time, exitPrice, quantity },
    ...{ realizedPnl: gross - fees + funding, grossPnl: gross, fees, funding, exitReason: reason, barsHeld: 0 },
    maxAdverseFraction: Math.min(0, moved),
    maxFavorableFraction: Math.max(0, moved),
    initialRisk: stop === null ? null : quantity * Math.abs(entryPrice - stop),
    ...{ ambiguous: false, lane, isForeign },
  };
}

function reasonOf(fact: ExecutionFact, state: BotState): ExitReason {
  if (fact.type === "BustTrade") return "liquidation";
  if (fact.stopOrderType.endsWith("TakeProfit")) return "takeProfit";
  if (fact.stopOrderType.endsWith("StopLoss")) return "stopLoss";
  if (fact.stopOrderType === "TrailingStop") return "trailingStop";
  return state.orders.get(fact.orderLinkId)?.purpose === "stop" ? "trailingStop" : "signal";
}
