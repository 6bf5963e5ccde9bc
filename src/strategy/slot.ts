import type { Bits } from "../core/bits.ts";

/** The column of one node while it is computed: numbers, or bits when `bits` is there. */
export interface Slot {
  /** Columns of a node that is a constant are never looked at; this is its number. */
  readonly constant: number | null;
  numbers: Float64Array;
  bits: Bits;
  /** Leading bars not known; `Infinity` while a longer interval has not yet shown its first value. */
  warmup: number;
}

const NO_NUMBERS = new Float64Array(0);
const NO_BITS: Bits = new Uint32Array(0);

export function constantSlot(value: number): Slot {
  return { constant: value, numbers: NO_NUMBERS, bits: NO_BITS, warmup: 0 };
}

export function numberSlot(numbers: Float64Array, warmup = 0): Slot {
  return { constant: null, numbers, bits: NO_BITS, warmup };
}

export function bitSlot(bits: Bits, warmup = 0): Slot {
  return { constant: null, numbers: NO_NUMBERS, bits, warmup };
}

/** Whether the slot holds a condition. */
export function isBits(slot: Slot): boolean {
  return slot.bits !== NO_BITS;
}

/** Gives the slot's column room for `length` bars, keeping what is there. */
export function growSlot(slot: Slot, length: number): void {
  if (slot.constant !== null) return;
  if (isBits(slot)) {
    const bits = new Uint32Array((length + 31) >>> 5);
    bits.set(slot.bits);
    slot.bits = bits;
  } else {
    const numbers = new Float64Array(length);
    numbers.set(slot.numbers);
    slot.numbers = numbers;
  }
}

/** The column, or the number that stands for it. */
export function source(slot: Slot): Float64Array | number {
  return slot.constant ?? slot.numbers;
}
