import { hasBit } from "../core/bits.ts";
import { ArgumentError } from "../core/errors.ts";
import type { Interval } from "../core/time.ts";
import { warmupOf } from "./evaluate.ts";
import { type Graph, graphOf } from "./graph.ts";
import { closed, type Node } from "./node.ts";
import { positionRule } from "./positionrule.ts";
import { Program } from "./program.ts";
import { resolveParams } from "./resolve.ts";
import { LEVELS, type LevelName, SIGNALS, type SignalName } from "./rules.ts";
import type { PositionRule, PositionView } from "./signals.ts";
import type { Slot } from "./slot.ts";
import type { Strategy } from "./strategy.ts";

/** One closed bar. `time` is its opening, epoch ms UTC; prices are quote per base, volume is base. */
export interface StreamBar {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** A protective level at one bar: a fraction of the entry price, a distance from it, or a price; `NaN` = not known, no entry. */
export interface LevelValue {
  readonly kind: "fraction" | "distance" | "price";
  readonly value: number;
}

/** What a strategy says at the close of one bar: one row of its `SignalColumns`. */
export interface SignalRow {
  /** Counts the bars pushed, from 0. */
  readonly index: number;
  readonly time: number;
  /** The warm-up is over; before that nothing fires. */
  readonly ready: boolean;
  readonly enterLong: boolean;
  readonly enterShort: boolean;
  /** An exit that reads the position is a question to be asked with it, before the next bar is pushed. */
  readonly exitLong: boolean | ((position: PositionView) => boolean);
  readonly exitShort: boolean | ((position: PositionView) => boolean);
  readonly stopLoss?: LevelValue;
  readonly takeProfit?: LevelValue;
  readonly trailingStop?: LevelValue;
  /** Multiplies what the sizing policy gives; 1 when the rules give none. `NaN` or ≤ 0 = no entry. */
  readonly size: number;
}

/** A strategy fed with one closed bar at a time. It keeps the bars it has seen. */
export interface SignalStream {
  /** Bars pushed so far. */
  readonly length: number;
  /** Leading bars on which nothing can fire; `Infinity` while that is not yet known. */
  readonly warmup: number;
  /** @throws ArgumentError `BAR_ORDER` unless bars come in ascending order of time */
  push(bar: StreamBar): SignalRow;
}

/**
 * The same signals as `signalsOf`, bit for bit, one closed bar at a time.
 *
 * @throws as `signalsOf`
 */
export function streamOf(
  strategy: Strategy,
  params: Readonly<Record<string, unknown>>,
  market: { readonly interval: Interval },
): SignalStream {
  return graphStream(graphOf(strategy, resolveParams(strategy, params)), market.interval);
}

/** {@link streamOf} for a graph that is already built. */
export function graphStream(graph: Graph, interval: Interval): SignalStream {
  const program = new Program(graph.nodes, interval);
  const slotOf = (node: Node): Slot => program.slot(node);
  let warmup = warmupOf(graph, slotOf);
  const ready = (i: number): boolean => i >= warmup;
  const signals = SIGNALS.flatMap((name) => {
    const node = graph.signals[name];
    if (!node) return [];
    return [
      {
        name,
        slot: node.position ? null : slotOf(node),
        rule: node.position ? positionRule(node, slotOf, ready) : null,
      },
    ];
  });
  const levels = LEVELS.flatMap((name) => {
    const level = graph.levels[name];
    if (!level) return [];
    const slot = level.kind === "fraction" ? null : slotOf(level.node);
    const fixed = level.kind === "fraction" ? closed(level.fraction) : NaN;
    return [{ name, kind: level.kind, value: (i: number) => (slot ? valueAt(slot, i) : fixed) }];
  });
  const size = graph.size ? slotOf(graph.size) : null;
  return {
    get length() {
      return program.length;
    },
    get warmup() {
      return warmup;
    },
    push(bar) {
      checkOrder(bar, program);
      program.push(bar);
      const i = program.length - 1;
      if (warmup === Infinity) warmup = warmupOf(graph, slotOf);
      const row = silent(i, bar.time, i >= warmup);
      if (row.ready) {
        for (const { name, slot, rule } of signals) {
          if (slot) row[name] = hasBit(slot.bits, i);
          else if (rule) row[name as "exitLong"] = asked(rule, i);
        }
      }
      for (const { name, kind, value } of levels) row[name] = { kind, value: value(i) };
      if (size) row.size = valueAt(size, i);
      return row;
    },
  };
}

type Row = { -readonly [K in Exclude<keyof SignalRow, SignalName | LevelName>]: SignalRow[K] } & {
  enterLong: boolean;
  enterShort: boolean;
  exitLong: SignalRow["exitLong"];
  exitShort: SignalRow["exitShort"];
  stopLoss?: LevelValue;
  takeProfit?: LevelValue;
  trailingStop?: LevelValue;
};

/** A row on which nothing fires. Written out: a spread costs more than all the rest of a quiet bar. */
function silent(index: number, time: number, ready: boolean): Row {
  return { index, time, ready, enterLong: false, exitLong: false, enterShort: false, exitShort: false, size: 1 };
}

function asked(rule: PositionRule, i: number): (position: PositionView) => boolean {
  return (position) => rule(i, position);
}

function valueAt(slot: Slot, i: number): number {
  return slot.constant ?? slot.numbers[i]!;
}

function checkOrder(bar: StreamBar, program: Program): void {
  if (bar.time > program.lastTime) return;
  const message = `bars must ascend in time: ${bar.time} came after ${program.lastTime}`;
  throw new ArgumentError("BAR_ORDER", message, { time: bar.time, last: program.lastTime });
}
