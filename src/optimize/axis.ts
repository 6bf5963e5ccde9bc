import type { Random } from "../core/random.ts";
import { cardinality, type Distribution, type ParamValue, steppedValue } from "./distribution.ts";

/**
 * A distribution laid out on the unit interval, the one view of it that samplers and models share.
 *
 * Discrete parameters own a cell each value; a value's unit coordinate is inside its cell.
 */
export interface Axis {
  /**
   * `line`: real, or so many equal cells that it may be taken as real. `grid`: equal cells. `edges`: cells of
   * unequal width (log integers). `choice`: cells without order.
   */
  readonly kind: "line" | "grid" | "edges" | "choice";
  /** Number of values; `Infinity` for a real parameter. */
  readonly cells: number;
  /** The value whose cell holds `unit` in [0, 1]. Any number in, always a value of the distribution out. */
  at(unit: number): ParamValue;
  /** The value of cell `index`. Only for finite `cells`. */
  value(index: number): ParamValue;
  /** Cell of a value. Only for finite `cells`. */
  index(value: ParamValue): number;
  /** Unit coordinate of a value: the middle of its cell, or its place on a log axis. */
  unit(value: ParamValue): number;
  /** Lower edge of cell `index`; of index `cells` the upper end. Only for finite `cells`. */
  edge(index: number): number;
}

/** Equal cells beyond this count are modelled as a line: a cell is then far narrower than any kernel. */
const GRID_CELLS = 256;

export function axis(distribution: Distribution): Axis {
  if (distribution.kind === "categorical") return choiceAxis(distribution.choices);
  const { min, max, log, step, kind } = distribution;
  const cells = cardinality(distribution);
  if (log && kind === "int") return logIntAxis(min, max);
  if (step === null || cells === 1) return log ? logAxis(min, max, cells) : lineAxis(min, max, cells);
  const index = (value: ParamValue) => bounded(Math.round(((value as number) - min) / step), cells);
  const value = kind === "int" ? (k: number) => min + k * step : (k: number) => steppedValue(min, step, k);
  return {
    kind: cells > GRID_CELLS ? "line" : "grid",
    cells,
    value,
    index,
    at: (unit) => value(bounded(Math.floor(unit * cells), cells)),
    unit: (v) => (index(v) + 0.5) / cells,
    edge: (k) => k / cells,
  };
}

/** `axis` that remembers what it made, for callers that meet the same distributions again and again. */
export function axisCache(): (distribution: Distribution) => Axis {
  const made = new WeakMap<Distribution, Axis>();
  return (distribution) => {
    const known = made.get(distribution);
    if (known) return known;
    const fresh = axis(distribution);
    made.set(distribution, fresh);
    return fresh;
  };
}

/** A value drawn evenly: over the cells of a discrete axis, over the unit interval of any other. */
export function drawEvenly(on: Axis, rng: Random): ParamValue {
  if (on.cells === 1) return on.value(0);
  return on.kind === "edges" || on.cells === Infinity ? on.at(rng.next()) : on.value(rng.below(on.cells));
}

function lineAxis(min: number, max: number, cells: number): Axis {
  const width = max - min;
  return {
    kind: "line",
    cells,
    at: (unit) => clamp(min + unit * width, min, max),
    value: () => min,
    index: () => 0,
    unit: (value) => (width === 0 ? 0.5 : ((value as number) - min) / width),
    edge: (k) => k,
  };
}

function logAxis(min: number, max: number, cells: number): Axis {
  const low = Math.log(min);
  const width = Math.log(max) - low;
  return {
    kind: "line",
    cells,
    at: (unit) => clamp(Math.exp(low + unit * width), min, max),
    value: () => min,
    index: () => 0,
    unit: (value) => (width === 0 ? 0.5 : clamp((Math.log(value as number) - low) / width, 0, 1)),
    edge: (k) => k,
  };
}

function logIntAxis(min: number, max: number): Axis {
  const low = Math.log(min - 0.5);
  const width = Math.log(max + 0.5) - low;
  const cells = max - min + 1;
  const edge = (k: number) => (Math.log(min - 0.5 + k) - low) / width;
  return {
    kind: "edges",
    cells,
    at: (unit) => clamp(Math.round(Math.exp(low + unit * width)), min, max),
    value: (k) => min + k,
    index: (value) => (value as number) - min,
    unit: (value) => (Math.log(value as number) - low) / width,
    edge,
  };
}

function choiceAxis(choices: readonly ParamValue[]): Axis {
  const cells = choices.length;
  const places = new Map(choices.map((choice, k) => [choice, k]));
  const index = (value: ParamValue) => places.get(value)!;
  return {
    kind: "choice",
    cells,
    at: (unit) => choices[bounded(Math.floor(unit * cells), cells)]!,
    value: (k) => choices[k]!,
    index,
    unit: (value) => (index(value) + 0.5) / cells,
    edge: (k) => k / cells,
  };
}

function bounded(index: number, cells: number): number {
  return clamp(index, 0, cells - 1);
}

function clamp(value: number, min: number, max: number): number {
  return value > min ? Math.min(value, max) : min; // NaN falls to min
}
