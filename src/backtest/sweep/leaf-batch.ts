import type { LeafStore } from "./leaf-store.ts";
import type { Leaf, SweepPlan } from "./plan.ts";
import { priceRsiOf } from "./rsi-pair.ts";

/** Parameter sets side by side: `columns[name][s]` is the number of set `s`. */
export interface ParamTable {
  readonly length: number;
  readonly columns: Readonly<Record<string, Float64Array>>;
}

/** A leaf of the plan with its numbers, in the order of its parameters, and where its bit column goes. */
export interface LeafInstance {
  readonly leaf: number;
  readonly numbers: readonly number[];
  readonly slot: number;
}

/** Sets whose bit columns are in the store together. */
export interface LeafBatch {
  /** The sets, those that read the same columns side by side: a column then stays near the processor. */
  readonly order: Uint32Array;
  /** `slots[k][n]`: where the bits of leaf `k` of set `order[n]` are. */
  readonly slots: readonly Int32Array[];
  /** Instances still to compute; what is computed together is together, and comes in pieces that threads can share. */
  readonly groups: readonly (readonly LeafInstance[])[];
}

/** Averages computed side by side, at most: enough to fill the lanes, few enough to share among threads. */
const AVERAGES = 8;

/** Cuts the sets into batches whose bit columns fit into the store. Each is to be done before the next is asked for. */
export function* leafBatches(plan: SweepPlan, sets: ParamTable, store: LeafStore): Generator<LeafBatch> {
  const open = [{ from: 0, to: sets.length }];
  for (let range = open.pop(); range; range = open.pop()) {
    const { from, to } = range;
    if (from === to) continue;
    const batch = leafBatch(plan, sets, range, store);
    const middle = (from + to) >>> 1;
    if (batch) yield batch;
    else open.push({ from: middle, to }, { from, to: middle });
  }
}

/** The batch of sets `from`…`to`; `null` if its bit columns do not fit into the store, unless it is one set. */
function leafBatch(
  plan: SweepPlan,
  sets: ParamTable,
  { from, to }: { readonly from: number; readonly to: number },
  store: LeafStore,
): LeafBatch | null {
  const wanted: { leaf: number; numbers: readonly number[]; group: string }[] = [];
  const codes = memo((name) => codesOf(sets.columns[name]!.subarray(from, to)));
  const indexes = plan.leaves.map((leaf, k) => {
    const { codes: own, count } = combined(leaf.params.map(codes), to - from);
    const known = new Int32Array(count).fill(-1);
    const columns = leaf.params.map((name) => sets.columns[name]!);
    return own.map((code, s) => {
      if (known[code]! < 0) {
        const numbers = columns.map((column) => column[from + s]!);
        known[code] = wanted.push({ leaf: k, numbers, group: groupOf(leaf, numbers) }) - 1;
      }
      return known[code]!;
    });
  });
  const byGroup = wanted.map((_, k) => k).sort((a, b) => compareText(wanted[a]!.group, wanted[b]!.group));
  const names = byGroup.map((k) => `${plan.leaves[wanted[k]!.leaf]!.node.key}|${wanted[k]!.numbers.join()}`);
  const allotted = store.allot(names, to - from === 1);
  if (!allotted) return null;
  const slotOf = new Int32Array(wanted.length);
  byGroup.forEach((k, at) => {
    slotOf[k] = allotted.slots[at]!;
  });
  const groups = new Map<string, LeafInstance[]>();
  for (const at of allotted.fresh) {
    const { leaf, numbers, group } = wanted[byGroup[at]!]!;
    const others = groups.get(group);
    const instance = { leaf, numbers, slot: allotted.slots[at]! };
    if (others) others.push(instance);
    else groups.set(group, [instance]);
  }
  const slots = indexes.map((index) => index.map((k) => slotOf[k]!));
  const order = readingOrder(slots, to - from);
  return {
    order: order.map((s) => from + s),
    slots: slots.map((slot) => Int32Array.from(order, (s) => slot[s]!)),
    groups: shared([...groups.values()], plan),
  };
}

/**
 * Equal for instances that are computed together: thresholds of one series, averages of one price, other conditions under
 * the same numbers, which often read the same series.
 */
function groupOf(leaf: Leaf, numbers: readonly number[]): string {
  if (leaf.average) return leaf.node.key;
  if (!leaf.threshold) return `=${leaf.params.map((name, k) => `${name}=${numbers[k]}`).sort()}`;
  const { series, value } = leaf.threshold;
  // a parameter may be the threshold and a number of the series as well
  const inSeries = numbers.filter((_, k) => leaf.params[k] !== value || series.key.includes(`$${value}`));
  return `${series.key}|${inSeries.join()}`;
}

/** Sorts by the first leaf's slot, then the next one's, as far as they fit into the digits of a number. */
function readingOrder(slots: readonly Int32Array[], length: number): Uint32Array {
  const most = slots.map((slot) => 1 + slot.reduce((max, each) => Math.max(max, each), 0));
  const keys = new Float64Array(length);
  let room = Number.MAX_SAFE_INTEGER / length;
  for (let k = 0; k < slots.length && most[k]! < room; k++) {
    for (let s = 0; s < length; s++) keys[s] = keys[s]! * most[k]! + slots[k]![s]!;
    room /= most[k]!;
  }
  for (let s = 0; s < length; s++) keys[s] = keys[s]! * length + s;
  return Uint32Array.from(keys.sort(), (key) => key % length);
}

/** Groups of a size that threads can share: some averages each, and relative strengths by two. */
function shared(groups: readonly LeafInstance[][], plan: SweepPlan): LeafInstance[][] {
  const leafOf = (group: readonly LeafInstance[]) => plan.leaves[group[0]!.leaf]!;
  const isRsi = ({ threshold }: Leaf) => threshold !== null && priceRsiOf(threshold.series) !== null;
  const strengths = groups.filter((group) => isRsi(leafOf(group)));
  const pairs = chunks(strengths, 2).map((pair) => pair.flat());
  const others = groups.filter((group) => !isRsi(leafOf(group)));
  return [...pairs, ...others.flatMap((group) => (leafOf(group).average ? chunks(group, AVERAGES) : [group]))];
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, k) => list.slice(k * size, (k + 1) * size));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
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
