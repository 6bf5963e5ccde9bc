import { type Random, random } from "../../core/random.ts";
import type { Distribution, ParamValue } from "../distribution.ts";
import type { Params, Space } from "../space.ts";
import type { Direction, TrialRecord } from "../trial.ts";

/** What a sampler may know of its study. Live: it grows as trials are asked and told. */
export interface StudyView {
  readonly seed: string;
  readonly directions: readonly Direction[];
  /** Complete, pruned and failed trials; only ever appended to. After a resume in the order of their numbers. */
  readonly told: readonly TrialRecord[];
  /** Trials asked and not told, by number, with the parameters they have so far. */
  readonly running: ReadonlyMap<number, Pick<TrialRecord, "number" | "params" | "space">>;
}

/** Draws the parameters of a trial that names them one by one. */
export type Draw = (name: string, distribution: Distribution) => ParamValue;

/**
 * Chooses parameters for one study.
 *
 * What it gives depends on the seed, the trial's number, and the set of trials told and running, on nothing else:
 * not on the order of telling, nor on calls made before. That is what makes a resumed study go on as if never stopped.
 */
export interface Sampler {
  /** Values for all of `space`. `given` holds those already decided; the study lays them over the answer. */
  sample(number: number, space: Space, given: Params): Params;
  /** A trial whose parameters are not known in advance. */
  begin(number: number): Draw;
  /** How many more sets there are to ask for; absent = no end. */
  remaining?(space: Space | null): number;
}

/** A sampler to be, as given to `createStudy`; every study gets a sampler of its own. */
export interface SamplerSpec {
  /** Lower case: "tpe". Recorded with the study. */
  readonly name: string;
  /** @throws ArgumentError `DIRECTIONS` if it cannot serve that many objectives */
  create(view: StudyView): Sampler;
}

/** The random source of one trial: the same for the same seed and number, whatever happened in between. */
export function trialRandom(view: StudyView, sampler: string, number: number, label = ""): Random {
  return random(`${view.seed}/${sampler}/${number}/${label}`);
}
