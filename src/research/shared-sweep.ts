import { leafBatches } from "../backtest/sweep/leaf-batch.ts";
import { LeafStore } from "../backtest/sweep/leaf-store.ts";
import { ROW_WIDTH } from "../backtest/sweep/row.ts";
import type { StrategyPlan } from "../backtest/sweep/strategy-plan.ts";
import { rowContext, SWEEP_BYTES, writeMetrics } from "../backtest/sweep/strategy-sweep.ts";
import type { SweptMetrics } from "../backtest/sweep/sweep-metrics.ts";
import type { SweepTables } from "../backtest/sweep/tables.ts";
import type { Bars } from "../model/bar.ts";
import type { Params } from "../optimize/space.ts";
import type { WorkerAnswer, WorkerTask } from "./evaluate-worker.ts";
import type { Pool } from "./pool.ts";

/** Pieces that the sets of a batch are cut into per worker, so that none waits long for the last. */
const PIECES = 4;

export interface SharedSweepOptions {
  readonly plan: StrategyPlan;
  readonly bars: Bars;
  readonly tables: SweepTables;
  readonly pool: Pool<WorkerTask, WorkerAnswer>;
}

/** What `StrategySweep.run` does, done by the workers of a pool in memory they share. */
export function sharedSweep(
  options: SharedSweepOptions,
): (sets: readonly Params[]) => Promise<(SweptMetrics | null)[]> {
  const { plan, bars, tables, pool } = options;
  const store = new LeafStore(bars.length, SWEEP_BYTES);
  const context = rowContext(plan, bars, tables);
  return async (sets) => {
    const results = new Array<SweptMetrics | null>(sets.length).fill(null);
    for (const share of plan.shares(sets)) {
      for (const { groups, slots, order } of leafBatches(plan.plans[share.plan]!, share.table, store)) {
        const memory = store.view;
        const task = { plan: share.plan, memory };
        await Promise.all(groups.map((group) => pool.run({ do: "leaves", group, ...task })));
        const pieces = cut(slots, pool.size * PIECES).map((each) => pool.run({ do: "rows", slots: each, ...task }));
        const rows = joined((await Promise.all(pieces)) as Float64Array[], order.length * ROW_WIDTH);
        writeMetrics(rows, { share, order, context }, results);
      }
    }
    return results;
  };
}

/** The same sets in at most `count` pieces of about the same size. */
function cut(slots: readonly Int32Array[], count: number): Int32Array[][] {
  const { length } = slots[0]!;
  const size = Math.ceil(length / count);
  return Array.from({ length: Math.ceil(length / size) }, (_, k) =>
    slots.map((slot) => slot.slice(k * size, (k + 1) * size)),
  );
}

function joined(parts: readonly Float64Array[], length: number): Float64Array {
  const all = new Float64Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
