import type { Bits } from "../core/bits.ts";
import { ArgumentError } from "../core/errors.ts";
import type { Interval } from "../core/time.ts";
import type { Bars } from "../model/bar.ts";
import type { HigherBars } from "./higher.ts";

/** A computed column: numbers or bits, with its count of leading bars not known. */
export interface CachedColumn {
  readonly column: Float64Array | Bits;
  readonly warmup: number;
}

/**
 * Columns of one span of bars under the canonical keys of their nodes, so that runs with other parameters share them.
 *
 * At most `maxBytes`: what was not used for longest goes first.
 */
export class ColumnCache {
  readonly maxBytes: number;
  /** @internal Bars of longer intervals made from the same span. */
  readonly higher = new Map<Interval, HigherBars>();
  /** Look-ups that found their column. */
  hits = 0;
  /** Look-ups that did not. */
  misses = 0;
  private readonly columns = new Map<string, CachedColumn>();
  private readonly holes = new WeakMap<Float64Array, boolean>();
  private bars: Bars | null = null;
  private used = 0;

  /** 256 MB unless told. */
  constructor(maxBytes = 256 * 2 ** 20) {
    this.maxBytes = maxBytes;
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.used;
  }

  /** The first bars it serves are the only ones. @throws ArgumentError `CACHE_BARS` for others */
  serve(bars: Bars): void {
    this.bars ??= bars;
    if (this.bars === bars || (this.bars.close === bars.close && this.bars.time === bars.time)) return;
    throw new ArgumentError("CACHE_BARS", "a column cache serves one span of bars; make another cache for other bars");
  }

  get(key: string): CachedColumn | undefined {
    const found = this.columns.get(key);
    if (!found) {
      this.misses++;
      return undefined;
    }
    this.hits++;
    this.columns.delete(key); // to the end: the order of the map is the order of use
    this.columns.set(key, found);
    return found;
  }

  set(key: string, entry: CachedColumn): void {
    this.drop(key);
    if (entry.column.byteLength > this.maxBytes) return;
    this.columns.set(key, entry);
    this.used += entry.column.byteLength;
    for (const oldest of this.columns.keys()) {
      if (this.used <= this.maxBytes) break;
      this.drop(oldest);
    }
  }

  /** Whether `column` has no undefined values behind its warm-up; `look` finds out, once. @internal */
  isWhole(column: Float64Array, look: () => boolean): boolean {
    let whole = this.holes.get(column);
    if (whole === undefined) {
      whole = look();
      this.holes.set(column, whole);
    }
    return whole;
  }

  /** `column` will be written over: what is known of it is void. @internal */
  forget(column: Float64Array): void {
    this.holes.delete(column);
  }

  private drop(key: string): void {
    const entry = this.columns.get(key);
    if (!entry) return;
    this.columns.delete(key);
    this.used -= entry.column.byteLength;
  }
}
