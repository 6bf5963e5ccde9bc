import type { JournalEvent } from "../engine/events.ts";

/** Where a bot remembers. Events only, in order; what `sync` said yes to survives the machine. */
export interface Journal {
  /** Where it is, for messages. */
  readonly path: string;
  /** What was there at opening, in order. */
  readonly events: readonly JournalEvent[];
  /** Adds an event; it is durable after the next `sync` that said yes. */
  append(event: JournalEvent): void;
  /**
   * Writes everything appended, as one transaction, through to the disk.
   *
   * False when the disk would not: nothing of it is written, it stays appended, and the next `sync` tries again.
   */
  sync(): boolean;
  /** Why the last `sync` said no; `null` when it said yes. */
  readonly failure: string | null;
  /** Gives the file and its lock back. What was appended and not synced is lost. */
  close(): void;
}
