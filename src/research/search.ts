import type { Metrics } from "../metrics/metrics.ts";
import type { Params } from "../optimize/space.ts";
import type { Study } from "../optimize/study.ts";
import { ABANDONED, type Outcome } from "../optimize/trial.ts";

/** What one evaluation of a parameter set gave; `null` metrics are not defined there. */
export type Evaluation = { readonly metrics: TrialMetrics } | { readonly failed: string };
/** The metrics kept with every trial: enough for a table of the best, for constraints and for significance. */
export const TRIAL_METRICS = [
  "totalReturn",
  "sharpe",
  "maxDrawdown",
  "trades",
  "winRate",
  "profitFactor",
] as const satisfies readonly (keyof Metrics)[];
export type TrialMetrics = Pick<Metrics, (typeof TRIAL_METRICS)[number]> & Partial<Metrics>;

/** Evaluates parameter sets, in order. */
export type Evaluate = (sets: readonly Params[]) => Promise<readonly Evaluation[]>;

export interface Aim {
  /** Metric to search by. */
  readonly objective: keyof Metrics;
  /** Trials with fewer trades rank behind all others. */
  readonly minTrades: number;
}

export interface SearchOptions extends Aim {
  readonly study: Study;
  /** Size of the study at the end, trials of earlier runs included. */
  readonly trials: number;
  /** Trials asked for before the first of them is told. Another number, another search. */
  readonly batch: number;
  readonly evaluate: Evaluate;
  /** When aborted, the running batch is told and the search ends. */
  readonly signal: AbortSignal;
  /** Before a batch is evaluated: what is counted here misses none, wherever the process ends. */
  readonly onAsked?: (sets: readonly Params[]) => void;
  /** After every batch. */
  readonly onTold?: (told: number) => void;
}

/** Without a pause now and then, a search in one thread would not hear that it is to stop. */
const YIELD_MS = 30;

/** Asks, evaluates and tells until the study has its trials, the space is empty, or it is stopped; returns trials told. */
export async function search(options: SearchOptions): Promise<number> {
  const { study, trials, batch, signal } = options;
  let told = study.trials.filter((trial) => trial.toldAt !== null && trial.reason !== ABANDONED).length;
  let made = 0;
  let yielded = performance.now();
  while (told < trials && !signal.aborted) {
    const asked = study.askBatch(Math.min(batch, trials - told));
    if (asked.length === 0) break;
    const sets = asked.map((trial) => trial.params);
    options.onAsked?.(sets);
    const results = await options.evaluate(sets);
    const records = study.tellBatch(asked.map((trial, k) => [trial, outcomeOf(results[k]!, options)] as const));
    told += records.length;
    made += records.length;
    options.onTold?.(told);
    if (performance.now() - yielded < YIELD_MS) continue;
    await new Promise(setImmediate);
    yielded = performance.now();
  }
  return made;
}

/** What the study is told: the objective, how far a constraint is missed, the metrics; or why there is no value. */
export function outcomeOf(evaluation: Evaluation, aim: Aim): Outcome {
  if ("failed" in evaluation) return { state: "failed", reason: evaluation.failed };
  const { metrics } = evaluation;
  const value = metrics[aim.objective] ?? null;
  if (value === null) {
    const why = metrics.trades === 0 ? "no trades" : `${metrics.trades} trades`;
    return { state: "failed", reason: `${aim.objective} is not defined: ${why}`, metrics: { ...metrics } };
  }
  return { value, constraints: [aim.minTrades - metrics.trades], metrics: { ...metrics } };
}
