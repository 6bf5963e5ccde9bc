import { type Bits, bits } from "../../core/bits.ts";
import { ToolkitError } from "../../core/errors.ts";
import { intervalMs } from "../../core/time.ts";
import { computeMetrics, type Metrics } from "../../metrics/metrics.ts";
import { ColumnCache } from "../../strategy/cache.ts";
import type { LevelNode } from "../../strategy/graph.ts";
import { instantiateNode, type Values } from "../../strategy/instantiate.ts";
import { isOpen, type Node } from "../../strategy/node.ts";
import type { SignalName } from "../../strategy/rules.ts";
import type { Level, SignalColumns } from "../../strategy/signals.ts";
import { numbersOf } from "../../strategy/sweep.ts";
import type { BacktestSettings } from "../settings.ts";
import { simulate } from "../simulate.ts";
import { wordCode } from "./bool-expression.ts";
import { leafBits } from "./leaf-group.ts";
import type { LeafMemory } from "./leaf-store.ts";
import type { SweepPlan } from "./plan.ts";
import type { SweepInput } from "./sweepable.ts";

/** Bytes of number columns that levels and sizes may keep. */
const CACHE_BYTES = 64 * 2 ** 20;

/** Sets side by side: where the bits of each leaf are, and their numbers, in the same order. */
export interface SetTable {
  readonly slots: readonly Int32Array[];
  readonly values: Readonly<Record<string, Float64Array>>;
}

/** The metrics of each set by simulation; `null` where the whole backtest must say what is wrong. */
export type SetRun = (memory: LeafMemory, sets: SetTable) => (Metrics | null)[];

/** Memory for one set at a time, reused: fresh memory costs more than a simulation. */
export class RunRoom {
  readonly equity: Float64Array;
  readonly cache = new ColumnCache(CACHE_BYTES);
  private readonly length: number;
  private readonly words: Partial<Record<SignalName, Bits>> = {};

  /** For bars of `length`. */
  constructor(length: number) {
    this.length = length;
    this.equity = new Float64Array(length);
  }

  bitsOf(name: SignalName): Bits {
    this.words[name] ??= bits(this.length);
    return this.words[name];
  }
}

/** Simulates sets whose comparisons are known: only what depends on the whole set is left to do. */
export function setRun(plan: SweepPlan, input: SweepInput, settings: BacktestSettings, room: RunRoom): SetRun {
  const { bars } = input;
  const combine = Object.entries(plan.signals).map(([name, rule]) => {
    const out = room.bitsOf(name as SignalName);
    const code = `for (let w = 0; w < out.length; w++) out[w] = ${wordCode(rule)};`;
    return { name: name as SignalName, out, run: new Function(...leafNames(plan), "out", code) };
  });
  return (memory, { slots, values }) => {
    const known: Bits[] = [];
    const bitsOf = (slot: number): Bits => {
      known[slot] ??= leafBits(memory, slot).bits;
      return known[slot];
    };
    return Array.from(slots[0]!, (_, s) => {
      const own = slots.map((slot) => slot[s]!);
      const leaves = own.map(bitsOf);
      const numbers = Object.fromEntries(Object.entries(values).map(([name, column]) => [name, column[s]!]));
      try {
        const extra = extrasOf(plan, numbers, input, room.cache);
        const warmup = Math.max(extra.warmup, ...own.map((slot) => memory.warmup[slot]!));
        if (warmup >= bars.length) return null;
        for (const { run, out } of combine) run(...leaves, out);
        const signals = { ...extra, warmup, ...Object.fromEntries(combine.map(({ name, out }) => [name, out])) };
        return metricsOf(signals, input, settings, room);
      } catch (error) {
        if (error instanceof ToolkitError) return null;
        throw error;
      }
    });
  };
}

function metricsOf(signals: SignalColumns, input: SweepInput, settings: BacktestSettings, room: RunRoom): Metrics {
  const { bars } = input;
  const made = simulate(signals, bars, settings, { ...input, equity: room.equity });
  return computeMetrics({
    ...made,
    startEquity: settings.cash,
    time: bars.time,
    intervalMs: intervalMs(bars.interval),
  });
}

function leafNames(plan: SweepPlan): string[] {
  return plan.leaves.map((_, k) => `b${k}`);
}

/** Levels and size of one set, with the bars that have none. */
function extrasOf(plan: SweepPlan, values: Values, { bars }: SweepInput, cache: ColumnCache): SignalColumns {
  let warmup = 0;
  const columnOf = (open: Node): Float64Array => {
    const column = numbersOf(instantiateNode(open, values), bars, cache);
    warmup = Math.max(warmup, column.warmup);
    return typeof column.numbers === "number" ? new Float64Array(bars.length).fill(column.numbers) : column.numbers;
  };
  const levels = Object.entries(plan.levels).map(([name, level]) => [name, levelOf(level, values, columnOf)]);
  const size = plan.size && columnOf(plan.size);
  return { length: bars.length, ...Object.fromEntries(levels), ...(size && { size }), warmup };
}

function levelOf(level: LevelNode, values: Values, columnOf: (open: Node) => Float64Array): Level {
  if (level.kind === "fraction") {
    const { fraction } = level;
    return { kind: "fraction", fraction: isOpen(fraction) ? (values[fraction.open] as number) : fraction };
  }
  const column = columnOf(level.node);
  return level.kind === "distance" ? { kind: "distance", distance: column } : { kind: "price", price: column };
}
