import { extname } from "node:path";
import { strategyPlan } from "../backtest/sweep/strategy-plan.ts";
import { tablesOf } from "../backtest/sweep/strategy-sweep.ts";
import type { Params } from "../optimize/space.ts";
import { loadStrategy } from "../strategies/load.ts";
import type { WorkerAnswer, WorkerSubject, WorkerTask } from "./evaluate-worker.ts";
import { evaluateSets, type Fixed, sweptEvaluation, wantedMetrics } from "./evaluator.ts";
import { type Pool, workerPool } from "./pool.ts";
import type { Evaluate, Evaluation } from "./search.ts";
import { sharedSweep } from "./shared-sweep.ts";

export interface Evaluator {
  readonly evaluate: Evaluate;
  close(): Promise<void>;
}

/** Evaluates in this thread for one job, else in as many workers; the results are the same. */
export function evaluator(subject: Omit<WorkerSubject, "sweep">, jobs: number): Evaluator {
  const { objective } = subject;
  const fixed: Fixed = { ...subject.fixed, strategy: loadStrategy(subject.strategy) };
  if (jobs === 1) {
    const evaluate = evaluateSets(fixed, objective);
    return { evaluate: async (sets) => evaluate(sets), close: async () => {} };
  }
  const { bars } = fixed;
  const made = strategyPlan(fixed, wantedMetrics(objective));
  const tables = made.ok ? tablesOf(made.plan, bars, "shared") : null;
  const module = new URL(`./evaluate-worker${extname(import.meta.filename)}`, import.meta.url);
  const shared: WorkerSubject = { ...subject, sweep: made.ok ? { tables } : null };
  const pool = workerPool<WorkerTask, WorkerAnswer>({ module, size: jobs, shared });
  const sweep = made.ok ? sharedSweep({ plan: made.plan, bars, tables, pool }) : null;
  return {
    async evaluate(sets) {
      const found = sweep ? await sweep(sets) : [];
      const swept = sets.map((_, s) => sweptEvaluation(found[s] ?? null));
      const rest = await backtests(
        pool,
        sets.filter((_, s) => swept[s] === null),
      );
      let next = 0;
      return swept.map((evaluation) => evaluation ?? rest[next++]!);
    },
    close: () => pool.close(),
  };
}

/** Whole backtests, shared among the workers; neighbours go to the same one, as they often have columns in common. */
async function backtests(pool: Pool<WorkerTask, WorkerAnswer>, sets: readonly Params[]): Promise<Evaluation[]> {
  const size = Math.ceil(sets.length / pool.size);
  const shares = Array.from({ length: pool.size }, (_, k) => sets.slice(k * size, (k + 1) * size));
  const tasks = shares.filter((share) => share.length > 0);
  const answers = await Promise.all(tasks.map((share) => pool.run({ do: "backtests", sets: share })));
  return (answers as Evaluation[][]).flat();
}
