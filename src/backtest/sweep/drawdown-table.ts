/** Extremes and drawdown of a price over a span; `drawdown` is the largest fall from a peak inside the span. */
export interface SpanDrawdown {
  highest: number;
  lowest: number;
  /** Fraction of the peak, 0…1. */
  drawdown: number;
}

/** Answers `SpanDrawdown` for any span in time that grows with its square root, not its length. */
export interface DrawdownTable {
  /** Writes the answer for bars `from`…`to`, both inclusive, into `into`. */
  query(from: number, to: number, into: SpanDrawdown): void;
}

const BLOCK_BITS = 6;
const BLOCK = 1 << BLOCK_BITS;

/** Blocks of 64 bars, and blocks of 64 blocks, each with its extremes and its own drawdown. */
export function drawdownTable(price: Float64Array): DrawdownTable {
  const single = { highest: price, lowest: price, drawdown: undefined };
  const blocks = summarize(single, price.length);
  const groups = summarize(blocks, blocks.highest.length);
  return {
    query(from, to, into) {
      into.highest = 0;
      into.lowest = Infinity;
      into.drawdown = 0;
      const end = to + 1;
      const firstBlock = (from + BLOCK - 1) >>> BLOCK_BITS;
      const lastBlock = end >>> BLOCK_BITS;
      if (firstBlock >= lastBlock) {
        absorbPrices(price, from, end, into);
        return;
      }
      absorbPrices(price, from, firstBlock << BLOCK_BITS, into);
      const firstGroup = (firstBlock + BLOCK - 1) >>> BLOCK_BITS;
      const lastGroup = lastBlock >>> BLOCK_BITS;
      if (firstGroup >= lastGroup) absorb(blocks, firstBlock, lastBlock, into);
      else {
        absorb(blocks, firstBlock, firstGroup << BLOCK_BITS, into);
        absorb(groups, firstGroup, lastGroup, into);
        absorb(blocks, lastGroup << BLOCK_BITS, lastBlock, into);
      }
      absorbPrices(price, lastBlock << BLOCK_BITS, end, into);
    },
  };
}

interface Level {
  readonly highest: Float64Array;
  readonly lowest: Float64Array;
  readonly drawdown: Float64Array | undefined;
}

/** One level up: every 64 entries of `below` as one. The last, partial block is left to the level below. */
function summarize(below: Level, length: number): Required<Level> & { drawdown: Float64Array } {
  const count = length >>> BLOCK_BITS;
  const level = {
    highest: new Float64Array(count),
    lowest: new Float64Array(count),
    drawdown: new Float64Array(count),
  };
  const span: SpanDrawdown = { highest: 0, lowest: Infinity, drawdown: 0 };
  for (let b = 0; b < count; b++) {
    span.highest = 0;
    span.lowest = Infinity;
    span.drawdown = 0;
    if (below.drawdown) absorb(below as Required<Level>, b << BLOCK_BITS, (b + 1) << BLOCK_BITS, span);
    else absorbPrices(below.highest, b << BLOCK_BITS, (b + 1) << BLOCK_BITS, span);
    level.highest[b] = span.highest;
    level.lowest[b] = span.lowest;
    level.drawdown[b] = span.drawdown;
  }
  return level;
}

function absorb(level: Level, from: number, to: number, into: SpanDrawdown): void {
  const { highest, lowest } = level;
  const drawdown = level.drawdown!;
  let { highest: high, lowest: low, drawdown: worst } = into;
  for (let i = from; i < to; i++) {
    if (drawdown[i]! > worst) worst = drawdown[i]!;
    const fall = 1 - lowest[i]! / high;
    if (fall > worst) worst = fall;
    if (highest[i]! > high) high = highest[i]!;
    if (lowest[i]! < low) low = lowest[i]!;
  }
  into.highest = high;
  into.lowest = low;
  into.drawdown = worst;
}

function absorbPrices(price: Float64Array, from: number, to: number, into: SpanDrawdown): void {
  let { highest: high, lowest: low, drawdown: worst } = into;
  for (let i = from; i < to; i++) {
    const p = price[i]!;
    if (p > high) high = p;
    else {
      const fall = 1 - p / high;
      if (fall > worst) worst = fall;
    }
    if (p < low) low = p;
  }
  into.highest = high;
  into.lowest = low;
  into.drawdown = worst;
}
