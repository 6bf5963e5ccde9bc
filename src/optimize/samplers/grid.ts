import { ArgumentError } from "../../core/errors.ts";
import { type Axis, axis } from "../axis.ts";
import { cardinality, contains, type Distribution, describeDistribution, type ParamValue } from "../distribution.ts";
import type { Params, Space } from "../space.ts";
import { ABANDONED, type TrialRecord } from "../trial.ts";
import type { SamplerSpec, StudyView } from "./sampler.ts";

export interface GridOptions {
  /** Values to visit of the parameters named here, in this order; the others visit all of theirs. */
  readonly values?: Readonly<Record<string, readonly ParamValue[]>>;
  /** How many evenly spread values a real parameter without step visits, both ends included (≥ 2). */
  readonly points?: number;
}

/**
 * Every point of a finite space once, the last parameter turning fastest. Points of abandoned trials come again.
 *
 * The space must be known when asking; a study whose trials name their parameters one by one has no grid.
 */
export function gridSampler(options: GridOptions = {}): SamplerSpec {
  const { points = null } = options;
  if (points !== null && (!Number.isInteger(points) || points < 2)) {
    throw new ArgumentError("GRID_POINTS", `points must be an integer ≥ 2, was ${points}`, { points });
  }
  return {
    name: "grid",
    create(view) {
      const bySpace = new WeakMap<Space, Walk>();
      const byText = new Map<string, Walk>();
      const walkOf = (space: Space): Walk => {
        let walk = bySpace.get(space);
        if (walk) return walk;
        const text = JSON.stringify(space);
        walk = byText.get(text) ?? new Walk(view, levels(space, options));
        bySpace.set(space, walk);
        byText.set(text, walk);
        return walk;
      };
      return {
        sample: (_number, space, given) => walkOf(space).next(given),
        begin: () => () => {
          throw new ArgumentError(
            "GRID_SPACE",
            "a grid needs the whole space when asking; give it to ask or createStudy",
          );
        },
        remaining: (space) => (space ? walkOf(space).remaining() : Infinity),
      };
    },
  };
}

type Level = {
  readonly name: string;
  readonly values: readonly ParamValue[];
  readonly places: ReadonlyMap<ParamValue, number>;
};

/** An odometer over the levels that skips points already asked for. */
class Walk {
  private readonly view: StudyView;
  private readonly levels: readonly Level[];
  private readonly size: number;
  private readonly taken = new Set<number>();
  private read = 0;
  private cursor = 0;

  constructor(view: StudyView, all: readonly Level[]) {
    this.view = view;
    this.levels = all;
    this.size = all.reduce((size, level) => size * level.values.length, 1);
    if (this.size > Number.MAX_SAFE_INTEGER) {
      throw new ArgumentError("GRID_SIZE", `a grid of ${this.size} points cannot be counted; use steps or points`, {});
    }
    for (const trial of view.running.values()) this.mark(trial.params);
  }

  next(given: Params): Params {
    this.catchUp();
    const more = this.cursor < this.size;
    if (!more && Object.keys(given).length === 0) {
      throw new ArgumentError("SPACE_EXHAUSTED", `all ${this.size} points of the grid have been asked for`, {
        size: this.size,
      });
    }
    const params = { ...this.point(more ? this.cursor : 0), ...given };
    this.mark(params);
    return params;
  }

  remaining(): number {
    this.catchUp();
    return this.size - this.taken.size;
  }

  private catchUp(): void {
    const { told } = this.view;
    for (; this.read < told.length; this.read++) this.take(told[this.read]!);
    while (this.taken.has(this.cursor)) this.cursor++;
  }

  private take(trial: TrialRecord): void {
    if (trial.state === "failed" && trial.reason === ABANDONED) return;
    this.mark(trial.params);
  }

  private mark(params: Params): void {
    const at = this.place(params);
    if (at !== null) this.taken.add(at);
  }

  private place(params: Params): number | null {
    let at = 0;
    for (const { name, values, places } of this.levels) {
      const k = Object.hasOwn(params, name) ? places.get(params[name]!) : undefined;
      if (k === undefined) return null;
      at = at * values.length + k;
    }
    return at;
  }

  private point(at: number): Params {
    const picked: ParamValue[] = [];
    let rest = at;
    for (let k = this.levels.length - 1; k >= 0; k--) {
      const { values } = this.levels[k]!;
      picked[k] = values[rest % values.length]!;
      rest = Math.floor(rest / values.length);
    }
    return Object.fromEntries(this.levels.map(({ name }, k) => [name, picked[k]!]));
  }
}

function levels(space: Space, { values = {}, points }: GridOptions): Level[] {
  for (const name of Object.keys(values)) {
    if (!Object.hasOwn(space, name)) {
      throw new ArgumentError("PARAM_UNKNOWN", `grid values for ${name}, which the space does not have`, { name });
    }
  }
  return Object.entries(space).map(([name, distribution]) => {
    const given = Object.hasOwn(values, name) ? values[name] : undefined;
    const all = given ? checked(name, distribution, given) : everyValue(name, distribution, points ?? null);
    return { name, values: all, places: new Map(all.map((value, k) => [value, k])) };
  });
}

function checked(name: string, distribution: Distribution, given: readonly ParamValue[]): readonly ParamValue[] {
  const unique = [...new Set(given)];
  const wrong = unique.find((value) => !contains(distribution, value));
  if (wrong !== undefined || unique.length === 0) {
    throw new ArgumentError(
      "PARAM_VALUE",
      `grid values of ${name} must be ${describeDistribution(distribution)}, were ${JSON.stringify(given)}`,
      { name, given },
    );
  }
  return unique;
}

function everyValue(name: string, distribution: Distribution, points: number | null): ParamValue[] {
  const on: Axis = axis(distribution);
  const cells = cardinality(distribution);
  if (cells !== Infinity) {
    if (cells > 2 ** 24) {
      throw new ArgumentError("GRID_SIZE", `parameter ${name} has ${cells} values; use a larger step`, { name, cells });
    }
    return Array.from({ length: cells }, (_, k) => on.value(k));
  }
  if (points === null) {
    throw new ArgumentError(
      "GRID_INFINITE",
      `parameter ${name} is ${describeDistribution(distribution)}, which has no end; give it a step, or the grid values or points`,
      { name },
    );
  }
  return Array.from({ length: points }, (_, k) => on.at(k / (points - 1)));
}
