import type { Axis } from "../../axis.ts";
import { contains, type Distribution } from "../../distribution.ts";
import { compareStanding, type Standing, standing } from "../../ranking.ts";
import type { Direction, TrialRecord } from "../../trial.ts";

export interface Dimension {
  readonly name: string;
  readonly distribution: Distribution;
  readonly axis: Axis;
  /** Masses of a `grid` kernel on cells by their distance, per kernel width; filled by whoever needs them. */
  readonly masses: Map<number, Float64Array>;
}

type Seen = Pick<TrialRecord, "number" | "params" | "space">;

/**
 * Trials that have all of some parameters, as rows of coordinates, kept in several orders at once.
 *
 * A coordinate is the cell's index on a `grid` or `choice` axis, the unit coordinate on any other.
 * The orders are updated by insertion, so a told trial costs its place in them and nothing else.
 */
export class Observations {
  readonly dimensions: readonly Dimension[];
  /** Row-major, `dimensions.length` per row. Rows of told trials in order of arrival, then those of running ones. */
  coords = new Float64Array(64);
  /** Told rows by trial number. */
  readonly byNumber: number[] = [];
  /** Told rows from best to worst. */
  readonly byRank: number[] = [];
  /** Number of running rows, which are `size`, `size + 1`, … by trial number. */
  runningCount = 0;
  private readonly places: Standing[] = [];
  private readonly told: number[][];
  private merged: readonly (readonly number[])[];
  private read = 0;

  constructor(dimensions: readonly Dimension[]) {
    this.dimensions = dimensions;
    this.told = dimensions.map(() => []);
    this.merged = this.told;
  }

  /** Number of told rows. */
  get size(): number {
    return this.places.length;
  }

  /** Told and running rows by their coordinate in dimension `j`. */
  byValue(j: number): readonly number[] {
    return this.merged[j]!;
  }

  /** Where a told row stands. */
  place(row: number): Standing {
    return this.places[row]!;
  }

  /** Takes in what was told since the last call, and what is running now. */
  catchUp(told: readonly TrialRecord[], running: readonly Seen[], directions: readonly Direction[]): void {
    for (; this.read < told.length; this.read++) {
      const trial = told[this.read]!;
      const place = standing(trial, directions);
      if (place && this.has(trial)) this.add(trial, place);
    }
    const now = running.filter((trial) => this.has(trial)).sort((a, b) => a.number - b.number);
    this.runningCount = now.length;
    this.merged = now.length === 0 ? this.told : this.told.map((rows) => [...rows]);
    now.forEach((trial, k) => {
      this.encode(trial, this.size + k);
      this.sortIn(this.merged as number[][], this.size + k, trial.number, now);
    });
  }

  /** Whether some row, told or running, is at exactly these coordinates. */
  includes(at: Float64Array): boolean {
    const width = this.dimensions.length;
    const { coords } = this;
    const end = (this.size + this.runningCount) * width;
    for (let from = 0; from < end; from += width) {
      let j = 0;
      while (j < width && coords[from + j] === at[j]) j++;
      if (j === width) return true;
    }
    return false;
  }

  private has({ params, space }: Seen): boolean {
    return this.dimensions.every(
      ({ name, distribution }) =>
        Object.hasOwn(params, name) && (space[name] === distribution || contains(distribution, params[name])),
    );
  }

  private add(trial: TrialRecord, place: Standing): void {
    const row = this.size;
    this.encode(trial, row);
    this.places.push(place);
    insert(this.byNumber, row, (other) => this.places[other]!.number - place.number);
    insert(this.byRank, row, (other) => compareStanding(this.places[other]!, place));
    this.sortIn(this.told, row, place.number, []);
  }

  /** Equal coordinates go by trial number, so that the order of telling leaves no trace. */
  private sortIn(orders: readonly number[][], row: number, number: number, running: readonly Seen[]): void {
    const { coords, places } = this;
    const width = orders.length;
    const numberOf = (other: number) => places[other]?.number ?? running[other - places.length]!.number;
    for (let j = 0; j < width; j++) {
      const at = coords[row * width + j]!;
      insert(orders[j]!, row, (other) => coords[other * width + j]! - at || numberOf(other) - number);
    }
  }

  private encode({ params }: Seen, row: number): void {
    const width = this.dimensions.length;
    if ((row + 1) * width > this.coords.length) {
      const larger = new Float64Array(Math.max((row + 1) * width, this.coords.length * 2));
      larger.set(this.coords);
      this.coords = larger;
    }
    for (let j = 0; j < width; j++) {
      const { name, axis } = this.dimensions[j]!;
      const value = params[name]!;
      this.coords[row * width + j] =
        axis.kind === "grid" || axis.kind === "choice" ? axis.index(value) : axis.unit(value);
    }
  }
}

/** Inserts `row` behind the last entry that `order` calls smaller; the end is tried first. */
function insert(rows: number[], row: number, order: (other: number) => number): void {
  if (rows.length === 0 || order(rows[rows.length - 1]!) < 0) {
    rows.push(row);
    return;
  }
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (order(rows[middle]!) < 0) low = middle + 1;
    else high = middle;
  }
  rows.splice(low, 0, row);
}
