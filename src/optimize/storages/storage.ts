import { ArgumentError, ConfigError, DataError } from "../../core/errors.ts";
import type { Space } from "../space.ts";
import type { Direction, Json, TrialRecord, TrialState } from "../trial.ts";

/** What makes a study the one it is. */
export interface StudyHeader {
  readonly name: string;
  readonly directions: readonly Direction[];
  /** Name of the sampler it was last opened with. */
  readonly sampler: string;
  readonly seed: string;
  /** The caller's word for what is optimized on what (strategy, data, settings); compared at resume. `null` = anything. */
  readonly fingerprint: string | null;
  /** What the caller wants to find again with the study, e.g. how to run its trials. Not compared. */
  readonly about: Json | null;
  /** The space of every trial, where it is one; compared at resume. `null` = trials name their parameters. */
  readonly space: Space | null;
}

export interface StudyRecord extends StudyHeader {
  /** By number, without holes. */
  readonly trials: readonly TrialRecord[];
}

export interface StudySummary extends StudyHeader {
  /** Epoch ms. */
  readonly createdAt: number;
  readonly trials: Readonly<Record<TrialState, number>>;
}

/** A study opened for writing. One at a time per study, in all processes together. */
export interface StudyLog {
  /**
   * What was there before. A trial that was running, abandoned by a crash, waits to be asked again under its number
   * and with its parameters; abandoned a second time it has failed: it may be what crashes.
   */
  readonly found: StudyRecord;
  /**
   * Keeps all of `trials` or, if it throws, none. When it returns they survive a crash of this process.
   *
   * @throws ArgumentError `STUDY_NOT_OPEN` after `close`, or when another took the study over
   */
  write(trials: readonly TrialRecord[]): void;
  /** Lets another open the study. */
  close(): void;
}

/**
 * Where studies live.
 *
 * Errors: `STUDY_MISMATCH`, `STUDY_BUSY`, `STUDY_EXISTS`, and of files `STORAGE_BUSY`, `STORAGE_FULL`,
 * `STORAGE_UNWRITABLE`, `STORAGE_CORRUPT`, `STORAGE_VERSION`, `STORAGE_IO`, `STORAGE_CLOSED`.
 */
export interface Storage {
  /** Creates the study, or resumes it. `seed` and `sampler` of the header replace the stored ones. */
  openStudy(header: StudyHeader, options: OpenOptions): StudyLog;
  /** A study as it stands, also while another process writes it; `null` if there is none of that name. */
  readStudy(name: string): StudyRecord | null;
  listStudies(): StudySummary[];
  /** Whether there was one to delete. Evaluation counts stay. */
  deleteStudy(name: string): boolean;
  /**
   * Adds to the evaluations ever made on that data, over all studies, and returns how many different ones there are.
   * Equal names are one evaluation: to repeat it is no second chance to be lucky.
   */
  recordEvaluations(dataKey: string, evaluations: readonly string[]): number;
  /** How many different ones were ever made; 0 for unknown data. */
  evaluationsOf(dataKey: string): number;
  close(): void;
}

export interface OpenOptions {
  readonly ifExists: "resume" | "refuse";
  /** Take the study from an owner that seems alive; only for owners on other machines known to be gone. */
  readonly takeOver: boolean;
  /** Epoch ms. */
  readonly now: number;
}

/** @throws ConfigError `STUDY_MISMATCH` naming what the stored study is of and what was wanted */
export function checkSameStudy(stored: StudyHeader, wanted: StudyHeader): void {
  const sides: [string, unknown, unknown][] = [
    ["directions", stored.directions, wanted.directions],
    ["fingerprint", stored.fingerprint, wanted.fingerprint],
    ["space", stored.space, wanted.space],
  ];
  for (const [what, was, is] of sides) {
    if (was === null || is === null || JSON.stringify(was) === JSON.stringify(is)) continue;
    throw new ConfigError(
      "STUDY_MISMATCH",
      `study ${wanted.name} has ${what} ${JSON.stringify(was)}, not ${JSON.stringify(is)}; choose another study name or delete that study`,
      { study: wanted.name, what, stored: was, wanted: is },
    );
  }
}

export function studyBusy(name: string, owner: string): DataError {
  return new DataError("STUDY_BUSY", `study ${name} is open in ${owner}; wait for it to end or choose another name`, {
    study: name,
    owner,
  });
}

export function studyExists(name: string): ConfigError {
  return new ConfigError("STUDY_EXISTS", `study ${name} exists; resume it or choose another name`, { study: name });
}

export function studyNotOpen(name: string): ArgumentError {
  return new ArgumentError(
    "STUDY_NOT_OPEN",
    `study ${name} is no longer open here: it was closed, deleted or taken over`,
    {
      study: name,
    },
  );
}

export function storageClosed(): ArgumentError {
  return new ArgumentError("STORAGE_CLOSED", "this storage is closed; open it again");
}
