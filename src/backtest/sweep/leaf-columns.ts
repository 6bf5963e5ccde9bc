import { type Bits, bits } from "../../core/bits.ts";
import type { Bars } from "../../model/bar.ts";
import { COMPARE, lagBits } from "../../strategy/bitloops.ts";
import { ColumnCache } from "../../strategy/cache.ts";
import { Columnar } from "../../strategy/columnar.ts";
import { closed, type IndicatorNode, type Node } from "../../strategy/node.ts";
import { kernelOfNode } from "../../strategy/warmup.ts";
import { inBlocks } from "./blocks.ts";
import { emaBits } from "./ema-lanes.ts";
import type { EmaLeaf } from "./plan.ts";
import { priceOf } from "./price.ts";
import { priceRsiOf, rsiPair } from "./rsi-pair.ts";

/** A computed series and its leading bars without value. The array is overwritten some series later. */
export interface Column {
  readonly numbers: Float64Array;
  readonly warmup: number;
}

/** Number columns of indicators on prices that are remembered: both sides of a few comparisons. */
const REMEMBERED = 6;
/** What nodes without a short way may keep while a sweep goes on. */
const CACHE_BYTES = 32 * 2 ** 20;

/**
 * Computes the series and conditions of a sweep's leaves, one after the other, in as little memory as it can: a column
 * serves what is asked of it around the same time and is then overwritten. The bits are those of `Columnar`.
 */
export class LeafColumns {
  private readonly bars: Bars;
  private readonly cache = new ColumnCache(CACHE_BYTES);
  /** Outputs of indicators by the key of the call, the latest last. */
  private readonly recent = new Map<string, readonly Float64Array[]>();
  private readonly shifted: Bits;

  constructor(bars: Bars) {
    this.bars = bars;
    this.shifted = bits(bars.length);
  }

  /** The column of a closed series. */
  series(node: Node): Column {
    const direct = this.direct(node);
    if (direct) return direct;
    const slot = new Columnar(this.bars, this.cache).slot(node);
    if (slot.constant === null) return slot;
    return { numbers: new Float64Array(this.bars.length).fill(closed(slot.constant)), warmup: 0 };
  }

  /** Computes two closed series side by side where that is faster; `series` then finds them. */
  prepare(a: Node, b: Node): void {
    const [left, right] = [priceRsiOf(a), priceRsiOf(b)];
    if (left?.price !== right?.price || left === null || right === null) return;
    if (this.recent.has(left.node.call) || this.recent.has(right.node.call)) return;
    for (const { node } of [left, right]) kernelOfNode(node); // refuses a wrong period
    const [lane, other] = [left, right].map(({ node }) => {
      const outs = this.room(1);
      this.recent.set(node.call, outs);
      return { period: Number(node.values.period), out: outs[0]! };
    });
    rsiPair(this.bars[left.price], lane!, other!);
  }

  /** Writes the bits of a closed condition and returns its leading bars that are not known. */
  condition(node: Node, out: Bits): number {
    const { length } = this.bars;
    if (node.op === "lag") {
      const lag = closed(node.bars);
      const warmup = this.comparison(node.inputs[0]!, this.shifted);
      if (warmup !== null && lag < length) {
        lagBits(out, this.shifted, lag, 0, length);
        return warmup + lag;
      }
    }
    const warmup = this.comparison(node, out);
    if (warmup !== null) return warmup;
    const slot = new Columnar(this.bars, this.cache).slot(node);
    out.set(slot.bits.subarray(0, out.length));
    return slot.warmup;
  }

  /** Writes the bits of one average per period. */
  averages(leaf: EmaLeaf, periods: readonly number[], out: readonly Bits[]): void {
    emaBits(this.bars[leaf.price], periods, leaf, out);
  }

  /** The bits of a comparison of prices and indicators on them; `null` for any other condition. */
  private comparison(node: Node, out: Bits): number | null {
    if (node.op !== "compare") return null;
    const left = this.direct(node.inputs[0]!);
    const right = left && this.direct(node.inputs[1]!);
    if (!right) return null;
    out.fill(0);
    const compare = COMPARE[node.relation].columns;
    inBlocks(0, this.bars.length, (from, to) => compare(out, left.numbers, right.numbers, from, to));
    return Math.max(left.warmup, right.warmup);
  }

  /** A price, or an indicator straight from prices: needs no look at undefined values. */
  private direct(node: Node): Column | null {
    const field = priceOf(node);
    if (field) return { numbers: this.bars[field], warmup: 0 };
    return node.op === "indicator" && !node.inputs.map(priceOf).includes(null) ? this.indicator(node) : null;
  }

  private indicator(node: IndicatorNode): Column {
    const kernel = kernelOfNode(node);
    let outs = this.recent.get(node.call);
    this.recent.delete(node.call);
    if (!outs) {
      outs = this.room(kernel.warmup.length);
      const prices = node.inputs.map((input) => this.bars[priceOf(input)!]);
      const out = [...outs];
      inBlocks(0, this.bars.length, (from, to) => kernel.extend(prices, out, from, to));
    }
    this.recent.set(node.call, outs); // to the end: the order of the map is the order of use
    return { numbers: outs[node.output]!, warmup: kernel.warmup[node.output]! };
  }

  /**
   * Arrays to write over: those of the indicators asked for longest ago, or new ones while there are few. The latest may be
   * the other side of the same comparison and stays.
   */
  private room(count: number): Float64Array[] {
    const free: Float64Array[] = [];
    let held = [...this.recent.values()].flat().length;
    for (const [call, outs] of [...this.recent].slice(0, -1)) {
      if (held + count <= REMEMBERED) break;
      this.recent.delete(call);
      held -= outs.length;
      free.push(...outs);
    }
    return Array.from({ length: count }, () => free.pop() ?? new Float64Array(this.bars.length));
  }
}
