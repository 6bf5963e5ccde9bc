import type { Gateway } from "../bybit/gateway.ts";
import { ToolkitError } from "../core/errors.ts";
import { ClockJumps } from "./clock-jumps.ts";
import type { UntimedInput } from "./outbox.ts";

/** Between two questions for the exchange's time, ms. */
const ASK_MS = 60_000;
/** Before it is asked again when it could not be had, ms. */
const AGAIN_MS = 5_000;

export interface ClockWatchOptions {
  readonly gateway: Gateway;
  /** Whether the exchange's time runs as this machine's; an offset means nothing where it does not. */
  readonly isReal: boolean;
  readonly isLinkUp: () => boolean;
  readonly tell: (input: UntimedInput) => void;
  readonly onTrouble: (text: string) => void;
  readonly track: (work: Promise<void>) => void;
}

/** Keeps the offset of the exchange's time known to the bot, and notices when this machine slept or its clock was set. */
export class ClockWatch {
  private readonly options: ClockWatchOptions;
  private readonly jumps = new ClockJumps();
  private askedAt = performance.now();

  constructor(options: ClockWatchOptions) {
    this.options = options;
  }

  /** Exchange time minus this machine's, ms. */
  get offsetMs(): number {
    return this.options.isReal ? this.options.gateway.clock.offsetMs : 0;
  }

  /** Tells the offset. */
  tell(): void {
    this.options.tell({ type: "clock", offsetMs: this.offsetMs });
  }

  /** To be called now and then. */
  look(): void {
    if (!this.jumped() && performance.now() - this.askedAt > ASK_MS) this.ask();
  }

  /** Whether the clock has jumped since the last look: nothing that is known is fresh then until the exchange has said so. */
  jumped(): boolean {
    const byMs = this.jumps.look();
    if (byMs === 0) return false;
    this.options.onTrouble(`this machine's clock jumped by ${Math.round(byMs)} ms`);
    this.options.tell({ type: "link", isUp: false });
    this.ask();
    return true;
  }

  private ask(): void {
    this.askedAt = performance.now();
    const { gateway, isLinkUp, tell, onTrouble, track } = this.options;
    const synced = gateway.syncClock().then(
      () => {
        this.tell();
        if (isLinkUp()) tell({ type: "link", isUp: true });
      },
      (error: unknown) => {
        if (!(error instanceof ToolkitError)) throw error;
        onTrouble(`the exchange's time cannot be had: ${error.message}`);
        this.askedAt -= ASK_MS - AGAIN_MS;
      },
    );
    track(synced);
  }
}
