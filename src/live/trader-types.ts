import type { Gateway } from "../bybit/gateway.ts";
import type { ApiCredentials } from "../bybit/signer.ts";
import type { JournalEvent } from "../engine/events.ts";
import type { BotIdentity } from "../engine/identity.ts";
import type { BotCommand, BotInput, Waits } from "../engine/inputs.ts";
import type { LaneOptions } from "../engine/lane.ts";
import type { GuardLimits } from "../risk/guards.ts";
import type { Journal } from "./journal.ts";
import type { TraderStatus } from "./status.ts";

export interface TraderLane extends LaneOptions {
  /** Bars of history before the first decision; the strategy's own need is the least. */
  readonly warmupBars: number;
  /** Opening of the first bar of history instead, epoch ms: for signals that agree with a replay's to the last bit. */
  readonly warmupFrom?: number;
}

export interface TraderOptions {
  readonly identity: BotIdentity;
  readonly lanes: readonly TraderLane[];
  readonly limits: GuardLimits;
  readonly waits?: Partial<Waits>;
  readonly gateway: Gateway;
  readonly credentials: ApiCredentials;
  readonly journal: Journal;
  /**
   * How the exchange's time runs: `real` for Bybit; a number for a local exchange that many times as fast; `step` for one
   * that stands still until the bot has done its work, and which the bot moves on.
   */
  readonly pace?: "real" | number | "step";
  /** `step` only: exchange time at which to stop by itself, epoch ms. */
  readonly until?: number;
  readonly onEvent?: (event: TraderEvent) => void;
}

/** What a person may want to hear of. */
export type TraderEvent =
  | { readonly type: "journal"; readonly event: JournalEvent }
  | { readonly type: "input"; readonly input: BotInput }
  | { readonly type: "note"; readonly level: "info" | "warn" | "error"; readonly text: string };

/** A running bot. */
export interface Trader {
  status(): TraderStatus;
  command(command: BotCommand, reason: string): void;
  /** Ends it: nothing new is sent; `flatten` first closes everything and waits until it is closed. */
  stop(options: { readonly flatten: boolean; readonly reason: string }): Promise<void>;
  /** Resolves when it has ended, by `stop` or `until`; rejects when it cannot go on. */
  readonly ended: Promise<void>;
}
