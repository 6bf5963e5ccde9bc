import type { Random } from "../../../core/random.ts";
import type { Axis } from "../../axis.ts";
import { bell, inside, mass, truncatedQuantile } from "../../normal.ts";
import type { Dimension, Observations } from "./observations.ts";
import { type Part, pick } from "./split.ts";

/** Squared distance in widths beyond which a kernel adds nothing to what the prior has there. */
const FAR = 90;

/**
 * A density over a space: one product kernel per observation and a wide one for the prior.
 *
 * A kernel is a truncated normal on a `line`, its mass on the cell on `grid` and `edges`, and a smoothed
 * indicator on a `choice`. `density` leaves out constants that all mixtures over the same axes share.
 */
export class Mixture {
  private readonly axes: readonly Axis[];
  private readonly part: Part;
  private readonly priorWeight: number;
  private readonly means: Float64Array;
  private readonly sds: Float64Array;
  private readonly lines: Lines;
  private readonly cells: readonly Cells[];
  private readonly factors: Float64Array;
  private readonly prior: (at: Float64Array) => number;

  constructor(observations: Observations, widths: Float64Array, part: Part, priorWeight: number) {
    this.axes = observations.dimensions.map((dimension) => dimension.axis);
    this.part = part;
    this.priorWeight = priorWeight;
    const d = this.axes.length;
    this.means = gather(observations.coords, part.rows, d);
    this.sds = gather(widths, part.rows, d);
    let total = priorWeight;
    for (const weight of part.weights) total += weight;
    this.factors = part.weights.map((weight) => weight / total);
    this.lines = this.lineKernels();
    this.cells = observations.dimensions.flatMap((dimension, j) =>
      dimension.axis.kind === "line" ? [] : [this.cellKernels(dimension, j)],
    );
    this.prior = priorDensity(this.axes, priorWeight / total);
  }

  /** A point of the mixture, written to `out` in the form of the observations' coordinates. */
  draw(rng: Random, out: Float64Array): void {
    const d = this.axes.length;
    const kernel = pick(this.part.weights, this.priorWeight, rng.next());
    const isPrior = kernel === this.part.rows.length;
    for (let j = 0; j < d; j++) {
      const axis = this.axes[j]!;
      const centre = isPrior ? NaN : this.means[kernel * d + j]!;
      const u = rng.next();
      if (axis.kind === "choice") {
        out[j] = drawChoice(axis, centre, this.smoothing(), u);
        continue;
      }
      const mean = isPrior ? 0.5 : axis.kind === "grid" ? (centre + 0.5) / axis.cells : centre;
      const unit = truncatedQuantile(u, mean, isPrior ? 1 : this.sds[kernel * d + j]!);
      if (axis.kind === "line") out[j] = unit;
      else out[j] = axis.kind === "grid" ? axis.index(axis.at(unit)) : axis.unit(axis.at(unit));
    }
  }

  /** > 0 everywhere. Once it is known to be ≥ `enough`, any number in between may be returned. */
  density(at: Float64Array, enough = Infinity): number {
    const { factors, cells } = this;
    const { columns, means, scales } = this.lines;
    const count = factors.length;
    const width = columns.length;
    const x = new Float64Array(width);
    for (let j = 0; j < width; j++) x[j] = at[columns[j]!]!;
    for (const cell of cells) cell.moveTo(at);
    let sum = this.prior(at);
    if (width === 1 && cells.length === 0) {
      // The same loop without the inner one: takes a quarter off the time of a univariate ask.
      const here = x[0]!;
      for (let k = count - 1; k >= 0 && sum < enough; k--) {
        const z = (here - means[k]!) * scales[k]!;
        if (z * z < FAR) sum += factors[k]! * bell(z * z);
      }
      return sum;
    }
    // From new to old: the newest kernels are near what is drawn now, so `enough` comes soon.
    for (let k = count - 1, from = k * width; k >= 0 && sum < enough; k--, from -= width) {
      let square = 0;
      let j = 0;
      // Most kernels are far away in the first parameter or two: leaving early is what makes this loop fast.
      for (; j < width && square < FAR; j++) {
        const z = (x[j]! - means[from + j]!) * scales[from + j]!;
        square += z * z;
      }
      if (square >= FAR) continue;
      let term = factors[k]! * bell(square);
      for (let f = 0; f < cells.length && term > 0; f++) term *= cells[f]!.mass(k);
      sum += term;
    }
    return sum;
  }

  /** What a choice's kernel gives to every choice, its own getting 1 more. */
  private smoothing(): number {
    return this.priorWeight / (this.part.rows.length + 1);
  }

