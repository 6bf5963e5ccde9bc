import type { Bars } from "../../model/bar.ts";
import { LeafColumns } from "./leaf-columns.ts";
import { LeafTable, type ParamTable } from "./leaf-table.ts";
import type { SweepPlan } from "./plan.ts";
import { compileScan, type LeafBits, SCAN_WIDTH, type ScanSettings } from "./scan.ts";
import { type SweepTables, sweepTables } from "./tables.ts";

export interface BitSweepOptions {
  readonly plan: SweepPlan;
  readonly bars: Bars;
  readonly settings: ScanSettings;
  /** Bars between a signal and its fill. */
  readonly delay: 0 | 1;
  /** Bytes that the bit columns of one batch may take; default 128 MB. */
  readonly maxBytes?: number;
}

/**
 * Backtests many parameter sets of long, all-in, signal-exit rules: every comparison once per distinct numbers, every
 * set by scanning words.
 */
export class BitSweep {
  private readonly options: BitSweepOptions;
  private readonly tables: SweepTables;
  private readonly columns: LeafColumns;

  constructor(options: BitSweepOptions) {
    this.options = options;
    this.tables = sweepTables(options.bars, options.delay);
    this.columns = new LeafColumns(options.bars);
  }

  /** One row of `SCAN_COLUMNS` per set, in order. */
  run(sets: ParamTable): Float64Array {
    const rows = new Float64Array(sets.length * SCAN_WIDTH);
    this.batch(sets, 0, sets.length, rows);
    return rows;
  }

  private batch(sets: ParamTable, from: number, to: number, rows: Float64Array): void {
    if (from >= to) return;
    const { plan, bars, settings, maxBytes = 128 * 2 ** 20 } = this.options;
    const table = LeafTable.fitting({ plan, sets, from, to, bars: bars.length, maxBytes });
    if (!table) {
      const middle = (from + to) >>> 1;
      this.batch(sets, from, middle, rows);
      this.batch(sets, middle, to, rows);
      return;
    }
    for (const group of table.groups) table.compute(group, this.columns);
    const scan = compileScan({ ...plan, leaves: plan.leaves.length }, this.tables, settings);
    const bits = table.instances.map((_, at) => table.leaf(at));
    const leaves: LeafBits[] = plan.leaves.map(() => bits[0]!);
    for (let s = from; s < to; s++) {
      let warmup = 0;
      for (let k = 0; k < leaves.length; k++) {
        const at = table.indexes[k]![s - from]!;
        leaves[k] = bits[at]!;
        if (table.warmup[at]! > warmup) warmup = table.warmup[at]!;
      }
      scan(leaves, warmup, rows, s * SCAN_WIDTH);
    }
  }
}
