import type { Kernel } from "../indicators/kernel.ts";
import { firstHole } from "./columnloops.ts";
import type { Slot } from "./slot.ts";
import type { Step } from "./steps.ts";

/**
 * One indicator call: a kernel fed from the bar on which all its sources are known, so that it never meets a leading `NaN`.
 *
 * Where a source is undefined later on, the kernel goes on over the bars where it is defined, and the result is undefined on
 * the others. `whole` says that a slot is known to have no holes behind its warm-up, which saves looking.
 */
export function indicatorStep(
  kernel: Kernel,
  sources: readonly Slot[],
  outs: readonly Slot[],
  whole: (slot: Slot) => boolean = () => false,
): Step {
  let offset = Infinity;
  let compact: Compacted | null = null;
  const suspects = sources.filter((slot) => !whole(slot));
  const views = new Views(sources, outs);

  const settle = (): void => {
    offset = Math.max(0, ...sources.map((slot) => slot.warmup));
    outs.forEach((out, k) => {
      out.warmup = offset + kernel.warmup[k]!;
    });
  };
  settle();

  return {
    extend(from, to) {
      if (offset === Infinity) settle();
      const start = Math.min(Math.max(from, offset), to);
      if (from < start) for (const out of outs) out.numbers.fill(NaN, from, start);
      if (start === to) return;
      if (compact) {
        compact.extend(start, to);
        return;
      }
      let end = to;
      for (const slot of suspects) end = firstHole(slot.numbers, start, end);
      if (end > start) {
        views.refresh(offset);
        kernel.extend(views.src, views.out, start - offset, end - offset);
      }
      if (end === to) return;
      compact = new Compacted(kernel, sources, outs, { offset, known: end });
      compact.extend(end, to);
    },
  };
}

/** The columns from the offset on, made anew only when a column has moved to larger memory. */
class Views {
  src: Float64Array[] = [];
  out: Float64Array[] = [];
  private readonly sources: readonly Slot[];
  private readonly outs: readonly Slot[];
  private seen: (Float64Array | undefined)[] = [];

  constructor(sources: readonly Slot[], outs: readonly Slot[]) {
    this.sources = sources;
    this.outs = outs;
  }

  refresh(offset: number): void {
    if (this.seen[0] === this.sources[0]?.numbers && this.seen[1] === this.outs[0]?.numbers) return; // a frame's columns move together
    const view = (slot: Slot) => (offset === 0 ? slot.numbers : slot.numbers.subarray(offset));
    this.seen = [this.sources[0]?.numbers, this.outs[0]?.numbers];
    this.src = this.sources.map(view);
    this.out = this.outs.map(view);
  }
}

/** The defined bars of the sources side by side, and the kernel's outputs on them. */
class Compacted {
  private readonly kernel: Kernel;
  private readonly sources: readonly Slot[];
  private readonly outs: readonly Slot[];
  private src: Float64Array[];
  private out: Float64Array[];
  private count: number;

  /** Takes over from the direct way at bar `known`, with what the kernel has seen and written so far. */
  constructor(kernel: Kernel, sources: readonly Slot[], outs: readonly Slot[], at: { offset: number; known: number }) {
    this.kernel = kernel;
    this.sources = sources;
    this.outs = outs;
    this.count = at.known - at.offset;
    this.src = sources.map((slot) => slot.numbers.slice(at.offset, at.known));
    this.out = outs.map((slot) => slot.numbers.slice(at.offset, at.known));
  }

  extend(from: number, to: number): void {
    this.reserve(this.count + to - from);
    const begin = this.count;
    const bars: number[] = [];
    for (let i = from; i < to; i++) {
      for (const out of this.outs) out.numbers[i] = NaN;
      if (this.sources.some((slot) => slot.numbers[i] !== slot.numbers[i])) continue;
      for (let k = 0; k < this.src.length; k++) this.src[k]![this.count] = this.sources[k]!.numbers[i]!;
      bars.push(i);
      this.count++;
    }
    this.kernel.extend(this.src, this.out, begin, this.count);
    for (let k = 0; k < this.outs.length; k++) {
      for (let j = 0; j < bars.length; j++) this.outs[k]!.numbers[bars[j]!] = this.out[k]![begin + j]!;
    }
  }

  private reserve(length: number): void {
    const room = this.src[0]!.length;
    if (room >= length) return;
    const more = (column: Float64Array): Float64Array => {
      const next = new Float64Array(Math.max(length, 2 * room));
      next.set(column);
      return next;
    };
    this.src = this.src.map(more);
    this.out = this.out.map(more);
  }
}
