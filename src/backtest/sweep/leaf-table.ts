import { instantiateNode, type Values } from "../../strategy/instantiate.ts";
import { COMPARISONS, compareThresholds } from "./compare.ts";
import type { LeafColumns } from "./leaf-columns.ts";
import type { Leaf, SweepPlan } from "./plan.ts";
import type { LeafBits } from "./scan.ts";

/** Parameter sets side by side: `columns[name][s]` is the number of set `s`. */
export interface ParamTable {
  readonly length: number;
  readonly columns: Readonly<Record<string, Float64Array>>;
}

/** One leaf with its numbers: a bit column that any number of sets share. */
interface Instance {
  readonly leaf: Leaf;
  /** A set that has these numbers. */
  readonly sample: number;
}

export interface TableOptions {
  readonly plan: SweepPlan;
  readonly sets: ParamTable;
  /** First set. */
  readonly from: number;
  /** Set behind the last. */
  readonly to: number;
  /** Length of the bars. */
  readonly bars: number;
}

/** Which bit columns a batch of parameter sets needs, and which of them each set reads. */
export class LeafTable {
  readonly instances: readonly Instance[];
  /** `indexes[k][s]`: the instance of leaf `k` that set `s` reads. */
  readonly indexes: readonly Int32Array[];
  /** Instances that one column serves, side by side. */
  readonly groups: readonly (readonly number[])[];
  /** Leading bars that are not known, per instance. */
  readonly warmup: Int32Array;
  private readonly sets: ParamTable;
  private readonly words: number;
  private readonly stride: number;
  private memory: Uint32Array = new Uint32Array(0);

  /** The table of sets `from`…`to`; `null` if its bit columns would take more than `maxBytes`, unless it is one set. */
  static fitting(of: TableOptions & { readonly maxBytes: number }): LeafTable | null {
    const table = new LeafTable(of);
    if (table.bytes > of.maxBytes && of.to - of.from > 1) return null;
    table.reserve();
    return table;
  }

  private constructor({ plan, sets, from, to, bars }: TableOptions) {
    this.sets = sets;
    const instances: Instance[] = [];
    const groups = new Map<string, number[]>();
    const codes = memo((name) => codesOf(sets.columns[name]!.subarray(from, to)));
    this.indexes = plan.leaves.map((leaf) => {
      const { codes: own, count } = combined(leaf.params.map(codes), to - from);
      const known = new Int32Array(count).fill(-1);
      const index = new Int32Array(to - from);
      const series = leaf.threshold && seriesNumbers(leaf, sets);
      for (let s = 0; s < index.length; s++) {
        let at = known[own[s]!]!;
        if (at < 0) {
          at = instances.push({ leaf, sample: from + s }) - 1;
          known[own[s]!] = at;
          let name = `${at}`;
          if (series) name = `${leaf.threshold!.series.key}|${series.map((column) => column[from + s]).join()}`;
          else if (leaf.average) name = leaf.node.key;
          const group = groups.get(name);
          if (group) group.push(at);
          else groups.set(name, [at]);
        }
        index[s] = at;
      }
      return index;
    });
    this.instances = instances;
    this.groups = [...groups.values()];
    this.words = (bars + 31) >>> 5;
    this.stride = this.words + ((this.words + 31) >>> 5);
    this.warmup = new Int32Array(instances.length);
  }

  private get bytes(): number {
    return this.instances.length * this.stride * 4;
  }

  private reserve(): void {
    this.memory = new Uint32Array(new SharedArrayBuffer(this.bytes));
  }

  /** The bits of an instance; all zero until its group is computed. */
  leaf(instance: number): LeafBits {
    const begin = instance * this.stride;
    return {
      bits: this.memory.subarray(begin, begin + this.words),
      summary: this.memory.subarray(begin + this.words, begin + this.stride),
    };
  }

