import type { Interval } from "../core/time.ts";
import { alignStep, BAR_FIELDS, type FieldSlots, HigherBars } from "./higher.ts";
import { indicatorStep } from "./indicatorstep.ts";
import { closed, type IndicatorNode, type Node } from "./node.ts";
import { outputKey } from "./nodes.ts";
import { bitSlot, constantSlot, growSlot, numberSlot, type Slot } from "./slot.ts";
import { type Step, stepOf } from "./steps.ts";
import { kernelOfNode } from "./warmup.ts";

/** Room for this many bars at first; it doubles. */
const FIRST_ROOM = 1024;

interface HigherFrame {
  readonly bars: HigherBars;
  readonly steps: Step[];
}

/** The steps of a graph in order, over columns that grow by one bar at a time. */
export class Program {
  /** Bars pushed so far. */
  length = 0;
  /** Opening of the last bar, epoch ms. */
  lastTime = -Infinity;
  private room = FIRST_ROOM;
  private readonly fields: FieldSlots;
  private readonly slots = new Map<string, Slot>();
  private readonly growing: Slot[];
  private readonly steps: Step[] = [];
  private readonly higher = new Map<Interval, HigherFrame>();
  private readonly interval: Interval;

  /** `nodes`: inputs before their readers. @throws ArgumentError `INTERVAL` */
  constructor(nodes: readonly Node[], interval: Interval) {
    this.interval = interval;
    const fields = BAR_FIELDS.map((field) => [field, numberSlot(new Float64Array(this.room))] as const);
    this.fields = Object.fromEntries(fields) as FieldSlots;
    this.growing = fields.map(([, slot]) => slot);
    for (const node of nodes) this.add(node);
  }

  /** The growing column of `node`. */
  slot(node: Node): Slot {
    const slot = this.slots.get(node.key);
    if (slot) return slot;
    throw new TypeError(`${node.key} is not part of this program`);
  }

  push(bar: { readonly [K in keyof FieldSlots]: number }): void {
    const i = this.length;
    if (i === this.room) {
      this.room *= 2;
      for (const slot of this.growing) growSlot(slot, this.room);
    }
    const { time, open, high, low, close, volume } = this.fields;
    time.numbers[i] = bar.time;
    open.numbers[i] = bar.open;
    high.numbers[i] = bar.high;
    low.numbers[i] = bar.low;
    close.numbers[i] = bar.close;
    volume.numbers[i] = bar.volume;
    this.lastTime = bar.time;
    this.length = i + 1;
    if (this.higher.size > 0) this.pushHigher(i);
    for (const step of this.steps) step.extend(i, i + 1);
  }

  private pushHigher(i: number): void {
    for (const { bars, steps } of this.higher.values()) {
      const had = bars.length;
      bars.extend(this.fields, i, i + 1);
      if (bars.length > had) for (const step of steps) step.extend(had, had + 1);
    }
  }

  private add(node: Node): void {
    if (this.slots.has(node.key) || node.position) return;
    const frame = this.frameOf(node);
    const inputs = node.inputs.map((input) => this.slot(input));
    switch (node.op) {
      case "constant":
        this.slots.set(node.key, constantSlot(closed(node.value)));
        return;
      case "field":
        this.slots.set(node.key, (frame?.bars.fields ?? this.fields)[node.field]);
        return;
      case "position":
        return;
      case "indicator":
        this.addIndicator(node, inputs, frame);
        return;
      case "higher": {
        const out = this.newSlot(node.boolean, null);
        const { bars } = this.frame(node.interval);
        this.steps.push(alignStep(bars, inputs[0]!, out));
        this.slots.set(node.key, out);
        return;
      }
      default: {
        const out = this.newSlot(node.boolean, frame);
        (frame?.steps ?? this.steps).push(stepOf(node, inputs, out));
        this.slots.set(node.key, out);
      }
    }
  }

  private addIndicator(node: IndicatorNode, inputs: readonly Slot[], frame: HigherFrame | null): void {
    const kernel = kernelOfNode(node);
    const outs = kernel.warmup.map(() => this.newSlot(false, frame));
    (frame?.steps ?? this.steps).push(indicatorStep(kernel, inputs, outs));
    outs.forEach((out, k) => {
      this.slots.set(outputKey(node.call, node.indicator, k), out);
    });
  }

  private newSlot(boolean: boolean, frame: HigherFrame | null): Slot {
    const room = frame?.bars.capacity ?? this.room;
    const slot = boolean ? bitSlot(new Uint32Array((room + 31) >>> 5)) : numberSlot(new Float64Array(room));
    (frame?.bars.followers ?? this.growing).push(slot);
    return slot;
  }

  private frameOf(node: Node): HigherFrame | null {
    return node.frame === null || node.frame === "base" ? null : this.frame(node.frame);
  }

  private frame(interval: Interval): HigherFrame {
    let frame = this.higher.get(interval);
    if (!frame) {
      frame = { bars: new HigherBars(this.interval, interval, FIRST_ROOM), steps: [] };
      this.higher.set(interval, frame);
    }
    return frame;
  }
}
