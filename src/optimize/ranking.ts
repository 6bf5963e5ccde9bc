import { type Direction, type TrialRecord, violation } from "./trial.ts";

/** The value of direction `k` as a cost: lower is better. */
export function cost(trial: TrialRecord, directions: readonly Direction[], k = 0): number {
  const value = trial.values![k]!;
  return directions[k] === "maximize" ? -value : value;
}

/**
 * Where a told trial stands, best first: complete and feasible by cost, then pruned (those with a value first),
 * then infeasible by violation; the earlier trial first among equals. Failed trials have no place.
 */
export function standing(trial: TrialRecord, directions: readonly Direction[]): Standing | null {
  if (trial.state !== "complete" && trial.state !== "pruned") return null;
  const broken = violation(trial);
  if (broken > 0) return { tier: 3, score: broken, number: trial.number };
  if (trial.state === "complete") return { tier: 0, score: cost(trial, directions), number: trial.number };
  if (trial.values) return { tier: 1, score: cost(trial, directions), number: trial.number };
  return { tier: 2, score: 0, number: trial.number };
}

export interface Standing {
  readonly tier: number;
  readonly score: number;
  readonly number: number;
}

export function compareStanding(a: Standing, b: Standing): number {
  return a.tier - b.tier || a.score - b.score || a.number - b.number;
}

/** Complete trials of one direction, best first, infeasible ones last; at most `count`. */
export function topTrials(trials: readonly TrialRecord[], directions: readonly Direction[], count: number) {
  return trials
    .filter((trial) => trial.state === "complete")
    .map((trial) => ({ trial, at: standing(trial, directions)! }))
    .sort((a, b) => compareStanding(a.at, b.at))
    .slice(0, count)
    .map(({ trial }) => trial);
}

/** Feasible complete trials that no other beats in one direction without losing in another, by number. */
export function paretoFront(trials: readonly TrialRecord[], directions: readonly Direction[]): TrialRecord[] {
  const able = trials.filter((trial) => trial.state === "complete" && violation(trial) === 0);
  const dominates = (a: TrialRecord, b: TrialRecord): boolean => {
    let better = false;
    for (let k = 0; k < directions.length; k++) {
      const difference = cost(a, directions, k) - cost(b, directions, k);
      if (difference > 0) return false;
      if (difference < 0) better = true;
    }
    return better;
  };
  return able.filter((trial) => !able.some((other) => dominates(other, trial)));
}
