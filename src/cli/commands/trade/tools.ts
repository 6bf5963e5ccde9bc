import type { JournalEvent } from "../../../engine/events.ts";
import type { BotIdentity } from "../../../engine/identity.ts";
import type { Journal } from "../../../live/journal.ts";
import type { Trader, TraderOptions } from "../../../live/trader-types.ts";
import type { openVenue } from "./venue.ts";

/** What `grimoire trade` is put together from; tests bring others. */
export interface TradeTools {
  startTrader(options: TraderOptions): Promise<Trader>;
  openJournal(path: string, identity: BotIdentity): Journal;
  /** Makes this process the only one that trades the account. */
  lockAccount(identity: BotIdentity): { release(): void };
  /** Writes a whole journal at once, where none is. */
  saveJournal(path: string, identity: BotIdentity, events: readonly JournalEvent[]): void;
  readonly openVenue: typeof openVenue;
  /** Asks the person at the terminal; `null` where there is none. */
  readonly question: ((text: string, signal: AbortSignal) => Promise<string>) | null;
}
