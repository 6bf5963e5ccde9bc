import type { JournalEvent } from "../../src/engine/events.ts";
import type { Outcome } from "../../src/engine/facts.ts";
import type { BotInput } from "../../src/engine/inputs.ts";
import type { ApprovedRequest, BotQuery } from "../../src/engine/requests.ts";
import type { World } from "./world.ts";

/** A driver with a mistake: what it does otherwise than the right one. Absent: it does the right thing. */
export interface Mutant {
  /** The request that is really sent. */
  readonly request?: (request: ApprovedRequest, world: World) => ApprovedRequest;
  /** The outcome that is really told. */
  readonly outcome?: (outcome: Outcome, request: ApprovedRequest) => Outcome;
  readonly onUnknown?: (request: ApprovedRequest, world: World) => void;
  /** The fact that is really told; `null` for none. */
  readonly input?: (input: BotInput, world: World) => BotInput | null;
  /** An answer of its own to a query. */
  readonly query?: (query: BotQuery, world: World) => BotInput | null;
  /** Whether an event is journalled. */
  readonly keeps?: (event: JournalEvent) => boolean;
  /** What is read of the journal at a start. */
  readonly recover?: (events: JournalEvent[]) => JournalEvent[];
  /** Sends without waiting for the disk. */
  readonly isUnsynced?: boolean;
}
