import { extname } from "node:path";
import type { Params } from "../optimize/space.ts";
import { loadStrategy } from "../strategies/load.ts";
import type { WorkerSubject } from "./evaluate-worker.ts";
import { evaluateSets } from "./evaluator.ts";
import { workerPool } from "./pool.ts";
import type { Evaluate, Evaluation } from "./search.ts";

/** Evaluates in this thread for one job, else in as many workers; the results are the same. */
export function evaluator(subject: WorkerSubject, jobs: number): { evaluate: Evaluate; close(): Promise<void> } {
  if (jobs === 1) {
    const evaluate = evaluateSets({ ...subject.fixed, strategy: loadStrategy(subject.strategy) });
    return { evaluate: async (sets) => evaluate(sets), close: async () => {} };
  }
  const module = new URL(`./evaluate-worker${extname(import.meta.filename)}`, import.meta.url);
  const pool = workerPool<readonly Params[], Evaluation[]>({ module, size: jobs, shared: subject });
  return {
    async evaluate(sets) {
      const share = Math.ceil(sets.length / jobs);
      const shares = Array.from({ length: jobs }, (_, k) => sets.slice(k * share, (k + 1) * share));
      const answers = await Promise.all(shares.filter((each) => each.length > 0).map((each) => pool.run(each)));
      return answers.flat();
    },
    close: () => pool.close(),
  };
}
