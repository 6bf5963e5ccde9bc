import { bits } from "../core/bits.ts";
import type { Interval } from "../core/time.ts";
import type { Bars } from "../model/bar.ts";
import { ColumnCache } from "./cache.ts";
import { firstHole } from "./columnloops.ts";
import { alignStep, BAR_FIELDS, type FieldSlots, HigherBars } from "./higher.ts";
import { indicatorStep } from "./indicatorstep.ts";
import { closed, type IndicatorNode, type Node } from "./node.ts";
import { outputKey } from "./nodes.ts";
import { bitSlot, constantSlot, numberSlot, type Slot } from "./slot.ts";
import { stepOf } from "./steps.ts";
import { kernelOfNode } from "./warmup.ts";

/**
 * Computes nodes over whole bars, each once, and leaves the columns in a cache.
 *
 * Not in shared memory: the collector does not see its weight, and a search would pile up gigabytes of dropped columns.
 */
export class Columnar {
  private readonly bars: Bars;
  private readonly cache: ColumnCache;
  private readonly slots = new Map<string, Slot>();
  private readonly base: FieldSlots;
  /** Columns that were let go, to be written over: fresh memory costs more than most indicators. */
  private readonly spare: Float64Array<ArrayBuffer>[] = [];
  private readonly own = new Set<Float64Array<ArrayBuffer>>();
  /** Readers still to come of each node; `null`: columns are kept for whoever asks. */
  private readonly readers: Map<string, number> | null;

  /** With `readers` (how many rules and nodes read each key) a column is let go after its last reader. */
  constructor(bars: Bars, cache: ColumnCache = new ColumnCache(), readers: Map<string, number> | null = null) {
    cache.serve(bars);
    this.bars = bars;
    this.cache = cache;
    this.readers = readers;
    this.base = Object.fromEntries(BAR_FIELDS.map((field) => [field, numberSlot(bars[field])])) as FieldSlots;
  }

  /** The column of `node`. It belongs to the cache: read only. */
  slot(node: Node): Slot {
    const known = this.slots.get(node.key) ?? this.cached(node);
    if (known) return known;
    const slot = this.computed(node);
    this.slots.set(node.key, slot);
    for (const input of node.inputs) this.release(input);
    if (node.op !== "constant" && node.op !== "field") {
      this.cache.set(node.key, { column: node.boolean ? slot.bits : slot.numbers, warmup: slot.warmup });
    }
    return slot;
  }

  private cached(node: Node): Slot | undefined {
    if (node.op === "constant" || node.op === "field") return undefined;
    const found = this.cache.get(node.key);
    if (!found) return undefined;
    const { column, warmup } = found;
    const slot = column instanceof Float64Array ? numberSlot(column, warmup) : bitSlot(column, warmup);
    this.slots.set(node.key, slot);
    return slot;
  }

  private computed(node: Node): Slot {
    switch (node.op) {
      case "constant":
        return constantSlot(closed(node.value));
      case "field":
        return (node.frame === "base" ? this.base : this.higher(node.frame as Interval).fields)[node.field];
      case "position":
        throw new TypeError(`${node.key} has no column`);
      case "indicator":
        return this.indicator(node);
      case "higher": {
        const input = this.slot(node.inputs[0]!);
        const out = node.boolean ? bitSlot(bits(this.bars.length)) : numberSlot(this.column(this.bars.length));
        alignStep(this.higher(node.interval), input, out).extend(0, this.bars.length);
        return out;
      }
      default: {
        const inputs = node.inputs.map((input) => this.slot(input));
        const length = this.lengthOf(node);
        const out = node.boolean ? bitSlot(bits(length)) : numberSlot(this.column(length));
        stepOf(node, inputs, out).extend(0, length);
        return out;
      }
    }
  }

  private indicator(node: IndicatorNode): Slot {
    const inputs = node.inputs.map((input) => this.slot(input));
    const length = this.lengthOf(node);
    const kernel = kernelOfNode(node);
    const outs = kernel.warmup.map(() => numberSlot(this.column(length)));
    const whole = (slot: Slot) =>
      this.cache.isWhole(slot.numbers, () => firstHole(slot.numbers, slot.warmup, length) >= length);
    indicatorStep(kernel, inputs, outs, whole).extend(0, length);
    outs.forEach((out, k) => {
      const key = outputKey(node.call, node.indicator, k);
      if (this.readers && !this.readers.has(key)) {
        this.keepSpare(out.numbers); // an output that nobody reads
        return;
      }
      this.slots.set(key, out);
      this.cache.set(key, { column: out.numbers, warmup: out.warmup });
    });
    return outs[node.output]!;
  }

  private release(node: Node): void {
    if (!this.readers) return;
    const left = (this.readers.get(node.key) ?? 1) - 1;
    this.readers.set(node.key, left);
    if (left > 0) return;
    const slot = this.slots.get(node.key);
    this.slots.delete(node.key);
    if (slot && !node.boolean && slot.constant === null) this.keepSpare(slot.numbers);
  }

  private column(length: number): Float64Array<ArrayBuffer> {
    const at = this.spare.findIndex((column) => column.length === length);
    if (at >= 0) return this.spare.splice(at, 1)[0]!;
    const column = new Float64Array(length);
    if (this.readers) this.own.add(column);
    return column;
  }

  /** Only columns made here: those of bars are somebody else's. */
  private keepSpare(column: Float64Array): void {
    const own = column as Float64Array<ArrayBuffer>;
    if (!this.own.has(own)) return;
    this.cache.forget(own);
    this.spare.push(own);
  }

  private lengthOf(node: Node): number {
    if (node.frame === null || node.frame === "base") return this.bars.length;
    return this.higher(node.frame).length;
  }

  private higher(interval: Interval): HigherBars {
    let made = this.cache.higher.get(interval);
    if (!made) {
      made = new HigherBars(this.bars.interval, interval, this.bars.length);
      made.extend(this.base, 0, this.bars.length);
      this.cache.higher.set(interval, made);
    }
    return made;
  }
}
