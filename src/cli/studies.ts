import { join } from "node:path";
import { ArgumentError, DataError } from "../core/errors.ts";
import { topTrials } from "../optimize/ranking.ts";
import { sqliteStorage } from "../optimize/storages/sqlite.ts";
import type { StudyRecord } from "../optimize/storages/storage.ts";
import type { TrialRecord } from "../optimize/trial.ts";
import type { BacktestOptions } from "./backtest-options.ts";
import { catalogueRoot } from "./commands/data/shared.ts";

/** Where studies are kept. */
export interface StudyFlags {
  readonly storage?: string;
  readonly dir?: string;
}

/** A trial of a study, with the options its study was run with. */
export interface StudyTrial {
  readonly study: StudyRecord;
  readonly trial: TrialRecord;
  /** Options of the backtest, without parameters. */
  readonly options: Partial<BacktestOptions>;
  /** Different evaluations ever made on the study's data. */
  readonly evaluations: number;
}

/** What a study keeps to be run again. */
export interface StudyAbout {
  readonly options: Partial<BacktestOptions>;
  /** Key of the bars its trials saw. */
  readonly data: string;
}

/** The file of studies: `--storage`, or `studies.sqlite` beside the market data. */
export function studiesFile(flags: StudyFlags): string {
  return flags.storage ?? join(catalogueRoot(flags), "studies.sqlite");
}

/**
 * `best`, or trial `which` by number, of the study `name`.
 *
 * @throws DataError `STUDY_UNKNOWN`, `NO_TRIAL`, `STORAGE_…`; ArgumentError `TRIAL_UNKNOWN`
 */
export function studyTrial(name: string, which: string, flags: StudyFlags): StudyTrial {
  const file = studiesFile(flags);
  const storage = sqliteStorage(file, { mustExist: true });
  try {
    const study = storage.readStudy(name);
    if (!study) {
      const known = storage.listStudies().map((each) => each.name);
      const there = known.length > 0 ? `there is ${known.slice(-5).join(", ")}` : "it has none";
      throw new DataError("STUDY_UNKNOWN", `no study ${JSON.stringify(name)} in ${file}; ${there}`, { name, file });
    }
    const about = study.about as unknown as StudyAbout | null;
    const trial = pick(study, which);
    return {
      study,
      trial,
      options: about?.options ?? {},
      evaluations: about ? storage.evaluationsOf(about.data) : study.trials.length,
    };
  } finally {
    storage.close();
  }
}

function pick(study: StudyRecord, which: string): TrialRecord {
  if (which === "best") {
    const best = topTrials(study.trials, study.directions, 1)[0];
    if (best) return best;
    throw new DataError("NO_TRIAL", `study ${study.name} has no complete trial`, { study: study.name });
  }
  const trial = /^\d+$/.test(which) ? study.trials[Number(which)] : undefined;
  if (trial) return trial;
  const last = study.trials.length - 1;
  throw new ArgumentError("TRIAL_UNKNOWN", `trial must be best or a number from 0 to ${last}, was ${which}`, { which });
}
