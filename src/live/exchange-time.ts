import type { ExchangeClock } from "../bybit/exchange-clock.ts";

/**
 * The exchange's time for a bot, epoch ms: it never goes back.
 *
 * `real`: by the gateway's clock, and never behind what the exchange was heard to say. A number: of an exchange that runs so many
 * times as fast as this machine. `step`: as last told.
 */
export class ExchangeTime {
  private readonly clock: ExchangeClock;
  private readonly pace: "real" | number | "step";
  private at = 0;
  private heardAt = performance.now();

  constructor(clock: ExchangeClock, pace: "real" | number | "step") {
    this.clock = clock;
    this.pace = pace;
  }

  now(): number {
    if (this.pace === "real") this.at = Math.max(this.at, Math.floor(this.clock.now()));
    else if (typeof this.pace === "number") {
      const reading = performance.now();
      this.at += (reading - this.heardAt) * this.pace;
      this.heardAt = reading;
    }
    return Math.floor(this.at);
  }

  /** The exchange said it was `time`. */
  hear(time: number): void {
    if (time > this.now()) this.at = time;
  }

  /** Ms of this machine that `ms` of the exchange take. */
  realMs(ms: number): number {
    return typeof this.pace === "number" ? ms / this.pace : ms;
  }
}
