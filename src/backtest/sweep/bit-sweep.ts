import { type LeafBatch, leafBatch, type ParamTable } from "./leaf-batch.ts";
import type { LeafColumns } from "./leaf-columns.ts";
import { computeGroup } from "./leaf-group.ts";
import type { LeafStore } from "./leaf-store.ts";
import type { SweepPlan } from "./plan.ts";
import { ROW_WIDTH, type RowSettings } from "./row.ts";
import { readingOrder, type SetScan, setScan } from "./set-scan.ts";
import type { SweepTables } from "./tables.ts";

export interface BitSweepOptions {
  readonly plan: SweepPlan;
  readonly settings: RowSettings;
  readonly tables: SweepTables;
  readonly columns: LeafColumns;
  readonly store: LeafStore;
}

/**
 * Backtests many parameter sets of long, all-in, signal-exit rules: every comparison once per distinct numbers, every
 * set by scanning words. Comparisons are kept in the store for the sets to come.
 */
export class BitSweep {
  private readonly options: BitSweepOptions;
  private readonly scan: SetScan;

  constructor(options: BitSweepOptions) {
    this.options = options;
    this.scan = setScan(options.plan, options.tables, options.settings);
  }

  /** One row of `ROW_COLUMNS` per set, in order. */
  run(sets: ParamTable): Float64Array {
    const { plan, columns, store } = this.options;
    const rows = new Float64Array(sets.length * ROW_WIDTH);
    eachBatch(plan, sets, store, (batch, from, to) => {
      for (const group of batch.groups) computeGroup(group, plan.leaves, columns, store.view);
      const own = rows.subarray(from * ROW_WIDTH, to * ROW_WIDTH);
      this.scan(store.view, batch.slots, readingOrder(batch.slots, to - from), own);
    });
    return rows;
  }
}

/** Hands out the sets in batches whose bit columns fit into the store; each is to be done before the next. */
function eachBatch(
  plan: SweepPlan,
  sets: ParamTable,
  store: LeafStore,
  visit: (batch: LeafBatch, from: number, to: number) => void,
): void {
  const half = (from: number, to: number): void => {
    if (from >= to) return;
    const batch = leafBatch(plan, sets, { from, to }, store);
    if (batch) visit(batch, from, to);
    else {
      const middle = (from + to) >>> 1;
      half(from, middle);
      half(middle, to);
    }
  };
  half(0, sets.length);
}
