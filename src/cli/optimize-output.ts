import { type TrialRecord, violation } from "../optimize/trial.ts";
import type { OptimizationInput, TrialRow } from "../report/input.ts";
import type { Optimized } from "../research/optimize-strategy.ts";

/** An optimization as its report reads it; `null` when no trial has a value. */
export function optimizationInput(
  optimized: Optimized,
  of: { readonly objective: string; readonly seed: number },
): OptimizationInput | null {
  const { study, best, inSample, outOfSample, verdict, importance } = optimized;
  if (!best || !inSample || !verdict) return null;
  return {
    study: study.name,
    strategy: inSample.strategy,
    sampler: study.sampler,
    objective: of.objective,
    seed: of.seed,
    trials: counts(study.trials),
    elapsedMs: optimized.elapsedMs,
    best: row(best),
    top: optimized.top.map(row),
    values: study.trials.map((trial) =>
      trial.state === "complete" && (optimized.infeasible || violation(trial) === 0) ? trial.values![0]! : null,
    ),
    ...(importance && { importance }),
    inSample,
    outOfSample,
    verdict,
  };
}

/** The JSON document of `optimize --json`. */
export function optimizationJson(optimized: Optimized, input: OptimizationInput): unknown {
  const { line, grade, reasons, ...significance } = input.verdict;
  return {
    study: input.study,
    strategy: input.strategy,
    sampler: input.sampler,
    objective: input.objective,
    seed: input.seed,
    trials: input.trials,
    best: { number: input.best.number, value: input.best.value, params: input.best.params },
    feasible: !optimized.infeasible,
    data: { inSample: input.inSample.data, outOfSample: input.outOfSample?.data ?? null },
    settings: optimized.inSample!.settings,
    inSample: input.inSample.metrics,
    outOfSample: input.outOfSample?.metrics ?? null,
    significance,
    verdict: { grade, line, reasons },
    top: input.top,
    importance: input.importance ?? null,
    elapsedMs: input.elapsedMs,
  };
}

function counts(trials: readonly TrialRecord[]): OptimizationInput["trials"] {
  const of = (state: TrialRecord["state"]) => trials.filter((trial) => trial.state === state).length;
  return { total: trials.length, complete: of("complete"), pruned: of("pruned"), failed: of("failed") };
}

function row({ number, values, params, metrics }: TrialRecord): TrialRow {
  return { number, value: values![0]!, params, ...(metrics && { metrics }) } as TrialRow;
}
