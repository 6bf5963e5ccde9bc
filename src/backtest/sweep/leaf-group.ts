import { ToolkitError } from "../../core/errors.ts";
import { instantiateNode, type Values } from "../../strategy/instantiate.ts";
import type { Node } from "../../strategy/node.ts";
import { COMPARISONS, compareThresholds } from "./compare.ts";
import type { LeafInstance } from "./leaf-batch.ts";
import type { Column, LeafColumns } from "./leaf-columns.ts";
import type { LeafMemory } from "./leaf-store.ts";
import type { Leaf } from "./plan.ts";
import type { LeafBits } from "./scan.ts";

/** The bits of a slot. */
export function leafBits({ memory, words, stride }: LeafMemory, slot: number): LeafBits {
  const begin = slot * stride;
  return { bits: memory.subarray(begin, begin + words), summary: memory.subarray(begin + words, begin + stride) };
}

/** Warm-up of an instance that its indicator refuses. */
const NEVER = 2 ** 31 - 1;

/**
 * Computes the bit columns of a group into their slots. What an indicator refuses (a fast period above the slow one) is never
 * known: the sets that read it are left to whole backtests.
 */
export function computeGroup(
  group: readonly LeafInstance[],
  leaves: readonly Leaf[],
  columns: LeafColumns,
  into: LeafMemory,
): void {
  try {
    computeTogether(group, leaves, columns, into);
  } catch (error) {
    if (!(error instanceof ToolkitError)) throw error;
    if (group.length === 1) into.warmup[group[0]!.slot] = NEVER;
    else for (const one of group) computeGroup([one], leaves, columns, into);
  }
}

function computeTogether(
  group: readonly LeafInstance[],
  leaves: readonly Leaf[],
  columns: LeafColumns,
  into: LeafMemory,
): void {
  const first = leaves[group[0]!.leaf]!;
  if (first.average) averages(group, leaves, columns, into);
  else if (first.threshold) thresholds(group, leaves, columns, into);
  else {
    for (const instance of group) {
      const leaf = leaves[instance.leaf]!;
      const node = instantiateNode(leaf.node, valuesOf(leaf, instance));
      into.warmup[instance.slot] = columns.condition(node, leafBits(into, instance.slot).bits);
    }
  }
  for (const { slot } of group) summarize(leafBits(into, slot));
}

function averages(
  group: readonly LeafInstance[],
  leaves: readonly Leaf[],
  columns: LeafColumns,
  into: LeafMemory,
): void {
  const { average } = leaves[group[0]!.leaf]!;
  const periods = group.map((instance) => numberOf(average!.period, leaves[instance.leaf]!, instance));
  const out = group.map(({ slot }) => leafBits(into, slot).bits);
  columns.averages(average!, periods, out);
  group.forEach(({ slot }, k) => {
    into.warmup[slot] = periods[k]! - 1;
  });
}

function thresholds(
  group: readonly LeafInstance[],
  leaves: readonly Leaf[],
  columns: LeafColumns,
  into: LeafMemory,
): void {
  const bySeries = new Map<string, { readonly series: Node; readonly of: LeafInstance[] }>();
  for (const instance of group) {
    const leaf = leaves[instance.leaf]!;
    const series = instantiateNode(leaf.threshold!.series, valuesOf(leaf, instance));
    const known = bySeries.get(series.key);
    if (known) known.of.push(instance);
    else bySeries.set(series.key, { series, of: [instance] });
  }
  const [one, two] = [...bySeries.values()];
  if (one && two) columns.prepare(one.series, two.series);
  for (const { series, of } of bySeries.values()) comparisons(of, leaves, columns.series(series), into);
}

/** The thresholds of one series. */
function comparisons(group: readonly LeafInstance[], leaves: readonly Leaf[], column: Column, into: LeafMemory): void {
  const { memory, words, stride } = into;
  for (const is of COMPARISONS) {
    const same = group.filter(({ leaf }) => leaves[leaf]!.threshold!.is === is);
    if (same.length === 0) continue;
    const numbers = same.map((instance) => {
      const leaf = leaves[instance.leaf]!;
      return numberOf(leaf.threshold!.value, leaf, instance);
    });
    compareThresholds(column.numbers, is, numbers, { memory, starts: same.map(({ slot }) => slot * stride), words });
  }
  for (const { slot } of group) into.warmup[slot] = column.warmup;
}

/** A number of the rules, or that of the parameter of this name. */
function numberOf(value: number | string, leaf: Leaf, { numbers }: LeafInstance): number {
  return typeof value === "number" ? value : numbers[leaf.params.indexOf(value)]!;
}

function valuesOf(leaf: Leaf, { numbers }: LeafInstance): Values {
  return Object.fromEntries(leaf.params.map((name, k) => [name, numbers[k]!]));
}

function summarize({ bits, summary }: LeafBits): void {
  for (let g = 0; g < summary.length; g++) {
    const first = g << 5;
    const end = Math.min(bits.length, first + 32);
    let some = 0;
    for (let w = first; w < end; w++) some |= Number(bits[w] !== 0) << (w & 31);
    summary[g] = some;
  }
}
