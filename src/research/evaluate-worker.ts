import { workerData } from "node:worker_threads";
import type { Params } from "../optimize/space.ts";
import { loadStrategy } from "../strategies/load.ts";
import { evaluateSets, type Fixed } from "./evaluator.ts";
import { serveTasks } from "./serve-tasks.ts";

/** What a worker is started with: the strategy by name or file, the rest as it is; columns are shared memory. */
export interface WorkerSubject {
  readonly strategy: string;
  readonly fixed: Omit<Fixed, "strategy">;
}

const { strategy, fixed } = workerData as WorkerSubject;
const evaluate = evaluateSets({ ...fixed, strategy: loadStrategy(strategy) });
serveTasks((sets: readonly Params[]) => evaluate(sets));
