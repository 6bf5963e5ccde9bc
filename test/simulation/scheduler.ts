import type { Random } from "../../src/core/random.ts";

interface Entry {
  readonly at: number;
  readonly key: number;
  readonly run: () => void;
}

/** Virtual time: events in order of time, those of one millisecond in an order the seed decides. */
export class Scheduler {
  now: number;
  /** Events run so far. */
  count = 0;
  private readonly heap: Entry[] = [];
  private readonly dice: Random;

  constructor(start: number, dice: Random) {
    this.now = start;
    this.dice = dice;
  }

  in(ms: number, run: () => void): void {
    this.at(this.now + ms, run);
  }

  at(time: number, run: () => void): void {
    const { heap } = this;
    const entry = { at: Math.max(Math.ceil(time), this.now), key: this.dice.next(), run };
    let i = heap.push(entry) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (!isBefore(entry, heap[up]!)) break;
      heap[i] = heap[up]!;
      i = up;
    }
    heap[i] = entry;
  }

  /** Runs the next event; false when there is none before `until`. */
  step(until: number): boolean {
    const first = this.heap[0];
    if (!first || first.at > until) return false;
    const last = this.heap.pop()!;
    if (last !== first) this.sink(last);
    this.now = first.at;
    this.count += 1;
    first.run();
    return true;
  }

  private sink(entry: Entry): void {
    const { heap } = this;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child += 1;
      if (!isBefore(heap[child]!, entry)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = entry;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.key < b.key);
}
