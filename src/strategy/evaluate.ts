import { type Bits, bits } from "../core/bits.ts";
import type { Bars } from "../model/bar.ts";
import { clearBelow } from "./bitloops.ts";
import { ColumnCache } from "./cache.ts";
import { Columnar } from "./columnar.ts";
import { fusedSignals } from "./fused.ts";
import { type Graph, graphOf, type LevelNode, readersOf, rootsOf } from "./graph.ts";
import { closed, type Node } from "./node.ts";
import { positionRule } from "./positionrule.ts";
import { resolveParams } from "./resolve.ts";
import { LEVELS, SIGNALS } from "./rules.ts";
import type { Level, PositionRule, SignalColumns } from "./signals.ts";
import type { Slot } from "./slot.ts";
import type { Strategy } from "./strategy.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * All signals of `strategy` over `bars`. Parameters not given have their defaults.
 *
 * With a `cache` every column is kept for the next call on the same bars; without, common rules run as one compiled loop.
 * Either way the bits are the same.
 *
 * @throws ArgumentError `PARAM_UNKNOWN`, `PARAM_TYPE`, `PARAM_RANGE`, `INTERVAL`, `CACHE_BARS`; ConfigError `RULES_THROW`, `RULES_SHAPE`
 */
export function signalsOf(
  strategy: Strategy,
  params: Readonly<Record<string, unknown>>,
  bars: Bars,
  cache?: ColumnCache,
): SignalColumns {
  const graph = graphOf(strategy, resolveParams(strategy, params));
  const fused = cache ? null : fusedSignals(graph, bars, strategy.loops);
  return fused ?? columnarSignals(graph, bars, cache);
}

/** {@link signalsOf} for a graph that is already built, column by column. */
export function columnarSignals(graph: Graph, bars: Bars, cache?: ColumnCache): SignalColumns {
  const columnar = cache ? new Columnar(bars, cache) : new Columnar(bars, new ColumnCache(0), readersOf(graph));
  const slotOf = (node: Node) => columnar.slot(node);
  const warmup = Math.min(bars.length, warmupOf(graph, slotOf));
  const columns: Mutable<SignalColumns> = { length: bars.length, warmup };
  for (const name of SIGNALS) {
    const node = graph.signals[name];
    if (!node) continue;
    const rule = node.position
      ? positionRule(node, slotOf, (i) => i >= warmup)
      : masked(slotOf(node).bits, warmup, bars.length);
    columns[name as "exitLong"] = rule as Bits | PositionRule; // the graph has refused a position in an entry
  }
  for (const name of LEVELS) {
    const level = graph.levels[name];
    if (level) columns[name] = levelColumns(level, slotOf, bars.length);
  }
  if (graph.size) columns.size = numbersOf(slotOf(graph.size), bars.length);
  return columns;
}

/** Leading bars on which some rule of the graph is not known. */
export function warmupOf(graph: Graph, slotOf: (node: Node) => Slot): number {
  return Math.max(0, ...known(rootsOf(graph)).map((node) => slotOf(node).warmup));
}

/** The topmost expressions below `roots` that do not depend on the position. */
function known(roots: readonly Node[]): Node[] {
  return roots.flatMap((node) => (!node.position ? [node] : node.op === "position" ? [] : known(node.inputs)));
}

/** `column` without its first `warmup` bits; the column itself if there are none. */
function masked(column: Bits, warmup: number, length: number): Bits {
  let any = 0;
  const last = Math.min(column.length, (warmup + 31) >>> 5);
  for (let w = 0; w < last; w++) any |= column[w]!;
  if (any === 0) return column;
  const copy = bits(length);
  copy.set(column);
  clearBelow(copy, warmup, 0, length);
  return copy;
}

function levelColumns(level: LevelNode, slotOf: (node: Node) => Slot, length: number): Level {
  if (level.kind === "fraction") return { kind: "fraction", fraction: closed(level.fraction) };
  const column = numbersOf(slotOf(level.node), length);
  return level.kind === "distance" ? { kind: "distance", distance: column } : { kind: "price", price: column };
}

function numbersOf(slot: Slot, length: number): Float64Array {
  return slot.constant === null ? slot.numbers : new Float64Array(length).fill(slot.constant);
}
