import type { Bits } from "../../core/bits.ts";
import { ema } from "../../indicators/overlap/ema.ts";
import { COMPARE } from "../../strategy/bitloops.ts";
import { RELATIONS, type Relation } from "../../strategy/formula.ts";
import { inBlocks } from "./blocks.ts";

/** A price compared with an exponential average of that price: the filter nearly every strategy has. */
export interface EmaComparison {
  readonly relation: Relation;
  /** The price stands on the left of the relation, the average on the right; or the other way round. */
  readonly priceFirst: boolean;
}

const LANES = 4;

/**
 * Writes the bits of several averages at once, as many as `periods`.
 *
 * One average waits on itself: each bar needs the last. Four side by side fill the wait, and none needs a
 * column: per average this takes a quarter of the time of kernel and comparison. The bits are theirs.
 *
 * @param price a price column, without undefined values
 */
export function emaBits(
  price: Float64Array,
  periods: readonly number[],
  of: EmaComparison,
  out: readonly Bits[],
): void {
  const seeded = (Math.max(...periods) + 31) & ~31;
  const start = Math.min(seeded, price.length);
  const head = new Float64Array(start);
  const loop = LOOPS[of.relation][of.priceFirst ? "priceFirst" : "averageFirst"];
  const plain = COMPARE[of.relation].columns;
  for (let k = 0; k < periods.length; k += LANES) {
    const lanes = Array.from({ length: LANES }, (_, j) => Math.min(k + j, periods.length - 1)); // the last one again
    const state = new Float64Array(2 * LANES);
    lanes.forEach((lane, j) => {
      ema(periods[lane]!).extend([price], [head], 0, start);
      out[lane]!.fill(0);
      if (of.priceFirst) plain(out[lane]!, price, head, 0, start);
      else plain(out[lane]!, head, price, 0, start);
      state[j] = head[start - 1] ?? NaN;
      state[LANES + j] = 2 / (periods[lane]! + 1);
    });
    const words = lanes.map((lane) => out[lane]!);
    inBlocks(start, price.length, (from, to) => loop(price, from, to, state, words));
  }
}

/** `state` holds the averages, which it moves on, and their weights. */
type Loop = (price: Float64Array, from: number, to: number, state: Float64Array, out: readonly Bits[]) => void;

function laneLoop(relation: string, priceFirst: boolean): Loop {
  const each = (text: (j: number) => string) => Array.from({ length: LANES }, (_, j) => text(j)).join(" ");
  const bit = (j: number) => (priceFirst ? `(x ${relation} m${j})` : `(m${j} ${relation} x)`);
  const code = `
    ${each((j) => `let m${j} = state[${j}]; const a${j} = state[${LANES + j}], o${j} = out[${j}];`)}
    for (let i = from; i < to; i += 32) {
      ${each((j) => `let w${j} = 0;`)}
      const count = Math.min(32, to - i);
      for (let k = 0; k < count; k++) {
        const x = price[i + k];
        ${each((j) => `m${j} += a${j} * (x - m${j}); w${j} |= ${bit(j)} << k;`)}
      }
      ${each((j) => `o${j}[i >>> 5] = w${j};`)}
    }
    ${each((j) => `state[${j}] = m${j};`)}`;
  return new Function("price", "from", "to", "state", "out", code) as Loop;
}

const LOOPS = Object.fromEntries(
  Object.entries(RELATIONS).map(([name, relation]) => [
    name,
    { priceFirst: laneLoop(relation, true), averageFirst: laneLoop(relation, false) },
  ]),
) as Readonly<Record<Relation, { readonly priceFirst: Loop; readonly averageFirst: Loop }>>;
