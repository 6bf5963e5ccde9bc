import type { Params, Space } from "./space.ts";

/** `waiting`: enqueued, not asked yet. `running`: asked, not told. The rest are told and final. */
export type TrialState = "waiting" | "running" | "complete" | "pruned" | "failed";

export type Direction = "maximize" | "minimize";

/** What a value of a trial's own notes may be. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type Metrics = Readonly<Record<string, Json>>;

/** One trial as it is kept: never edited, only replaced by its next state. */
export interface TrialRecord {
  /** 0, 1, 2, … in the order of asking or enqueueing. */
  readonly number: number;
  readonly state: TrialState;
  /** Values so far: of a waiting trial those it was enqueued with, or had when it was abandoned. */
  readonly params: Params;
  /** The distributions of `params`; empty for an enqueued trial. */
  readonly space: Space;
  /** One per direction; `null` unless complete, or pruned with a value. */
  readonly values: readonly number[] | null;
  /** Each > 0 is a violated constraint by that much; `null` if none were told. */
  readonly constraints: readonly number[] | null;
  readonly metrics: Metrics | null;
  /** Why it was pruned or failed; `ABANDONED` of one that is asked again after a crash. */
  readonly reason: string | null;
  /** Epoch ms; `null` while waiting. */
  readonly askedAt: number | null;
  /** Epoch ms; `null` until told. */
  readonly toldAt: number | null;
}

/** What came of a trial: its value, or one per direction, with what else is worth keeping; or why there is none. */
export type Outcome =
  | number
  | readonly number[]
  | {
      readonly state?: "complete";
      readonly value: number | readonly number[];
      readonly constraints?: readonly number[];
      readonly metrics?: Metrics;
    }
  | {
      readonly state: "pruned";
      readonly value?: number | readonly number[];
      readonly constraints?: readonly number[];
      readonly metrics?: Metrics;
      readonly reason?: string;
    }
  | { readonly state: "failed"; readonly reason: string; readonly metrics?: Metrics };

/** Reason of trials whose process ended before telling: waiting to be asked again or, the second time, failed. */
export const ABANDONED = "abandoned";

/** Sum of the violated constraints, ≥ 0; 0 = feasible. */
export function violation(trial: TrialRecord): number {
  let sum = 0;
  for (const c of trial.constraints ?? []) if (c > 0) sum += c;
  return sum;
}
