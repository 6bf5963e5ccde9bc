import { workerData } from "node:worker_threads";
import type { LeafInstance } from "../backtest/sweep/leaf-batch.ts";
import type { LeafMemory } from "../backtest/sweep/leaf-store.ts";
import type { SetTable } from "../backtest/sweep/set-run.ts";
import { strategyPlan } from "../backtest/sweep/strategy-plan.ts";
import { type SetResults, SweepHand } from "../backtest/sweep/sweep-hand.ts";
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
  /** Whether parameter sets are swept, and the tables of rows if there are any. */
  readonly sweep: { readonly tables: SweepTables | null } | null;
}

/** Whole backtests of some sets, or a piece of a sweep: bit columns, or the results of some sets. */
export type WorkerTask =
  | { readonly do: "backtests"; readonly sets: readonly Params[] }
  | {
      readonly do: "leaves";
      readonly plan: number;
      readonly group: readonly LeafInstance[];
      readonly memory: LeafMemory;
    }
  | {
      readonly do: "sets";
      readonly plan: number;
      readonly sets: SetTable;
      readonly memory: LeafMemory;
    };

export type WorkerAnswer = Evaluation[] | SetResults | null;

const subject = workerData as WorkerSubject;
const fixed: Fixed = { ...subject.fixed, strategy: loadStrategy(subject.strategy) };
const whole = evaluateWhole(fixed);
const hand = subject.sweep && handOf(subject.sweep.tables);

serveTasks((task: WorkerTask): WorkerAnswer => {
  if (task.do === "backtests") return whole(task.sets);
  if (task.do === "sets") return hand!.results(task.plan, task.sets, task.memory);
  hand!.compute(task.plan, task.group, task.memory);
  return null;
});

function handOf(tables: SweepTables | null): SweepHand | null {
  const made = strategyPlan(fixed, wantedMetrics(subject.objective));
  return made.ok ? new SweepHand(made.plan, fixed, tables) : null;
}
