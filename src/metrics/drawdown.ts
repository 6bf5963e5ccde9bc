import { ROUNDING } from "./tolerance.ts";

/** Everything about the falls of a curve. Indices are into that curve; fractions of the peak are 0…1. */
export interface Drawdown {
  /** Deepest fall, a fraction of its peak. */
  readonly max: number;
  /** Greatest fall in the curve's own unit; not always the same fall. */
  readonly maxMoney: number;
  /** Where the deepest fall began, bottomed and was made good; all 0 without one, `recoveryIndex` `null` if never. */
  readonly peakIndex: number;
  readonly troughIndex: number;
  readonly recoveryIndex: number | null;
  /** Root mean square of the drawdowns after the start. */
  readonly ulcer: number;
  /** Mean of the drawdowns after the start. */
  readonly pain: number;
  /** Points after the start below a former peak, as a fraction. */
  readonly underWater: number;
  /** Most points in a row below a former peak. */
  readonly longestUnderWater: number;
}

/** Fraction below the highest value so far, 0…1, for each point of `curve`; 1 from ruin on. */
export function drawdownColumn(curve: Float64Array): Float64Array {
  const column = new Float64Array(curve.length);
  let peak = curve[0] ?? 0;
  let ruined = false;
  for (let i = 0; i < curve.length; i++) {
    const value = curve[i]!;
    if (value > peak) peak = value;
    ruined ||= value <= 0;
    const depth = ruined ? 1 : 1 - value / peak;
    column[i] = depth > ROUNDING ? depth : 0;
  }
  return column;
}

/** The drawdown of `curve`, which begins with the start equity. */
export function drawdown(curve: Float64Array): Drawdown {
  const depths = drawdownColumn(curve);
  let troughIndex = 0;
  let squares = 0;
  let sum = 0;
  let under = 0;
  let spell = 0;
  let longestUnderWater = 0;
  let highest = curve[0] ?? 0;
  let maxMoney = 0;
  for (let i = 0; i < depths.length; i++) {
    const depth = depths[i]!;
    if (depth > depths[troughIndex]!) troughIndex = i;
    squares += depth * depth;
    sum += depth;
    spell = depth > 0 ? spell + 1 : 0;
    if (depth > 0) under++;
    longestUnderWater = Math.max(longestUnderWater, spell);
    highest = Math.max(highest, curve[i]!);
    maxMoney = Math.max(maxMoney, highest - curve[i]!);
  }
  const after = Math.max(1, depths.length - 1);
  const max = depths[troughIndex] ?? 0;
  const peakIndex = max > 0 ? highestBefore(curve, troughIndex) : 0;
  return {
    max,
    maxMoney: max > 0 ? maxMoney : 0,
    peakIndex,
    troughIndex,
    recoveryIndex: max > 0 ? recovery(curve, peakIndex, troughIndex) : 0,
    ulcer: Math.sqrt(squares / after),
    pain: sum / after,
    underWater: under / after,
    longestUnderWater,
  };
}

function highestBefore(curve: Float64Array, end: number): number {
  let index = 0;
  for (let i = 1; i < end; i++) if (curve[i]! > curve[index]!) index = i;
  return index;
}

function recovery(curve: Float64Array, peakIndex: number, troughIndex: number): number | null {
  const surface = curve[peakIndex]! * (1 - ROUNDING);
  for (let i = troughIndex + 1; i < curve.length; i++) if (curve[i]! >= surface) return i;
  return null;
}
