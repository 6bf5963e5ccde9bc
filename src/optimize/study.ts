import { ArgumentError } from "../core/errors.ts";
import { type ParamValue, unsigned } from "./distribution.ts";
import { compareStanding, paretoFront, type Standing, standing, topTrials } from "./ranking.ts";
import type { Sampler, SamplerSpec, StudyView } from "./samplers/sampler.ts";
import { tpeSampler } from "./samplers/tpe.ts";
import { checkParams, checkSpace, type Params, type Space } from "./space.ts";
import { memoryStorage } from "./storages/memory.ts";
import type { Storage, StudyLog } from "./storages/storage.ts";
import { Trial } from "./suggest.ts";
import { toldRecord } from "./tell.ts";
import type { Direction, Json, Outcome, TrialRecord } from "./trial.ts";

export interface StudyOptions {
  readonly name: string;
  /** One objective. Exactly one of `direction` and `directions` is given. */
  readonly direction?: Direction;
  /** Several objectives, in the order of the values told. */
  readonly directions?: readonly Direction[];
  /** TPE unless told otherwise. */
  readonly sampler?: SamplerSpec;
  /** The stored one when resuming, else 1. */
  readonly seed?: number | string;
  /** Memory unless told otherwise. The caller closes it. */
  readonly storage?: Storage;
  /** The space of every `ask()` without one. Left out, such trials name their parameters as they go. */
  readonly space?: Space;
  /** What is optimized on what; a stored study with another fingerprint is refused. */
  readonly fingerprint?: string;
  /** What is to be found again with the study; plain JSON. */
  readonly about?: Json;
  /** What to do with a stored study of this name. Default `resume`. */
  readonly ifExists?: "resume" | "refuse";
  /** Take the study even if its last owner seems alive. */
  readonly takeOver?: boolean;
  /** Clock for `askedAt` and `toldAt`, epoch ms. */
  readonly now?: () => number;
}

/**
 * Opens a study: a search for parameters by asking and telling.
 *
 * @throws ArgumentError `STUDY_NAME`, `DIRECTIONS`, `SPACE`; ConfigError `STUDY_MISMATCH`, `STUDY_EXISTS`;
 * DataError `STUDY_BUSY` and the `STORAGE_…` codes
 */
export function createStudy(options: StudyOptions): Study {
  return new Study(options);
}

/** A search in progress. Same seed, same asks and tells: same parameters, resumed in between or not. */
export class Study {
  readonly name: string;
  readonly directions: readonly Direction[];
  readonly seed: string;
  readonly sampler: string;
  readonly space: Space | null;
  private readonly log: StudyLog;
  private readonly now: () => number;
  private readonly search: Sampler;
  private readonly records: TrialRecord[];
  private readonly told: TrialRecord[];
  private readonly running = new Map<number, Trial>();
  private readonly waiting: number[];
  private best: { readonly trial: TrialRecord; readonly at: Standing } | null = null;

  constructor(options: StudyOptions) {
    const { name, space = null, storage = memoryStorage(), sampler = tpeSampler(), now = Date.now } = options;
    if (name.trim() === "") throw new ArgumentError("STUDY_NAME", "a study needs a name, had none");
    if (space) checkSpace(space);
    this.name = name;
    this.now = now;
    this.directions = directionsOf(options);
    const seed = String(options.seed ?? storage.readStudy(name)?.seed ?? 1);
    const fingerprint = options.fingerprint ?? null;
    const about = options.about ?? null;
    const header = { name, directions: this.directions, sampler: sampler.name, seed, fingerprint, about, space };
    const view: StudyView = { seed, directions: this.directions, told: [], running: this.running };
    this.search = sampler.create(view); // before the storage is touched: it may refuse
    this.told = view.told as TrialRecord[];
    const { ifExists = "resume", takeOver = false } = options;
    this.log = storage.openStudy(header, { ifExists, takeOver, now: now() });
    const { found } = this.log;
    this.seed = seed;
    this.sampler = sampler.name;
    this.space = space ?? found.space;
    this.records = [...found.trials];
    this.waiting = this.records.filter((trial) => trial.state === "waiting").map((trial) => trial.number);
    for (const trial of this.records) if (trial.toldAt !== null) this.keep(trial);
  }

  /** All trials by number; running ones with the parameters they have so far. */
  get trials(): readonly TrialRecord[] {
    return this.records.map((record) => this.running.get(record.number)?.record(record) ?? record);
  }

  /**
   * The best feasible complete trial; `null` while there is none.
   *
   * @throws ArgumentError `DIRECTIONS` in a study of several objectives
   */
  get bestTrial(): TrialRecord | null {
    this.needOneDirection("bestTrial", "bestTrials");
    return this.best && this.best.at.tier === 0 ? this.best.trial : null;
  }

  /** The feasible complete trials that no other beats in every direction, by number. */
  get bestTrials(): TrialRecord[] {
    return paretoFront(this.records, this.directions);
  }

  /** Complete trials, best first, infeasible ones last. */
  topTrials(count: number): TrialRecord[] {
    this.needOneDirection("topTrials", "bestTrials");
    return topTrials(this.records, this.directions, count);
  }

  /** How many more trials there are to ask for, waiting ones aside; `Infinity` except for a grid. */
  remaining(space: Space | null = this.space): number {
    return this.search.remaining?.(space) ?? Infinity;
  }

