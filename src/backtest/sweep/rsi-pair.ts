import type { IndicatorNode, Node } from "../../strategy/node.ts";
import { inBlocks } from "./blocks.ts";
import { type Price, priceOf } from "./price.ts";

/** A series that is the relative strength of a price. */
export interface PriceRsi {
  readonly node: IndicatorNode;
  readonly price: Price;
}

/** `node` as the relative strength of a price, if it is one. */
export function priceRsiOf(node: Node): PriceRsi | null {
  if (node.op !== "indicator" || node.indicator.name !== "rsi") return null;
  const price = priceOf(node.inputs[0]!);
  return price && { node, price };
}

/** One of two relative strengths computed side by side. */
export interface RsiLane {
  readonly period: number;
  readonly out: Float64Array;
}

/** Smoothed gains and losses up to some bar. */
interface Smoothed {
  readonly gain: number;
  readonly loss: number;
}

/**
 * Writes Wilder's relative strength index of a price for two periods at once; the numbers are the kernel's.
 *
 * One index waits on itself, each bar needs the last. Two side by side take two thirds of the time of one after the other.
 *
 * @param price a price column, without undefined values
 */
export function rsiPair(price: Float64Array, a: RsiLane, b: RsiLane): void {
  const start = Math.min(price.length, Math.max(a.period, b.period) + 1);
  const seeds = [seeded(price, a, start), seeded(price, b, start)];
  const state = Float64Array.from(seeds.flatMap(({ gain, loss }) => [gain, loss]));
  inBlocks(start, price.length, (from, to) => advance(price, [a, b], state, from, to));
}

/** Bars `from`…`to` − 1; `state` is gain and loss of the one and of the other. */
function advance(
  price: Float64Array,
  [a, b]: readonly [RsiLane, RsiLane],
  state: Float64Array,
  from: number,
  to: number,
): void {
  let [gainA, lossA, gainB, lossB] = [state[0]!, state[1]!, state[2]!, state[3]!];
  const [alphaA, alphaB] = [1 / a.period, 1 / b.period];
  const [outA, outB] = [a.out, b.out];
  let last = price[from - 1]!;
  for (let i = from; i < to; i++) {
    const value = price[i]!;
    const change = value - last;
    const size = Math.abs(change); // no branch on the sign: which way the next change goes cannot be predicted
    const up = (size + change) / 2;
    const down = (size - change) / 2;
    last = value;
    gainA += (up - gainA) * alphaA;
    lossA += (down - lossA) * alphaA;
    gainB += (up - gainB) * alphaB;
    lossB += (down - lossB) * alphaB;
    const balanceA = (gainA - lossA) / (gainA + lossA);
    const balanceB = (gainB - lossB) / (gainB + lossB);
    outA[i] = balanceA === balanceA ? 50 + 50 * balanceA : 50; // 50 where nothing has moved
    outB[i] = balanceB === balanceB ? 50 + 50 * balanceB : 50;
  }
  state.set([gainA, lossA, gainB, lossB]);
}

/** The first `end` bars of one index. */
function seeded(price: Float64Array, { period, out }: RsiLane, end: number): Smoothed {
  const alpha = 1 / period;
  let gain = 0;
  let loss = 0;
  out.fill(NaN, 0, Math.min(period, end));
  for (let i = 1; i < end; i++) {
    const change = price[i]! - price[i - 1]!;
    const weight = i < period ? 1 / i : alpha;
    gain += (Math.max(change, 0) - gain) * weight;
    loss += (Math.max(-change, 0) - loss) * weight;
    if (i < period) continue;
    const moved = gain + loss;
    const balance = i === period ? (50 * (gain - loss)) / moved : 50 * ((gain - loss) / moved);
    out[i] = moved === 0 ? 50 : 50 + balance;
  }
  return { gain, loss };
}
