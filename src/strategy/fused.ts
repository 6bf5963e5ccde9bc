import { type Bits, bits } from "../core/bits.ts";
import type { Bars } from "../model/bar.ts";
import { fusedCode } from "./fusedcode.ts";
import type { Graph } from "./graph.ts";
import { closed } from "./node.ts";
import { LEVELS, type LevelName, type SignalName } from "./rules.ts";
import type { Level, SignalColumns } from "./signals.ts";

/** Compiled loops by their text. */
export type Loops = Map<string, FusedLoop>;
type FusedLoop = (
  bars: Bars,
  numbers: Float64Array,
  tables: readonly Float64Array[],
  outs: readonly Bits[],
  length: number,
) => number;

/**
 * The signals of `graph` in one pass from bars to bits, without any column between; the same bits as column by column.
 *
 * `null` when the graph holds more than the loop can say, or the bars hold undefined values.
 */
export function fusedSignals(graph: Graph, bars: Bars, loops: Loops): SignalColumns | null {
  const fused = fusedCode(graph);
  if (!fused) return null;
  let loop = loops.get(fused.code);
  if (!loop) {
    loop = new Function("bars", "numbers", "tables", "outs", "length", fused.code) as FusedLoop;
    loops.set(fused.code, loop);
  }
  const { length } = bars;
  const outs = fused.outputs.map(() => bits(length));
  // one undefined value stays in the state of an average for ever: then only the columns know what to skip
  if (loop(bars, fused.numbers, fused.tables, outs, length) !== 0) return null;
  const signals = Object.fromEntries(fused.outputs.map((name, k) => [name, outs[k]!])) as Record<SignalName, Bits>;
  const levels: Partial<Record<LevelName, Level>> = {};
  for (const name of LEVELS) {
    const level = graph.levels[name];
    if (level?.kind === "fraction") levels[name] = { kind: "fraction", fraction: closed(level.fraction) };
  }
  return { length, warmup: Math.min(length, fused.warmup), ...signals, ...levels };
}
