import { type Bits, hasBit, nextBit } from "../core/bits.ts";
import type { PositionRule, SignalColumns } from "../strategy/signals.ts";
import type { Direction } from "./fills.ts";

/** Finds the bars on which a strategy says something, without looking at the others. */
export interface SignalScan {
  /** First bar ≥ `from` with an entry of one side; -1 if none. Both sides at once cancel out and call `onConflict`. */
  nextEntry(from: number, onConflict: () => void): number;
  /** Which side the entry at `bar` is. */
  directionAt(bar: number): Direction;
  /** First bar ≥ `from` that ends a position by signal, its exit bit or the other side's entry; `length` if none. */
  nextExit(direction: Direction, from: number): number;
  /** Whether the other side enters at `bar`. */
  reversesAt(direction: Direction, bar: number): boolean;
  /** The exit that must be asked at every close, if the strategy has one for that side. */
  rule(direction: Direction): PositionRule | null;
}

export function signalScan(signals: SignalColumns, side: "both" | "long" | "short"): SignalScan {
  const { length } = signals;
  const long = side === "short" ? undefined : signals.enterLong;
  const short = side === "long" ? undefined : signals.enterShort;
  const nextLong = cursor(long, length);
  const nextShort = cursor(short, length);
  const exitLong = cursor(bitsOf(signals.exitLong), length);
  const exitShort = cursor(bitsOf(signals.exitShort), length);
  return {
    nextEntry(from, onConflict) {
      let bar = from;
      for (;;) {
        const a = nextLong(bar);
        const b = nextShort(bar);
        const first = Math.min(a, b);
        if (first >= length) return -1;
        if (a !== b) return first;
        onConflict();
        bar = first + 1;
      }
    },
    directionAt: (bar) => (long && hasBit(long, bar) ? 1 : -1),
    nextExit(direction, from) {
      const own = direction === 1 ? long : short;
      const other = direction === 1 ? nextShort : nextLong;
      const exit = (direction === 1 ? exitLong : exitShort)(from);
      let reverse = other(from);
      while (reverse < exit && own && hasBit(own, reverse)) reverse = other(reverse + 1);
      return Math.min(exit, reverse);
    },
    reversesAt(direction, bar) {
      const own = direction === 1 ? long : short;
      const other = direction === 1 ? short : long;
      return other !== undefined && hasBit(other, bar) && !(own && hasBit(own, bar));
    },
    rule(direction) {
      const exit = direction === 1 ? signals.exitLong : signals.exitShort;
      return typeof exit === "function" ? exit : null;
    },
  };
}

/** `nextBit` that remembers what it found, so that bits far ahead are not searched for again and again. */
function cursor(words: Bits | undefined, length: number): (from: number) => number {
  if (!words) return () => length;
  let searched = 0;
  let found = -1;
  return (from) => {
    if (from >= searched && from <= found) return found;
    const next = nextBit(words, from, length);
    searched = from;
    found = next < 0 ? length : next;
    return found;
  };
}

function bitsOf(exit: Bits | PositionRule | undefined): Bits | undefined {
  return typeof exit === "function" ? undefined : exit;
}
