import type { Bars } from "../../model/bar.ts";
import { BitSweep } from "./bit-sweep.ts";
import { LeafColumns } from "./leaf-columns.ts";
import { LeafStore } from "./leaf-store.ts";
import { ROW_WIDTH } from "./row.ts";
import type { StrategyPlan } from "./strategy-plan.ts";
import { type RowContext, type SweptMetrics, sweepMetrics } from "./sweep-metrics.ts";
import { ROW, type SweepTables, sweepTables } from "./tables.ts";

/** Bytes of bit columns kept, unless told. */
export const SWEEP_BYTES = 96 * 2 ** 20;

/** Sweeps a strategy's parameter sets over one span of bars, keeping what they share from call to call. */
export class StrategySweep {
  private readonly plan: StrategyPlan;
  private readonly context: RowContext;
  private readonly sweepOf: (plan: number) => BitSweep;

  constructor(plan: StrategyPlan, bars: Bars, maxBytes = SWEEP_BYTES) {
    const tables = sweepTables(bars, { delay: plan.delay, withDownside: plan.settings.withDownside });
    const shared = {
      tables,
      settings: plan.settings,
      columns: new LeafColumns(bars),
      store: new LeafStore(bars.length, maxBytes),
    };
    const sweeps: BitSweep[] = [];
    this.plan = plan;
    this.context = rowContext(plan, bars, tables);
    this.sweepOf = (k) => (sweeps[k] ??= new BitSweep({ plan: plan.plans[k]!, ...shared }));
  }

  /** The metrics of each set, in order; `null` where only a whole backtest can tell. */
  run(sets: readonly Readonly<Record<string, unknown>>[]): (SweptMetrics | null)[] {
    const results = new Array<SweptMetrics | null>(sets.length).fill(null);
    for (const { plan, members, table } of this.plan.shares(sets)) {
      const rows = this.sweepOf(plan).run(table);
      members.forEach((s, k) => {
        results[s] = sweepMetrics(rows, k * ROW_WIDTH, this.context);
      });
    }
    return results;
  }
}

/** What the rows of a plan over `bars` are read with. */
export function rowContext(plan: StrategyPlan, bars: Bars, tables: SweepTables): RowContext {
  const { length } = bars;
  return {
    ...plan.settings,
    bars: length,
    interval: bars.interval,
    squares: tables.rows[length * ROW - 1] ?? 0,
    downside: tables.downside?.[length - 1] ?? 0,
  };
}