  /** Computes the bit columns of a group. */
  compute(group: readonly number[], columns: LeafColumns): void {
    const { leaf, sample } = this.instances[group[0]!]!;
    const { threshold } = leaf;
    if (leaf.average) {
      const { period } = leaf.average;
      const periods = group.map((at) =>
        typeof period === "number" ? period : this.sets.columns[period]![this.instances[at]!.sample]!,
      );
      columns.averages(
        leaf.average,
        periods,
        group.map((at) => this.leaf(at).bits),
      );
      group.forEach((at, k) => {
        this.warmup[at] = periods[k]! - 1;
        const { bits, summary } = this.leaf(at);
        summarize(bits, summary);
      });
      return;
    }
    if (!threshold) {
      for (const at of group) {
        const { bits, summary } = this.leaf(at);
        const node = instantiateNode(leaf.node, this.values(leaf, this.instances[at]!.sample));
        this.warmup[at] = columns.condition(node, bits);
        summarize(bits, summary);
      }
      return;
    }
    const column = columns.series(instantiateNode(threshold.series, this.values(leaf, sample)));
    const number = (at: number) => {
      const { value } = this.instances[at]!.leaf.threshold!;
      return typeof value === "number" ? value : this.sets.columns[value]![this.instances[at]!.sample]!;
    };
    for (const is of COMPARISONS) {
      const same = group.filter((at) => this.instances[at]!.leaf.threshold!.is === is);
      if (same.length === 0) continue;
      compareThresholds(
        column.numbers,
        is,
        same.map(number),
        same.map((at) => this.leaf(at).bits),
      );
    }
    for (const at of group) {
      this.warmup[at] = column.warmup;
      const { bits, summary } = this.leaf(at);
      summarize(bits, summary);
    }
  }

  private values(leaf: Leaf, set: number): Values {
    return Object.fromEntries(leaf.params.map((name) => [name, this.sets.columns[name]![set]!]));
  }
}

/** Numbers renamed 0, 1, 2, … so that equal numbers have equal codes. */
interface Codes {
  readonly codes: Int32Array;
  readonly count: number;
}

function codesOf(column: Float64Array): Codes {
  const codes = new Int32Array(column.length);
  const known = new Map<number, number>();
  let last = NaN;
  let code = -1;
  for (let s = 0; s < column.length; s++) {
    if (column[s] !== last) {
      last = column[s]!;
      code = known.get(last) ?? known.size;
      if (code === known.size) known.set(last, code);
    }
    codes[s] = code;
  }
  return { codes, count: known.size };
}

/** One code per combination; renamed whenever the combinations that could be are many more than those that are. */
function combined(parts: readonly Codes[], length: number): Codes {
  return parts.reduce<Codes>(
    (all, part) => {
      const codes = new Int32Array(length);
      const count = all.count * part.count;
      if (count < 2 ** 22) {
        for (let s = 0; s < length; s++) codes[s] = all.codes[s]! * part.count + part.codes[s]!;
        return { codes, count };
      }
      const wide = new Float64Array(length);
      for (let s = 0; s < length; s++) wide[s] = all.codes[s]! * part.count + part.codes[s]!;
      return codesOf(wide);
    },
    { codes: new Int32Array(length), count: 1 },
  );
}

function memo<T>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    if (!made.has(name)) made.set(name, make(name));
    return made.get(name)!;
  };
}

function seriesNumbers(leaf: Leaf, sets: ParamTable): Float64Array[] {
  const { series } = leaf.threshold!;
  return leaf.params.filter((name) => openInSeries(leaf, name, series.key)).map((name) => sets.columns[name]!);
}

/** Whether the series of a threshold depends on that parameter, which may also be the threshold itself. */
function openInSeries(leaf: Leaf, name: string, key: string): boolean {
  return leaf.threshold!.value !== name || key.includes(`$${name}`);
}

function summarize(bits: Uint32Array, summary: Uint32Array): void {
  for (let g = 0; g < summary.length; g++) {
    const first = g << 5;
    const end = Math.min(bits.length, first + 32);
    let some = 0;
    for (let w = first; w < end; w++) some |= Number(bits[w] !== 0) << (w & 31);
    summary[g] = some;
  }
}
