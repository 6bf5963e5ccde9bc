import { ArgumentError } from "../core/errors.ts";
import {
  categorical,
  contains,
  type Distribution,
  describeDistribution,
  float,
  int,
  type ParamValue,
} from "./distribution.ts";
import type { Draw } from "./samplers/sampler.ts";
import { type Params, type Space, sameDistribution } from "./space.ts";
import type { TrialRecord } from "./trial.ts";

/** A trial between asking and telling. */
export class Trial {
  readonly number: number;
  private space_: Space;
  private params_: Params;
  private readonly given: Params;
  private readonly begin: () => Draw;
  private draw: Draw | null = null;
  private ended = false;

  /** For studies; get one from `study.ask`. `given` are the values it waited with. */
  constructor(number: number, space: Space, params: Params, given: Params, begin: () => Draw) {
    this.number = number;
    this.space_ = space;
    this.params_ = params;
    this.given = given;
    this.begin = begin;
  }

  /** The values so far: all of a space given to `ask`, else those suggested. */
  get params(): Params {
    return this.params_;
  }

  /** The distributions of `params`. */
  get space(): Space {
    return this.space_;
  }

  /** A real parameter. @see float */
  suggestFloat(
    name: string,
    min: number,
    max: number,
    options?: { readonly log?: boolean; readonly step?: number },
  ): number {
    return this.suggest(name, float(min, max, options)) as number;
  }

  /** An integer parameter. @see int */
  suggestInt(
    name: string,
    min: number,
    max: number,
    options?: { readonly log?: boolean; readonly step?: number },
  ): number {
    return this.suggest(name, int(min, max, options)) as number;
  }

  /** One of `choices`. @see categorical */
  suggestCategorical<T extends ParamValue>(name: string, choices: readonly T[]): T {
    return this.suggest(name, categorical(choices)) as T;
  }

  /**
   * The value of `name`; the same one when asked again.
   *
   * @throws ArgumentError `TRIAL_TOLD`, `DISTRIBUTION_CHANGED`, `PARAM_VALUE` for an enqueued value outside
   */
  suggest(name: string, distribution: Distribution): ParamValue {
    if (this.ended) throw new ArgumentError("TRIAL_TOLD", `trial ${this.number} was told; ask for another`);
    if (Object.hasOwn(this.space_, name)) return this.again(name, distribution);
    const value = this.first(name, distribution);
    this.space_ = { ...this.space_, [name]: distribution };
    this.params_ = { ...this.params_, [name]: value };
    return value;
  }

  /** `base` with the parameters of now. */
  record(base: TrialRecord): TrialRecord {
    return { ...base, params: this.params_, space: this.space_ };
  }

  /** No more suggestions. */
  end(): void {
    this.ended = true;
  }

  private again(name: string, distribution: Distribution): ParamValue {
    const before = this.space_[name]!;
    if (sameDistribution(before, distribution)) return this.params_[name]!;
    throw new ArgumentError(
      "DISTRIBUTION_CHANGED",
      `parameter ${name} is ${describeDistribution(before)} in this trial, not ${describeDistribution(distribution)}`,
      { name, before, distribution },
    );
  }

  private first(name: string, distribution: Distribution): ParamValue {
    if (!Object.hasOwn(this.given, name)) {
      this.draw ??= this.begin();
      return this.draw(name, distribution);
    }
    const value = this.given[name]!;
    if (contains(distribution, value)) return value;
    throw new ArgumentError(
      "PARAM_VALUE",
      `parameter ${name} must be ${describeDistribution(distribution)}, was enqueued as ${JSON.stringify(value)}`,
      { name, value, distribution },
    );
  }
}
