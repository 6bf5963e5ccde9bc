import type { Gateway } from "../../../bybit/gateway.ts";
import { exact, exactText } from "../../../core/exact.ts";
import type { JournalEvent } from "../../../engine/events.ts";
import type { BotIdentity } from "../../../engine/identity.ts";
import { replayJournal } from "../../../engine/state.ts";
import { executionsSince } from "../../../live/queries.ts";

/** Two things that should be one. */
export interface Agreement {
  readonly what: string;
  readonly one: string;
  readonly other: string;
  readonly isSame: boolean;
}

/** What a bot ordered and what became of it, without the names that differ between accounts. */
function dealings(events: readonly JournalEvent[], barMs: number): { orders: string[]; fills: string[] } {
  const orders: string[] = [];
  const fills: string[] = [];
  for (const event of events) {
    if (event.type === "intent") {
      const { purpose, side, qty, stopLoss, takeProfit, barTime } = event.order;
      orders.push([barTime, purpose, side, qty, stopLoss, takeProfit].join(" "));
    } else if (event.type === "execution" && event.fact.type === "Trade") {
      const { side, price, qty, fee, time } = event.fact;
      fills.push([Math.floor(time / barMs), side, Number(price), Number(qty), Number(fee)].join(" "));
    }
  }
  return { orders, fills };
}

/** The bot's journal beside that of a replay of the same bars. When within a bar a stop has filled, a replay does not say. */
export function compareWithReplay(
  bot: readonly JournalEvent[],
  replayed: readonly JournalEvent[],
  barMs: number,
): Agreement[] {
  const [own, other] = [dealings(bot, barMs), dealings(replayed, barMs)];
  return [
    agreement("orders", own.orders, other.orders),
    agreement("fills: bar, side, price, quantity, fee", own.fills, other.fills),
  ];
}

/** Whose books, and of what. */
export interface ExchangeSide {
  readonly events: readonly JournalEvent[];
  readonly identity: BotIdentity;
  readonly symbol: string;
  readonly settleCoin: string;
  /** The exchange's time, epoch ms. */
  readonly now: number;
}

/** The bot's journal beside what the exchange says of the account now. @throws as `Gateway.call` */
export async function compareWithExchange(gateway: Gateway, about: ExchangeSide): Promise<Agreement[]> {
  const { events, identity, symbol } = about;
  const state = replayJournal(events, identity);
  const { now, settleCoin } = about;
  const list = await executionsSince(gateway, { since: events[0]?.at ?? 0, now, settleCoin });
  const theirs = list.map(({ execId }) => execId);
  const ours = events.flatMap((event) => (event.type === "execution" ? [event.fact.execId] : []));
  const { list: positions } = await gateway.call("get_positions", { category: "linear", symbol });
  const row = positions.find(({ size }) => Number(size) !== 0);
  const size = exactText(exact(row ? `${row.side === "Sell" ? "-" : ""}${row.size}` : "0"));
  const wallet = await gateway.call("get_wallet_balance", { accountType: "UNIFIED", coin: settleCoin });
  const balance = exactText(exact(wallet.list[0]?.coin[0]?.walletBalance || "0"));
  return [
    agreement("executions", ours.sort(), theirs.sort()),
    same("position", exactText(state.ledger.size(symbol)), size),
    same("wallet, to the last decimal", exactText(state.balance), balance),
  ];
}

function agreement(what: string, one: readonly string[], other: readonly string[]): Agreement {
  const isSame = one.length === other.length && one.every((line, i) => line === other[i]);
  return { what, one: String(one.length), other: String(other.length), isSame };
}

function same(what: string, one: string, other: string): Agreement {
  return { what, one, other, isSame: one === other };
}
