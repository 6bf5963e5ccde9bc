import { ArgumentError } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { axisCache, drawEvenly } from "../axis.ts";
import type { Distribution, ParamValue } from "../distribution.ts";
import { type Space, sameDistribution } from "../space.ts";
import { type Draw, type Sampler, type SamplerSpec, type StudyView, trialRandom } from "./sampler.ts";
import { Groups } from "./tpe/groups.ts";
import { type Dimension, Observations } from "./tpe/observations.ts";
import { propose } from "./tpe/propose.ts";

export interface TpeOptions {
  /** Model parameters together. Default true; false is the original TPE, each parameter on its own. */
  readonly multivariate?: boolean;
  /** In trials that name their parameters one by one: a joint model per set that occurs together. Default true. */
  readonly group?: boolean;
  /** Complete or pruned trials before the model is asked; those are drawn at random. Default 10. */
  readonly startupTrials?: number;
  /** Candidates drawn per ask. Default 24. */
  readonly candidates?: number;
  /** How many of `n` trials count as good. Default min(⌈n / 10⌉, 25). */
  readonly gamma?: (n: number) => number;
  /** Weight of the uninformed prior, a trial being 1. Default 1. */
  readonly priorWeight?: number;
  /** Count running trials as bad, so that parallel asks spread. Default true. */
  readonly constantLiar?: boolean;
}

/**
 * Tree-structured Parzen estimator: asks where good trials are dense and the others are not.
 *
 * Good = best by value; pruned trials rank behind complete ones, trials that violate constraints behind all feasible.
 *
 * @throws ArgumentError `TPE_OPTION`
 */
export function tpeSampler(options: TpeOptions = {}): SamplerSpec {
  const settings = {
    multivariate: true,
    group: true,
    startupTrials: 10,
    candidates: 24,
    gamma: (n: number) => Math.min(Math.ceil(n / 10), 25),
    priorWeight: 1,
    constantLiar: true,
    ...options,
  };
  for (const name of ["startupTrials", "candidates"] as const) {
    if (!Number.isInteger(settings[name]) || settings[name] < 1) {
      throw new ArgumentError("TPE_OPTION", `${name} must be an integer ≥ 1, was ${settings[name]}`, { name });
    }
  }
  if (!(settings.priorWeight > 0 && settings.priorWeight < Infinity)) {
    throw new ArgumentError("TPE_OPTION", `priorWeight must be a number > 0, was ${settings.priorWeight}`);
  }
  return {
    name: settings.multivariate ? "tpe" : "tpe-univariate",
    create(view) {
      if (view.directions.length === 1) return new Tpe(view, settings);
      throw new ArgumentError("DIRECTIONS", `tpe serves one direction, the study has ${view.directions.length}`);
    },
  };
}

class Tpe implements Sampler {
  private readonly view: StudyView;
  private readonly settings: Required<TpeOptions>;
  private readonly groups: Groups;
  private readonly axis = axisCache();
  private readonly bySpace = new WeakMap<Space, readonly Observations[]>();
  private readonly byText = new Map<string, Observations>();
  private read = 0;
  private useful = 0;

  constructor(view: StudyView, settings: Required<TpeOptions>) {
    this.view = view;
    this.settings = settings;
    this.groups = new Groups(settings.group);
  }

  sample(number: number, space: Space): Record<string, ParamValue> {
    const rng = trialRandom(this.view, "tpe", number);
    const params: Record<string, ParamValue> = {};
    if (this.isStarting()) {
      for (const name in space) params[name] = drawEvenly(this.axis(space[name]!), rng);
      return params;
    }
    for (const name in space) if (this.axis(space[name]!).cells === 1) params[name] = this.axis(space[name]!).value(0);
    for (const model of this.models(space)) this.propose(model, rng, number, params);
    return params;
  }

  begin(number: number): Draw {
    const drawn = new Map<string, { readonly distribution: Distribution; readonly value: ParamValue }>();
    return (name, distribution) => {
      const on = this.axis(distribution);
      if (on.cells === 1) return on.value(0);
      const rng = trialRandom(this.view, "tpe", number, name);
      if (this.isStarting()) return drawEvenly(on, rng);
      const known = drawn.get(name);
      if (known && sameDistribution(known.distribution, distribution)) return known.value;
      const params: Record<string, ParamValue> = {};
      const together = this.together(name, distribution);
      this.propose(this.model(together), rng, number, params);
      for (const [each, its] of together) drawn.set(each, { distribution: its, value: params[each]! });
      return params[name]!;
    };
  }

  private isStarting(): boolean {
    const { told } = this.view;
    for (; this.read < told.length; this.read++) if (told[this.read]!.state !== "failed") this.useful++;
    return this.useful < this.settings.startupTrials;
  }

  /** The parameters to draw with `name`: its group, unless it now has another distribution than there. */
  private together(name: string, distribution: Distribution): readonly (readonly [string, Distribution])[] {
    if (!this.settings.multivariate) return [[name, distribution]];
    this.groups.catchUp(this.view.told);
    const group = this.groups.of(name)?.filter(([, its]) => this.axis(its).cells > 1);
    const same = group?.some(([each, its]) => each === name && sameDistribution(its, distribution));
    return group && same ? group : [[name, distribution]];
  }

  private models(space: Space): readonly Observations[] {
    let models = this.bySpace.get(space);
    if (!models) {
      const entries = Object.entries(space).filter(([, distribution]) => this.axis(distribution).cells > 1);
      const sets = this.settings.multivariate ? [entries] : entries.map((entry) => [entry]);
      models = sets.filter((set) => set.length > 0).map((set) => this.model(set));
      this.bySpace.set(space, models);
    }
    return models;
  }

  private model(entries: readonly (readonly [string, Distribution])[]): Observations {
    const text = JSON.stringify(entries);
    const known = this.byText.get(text);
    if (known) return known;
    const dimension = ([name, distribution]: readonly [string, Distribution]): Dimension => ({
      name,
      distribution,
      axis: this.axis(distribution),
      masses: new Map(),
    });
    const fresh = new Observations(entries.map(dimension));
    this.byText.set(text, fresh);
    return fresh;
  }

  private propose(model: Observations, rng: Random, number: number, params: Record<string, ParamValue>): void {
    const { told, directions } = this.view;
    model.catchUp(told, this.runningBut(number), directions);
    const point = propose(model, this.settings, rng);
    model.dimensions.forEach(({ name, axis: on }, j) => {
      const coordinate = point[j]!;
      params[name] = on.kind === "grid" || on.kind === "choice" ? on.value(coordinate) : on.at(coordinate);
    });
  }

  private runningBut(number: number) {
    if (!this.settings.constantLiar || this.view.running.size === 0) return [];
    return [...this.view.running.values()].filter((trial) => trial.number !== number);
  }
}
