import type { Instrument } from "../model/instrument.ts";
import type { StreamBar } from "../strategy/stream.ts";
import type { JournalEvent } from "./events.ts";
import type { AccountReport, ExecutionFact, OrderFact, Outcome } from "./facts.ts";
import type { ApprovedRequest, BotQuery } from "./requests.ts";

/** What happens to a bot. `at` is the exchange's time as the bot knows it, epoch ms. */
export type BotInput =
  /** A bar of a lane is closed. Bars come in order and without a gap: that is the feed's business. */
  | { readonly type: "bar"; readonly at: number; readonly lane: string; readonly bar: StreamBar }
  /** What became of a request. */
  | { readonly type: "answer"; readonly at: number; readonly id: string; readonly outcome: Outcome }
  | { readonly type: "order"; readonly at: number; readonly fact: OrderFact }
  | { readonly type: "execution"; readonly at: number; readonly fact: ExecutionFact }
  /** What was found of one order; `order` null when the exchange does not know it. */
  | {
      readonly type: "found";
      readonly at: number;
      readonly linkId: string;
      readonly order: OrderFact | null;
      readonly executions: readonly ExecutionFact[];
    }
  | { readonly type: "report"; readonly at: number; readonly report: AccountReport }
  /** A query got no answer. It is asked again. */
  | { readonly type: "queryFailed"; readonly at: number; readonly query: BotQuery }
  /** The private stream is up and subscribed, or lost. */
  | { readonly type: "link"; readonly at: number; readonly isUp: boolean }
  /** The rules of a market, as the exchange has them from now on. */
  | { readonly type: "rules"; readonly at: number; readonly instrument: Instrument }
  | { readonly type: "clock"; readonly at: number; readonly offsetMs: number }
  /** The journal cannot be written, or can be again. */
  | { readonly type: "journal"; readonly at: number; readonly isWritable: boolean }
  | { readonly type: "time"; readonly at: number }
  | { readonly type: "command"; readonly at: number; readonly command: BotCommand; readonly reason: string };

/**
 * `kill` closes everything and forbids entries until `rearm`; `flatten` closes everything and forbids entries until that is
 * done; `pause` forbids entries until `resume`.
 */
export type BotCommand = "kill" | "rearm" | "flatten" | "pause" | "resume";

/** What a bot wants done, in this order. What follows a `journal` may only happen once that is durable. */
export type BotEffect =
  | { readonly type: "journal"; readonly event: JournalEvent }
  | { readonly type: "send"; readonly id: string; readonly request: ApprovedRequest }
  | { readonly type: "query"; readonly query: BotQuery };

/** How long the bot waits for what, ms. */
export interface Waits {
  /** Before an order nobody answered for is asked about, and between two questions. */
  readonly askMs: number;
  /** After this long an order the exchange does not know cannot arrive any more: its signature is too old. */
  readonly lostMs: number;
  /** Between two looks at the whole account. */
  readonly reconcileMs: number;
  /** How long a position may be without the stop it should have before it is closed. */
  readonly nakedMs: number;
  /** How long after its bar's close an entry may still be sent. */
  readonly freshMs: number;
  /** Between two looks at an account that is being closed. */
  readonly killMs: number;
}

export const DEFAULT_WAITS: Waits = {
  askMs: 500,
  lostMs: 15_000,
  reconcileMs: 30_000,
  nakedMs: 4_000,
  freshMs: 10_000,
  killMs: 1_000,
};