  /** Puts a trial with these values at the front; parameters left out are sampled when it is asked. */
  enqueue(params: Params): TrialRecord {
    if (this.space) checkParams(this.space, params);
    const trial: TrialRecord = {
      number: this.records.length,
      state: "waiting",
      params: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, unsigned(value)])),
      space: EMPTY.space,
      values: null,
      constraints: null,
      metrics: null,
      reason: null,
      askedAt: null,
      toldAt: null,
    };
    this.log.write([trial]);
    this.records.push(trial);
    this.waiting.push(trial.number);
    return trial;
  }

  /** The next trial to evaluate. @throws ArgumentError `SPACE_EXHAUSTED` when a grid has no more points */
  ask(space: Space | null = this.space): Trial {
    return this.take(1, space, () => true)[0]!;
  }

  /**
   * Several trials to evaluate at once, each chosen knowing the ones before it; fewer when a grid ends.
   *
   * Kept in one transaction. TPE looks at all running trials for each, so its batches are as many as workers.
   */
  askBatch(count: number, space: Space | null = this.space): Trial[] {
    if (!Number.isInteger(count) || count < 0) {
      throw new ArgumentError("BATCH", `a batch counts trials in whole numbers ≥ 0, was ${count}`, { count });
    }
    return this.take(count, space, () => this.remaining(space) > 0);
  }

  /** Ends a trial. @throws ArgumentError `TRIAL_UNKNOWN`, `TRIAL_TOLD`, `VALUE`, `VALUE_COUNT`, `CONSTRAINT` */
  tell(trial: Trial | number, outcome: Outcome): TrialRecord {
    return this.tellBatch([[trial, outcome]])[0]!;
  }

  /** Ends several trials, all or none, in one transaction. */
  tellBatch(outcomes: readonly (readonly [Trial | number, Outcome])[]): TrialRecord[] {
    const toldAt = this.now();
    const seen = new Set<number>();
    const records = outcomes.map(([trial, outcome]) => {
      const number = typeof trial === "number" ? trial : trial.number;
      const running = this.runningTrial(number, seen);
      return toldRecord(running.record(this.records[number]!), outcome, { toldAt, objectives: this.directions.length });
    });
    this.log.write(records);
    for (const record of records) {
      this.running.get(record.number)!.end();
      this.running.delete(record.number);
      this.records[record.number] = record;
      this.keep(record);
    }
    return records;
  }

  /** Lets others open the study. Trials still running are asked again when it is next opened. */
  close(): void {
    this.log.close();
  }

  private take(count: number, space: Space | null, hasMore: () => boolean): Trial[] {
    const askedAt = this.now();
    const taken: TrialRecord[] = [];
    const trials: Trial[] = [];
    let fresh = this.records.length;
    try {
      for (let k = 0; k < count; k++) {
        const queued = this.waiting[k];
        if (queued === undefined && !hasMore()) break;
        const number = queued ?? fresh++;
        const given = queued === undefined ? {} : this.records[queued]!.params;
        const trial = this.start(number, space, given);
        this.running.set(number, trial);
        trials.push(trial);
        const reason = this.records[number]?.reason ?? null;
        taken.push(trial.record({ ...EMPTY, number, askedAt, reason }));
      }
      this.log.write(taken);
    } catch (error) {
      for (const trial of trials) this.running.delete(trial.number);
      throw error;
    }
    this.waiting.splice(0, taken.length);
    for (const record of taken) this.records[record.number] = record;
    return trials;
  }

  private start(number: number, space: Space | null, given: Params): Trial {
    if (space === null) return new Trial(number, EMPTY.space, {}, given, () => this.search.begin(number));
    checkParams(space, given);
    const sampled = this.search.sample(number, space, given);
    const params: Record<string, ParamValue> = {};
    for (const name in space) params[name] = Object.hasOwn(given, name) ? given[name]! : sampled[name]!;
    return new Trial(number, space, params, given, () => this.search.begin(number));
  }

  private runningTrial(number: number, seen: Set<number>): Trial {
    const running = this.running.get(number);
    if (running && !seen.has(number)) {
      seen.add(number);
      return running;
    }
    const state = running ? "told twice in this batch" : this.records[number]?.state;
    if (state === undefined)
      throw new ArgumentError("TRIAL_UNKNOWN", `study ${this.name} has no trial ${number}`, { number });
    throw new ArgumentError("TRIAL_TOLD", `trial ${number} is not running but ${state}`, { number, state });
  }

  private keep(trial: TrialRecord): void {
    this.told.push(trial);
    if (this.directions.length > 1) return;
    const at = standing(trial, this.directions);
    if (at && (!this.best || compareStanding(at, this.best.at) < 0)) this.best = { trial, at };
  }

  private needOneDirection(what: string, instead: string): void {
    if (this.directions.length === 1) return;
    throw new ArgumentError(
      "DIRECTIONS",
      `${what} needs one direction, the study has ${this.directions.length}; use ${instead}`,
    );
  }
}

const EMPTY: TrialRecord = {
  number: 0,
  state: "running",
  params: {},
  space: {},
  values: null,
  constraints: null,
  metrics: null,
  reason: null,
  askedAt: null,
  toldAt: null,
};

function directionsOf({ direction, directions }: StudyOptions): readonly Direction[] {
  const all = directions ?? (direction ? [direction] : []);
  const right = all.every((each) => each === "maximize" || each === "minimize");
  if (all.length > 0 && right && !(direction && directions)) return [...all];
  throw new ArgumentError(
    "DIRECTIONS",
    `a study needs one direction or a list of directions, maximize or minimize; had ${JSON.stringify(direction ?? directions)}`,
  );
}
