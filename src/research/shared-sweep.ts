import { leafBatches } from "../backtest/sweep/leaf-batch.ts";
import { LeafStore } from "../backtest/sweep/leaf-store.ts";
import type { SetTable } from "../backtest/sweep/set-run.ts";
import type { StrategyPlan } from "../backtest/sweep/strategy-plan.ts";
import { resultReader, type SetMetrics, SWEEP_BYTES, setTable } from "../backtest/sweep/strategy-sweep.ts";
import type { SetResults } from "../backtest/sweep/sweep-hand.ts";
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
  readonly tables: SweepTables | null;
  readonly pool: Pool<WorkerTask, WorkerAnswer>;
}

/** What `StrategySweep.run` does, done by the workers of a pool in memory they share. */
export function sharedSweep(options: SharedSweepOptions): (sets: readonly Params[]) => Promise<SetMetrics[]> {
  const { plan, bars, tables, pool } = options;
  const store = new LeafStore(bars.length, SWEEP_BYTES, "shared");
  const reader = resultReader(plan, bars, tables);
  return async (sets) => {
    const results = new Array<SetMetrics>(sets.length).fill(null);
    for (const share of plan.shares(sets)) {
      for (const batch of leafBatches(plan.plans[share.plan]!, share.table, store)) {
        const task = { plan: share.plan, memory: store.view };
        await Promise.all(batch.groups.map((group) => pool.run({ do: "leaves", group, ...task })));
        const pieces = cut(setTable(share, batch), Math.ceil(batch.order.length / (pool.size * PIECES)));
        const found = await Promise.all(pieces.map((piece) => pool.run({ do: "sets", sets: piece, ...task })));
        let at = 0;
        found.forEach((each, k) => {
          const first = at;
          at += pieces[k]!.slots[0]!.length;
          reader(each as SetResults, (n, metrics) => {
            results[share.members[batch.order[first + n]!]!] = metrics;
          });
        });
      }
    }
    return results;
  };
}

/** The same sets in pieces of `size`; the last one may be smaller. */
function cut({ slots, values }: SetTable, size: number): SetTable[] {
  return Array.from({ length: Math.ceil(slots[0]!.length / size) }, (_, k) => {
    const [from, to] = [k * size, (k + 1) * size];
    const columns = Object.entries(values).map(([name, column]) => [name, column.slice(from, to)]);
    return { slots: slots.map((slot) => slot.slice(from, to)), values: Object.fromEntries(columns) };
  });
}
