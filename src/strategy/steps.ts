import { hasBit } from "../core/bits.ts";
import { ConfigError, ToolkitError } from "../core/errors.ts";
import { ALGEBRA, COMPARE, clearBelow, lagBits } from "./bitloops.ts";
import { COLUMN_LOOPS } from "./columnloops.ts";
import { closed, type Node, type ScanNode } from "./node.ts";
import { originOf, originText } from "./origin.ts";
import { type Slot, source } from "./slot.ts";
import { nodeWarmup } from "./warmup.ts";

/** One node's share of the work. Calls are contiguous; whole history or the next bar, the result is the same to the bit. */
export interface Step {
  extend(from: number, to: number): void;
}

type Stepped = Exclude<Node, { op: "field" | "constant" | "position" | "indicator" | "higher" }>;

/** The step that computes `node` from the slots of its inputs into `out`. */
export function stepOf(node: Stepped, inputs: readonly Slot[], out: Slot): Step {
  const extend = extension(node, inputs, out);
  const settle = () => {
    out.warmup = nodeWarmup(node, warmupsOf(inputs));
  };
  settle();
  const settled = Number.isFinite(out.warmup);
  if (settled) return { extend };
  return {
    extend(from, to) {
      if (out.warmup === Infinity) settle(); // a longer interval below may have shown its first value
      extend(from, to);
    },
  };
}

export function warmupsOf(inputs: readonly Slot[]): number[] {
  return inputs.map((input) => input.warmup);
}

function extension(node: Stepped, inputs: readonly Slot[], out: Slot): Step["extend"] {
  const [a, b, c] = inputs as [Slot, Slot, Slot];
  switch (node.op) {
    case "formula": {
      const loops = COLUMN_LOOPS[node.formula];
      const loop = a.constant !== null ? loops.left : b && b.constant !== null ? loops.right : loops.columns;
      const second = b ?? a;
      return (from, to) => loop(out.numbers, source(a), source(second), from, to);
    }
    case "compare":
      return comparison(node.relation, a, b, out);
    case "logic": {
      const loop = ALGEBRA[node.logic];
      const second = b ?? a;
      const masked = node.logic !== "and";
      return (from, to) => {
        loop(out.bits, a.bits, second.bits, from, to);
        if (masked) clearBelow(out.bits, out.warmup, from & ~31, to);
      };
    }
    case "select":
      return selection(a, b, c, out);
    case "votes":
      return counting(inputs, out);
    case "lag":
      return node.boolean ? bitLag(closed(node.bars), a, out) : numberLag(closed(node.bars), a, out);
    case "any":
    case "all":
      return rolling(node.op, closed(node.bars), a, out);
    case "barsSince":
      return since(a, out);
    case "scan":
      return scanning(node, inputs, out);
  }
}

function comparison(relation: keyof typeof COMPARE, a: Slot, b: Slot, out: Slot): Step["extend"] {
  const loops = COMPARE[relation];
  if (a.constant !== null && b.constant !== null) {
    const column = Float64Array.of(a.constant);
    const bits = new Uint32Array(1);
    loops.right(bits, column, b.constant, 0, 1);
    const always = bits[0] === 1;
    return (from, to) => {
      for (let i = from; i < to && always; i++) out.bits[i >>> 5]! |= 1 << (i & 31);
    };
  }
  const loop = a.constant !== null ? loops.left : b.constant !== null ? loops.right : loops.columns;
  return (from, to) => loop(out.bits, source(a), source(b), from, to);
}

function selection(condition: Slot, yes: Slot, no: Slot, out: Slot): Step["extend"] {
  return (from, to) => {
    const { numbers } = out;
    const { bits } = condition;
    const start = Math.min(Math.max(from, out.warmup), to);
    numbers.fill(NaN, from, start);
    for (let i = start; i < to; i++) {
      const chosen = ((bits[i >>> 5]! >>> (i & 31)) & 1) === 1 ? yes : no;
      numbers[i] = chosen.constant ?? chosen.numbers[i]!;
    }
  };
}

function counting(inputs: readonly Slot[], out: Slot): Step["extend"] {
  return (from, to) => {
    const { numbers } = out;
    const start = Math.min(Math.max(from, out.warmup), to);
    numbers.fill(NaN, from, start);
    numbers.fill(0, start, to);
    for (const { bits } of inputs) {
      for (let i = start; i < to; i++) numbers[i]! += (bits[i >>> 5]! >>> (i & 31)) & 1;
    }
  };
}

function numberLag(bars: number, a: Slot, out: Slot): Step["extend"] {
  return (from, to) => {
    const start = Math.min(Math.max(from, bars), to);
    out.numbers.fill(NaN, from, start);
    if (start < to) out.numbers.set(a.numbers.subarray(start - bars, to - bars), start);
  };
}

function bitLag(bars: number, a: Slot, out: Slot): Step["extend"] {
  return (from, to) => lagBits(out.bits, a.bits, bars, from, to);
}

function rolling(op: "any" | "all", bars: number, a: Slot, out: Slot): Step["extend"] {
  let last = op === "any" ? -Infinity : -1; // the latest bar where it was true (any), where it was not (all)
  return (from, to) => {
    for (let i = from; i < to; i++) {
      const now = hasBit(a.bits, i);
      if (now === (op === "any")) last = i;
      const holds = op === "any" ? i - last < bars : i - last >= bars;
      if (holds && i >= out.warmup) out.bits[i >>> 5]! |= 1 << (i & 31);
    }
  };
}

function since(a: Slot, out: Slot): Step["extend"] {
  let last = -1;
  return (from, to) => {
    for (let i = from; i < to; i++) {
      if (hasBit(a.bits, i)) last = i;
      out.numbers[i] = last < 0 ? NaN : i - last;
    }
  };
}

function scanning(node: ScanNode, inputs: readonly Slot[], out: Slot): Step["extend"] {
  const { names, step, value, warmup } = node.scan;
  let state = structuredClone(node.scan.initial);
  let seen = 0;
  return (from, to) => {
    for (let i = from; i < to; i++) {
      out.numbers[i] = NaN;
      const bar: Record<string, number | boolean> = {};
      let known = true;
      for (let k = 0; k < inputs.length; k++) {
        const input = inputs[k]!;
        const entry = node.inputs[k]!.boolean ? hasBit(input.bits, i) : (input.constant ?? input.numbers[i]!);
        if (entry !== entry || i < input.warmup) known = false;
        bar[names[k]!] = entry;
      }
      if (!known) continue;
      try {
        state = step(state, bar);
        if (seen++ >= warmup) out.numbers[i] = value(state);
      } catch (error) {
        throw thrownByAuthor(error);
      }
    }
  };
}

function thrownByAuthor(error: unknown): ToolkitError {
  if (error instanceof ToolkitError) return error;
  const message = error instanceof Error ? error.message.split("\n")[0]! : String(error);
  return new ConfigError("RULES_THROW", `a scan threw: ${message}${originText(originOf(error))}`, {}, error);
}
