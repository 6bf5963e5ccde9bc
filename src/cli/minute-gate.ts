import { MINUTE_MS } from "../core/time.ts";
import type { Fed } from "../simulator/market/fed.ts";
import type { BarRow } from "../simulator/market/series.ts";

/** Something a market is told while it runs; bars come in by ways of their own. */
export type Passing = Exclude<Fed, { type: "bar" }>;

/**
 * Lets what comes from several streams through minute by minute.
 *
 * What belongs to the next minute waits until every market's bar of the running one has been told by the source itself: so
 * no trade comes too late for its bar, and a bar is the source's own even if trades of it were lost.
 */
export class MinuteGate {
  readonly #symbols: readonly string[];
  readonly #emit: (symbol: string, fed: Fed) => void;
  /** Opening of the running minute, epoch ms. */
  #opening: number;
  #isHeld = true;
  #waiting: { readonly symbol: string; readonly fed: Passing }[] = [];
  /** Closed bars by opening and symbol. */
  readonly #words = new Map<number, Map<string, BarRow>>();

  /** It begins held. */
  constructor(symbols: readonly string[], opening: number, emit: (symbol: string, fed: Fed) => void) {
    this.#symbols = symbols;
    this.#opening = opening;
    this.#emit = emit;
  }

  /** Opening of the minute that runs behind the gate, epoch ms. */
  get opening(): number {
    return this.#opening;
  }

  /** Whether something waits for the running minute's last word. */
  get isWaiting(): boolean {
    return !this.#isHeld && this.#waiting.length > 0;
  }

  /** Lets nothing through until `resume`. */
  hold(): void {
    this.#isHeld = true;
  }

  take(symbol: string, fed: Passing): void {
    this.#waiting.push({ symbol, fed });
    this.#drain();
  }

  /** The source says that this bar has closed. */
  takeClosed(symbol: string, bar: BarRow): void {
    if (bar.time < this.#opening) return;
    let words = this.#words.get(bar.time);
    if (!words) {
      words = new Map();
      this.#words.set(bar.time, words);
    }
    words.set(symbol, bar);
    this.#drain();
  }

  /**
   * Tells the bars that were missed, then what has waited. `bars` by symbol, from `opening` on; those that open before `running`
   * have closed, the one that opens there runs. The last word on a closed bar, where it came, counts more.
   */
  resume(bars: ReadonlyMap<string, readonly BarRow[]>, running: number): void {
    const byTime = new Map([...bars].map(([symbol, rows]) => [symbol, new Map(rows.map((row) => [row.time, row]))]));
    for (;;) {
      const words = this.#opening < running ? this.#words.get(this.#opening) : undefined;
      for (const symbol of this.#symbols) {
        const bar = words?.get(symbol) ?? byTime.get(symbol)?.get(this.#opening);
        if (bar) this.#emit(symbol, { type: "bar", bar });
      }
      if (this.#opening >= running) break;
      this.#close();
    }
    this.#isHeld = false;
    this.#drain();
  }

  #drain(): void {
    while (!this.#isHeld) {
      const end = this.#opening + MINUTE_MS;
      const all = this.#waiting;
      this.#waiting = all.filter(({ fed }) => fed.time >= end);
      for (const { symbol, fed } of all) {
        // A trade of a closed minute is in that minute's bar.
        const isTold = fed.type === "trade" && fed.time < this.#opening;
        if (fed.time < end && !isTold) this.#emit(symbol, fed);
      }
      const words = this.#words.get(this.#opening);
      if (!words || words.size < this.#symbols.length) return;
      for (const [symbol, bar] of words) this.#emit(symbol, { type: "bar", bar });
      this.#close();
    }
  }

  #close(): void {
    this.#words.delete(this.#opening);
    this.#opening += MINUTE_MS;
    this.#emit(this.#symbols[0]!, { type: "time", time: this.#opening });
  }
}
