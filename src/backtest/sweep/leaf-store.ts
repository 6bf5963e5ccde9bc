import type { Bits } from "../../core/bits.ts";
import { type MemoryKind, memoryOf } from "./memory.ts";

/** Slots of bit columns as a thread needs them to read or write. */
export interface LeafMemory {
  /** Slot `k` begins at `k × stride`: `words` words of bits, then their summary. */
  readonly memory: Bits;
  /** Leading bars that are not known, per slot. */
  readonly warmup: Int32Array;
  readonly words: number;
  readonly stride: number;
}

/** Fewest slots that are made at once. */
const FIRST_SLOTS = 64;

/**
 * Bit columns by name, kept from batch to batch in as much memory as allowed; full, it forgets all it has.
 *
 * Memory is taken as it is needed: a page that nobody touched costs nothing.
 */
export class LeafStore {
  private readonly words: number;
  private readonly stride: number;
  private readonly most: number;
  private readonly kind: MemoryKind;
  private memory: Bits = new Uint32Array(0);
  private warmup: Int32Array = new Int32Array(0);
  private readonly slots = new Map<string, number>();

  /** For columns of `bars` bits; at least one batch of one set always fits. */
  constructor(bars: number, maxBytes: number, kind: MemoryKind = "own") {
    this.kind = kind;
    this.words = (bars + 31) >>> 5;
    this.stride = this.words + ((this.words + 31) >>> 5);
    this.most = Math.max(1, Math.floor(maxBytes / (this.stride * 4)));
  }

  get view(): LeafMemory {
    const { memory, warmup, words, stride } = this;
    return { memory, warmup, words, stride };
  }

  /**
   * A slot for each of the distinct `names`, in order, and which of them hold nothing yet; `null` when they are more than
   * fit at once. Slots given before may be forgotten. With `force` they fit whatever they take.
   */
  allot(names: readonly string[], force: boolean): { slots: Int32Array; fresh: number[] } | null {
    if (names.length > this.most && !force) return null;
    let unknown = names.reduce((count, name) => count + Number(!this.slots.has(name)), 0);
    if (this.slots.size + unknown > this.most) {
      this.slots.clear();
      unknown = names.length;
    }
    this.reserve(this.slots.size, this.slots.size + unknown);
    const fresh: number[] = [];
    const slots = Int32Array.from(names, (name, k) => {
      const known = this.slots.get(name);
      if (known !== undefined) return known;
      fresh.push(k);
      const slot = this.slots.size;
      this.slots.set(name, slot);
      return slot;
    });
    return { slots, fresh };
  }

  /** Makes room for `slots`, of which the first `used` are kept. */
  private reserve(used: number, slots: number): void {
    if (slots <= this.warmup.length) return;
    const room = Math.max(slots, Math.min(this.most, Math.max(FIRST_SLOTS, 2 * this.warmup.length)));
    const memory = new Uint32Array(memoryOf(this.kind, room * this.stride * 4));
    const warmup = new Int32Array(memoryOf(this.kind, room * 4));
    memory.set(this.memory.subarray(0, used * this.stride));
    warmup.set(this.warmup.subarray(0, used));
    this.memory = memory;
    this.warmup = warmup;
  }
}
