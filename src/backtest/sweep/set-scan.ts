import { leafBits } from "./leaf-group.ts";
import type { LeafMemory } from "./leaf-store.ts";
import type { SweepPlan } from "./plan.ts";
import { ROW_WIDTH, type RowSettings } from "./row.ts";
import { compileScan, type LeafBits } from "./scan.ts";
import type { SweepTables } from "./tables.ts";

/** Writes a row for each of `order`; `slots[k][s]` is where the bits of leaf `k` of set `s` are. */
export type SetScan = (
  memory: LeafMemory,
  slots: readonly Int32Array[],
  order: Uint32Array,
  rows: Float64Array,
) => void;

/** The scan of a plan for any sets. */
export function setScan(plan: SweepPlan, tables: SweepTables, settings: RowSettings): SetScan {
  const scan = compileScan({ ...plan, leaves: plan.leaves.length }, tables, settings);
  return (memory, slots, order, rows) => {
    const known: LeafBits[] = [];
    const leaves: LeafBits[] = [];
    for (let n = 0; n < order.length; n++) {
      const s = order[n]!;
      let warmup = 0;
      for (let k = 0; k < slots.length; k++) {
        const slot = slots[k]![s]!;
        leaves[k] = known[slot] ??= leafBits(memory, slot);
        if (memory.warmup[slot]! > warmup) warmup = memory.warmup[slot]!;
      }
      scan(leaves, warmup, rows, s * ROW_WIDTH);
    }
  };
}

/** Sets in the order of the columns they read, so that a column stays near the processor for those that share it. */
export function readingOrder(slots: readonly Int32Array[], length: number): Uint32Array {
  const order = Uint32Array.from({ length }, (_, s) => s);
  return order.sort((a, b) => {
    for (const slot of slots) if (slot[a] !== slot[b]) return slot[a]! - slot[b]!;
    return a - b;
  });
}
