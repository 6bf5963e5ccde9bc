/** One bit per bar: bit `i` is `words[i >>> 5] >>> (i & 31) & 1`. Bits past `length` are 0. */
export type Bits = Uint32Array;

/** All-zero bits for `length` bars, in memory that worker threads can share. */
export function bits(length: number): Bits {
  return new Uint32Array(new SharedArrayBuffer(((length + 31) >>> 5) * 4));
}

export function hasBit(words: Bits, i: number): boolean {
  return ((words[i >>> 5]! >>> (i & 31)) & 1) === 1;
}

export function setBit(words: Bits, i: number): void {
  words[i >>> 5]! |= 1 << (i & 31);
}

/** Index of the first set bit at or after `from` and before `to`; -1 if there is none. */
export function nextBit(words: Bits, from: number, to: number): number {
  if (from >= to) return -1;
  let w = from >>> 5;
  let word = words[w]! & (-1 << (from & 31));
  const last = (to - 1) >>> 5;
  while (word === 0) {
    if (++w > last) return -1;
    word = words[w]!;
  }
  const i = (w << 5) + 31 - Math.clz32(word & -word);
  return i < to ? i : -1;
}

/** Number of set bits. */
export function countBits(words: Bits): number {
  let total = 0;
  for (let w = 0; w < words.length; w++) {
    let v = words[w]!;
    v -= (v >>> 1) & 0x55555555;
    v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
    total += Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
  }
  return total;
}
