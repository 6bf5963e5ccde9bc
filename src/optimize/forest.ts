import type { Random } from "../core/random.ts";

/** Training data in bins: every coordinate is the number of a bin, so that a split is found by counting. */
export interface BinnedData {
  readonly count: number;
  /** Column-major: bin of row `i` in feature `j` is `bins[j][i]`. */
  readonly bins: readonly Uint8Array[];
  /** Number of bins per feature, ≤ 256. */
  readonly binCounts: readonly number[];
  readonly values: Float64Array;
}

/** A leaf of a regression tree: the box of bins it covers, `low[j]` ≤ bin < `high[j]`, and its mean. */
export interface Leaf {
  readonly low: Uint16Array;
  readonly high: Uint16Array;
  readonly mean: number;
}

/** Rows a leaf has at least, and splits from the root at most. */
const LEAF_ROWS = 3;
const DEPTH = 16;

/** A regression tree grown on a bootstrap sample, as its leaves. They tile the box of all bins. */
export function growTree(data: BinnedData, rng: Random): Leaf[] {
  const rows = Uint32Array.from({ length: data.count }, () => rng.below(data.count));
  const leaves: Leaf[] = [];
  const low = new Uint16Array(data.bins.length);
  const high = Uint16Array.from(data.binCounts);
  grow(data, { rows, low, high, depth: 0 }, leaves);
  return leaves;
}

interface Node {
  readonly rows: Uint32Array;
  readonly low: Uint16Array;
  readonly high: Uint16Array;
  readonly depth: number;
}

function grow(data: BinnedData, node: Node, leaves: Leaf[]): void {
  const { rows, low, high, depth } = node;
  let sum = 0;
  for (const row of rows) sum += data.values[row]!;
  const cut = depth < DEPTH && rows.length >= 2 * LEAF_ROWS ? bestCut(data, node, sum) : null;
  if (!cut) {
    leaves.push({ low, high, mean: sum / rows.length });
    return;
  }
  const bins = data.bins[cut.feature]!;
  const leftHigh = high.slice();
  const rightLow = low.slice();
  leftHigh[cut.feature] = cut.at;
  rightLow[cut.feature] = cut.at;
  grow(data, { rows: rows.filter((row) => bins[row]! < cut.at), low, high: leftHigh, depth: depth + 1 }, leaves);
  grow(data, { rows: rows.filter((row) => bins[row]! >= cut.at), low: rightLow, high, depth: depth + 1 }, leaves);
}

interface Cut {
  readonly feature: number;
  /** First bin of the right side. */
  readonly at: number;
}

/** The cut that lowers the squared error most; `null` if none does. */
function bestCut(data: BinnedData, { rows, low, high }: Node, sum: number): Cut | null {
  const whole = (sum * sum) / rows.length;
  let best: Cut | null = null;
  let bestGain = 1e-12 * Math.abs(whole);
  for (let feature = 0; feature < data.bins.length; feature++) {
    const bins = data.bins[feature]!;
    const from = low[feature]!;
    const width = high[feature]! - from;
    if (width < 2) continue;
    const counts = new Uint32Array(width);
    const sums = new Float64Array(width);
    for (const row of rows) {
      const bin = bins[row]! - from;
      counts[bin]!++;
      sums[bin]! += data.values[row]!;
    }
    let leftCount = 0;
    let leftSum = 0;
    for (let bin = 0; bin + 1 < width; bin++) {
      leftCount += counts[bin]!;
      leftSum += sums[bin]!;
      const rightCount = rows.length - leftCount;
      if (counts[bin] === 0 || leftCount < LEAF_ROWS) continue;
      if (rightCount < LEAF_ROWS) break;
      const gain = leftSum ** 2 / leftCount + (sum - leftSum) ** 2 / rightCount - whole;
      if (gain > bestGain) {
        bestGain = gain;
        best = { feature, at: from + bin + 1 };
      }
    }
  }
  return best;
}
