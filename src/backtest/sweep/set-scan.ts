import type { BoolExpression } from "./bool-expression.ts";
import { leafBits } from "./leaf-group.ts";
import type { LeafMemory } from "./leaf-store.ts";
import type { SweepPlan } from "./plan.ts";
import { ROW_WIDTH, type RowSettings } from "./row.ts";
import { compileScan, type LeafBits } from "./scan.ts";
import type { SweepTables } from "./tables.ts";

/** A row of `ROW_COLUMNS` per set; `slots[k][s]` is where the bits of leaf `k` of set `s` are. */
export type SetScan = (memory: LeafMemory, slots: readonly Int32Array[]) => Float64Array;

const NEVER: BoolExpression = { op: "constant", value: false };

/** The scan of a plan for any sets. */
export function setScan(plan: SweepPlan, tables: SweepTables, settings: RowSettings): SetScan {
  const { enterLong = NEVER, exitLong = NEVER } = plan.signals;
  const scan = compileScan({ enter: enterLong, exit: exitLong, leaves: plan.leaves.length }, tables, settings);
  return (memory, slots) => {
    const rows = new Float64Array(slots[0]!.length * ROW_WIDTH);
    const known: LeafBits[] = [];
    const leaves: LeafBits[] = [];
    for (let s = 0; s < slots[0]!.length; s++) {
      let warmup = 0;
      for (let k = 0; k < slots.length; k++) {
        const slot = slots[k]![s]!;
        leaves[k] = known[slot] ??= leafBits(memory, slot);
        if (memory.warmup[slot]! > warmup) warmup = memory.warmup[slot]!;
      }
      scan(leaves, warmup, rows, s * ROW_WIDTH);
    }
    return rows;
  };
}
