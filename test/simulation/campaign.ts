import type { Fault } from "./faults.ts";
import type { Violation } from "./invariants.ts";
import { simulate, type WorldOptions } from "./world.ts";

/** What many schedules came to. */
export interface Tally {
  schedules: number;
  events: number;
  crashes: number;
  entries: number;
  readonly hits: Partial<Record<Fault, number>>;
  readonly failures: { readonly seed: string; readonly violation: Violation }[];
}

export function emptyTally(): Tally {
  return { schedules: 0, events: 0, crashes: 0, entries: 0, hits: {}, failures: [] };
}

/** Adds `part` to `sum`. */
export function addTally(sum: Tally, part: Tally): void {
  sum.schedules += part.schedules;
  sum.events += part.events;
  sum.crashes += part.crashes;
  sum.entries += part.entries;
  for (const [name, count] of Object.entries(part.hits))
    sum.hits[name as Fault] = (sum.hits[name as Fault] ?? 0) + count;
  sum.failures.push(...part.failures);
}

/** Runs the schedules `from`…`to` (exclusive) of a seed. */
export function campaign(
  seed: number | string,
  [from, to]: readonly [number, number],
  options: Omit<WorldOptions, "seed"> = {},
): Tally {
  const tally = emptyTally();
  for (let i = from; i < to; i++) {
    const name = `${seed}/${i}`;
    const { events, crashes, entries, hits, violations } = simulate({ ...options, seed: name });
    const failures = violations.slice(0, 1).map((violation) => ({ seed: name, violation }));
    addTally(tally, { schedules: 1, events, crashes, entries, hits, failures });
  }
  return tally;
}
