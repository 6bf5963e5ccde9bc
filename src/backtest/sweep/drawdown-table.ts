/** A price seen bar by bar: its highest so far and the largest fall from a highest. */
export interface Fall {
  highest: number;
  /** Fraction of the highest, 0…1. */
  drawdown: number;
}

/** Takes bars `from`…`to` − 1 into `fall`, in time that hardly grows with their number. */
export type Deepen = (fall: Fall, from: number, to: number) => void;

/** Blocks of 16 bars, blocks of 16 blocks, and so on. */
const FANOUT_BITS = 4;
const FANOUT = 1 << FANOUT_BITS;

/** `Deepen` for the bars of a price, all of them numbers above 0. */
export function drawdownTable(price: Float64Array): Deepen {
  const levels: Level[] = [];
  for (let length = price.length >>> FANOUT_BITS; length > 0; length >>>= FANOUT_BITS) {
    levels.push(summarize(price, levels.at(-1), length));
  }
  const absorb = (level: number, fall: Fall, from: number, to: number): void => {
    if (level === 0) absorbPrices(price, fall, from, to);
    else absorbBlocks(levels[level - 1]!, fall, from, to);
  };
  return (fall, from, to) => {
    let level = 0;
    let at = from;
    let end = to;
    while (level < levels.length) {
      const block = (at + FANOUT - 1) >>> FANOUT_BITS;
      if (block >= end >>> FANOUT_BITS) break;
      absorb(level, fall, at, block << FANOUT_BITS);
      level++;
      at = block;
      end >>>= FANOUT_BITS;
    }
    absorb(level, fall, at, end);
    while (level-- > 0) {
      const whole = end << FANOUT_BITS; // blocks above took the bars before it
      end = to >>> (FANOUT_BITS * level);
      absorb(level, fall, whole, end);
    }
  };
}

interface Level {
  readonly highest: Float64Array;
  readonly lowest: Float64Array;
  readonly drawdown: Float64Array;
}

/** Every 16 entries of `below` (bars where there is none) as one; what is left over at the end has no entry. */
function summarize(price: Float64Array, below: Level | undefined, length: number): Level {
  const level = {
    highest: new Float64Array(length),
    lowest: new Float64Array(length),
    drawdown: new Float64Array(length),
  };
  const lows = below?.lowest ?? price;
  const fall: Fall = { highest: 0.5, drawdown: 0.5 };
  for (let b = 0; b < length; b++) {
    const from = b << FANOUT_BITS;
    fall.highest = 0;
    fall.drawdown = 0;
    if (below) absorbBlocks(below, fall, from, from + FANOUT);
    else absorbPrices(price, fall, from, from + FANOUT);
    let lowest = Infinity;
    for (let i = from; i < from + FANOUT; i++) if (lows[i]! < lowest) lowest = lows[i]!;
    level.highest[b] = fall.highest;
    level.lowest[b] = lowest;
    level.drawdown[b] = fall.drawdown;
  }
  return level;
}

/** Divides only where the drawdown deepens: `floor` is where it would. */
function absorbPrices(price: Float64Array, fall: Fall, from: number, to: number): void {
  let { highest, drawdown } = fall;
  let floor = highest * (1 - drawdown);
  for (let i = from; i < to; i++) {
    const value = price[i]!;
    if (value > highest) {
      highest = value;
      floor = value * (1 - drawdown);
    } else if (value < floor) {
      drawdown = 1 - value / highest;
      floor = value;
    }
  }
  fall.highest = highest;
  fall.drawdown = drawdown;
}

function absorbBlocks(level: Level, fall: Fall, from: number, to: number): void {
  let { highest, drawdown } = fall;
  let floor = highest * (1 - drawdown);
  for (let b = from; b < to; b++) {
    const low = level.lowest[b]!;
    if (low < floor) {
      drawdown = 1 - low / highest;
      floor = low;
    }
    if (level.highest[b]! <= highest) continue;
    highest = level.highest[b]!;
    drawdown = Math.max(drawdown, level.drawdown[b]!);
    floor = highest * (1 - drawdown);
  }
  fall.highest = highest;
  fall.drawdown = drawdown;
}
