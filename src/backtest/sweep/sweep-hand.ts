import type { Bars } from "../../model/bar.ts";
import type { LeafInstance } from "./leaf-batch.ts";
import { LeafColumns } from "./leaf-columns.ts";
import { computeGroup } from "./leaf-group.ts";
import type { LeafMemory } from "./leaf-store.ts";
import { type SetScan, setScan } from "./set-scan.ts";
import type { StrategyPlan } from "./strategy-plan.ts";
import type { SweepTables } from "./tables.ts";

/** The work of a sweep as one thread does it, in memory it may share with others: bit columns first, then sets. */
export class SweepHand {
  private readonly plan: StrategyPlan;
  private readonly tables: SweepTables;
  private readonly columns: LeafColumns;
  private readonly scans: SetScan[] = [];

  constructor(plan: StrategyPlan, bars: Bars, tables: SweepTables) {
    this.plan = plan;
    this.tables = tables;
    this.columns = new LeafColumns(bars);
  }

  /** Computes the bit columns of a group into their slots. `plan` counts the plans of the strategy. */
  compute(plan: number, group: readonly LeafInstance[], memory: LeafMemory): void {
    computeGroup(group, this.plan.plans[plan]!.leaves, this.columns, memory);
  }

  /** One row per set, whose leaves are in `slots[k][s]`. */
  scan(plan: number, slots: readonly Int32Array[], memory: LeafMemory): Float64Array {
    this.scans[plan] ??= setScan(this.plan.plans[plan]!, this.tables, this.plan.settings);
    return this.scans[plan](memory, slots);
  }
}
