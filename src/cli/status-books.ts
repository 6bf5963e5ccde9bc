import { exactNumber } from "../core/exact.ts";
import type { BotIdentity } from "../engine/identity.ts";
import type { OrderRecord } from "../engine/order.ts";
import { BotState } from "../engine/state.ts";
import type { StoredJournal } from "../live/sqlite-journal.ts";

/** A position as a journal tells it. */
export interface BookPosition {
  readonly symbol: string;
  /** Signed, base. */
  readonly size: number;
  readonly entryPrice: number | null;
  /** The protective price that was wanted on the exchange. */
  readonly stop: string | null;
  /** Realised profit less fees plus funding since it was flat. */
  readonly net: number;
}

/** How a bot that does not run stood when its journal ends. Nothing in it is fresh. */
export interface BookStatus {
  readonly identity: BotIdentity;
  /** When the last event happened, epoch ms of the exchange; `null` for an empty journal. */
  readonly lastAt: number | null;
  readonly events: number;
  readonly balance: number;
  readonly dayStartEquity: number;
  readonly peakEquity: number;
  /** Why entries are forbidden, by latch. */
  readonly latches: Readonly<Record<string, string>>;
  readonly positions: readonly BookPosition[];
  /** Orders that may still do something. */
  readonly orders: readonly OrderRecord[];
}

/** The books at the end of a journal. */
export function booksOf({ events, identity }: StoredJournal): BookStatus {
  const state = new BotState();
  for (const event of events) state.apply(event);
  return {
    identity,
    lastAt: events.at(-1)?.at ?? null,
    events: events.length,
    balance: exactNumber(state.balance),
    dayStartEquity: state.dayStartEquity,
    peakEquity: state.peakEquity,
    latches: Object.fromEntries(state.latches),
    positions: state.ledger.symbols.map((symbol) => {
      const { stop, net } = state.position(symbol);
      const entryPrice = state.ledger.entryPrice(symbol);
      return { symbol, size: exactNumber(state.ledger.size(symbol)), entryPrice, stop, net: exactNumber(net) };
    }),
    orders: [...state.allPending()],
  };
}
