import type { Observations } from "./observations.ts";
import type { Part } from "./split.ts";

/** How fast the floor under the widths of good kernels falls with their count; see `kernelWidths`. */
const SHARPENING = 1.2;

/** A kernel narrower than this many cells would only repeat its own value. */
const CELL_FLOOR = 0.5;

/**
 * Kernel widths of the rows of both parts: `width[row * d + j]`, a fraction of the range of dimension `j`.
 *
 * A kernel is as wide as the gap to the farther of its neighbours within its part, as in the original TPE, but no
 * narrower than a floor that falls as its part grows: of the good ones as n^-1.2, of the others as n^-1, down to
 * 1/100. That good kernels sharpen a little faster lets the search close in; the guide tells how it was measured.
 */
export function kernelWidths(
  observations: Observations,
  { below, above }: { readonly below: Part; readonly above: Part },
): Float64Array {
  const d = observations.dimensions.length;
  const rows = observations.size + observations.runningCount;
  const isGood = new Uint8Array(rows);
  for (const row of below.rows) isGood[row] = 1;
  const goodFloor = Math.max((below.rows.length + 2) ** -SHARPENING, 0.01);
  const badFloor = Math.max(1 / (above.rows.length + 2), 0.01);
  const widths = new Float64Array(rows * d);
  for (let j = 0; j < d; j++) {
    const { axis } = observations.dimensions[j]!;
    if (axis.kind === "choice") continue;
    const cell = axis.kind === "grid" ? 1 / axis.cells : 0;
    const one = { observations, isGood, widths, j, unit: axis.kind === "grid" ? cell : 1 };
    gaps(one, 1, Math.max(goodFloor, cell * CELL_FLOOR));
    gaps(one, 0, Math.max(badFloor, cell * CELL_FLOOR));
  }
  return widths;
}

interface Walk {
  readonly observations: Observations;
  readonly isGood: Uint8Array;
  readonly widths: Float64Array;
  readonly j: number;
  /** Size of one coordinate step as a fraction of the range. */
  readonly unit: number;
}

function gaps({ observations, isGood, widths, j, unit }: Walk, part: number, floor: number): void {
  const { coords } = observations;
  const d = observations.dimensions.length;
  const order = observations.byValue(j);
  let last = -1;
  let left = -1;
  for (let k = 0; k < order.length; k++) {
    const row = order[k]!;
    if (isGood[row] !== part) continue;
    if (last >= 0) {
      const gap = (coords[row * d + j]! - coords[last * d + j]!) * unit;
      widths[last * d + j] = Math.max(left, gap, floor);
      left = gap;
    }
    last = row;
  }
  // The last has no right neighbour; one alone has none at all and spans the range.
  if (last >= 0) widths[last * d + j] = left < 0 ? 1 : Math.max(left, floor);
}
