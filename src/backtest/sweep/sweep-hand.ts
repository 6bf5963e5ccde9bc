import type { Metrics } from "../../metrics/metrics.ts";
import type { LeafInstance } from "./leaf-batch.ts";
import { LeafColumns } from "./leaf-columns.ts";
import { computeGroup } from "./leaf-group.ts";
import type { LeafMemory } from "./leaf-store.ts";
import { RunRoom, type SetRun, type SetTable, setRun } from "./set-run.ts";
import { type SetScan, setScan } from "./set-scan.ts";
import type { StrategyPlan } from "./strategy-plan.ts";
import type { SweepInput } from "./sweepable.ts";
import type { SweepTables } from "./tables.ts";

/** What the sets of a batch came to: rows of sums, or metrics of simulations (`null`: a whole backtest must tell). */
export type SetResults = Float64Array | (Metrics | null)[];

/** The work of a sweep as one thread does it, in memory it may share with others: bit columns first, then sets. */
export class SweepHand {
  private readonly plan: StrategyPlan;
  private readonly input: SweepInput;
  private readonly tables: SweepTables | null;
  private readonly columns: LeafColumns;
  private readonly room: RunRoom;
  private readonly scans: SetScan[] = [];
  private readonly runs: SetRun[] = [];

  /** `tables` are those of `tablesOf`. */
  constructor(plan: StrategyPlan, input: SweepInput, tables: SweepTables | null) {
    this.plan = plan;
    this.input = input;
    this.tables = tables;
    this.columns = new LeafColumns(input.bars);
    this.room = new RunRoom(input.bars.length);
  }

  /** Computes the bit columns of a group into their slots. `plan` counts the plans of the strategy. */
  compute(plan: number, group: readonly LeafInstance[], memory: LeafMemory): void {
    computeGroup(group, this.plan.plans[plan]!.leaves, this.columns, memory);
  }

  /** What each set comes to, in order. */
  results(plan: number, sets: SetTable, memory: LeafMemory): SetResults {
    const rules = this.plan.plans[plan]!;
    const { rows, settings } = this.plan;
    if (rows.ok && this.tables) {
      this.scans[plan] ??= setScan(rules, this.tables, rows.settings);
      return this.scans[plan](memory, sets.slots);
    }
    this.runs[plan] ??= setRun(rules, this.input, settings, this.room);
    return this.runs[plan](memory, sets);
  }
}
