import { ArgumentError } from "../core/errors.ts";
import type { Metrics, Outcome, TrialRecord } from "./trial.ts";

/**
 * The trial with its outcome.
 *
 * @throws ArgumentError `VALUE` (not finite: tell a failed trial instead), `VALUE_COUNT`, `CONSTRAINT`, `METRICS`
 */
export function toldRecord(
  trial: TrialRecord,
  outcome: Outcome,
  { toldAt, objectives }: { readonly toldAt: number; readonly objectives: number },
): TrialRecord {
  const full = typeof outcome === "number" || isList(outcome) ? { value: outcome } : outcome;
  const state = full.state ?? "complete";
  const value = "value" in full && full.value !== undefined ? full.value : null;
  const constraints = ("constraints" in full && full.constraints) || null;
  if (constraints?.some((c) => !Number.isFinite(c))) {
    throw new ArgumentError("CONSTRAINT", `constraints must be finite numbers, were ${constraints.join(", ")}`, {
      trial: trial.number,
    });
  }
  return {
    ...trial,
    state,
    values: value === null && state !== "complete" ? null : checkedValues(trial.number, value, objectives),
    constraints: constraints ? constraints.map(unsigned) : null,
    metrics: full.metrics ? plainMetrics(full.metrics) : null,
    reason: ("reason" in full && full.reason) || null,
    toldAt,
  };
}

function checkedValues(trial: number, value: number | readonly number[] | null, objectives: number): number[] {
  const values = isList(value) ? [...value] : [value as number];
  if (values.length !== objectives) {
    throw new ArgumentError("VALUE_COUNT", `trial ${trial} needs ${objectives} values, was told ${values.length}`, {
      trial,
      values,
    });
  }
  if (!values.every(Number.isFinite)) {
    throw new ArgumentError(
      "VALUE",
      `trial ${trial} needs finite values, was told ${values.join(", ")}; tell { state: "failed", reason } instead`,
      { trial, values },
    );
  }
  return values.map(unsigned);
}

/** -0 becomes 0, which is how it would be read back. */
function unsigned(value: number): number {
  return value + 0;
}

/** As they will be read back: through JSON, where what is not finite is `null`. */
function plainMetrics(metrics: Metrics): Metrics {
  try {
    return JSON.parse(JSON.stringify(metrics)) as Metrics;
  } catch (cause) {
    throw new ArgumentError("METRICS", "metrics must be plain JSON values", {}, cause);
  }
}

function isList(value: unknown): value is readonly number[] {
  return Array.isArray(value);
}
