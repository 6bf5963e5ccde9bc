import { ArgumentError } from "../core/errors.ts";
import type { Random } from "../core/random.ts";

/** How a history is drawn anew from its own returns. */
export type Resampling =
  /** The same returns in another order: the total stays, the path changes. */
  | { readonly kind: "shuffle" }
  /** Drawn one by one with replacement: forgets any dependence. */
  | { readonly kind: "independent" }
  /** Drawn in blocks of that many periods, the end joined to the start. */
  | { readonly kind: "block"; readonly length: number }
  /** Drawn in blocks of random length with that mean (Politis & Romano 1994). */
  | { readonly kind: "stationary"; readonly meanLength: number };

type Uniform = Pick<Random, "next">;

/**
 * Fills `index` with the places that one new history of its length takes its returns from.
 *
 * @throws ArgumentError `BLOCK_LENGTH`
 */
export function resample(index: Int32Array, how: Resampling, random: Uniform): void {
  const n = index.length;
  const draw = () => Math.floor(random.next() * n);
  switch (how.kind) {
    case "shuffle":
      for (let i = 0; i < n; i++) index[i] = i;
      for (let i = n - 1; i > 0; i--) {
        const j = Math.floor(random.next() * (i + 1));
        const kept = index[i]!;
        index[i] = index[j]!;
        index[j] = kept;
      }
      return;
    case "independent":
      for (let i = 0; i < n; i++) index[i] = draw();
      return;
    case "block": {
      const { length } = how;
      if (!Number.isInteger(length)) throw blockLength(length);
      checkLength(length);
      for (let i = 0; i < n; ) {
        const start = draw();
        for (let k = 0; k < length && i < n; k++) index[i++] = (start + k) % n;
      }
      return;
    }
    case "stationary": {
      checkLength(how.meanLength);
      const restart = 1 / how.meanLength;
      for (let i = 0; i < n; i++) {
        index[i] = i === 0 || random.next() < restart ? draw() : (index[i - 1]! + 1) % n;
      }
    }
  }
}

function checkLength(length: number): void {
  if (!(length >= 1)) throw blockLength(length);
}

function blockLength(length: number): ArgumentError {
  return new ArgumentError("BLOCK_LENGTH", `a block must be at least 1 period long, was ${length}`, { length });
}
