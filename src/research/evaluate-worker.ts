import { workerData } from "node:worker_threads";
import type { LeafInstance } from "../backtest/sweep/leaf-batch.ts";
import type { LeafMemory } from "../backtest/sweep/leaf-store.ts";
import { strategyPlan } from "../backtest/sweep/strategy-plan.ts";
import { SweepHand } from "../backtest/sweep/sweep-hand.ts";
import type { SweepTables } from "../backtest/sweep/tables.ts";
import type { MetricName } from "../metrics/catalogue.ts";
import type { Params } from "../optimize/space.ts";
import { loadStrategy } from "../strategies/load.ts";
import { evaluateWhole, type Fixed, wantedMetrics } from "./evaluator.ts";
import type { Evaluation } from "./search.ts";
import { serveTasks } from "./serve-tasks.ts";

/** What a worker is started with: the strategy by name or file, the rest as it is; columns are shared memory. */
export interface WorkerSubject {
  readonly strategy: string;
  readonly fixed: Omit<Fixed, "strategy">;
  readonly objective: MetricName;
  /** Set when parameter sets are swept. */
  readonly tables: SweepTables | null;
}

/** Whole backtests of some sets, or a piece of a sweep: bit columns, or rows of some sets. */
export type WorkerTask =
  | { readonly do: "backtests"; readonly sets: readonly Params[] }
  | {
      readonly do: "leaves";
      readonly plan: number;
      readonly group: readonly LeafInstance[];
      readonly memory: LeafMemory;
    }
  | {
      readonly do: "rows";
      readonly plan: number;
      readonly slots: readonly Int32Array[];
      readonly memory: LeafMemory;
    };

export type WorkerAnswer = Evaluation[] | Float64Array | null;

const subject = workerData as WorkerSubject;
const fixed: Fixed = { ...subject.fixed, strategy: loadStrategy(subject.strategy) };
const whole = evaluateWhole(fixed);
const hand = subject.tables && handOf(subject.tables);

serveTasks((task: WorkerTask): WorkerAnswer => {
  if (task.do === "backtests") return whole(task.sets);
  if (task.do === "rows") return hand!.scan(task.plan, task.slots, task.memory);
  hand!.compute(task.plan, task.group, task.memory);
  return null;
});

function handOf(tables: SweepTables): SweepHand | null {
  const made = strategyPlan(fixed, wantedMetrics(subject.objective));
  return made.ok ? new SweepHand(made.plan, fixed.bars, tables) : null;
}
