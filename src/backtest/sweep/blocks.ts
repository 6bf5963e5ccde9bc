/** Bars per call of a loop; a multiple of 32. */
const BLOCK = 4096;

/**
 * Hands bars `from`…`to` − 1 to a loop in pieces; all but the last end at a multiple of 32 if `from` is one.
 *
 * A loop that is entered once a column spends its first thousands of bars in code that is not compiled yet, every time: entry
 * by entry counts, not bars. Entered often it is compiled as a whole.
 */
export function inBlocks(from: number, to: number, loop: (from: number, to: number) => void): void {
  for (let at = from; at < to; at += BLOCK) loop(at, Math.min(to, at + BLOCK));
}
