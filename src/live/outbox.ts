import type { BotEffect, BotInput } from "../engine/inputs.ts";
import type { ApprovedRequest, BotQuery } from "../engine/requests.ts";
import type { Journal } from "./journal.ts";

export interface OutboxOptions {
  readonly journal: Journal;
  readonly send: (id: string, request: ApprovedRequest) => void;
  readonly ask: (query: BotQuery) => void;
  /** Tells the bot something, after what is being done now. */
  readonly tell: (input: UntimedInput) => void;
}

/** An input whose time is that of its telling. */
export type UntimedInput = BotInput extends infer I ? (I extends BotInput ? Omit<I, "at"> : never) : never;

/** Between two attempts to write a journal that could not be written, ms. */
const AGAIN_MS = 1_000;

/**
 * Carries out what a bot wishes, in order: nothing leaves before what the bot remembers of it is on the disk. Without a
 * journal nothing is opened, but what protects goes out.
 */
export class Outbox {
  private readonly options: OutboxOptions;
  private again: NodeJS.Timeout | null = null;

  constructor(options: OutboxOptions) {
    this.options = options;
  }

  get isWritable(): boolean {
    return this.again === null;
  }

  carryOut(effects: readonly BotEffect[]): void {
    const { journal, send, ask, tell } = this.options;
    let isKept = true;
    let isUnsynced = false;
    const sync = () => {
      if (isUnsynced) isKept = journal.sync();
      isUnsynced = false;
    };
    for (const effect of effects) {
      if (effect.type === "journal") {
        journal.append(effect.event);
        isUnsynced = true;
        continue;
      }
      sync();
      if (effect.type === "query") ask(effect.query);
      else if (isKept || effect.request.kind !== "entry") send(effect.id, effect.request);
      else {
        const outcome = { kind: "notSent", reason: `no journal: ${journal.failure}` } as const;
        tell({ type: "answer", id: effect.id, outcome });
      }
    }
    sync();
    if (!isKept && this.again === null) this.retry();
  }

  close(): void {
    if (this.again) clearTimeout(this.again);
    this.again = null;
  }

  private retry(): void {
    const { journal, tell } = this.options;
    tell({ type: "journal", isWritable: false });
    const attempt = () => {
      if (!journal.sync()) {
        this.again = setTimeout(attempt, AGAIN_MS);
        return;
      }
      this.again = null;
      tell({ type: "journal", isWritable: true });
    };
    this.again = setTimeout(attempt, AGAIN_MS);
  }
}
