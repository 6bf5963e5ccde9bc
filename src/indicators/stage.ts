import type { Kernel } from "./kernel.ts";

/**
 * One column in, one column out: the piece kernels are put together from. Calls are contiguous, as a kernel's are.
 *
 * An undefined input gives an undefined output. A stage that looks back on a window is undefined while the window holds
 * one; a stage that carries a state leaves it as it was, so that a series may begin with any number of `NaN`.
 */
export interface Stage {
  /** Leading `NaN` outputs for an input without any. */
  readonly warmup: number;
  /** Writes `y[from..to)`, reading `x[0..to)` only. */
  run(x: Float64Array, y: Float64Array, from: number, to: number): void;
}

/** The kernel that is just this stage. */
export function kernelOf(stage: Stage): Kernel {
  return {
    warmup: [stage.warmup],
    extend: (src, out, from, to) => stage.run(src[0]!, out[0]!, from, to),
  };
}

/** Empty columns a kernel keeps between its stages; {@link grow} gives them length. */
export function scratch(count: number): Float64Array[] {
  return Array.from({ length: count }, () => new Float64Array(0));
}

/** Makes every scratch column at least `length` long, keeping what is there; by doubling, so rarely on a live series. */
export function grow(columns: Float64Array[], length: number): void {
  const had = columns[0]!.length;
  if (had >= length) return;
  const room = had === 0 ? length : Math.max(length, 2 * had);
  for (let k = 0; k < columns.length; k++) {
    const column = new Float64Array(room);
    column.set(columns[k]!);
    columns[k] = column;
  }
}
