import type { GuardRefusal } from "../risk/guards.ts";
import type { SizingRefusal } from "../risk/sizing.ts";
import type { ExecutionFact, OrderFact, Outcome } from "./facts.ts";
import type { BotIdentity } from "./identity.ts";
import type { OrderRecord } from "./order.ts";

/** What a bot remembers. Its state is the fold of these, and nothing else; `at` is epoch ms. */
export type JournalEvent =
  /** The first one: whose journal this is, and the wallet it began with. */
  | {
      readonly type: "opened";
      readonly at: number;
      readonly identity: BotIdentity;
      readonly balance: string;
      /** Executions listed by then: what they did is in the balance already. */
      readonly before?: readonly string[];
    }
  /** Everything that had happened by `until` (epoch ms) is in the books. */
  | { readonly type: "looked"; readonly at: number; readonly until: number }
  | { readonly type: "started"; readonly at: number; readonly lanes: readonly string[] }
  /** Before an order is sent. */
  | { readonly type: "intent"; readonly at: number; readonly order: OrderRecord }
  | { readonly type: "outcome"; readonly at: number; readonly linkId: string; readonly outcome: Outcome }
  | { readonly type: "order"; readonly at: number; readonly fact: OrderFact }
  | { readonly type: "execution"; readonly at: number; readonly fact: ExecutionFact; readonly isForeign: boolean }
  /** The protective price that is wanted on the exchange from now on. */
  | {
      readonly type: "stop";
      readonly at: number;
      readonly symbol: string;
      readonly price: string;
      readonly why: string;
    }
  /** An entry that was not made. */
  | {
      readonly type: "refusal";
      readonly at: number;
      readonly lane: string;
      readonly barTime: number;
      readonly why: RefusalReason;
    }
  /** Equity at the first look of a UTC day. */
  | { readonly type: "day"; readonly at: number; readonly day: number; readonly equity: number }
  /** A new highest equity. */
  | { readonly type: "peak"; readonly at: number; readonly equity: number }
  /** Something is forbidden until a person, or for `dailyLoss` midnight UTC, says otherwise. */
  | { readonly type: "latched"; readonly at: number; readonly latch: string; readonly reason: string }
  | { readonly type: "released"; readonly at: number; readonly latch: string }
  /** The exchange says otherwise than the books, and is believed. */
  | {
      readonly type: "adjusted";
      readonly at: number;
      readonly symbol: string;
      readonly from: string;
      readonly to: string;
      /** Average entry price the exchange states; absent: that of the books stays. */
      readonly entryPrice?: number;
    };

/** `text`: what the strategy threw, where that stopped its lane. */
export type RefusalReason = GuardRefusal | { readonly reason: SizingRefusal | EntryRefusal; readonly text?: string };

/** Reasons of the bot's own for not entering. */
export type EntryRefusal =
  | "conflict"
  | "levelUnknown"
  | "targetWrongSide"
  | "laneStopped"
  | "orderUnresolved"
  | "noJournal"
  | "noQuote"
  | "alreadyDecided"
  | "tooLate"
  | "linkDown";
