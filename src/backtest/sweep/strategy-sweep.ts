import type { Metrics } from "../../metrics/metrics.ts";
import type { Bars } from "../../model/bar.ts";
import { type LeafBatch, leafBatches } from "./leaf-batch.ts";
import { LeafStore } from "./leaf-store.ts";
import type { MemoryKind } from "./memory.ts";
import { ROW_WIDTH } from "./row.ts";
import type { SetTable } from "./set-run.ts";
import type { Share, StrategyPlan } from "./strategy-plan.ts";
import { type SetResults, SweepHand } from "./sweep-hand.ts";
import { type RowContext, type SweptMetrics, sweepMetrics } from "./sweep-metrics.ts";
import type { SweepInput } from "./sweepable.ts";
import { ROW, type SweepTables, sweepTables } from "./tables.ts";

/** Bytes of bit columns kept, unless told. */
export const SWEEP_BYTES = 96 * 2 ** 20;

/** Of sums or of a simulation; `null` where only a whole backtest can tell. */
export type SetMetrics = SweptMetrics | Metrics | null;

/**
 * Backtests many parameter sets that share comparisons: each once per distinct numbers, kept for the sets to come. Then
 * every set by scanning words where sums tell all that was asked, else by simulation.
 */
export class StrategySweep {
  private readonly plan: StrategyPlan;
  private readonly reader: ResultReader;
  private readonly store: LeafStore;
  private readonly hand: SweepHand;

  constructor(plan: StrategyPlan, input: SweepInput, maxBytes = SWEEP_BYTES) {
    const tables = tablesOf(plan, input.bars, "own");
    this.plan = plan;
    this.reader = resultReader(plan, input.bars, tables);
    this.store = new LeafStore(input.bars.length, maxBytes);
    this.hand = new SweepHand(plan, input, tables);
  }

  /** The metrics of each set, in order. */
  run(sets: readonly Readonly<Record<string, unknown>>[]): SetMetrics[] {
    const results = new Array<SetMetrics>(sets.length).fill(null);
    for (const share of this.plan.shares(sets)) {
      for (const batch of leafBatches(this.plan.plans[share.plan]!, share.table, this.store)) {
        const memory = this.store.view;
        for (const group of batch.groups) this.hand.compute(share.plan, group, memory);
        const found = this.hand.results(share.plan, setTable(share, batch), memory);
        this.reader(found, (n, metrics) => {
          results[share.members[batch.order[n]!]!] = metrics;
        });
      }
    }
    return results;
  }
}

/** The sets of a batch in the order of their slots. */
export function setTable({ table }: Share, { order, slots }: LeafBatch): SetTable {
  const sorted = (column: Float64Array) => Float64Array.from(order, (s) => column[s]!);
  const values = Object.entries(table.columns).map(([name, column]) => [name, sorted(column)]);
  return { slots, values: Object.fromEntries(values) };
}

/** The market as rows are made from it; `null` where none are. */
export function tablesOf({ rows }: StrategyPlan, bars: Bars, memory: MemoryKind): SweepTables | null {
  if (!rows.ok) return null;
  return sweepTables(bars, { delay: rows.delay, withDownside: rows.settings.withDownside, memory });
}

/** Hands out the metrics of results, in order. */
export type ResultReader = (results: SetResults, visit: (n: number, metrics: SetMetrics) => void) => void;

/** Reads what the hands of a plan give. */
export function resultReader({ rows }: StrategyPlan, bars: Bars, tables: SweepTables | null): ResultReader {
  const { length, interval } = bars;
  const squares = tables?.rows[length * ROW - 1] ?? 0;
  const downside = tables?.downside?.[length - 1] ?? 0;
  const context: RowContext | null = rows.ok ? { ...rows.settings, bars: length, interval, squares, downside } : null;
  return (results, visit) => {
    if (!(results instanceof Float64Array)) for (let n = 0; n < results.length; n++) visit(n, results[n]!);
    else if (context) {
      for (let n = 0; n * ROW_WIDTH < results.length; n++) visit(n, sweepMetrics(results, n * ROW_WIDTH, context));
    }
  };
}
