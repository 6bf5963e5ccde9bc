import { ABANDONED, type TrialRecord, type TrialState } from "../trial.ts";
import {
  checkSameStudy,
  type Storage,
  type StudyHeader,
  type StudyRecord,
  storageClosed,
  studyBusy,
  studyExists,
  studyNotOpen,
} from "./storage.ts";

interface Kept {
  header: StudyHeader;
  readonly createdAt: number;
  readonly trials: TrialRecord[];
  /** The log that may write. */
  writer: object | null;
}

/** Studies that live as long as the process: for tests, sweeps and studies nobody resumes. */
export function memoryStorage(): Storage {
  const studies = new Map<string, Kept>();
  const evaluations = new Map<string, Set<string>>();
  let closed = false;
  const check = (): void => {
    if (closed) throw storageClosed();
  };
  return {
    openStudy(header, { ifExists, takeOver, now }) {
      check();
      const study: Kept = studies.get(header.name) ?? { header, createdAt: now, trials: [], writer: null };
      if (studies.has(header.name)) {
        if (ifExists === "refuse") throw studyExists(header.name);
        checkSameStudy(study.header, header);
        if (study.writer && !takeOver) throw studyBusy(header.name, "this process");
        study.header = merged(study.header, header);
        abandonRunning(study.trials, now);
      }
      studies.set(header.name, study);
      const writer = {};
      study.writer = writer;
      return {
        found: { ...study.header, trials: [...study.trials] },
        write(trials) {
          check();
          if (study.writer !== writer) throw studyNotOpen(header.name);
          for (const trial of trials) study.trials[trial.number] = trial;
        },
        close() {
          if (study.writer === writer) study.writer = null;
        },
      };
    },
    readStudy(name): StudyRecord | null {
      check();
      const study = studies.get(name);
      return study ? { ...study.header, trials: [...study.trials] } : null;
    },
    listStudies() {
      check();
      return [...studies.values()].map(({ header, createdAt, trials }) => {
        const counts: Record<TrialState, number> = { waiting: 0, running: 0, complete: 0, pruned: 0, failed: 0 };
        for (const { state } of trials) counts[state]++;
        return { ...header, createdAt, trials: counts };
      });
    },
    deleteStudy(name) {
      check();
      if (studies.get(name)?.writer) throw studyBusy(name, "this process");
      return studies.delete(name);
    },
    recordEvaluations(dataKey, made) {
      check();
      const all = evaluations.get(dataKey) ?? new Set();
      for (const evaluation of made) all.add(evaluation);
      evaluations.set(dataKey, all);
      return all.size;
    },
    evaluationsOf(dataKey) {
      check();
      return evaluations.get(dataKey)?.size ?? 0;
    },
    close() {
      closed = true;
    },
  };
}

/** The header after reopening: what the opener says, where it says something. */
export function merged(stored: StudyHeader, wanted: StudyHeader): StudyHeader {
  return {
    ...wanted,
    fingerprint: wanted.fingerprint ?? stored.fingerprint,
    about: wanted.about ?? stored.about,
    space: wanted.space ?? stored.space,
  };
}

function abandonRunning(trials: TrialRecord[], now: number): void {
  trials.forEach((trial, k) => {
    if (trial.state !== "running") return;
    if (trial.reason === ABANDONED) trials[k] = { ...trial, state: "failed", toldAt: now };
    else trials[k] = { ...trial, state: "waiting", reason: ABANDONED, askedAt: null };
  });
}