  private lineKernels(): Lines {
    const d = this.axes.length;
    const columns = this.axes.flatMap((axis, j) => (axis.kind === "line" ? [j] : []));
    const width = columns.length;
    const count = this.factors.length;
    const means = new Float64Array(count * width);
    const scales = new Float64Array(count * width);
    for (let k = 0; k < count; k++) {
      let constant = 1;
      for (let f = 0; f < width; f++) {
        const mean = this.means[k * d + columns[f]!]!;
        const sd = this.sds[k * d + columns[f]!]!;
        means[k * width + f] = mean;
        scales[k * width + f] = 1 / sd;
        constant *= sd * inside(mean, sd);
      }
      this.factors[k]! /= constant;
    }
    return { columns, means, scales };
  }

  private cellKernels(dimension: Dimension, j: number): Cells {
    const { axis } = dimension;
    const d = this.axes.length;
    const count = this.factors.length;
    const means = new Float64Array(count);
    for (let k = 0; k < count; k++) means[k] = this.means[k * d + j]!;
    if (axis.kind === "choice") return choiceKernels(j, means, axis, this.smoothing());
    const sds = new Float64Array(count);
    for (let k = 0; k < count; k++) {
      sds[k] = this.sds[k * d + j]!;
      this.factors[k]! /= inside(axis.kind === "grid" ? (means[k]! + 0.5) / axis.cells : means[k]!, sds[k]!);
    }
    return axis.kind === "grid" ? gridKernels(j, means, sds, dimension) : edgeKernels(j, means, sds, axis);
  }
}

interface Lines {
  readonly columns: readonly number[];
  readonly means: Float64Array;
  readonly scales: Float64Array;
}

/** The kernels of one discrete parameter. */
interface Cells {
  /** The point that `mass` is asked about next. */
  moveTo(at: Float64Array): void;
  /** What kernel `k` has on the cell of that point. */
  mass(k: number): number;
}

function choiceKernels(j: number, means: Float64Array, axis: Axis, base: number): Cells {
  const miss = base / (1 + axis.cells * base);
  const hit = (1 + base) / (1 + axis.cells * base);
  let here = 0;
  return {
    moveTo(at) {
      here = at[j]!;
    },
    mass: (k) => (means[k] === here ? hit : miss),
  };
}

/** Gaps on a grid are whole cells, so few widths occur: one table of masses by distance for each of them. */
function gridKernels(j: number, means: Float64Array, sds: Float64Array, { axis, masses }: Dimension): Cells {
  const tables: Float64Array[] = [];
  for (const sd of sds) {
    let table = masses.get(sd);
    if (!table) {
      table = massesByDistance(axis.cells, sd);
      masses.set(sd, table);
    }
    tables.push(table);
  }
  let here = 0;
  return {
    moveTo(at) {
      here = at[j]!;
    },
    mass: (k) => tables[k]![Math.abs(here - means[k]!)]!,
  };
}

function massesByDistance(cells: number, sd: number): Float64Array {
  const half = 0.5 / cells;
  const table = new Float64Array(cells);
  for (let k = 0; k < cells && (k / cells - half) / sd < 9; k++) {
    table[k] = mass((k / cells - half) / sd, (k / cells + half) / sd);
  }
  return table;
}

function edgeKernels(j: number, means: Float64Array, sds: Float64Array, axis: Axis): Cells {
  let low = 0;
  let high = 0;
  return {
    moveTo(at) {
      const index = axis.index(axis.at(at[j]!));
      low = axis.edge(index);
      high = axis.edge(index + 1);
    },
    mass(k) {
      const a = (low - means[k]!) / sds[k]!;
      const b = (high - means[k]!) / sds[k]!;
      return a > 9 || b < -9 ? 0 : mass(a, b);
    },
  };
}

/** The prior: a normal as wide as the range around its middle, and all choices alike. */
function priorDensity(axes: readonly Axis[], weight: number): (at: Float64Array) => number {
  const whole = inside(0.5, 1);
  const shares = axes.map((axis) => {
    const cellMass = (k: number) => mass(axis.edge(k) - 0.5, axis.edge(k + 1) - 0.5) / whole;
    if (axis.kind === "line") return (at: number) => Math.exp(-0.5 * (at - 0.5) ** 2) / whole;
    if (axis.kind === "choice") return () => 1 / axis.cells;
    return axis.kind === "grid" ? cellMass : (at: number) => cellMass(axis.index(axis.at(at)));
  });
  return (at) => {
    let density = weight;
    for (let j = 0; j < shares.length; j++) density *= shares[j]!(at[j]!);
    return density;
  };
}

function gather(from: Float64Array, rows: readonly number[], d: number): Float64Array {
  const out = new Float64Array(rows.length * d);
  for (let k = 0; k < rows.length; k++) {
    for (let j = 0; j < d; j++) out[k * d + j] = from[rows[k]! * d + j]!;
  }
  return out;
}

function drawChoice(axis: Axis, own: number, base: number, u: number): number {
  if (own !== own) return Math.min(Math.floor(u * axis.cells), axis.cells - 1);
  const rest = u * (1 + axis.cells * base) - 1;
  return rest < 0 ? own : Math.min(Math.floor(rest / base), axis.cells - 1);
}
