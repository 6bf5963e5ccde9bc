import type { Bits } from "../../core/bits.ts";
import { sharedColumn } from "../../core/columns.ts";
import type { Bars } from "../../model/bar.ts";
import { COMPARE } from "../../strategy/bitloops.ts";
import { ColumnCache } from "../../strategy/cache.ts";
import { Columnar } from "../../strategy/columnar.ts";
import { closed, type Node } from "../../strategy/node.ts";
import { kernelOfNode } from "../../strategy/warmup.ts";
import { emaBits } from "./ema-lanes.ts";
import type { EmaLeaf } from "./plan.ts";
import { priceOf } from "./price.ts";

/** A computed series and its leading bars without value. The array may be overwritten by the next one. */
export interface Column {
  readonly numbers: Float64Array;
  readonly warmup: number;
}

/** Bars worked on at a time, so that a column is compared while it is still near the processor. */
const BLOCK = 4096;
/** What nodes without a short way may keep while a sweep goes on. */
const CACHE_BYTES = 32 * 2 ** 20;

/**
 * Computes the series and conditions of a sweep's leaves, one after the other, in as little memory as it can: a column
 * serves all thresholds at once and is then overwritten. The bits are those of `Columnar`.
 */
export class LeafColumns {
  private readonly bars: Bars;
  private readonly cache = new ColumnCache(CACHE_BYTES);
  private readonly scratch: Float64Array[] = [];

  constructor(bars: Bars) {
    this.bars = bars;
  }

  /** The column of a closed series. */
  series(node: Node): Column {
    const direct = this.direct(node);
    direct?.extend(0, this.bars.length);
    return direct ?? this.columnar(node);
  }

  /** Writes the bits of a closed condition and returns its leading bars that are not known. */
  condition(node: Node, out: Bits): number {
    const length = this.bars.length;
    const [left, right] = node.inputs;
    if (node.op === "compare" && (left!.op === "field" || right!.op === "field")) {
      const a = this.direct(left!);
      const b = this.direct(right!);
      if (a && b) {
        out.fill(0);
        for (let from = 0; from < length; from += BLOCK) {
          const to = Math.min(length, from + BLOCK);
          a.extend(from, to);
          b.extend(from, to);
          COMPARE[node.relation].columns(out, a.numbers, b.numbers, from, to);
        }
        return Math.max(a.warmup, b.warmup);
      }
    }
    const slot = new Columnar(this.bars, this.cache).slot(node);
    out.set(slot.bits.subarray(0, out.length));
    return slot.warmup;
  }

  /** Writes the bits of one average per period. */
  averages(leaf: EmaLeaf, periods: readonly number[], out: readonly Bits[]): void {
    emaBits(this.bars[leaf.price], periods, leaf, out);
  }

  /** A price, or an indicator straight from prices: needs no look at undefined values and no column of its own. */
  private direct(node: Node): (Column & { extend(from: number, to: number): void }) | null {
    const field = priceOf(node);
    if (field) return { numbers: this.bars[field], warmup: 0, extend() {} };
    if (node.op !== "indicator") return null;
    const fields = node.inputs.map(priceOf);
    if (fields.includes(null)) return null;
    const kernel = kernelOfNode(node);
    while (this.scratch.length < kernel.warmup.length) this.scratch.push(sharedColumn(this.bars.length));
    const out = this.scratch.slice(0, kernel.warmup.length);
    const src = fields.map((name) => this.bars[name!]);
    return {
      numbers: out[node.output]!,
      warmup: kernel.warmup[node.output]!,
      extend: (from, to) => kernel.extend(src, out, from, to),
    };
  }

  private columnar(node: Node): Column {
    const slot = new Columnar(this.bars, this.cache).slot(node);
    if (slot.constant === null) return slot;
    return { numbers: new Float64Array(this.bars.length).fill(closed(slot.constant)), warmup: 0 };
  }
}
