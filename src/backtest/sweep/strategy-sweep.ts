import type { Bars } from "../../model/bar.ts";
import { leafBatches } from "./leaf-batch.ts";
import { LeafStore } from "./leaf-store.ts";
import { ROW_WIDTH } from "./row.ts";
import type { Share, StrategyPlan } from "./strategy-plan.ts";
import { SweepHand } from "./sweep-hand.ts";
import { type RowContext, type SweptMetrics, sweepMetrics } from "./sweep-metrics.ts";
import { ROW, type SweepTables, sweepTables } from "./tables.ts";

/** Bytes of bit columns kept, unless told. */
export const SWEEP_BYTES = 96 * 2 ** 20;

/**
 * Backtests many parameter sets of long, all-in, signal-exit rules: every comparison once per distinct numbers, every
 * set by scanning words. Comparisons are kept for the sets to come.
 */
export class StrategySweep {
  private readonly plan: StrategyPlan;
  private readonly context: RowContext;
  private readonly store: LeafStore;
  private readonly hand: SweepHand;

  constructor(plan: StrategyPlan, bars: Bars, maxBytes = SWEEP_BYTES) {
    const tables = tablesOf(plan, bars);
    this.plan = plan;
    this.context = rowContext(plan, bars, tables);
    this.store = new LeafStore(bars.length, maxBytes);
    this.hand = new SweepHand(plan, bars, tables);
  }

  /** The metrics of each set, in order; `null` where only a whole backtest can tell. */
  run(sets: readonly Readonly<Record<string, unknown>>[]): (SweptMetrics | null)[] {
    const results = new Array<SweptMetrics | null>(sets.length).fill(null);
    for (const share of this.plan.shares(sets)) {
      for (const { groups, slots, order } of leafBatches(this.plan.plans[share.plan]!, share.table, this.store)) {
        const memory = this.store.view;
        for (const group of groups) this.hand.compute(share.plan, group, memory);
        const rows = this.hand.scan(share.plan, slots, memory);
        writeMetrics(rows, { share, order, context: this.context }, results);
      }
    }
    return results;
  }
}

/** The market as a plan's hands read it. */
export function tablesOf(plan: StrategyPlan, bars: Bars): SweepTables {
  return sweepTables(bars, { delay: plan.delay, withDownside: plan.settings.withDownside });
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

/** Writes the metrics of rows to the places of their sets; `order` counts the members of `share`. */
export function writeMetrics(
  rows: Float64Array,
  of: { readonly share: Share; readonly order: Uint32Array; readonly context: RowContext },
  results: (SweptMetrics | null)[],
): void {
  of.order.forEach((member, n) => {
    results[of.share.members[member]!] = sweepMetrics(rows, n * ROW_WIDTH, of.context);
  });
}
