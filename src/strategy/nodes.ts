import { createHash } from "node:crypto";
import { inspect } from "node:util";
import { ArgumentError } from "../core/errors.ts";
import type { Interval } from "../core/time.ts";
import { indicatorOf, resolveValues } from "../indicators/catalogue.ts";
import type { BarField, Indicator } from "../indicators/indicator.ts";
import { COMMUTATIVE, FORMULAS, type Formula, type Logic, type Relation } from "./formula.ts";
import { isOpen, type Node, type Scalar, type ScanSpec, scalarText } from "./node.ts";
import type { PositionView } from "./signals.ts";

/** Keys longer than this become a digest, so that a deep graph does not have endless keys. */
const LONGEST_KEY = 120;
const EVALUATE = Object.fromEntries(
  Object.entries(FORMULAS).map(([name, text]) => [name, new Function("a", "b", `return ${text("a", "b")}`)]),
) as Record<Formula, (a: number, b?: number) => number>;

type Without<T> = T extends unknown ? Omit<T, "key" | "frame" | "position"> : never;
type Frame = Interval | "base";

/** Makes the nodes of one graph, each distinct computation once. */
export class Nodes {
  private readonly known = new Map<string, Node>();
  /** What makes the closures of this graph's scans different from those of another run of the same rules. */
  private readonly context: string;

  constructor(context: string) {
    this.context = context;
  }

  field(field: BarField, frame: Frame): Node {
    const key = frame === "base" ? field : `${field}@${frame}`;
    return (
      this.known.get(key) ?? this.keep({ op: "field", field, inputs: [], boolean: false, key, frame, position: false })
    );
  }

  /** @throws ArgumentError `NOT_FINITE` */
  constant(value: Scalar): Node {
    if (!isOpen(value) && !Number.isFinite(value)) {
      throw new ArgumentError("NOT_FINITE", `a constant must be a finite number, was ${String(value)}`, { value });
    }
    const plain = isOpen(value) ? value : value + 0; // -0 and 0 are one constant
    const key = scalarText(plain);
    return (
      this.known.get(key) ??
      this.keep({ op: "constant", value: plain, inputs: [], boolean: false, key, frame: null, position: false })
    );
  }

  position(field: keyof PositionView): Node {
    const key = `position.${field}`;
    return (
      this.known.get(key) ??
      this.keep({ op: "position", field, inputs: [], boolean: false, key, frame: null, position: true })
    );
  }

  /**
   * One output of `indicator` over `inputs`; settings not given have their defaults.
   *
   * @throws ArgumentError `PARAM`, `PERIOD`, `INTERVAL_MIX`, `POSITION_STATE`
   */
  indicator(indicator: Indicator, inputs: readonly Node[], given: Record<string, Scalar | string>, output = 0): Node {
    const told = Object.entries(given).filter(([, value]) => !isOpen(value)) as [string, number | string][];
    const open = Object.entries(given).filter(([, value]) => isOpen(value));
    const values = { ...resolveValues(indicator, Object.fromEntries(told)), ...Object.fromEntries(open) };
    const settings = indicator.params.map((param) => scalarText(values[param.name]!));
    const names = inputs.map((input) => input.key);
    const call = shortened(indicator.name, `(${[...names, ...settings].join(",")})`);
    const key = outputKey(call, indicator, output);
    const found = this.known.get(key);
    if (found) return found;
    const constant = inputs.find((input) => input.op === "constant");
    if (constant) {
      throw new ArgumentError("CONSTANT_SOURCE", `${indicator.name} needs a series, was the constant ${constant.key}`);
    }
    this.stateful(indicator.name, inputs);
    if (open.length === 0) indicator.kernel(values as Record<string, number | string>); // let it object now, not mid-run
    const node = { op: "indicator", indicator, values, output, call, inputs, boolean: false } as const;
    return this.make(key, node);
  }

  /** The catalogue's `name` over one series, as the shorthands of a series use it. */
  rolling(name: string, input: Node, bars: Scalar): Node {
    const indicator = indicatorOf(name);
    return this.indicator(indicator, [input], { [indicator.params[0]!.name]: bars });
  }

  formula(formula: Formula, a: Node, b?: Node): Node {
    const inputs = b ? this.ordered(formula, a, b) : [a];
    const values = inputs.map((input) => (input.op === "constant" && !isOpen(input.value) ? input.value : null));
    if (values.every((value) => value !== null)) {
      const value = EVALUATE[formula](values[0]!, values[1]);
      if (Number.isFinite(value)) return this.constant(value);
    }
    return this.make(keyOf(formula, inputs), { op: "formula", formula, inputs, boolean: false });
  }

  compare(relation: Relation, a: Node, b: Node): Node {
    const inputs = this.ordered(relation, a, b);
    return this.make(keyOf(relation, inputs), { op: "compare", relation, inputs, boolean: true });
  }

  logic(logic: Logic, a: Node, b?: Node): Node {
    if (b && a.key === b.key && logic !== "xor") return a;
    const inputs = b ? this.ordered(logic, a, b) : [a];
    return this.make(keyOf(logic, inputs), { op: "logic", logic, inputs, boolean: true });
  }

  select(condition: Node, yes: Node, no: Node): Node {
    const inputs = [condition, yes, no];
    return this.make(keyOf("select", inputs), { op: "select", inputs, boolean: false });
  }

  votes(conditions: readonly Node[]): Node {
    const inputs = conditions.toSorted((a, b) => (a.key < b.key ? -1 : 1));
    return this.make(keyOf("votes", inputs), { op: "votes", inputs, boolean: false });
  }

  /** @throws ArgumentError `LOOK_AHEAD` unless `bars` is a whole number ≥ 0 */
  lag(input: Node, bars: Scalar): Node {
    if (!isOpen(bars) && (!Number.isInteger(bars) || bars < 0)) {
      const message = `lag counts closed bars back: it must be an integer ≥ 0, was ${String(bars)}`;
      throw new ArgumentError("LOOK_AHEAD", message, { bars });
    }
    if (bars === 0 || input.op === "constant") return input;
    this.stateful("lag", [input]);
    return this.make(keyOf("lag", [input], [bars]), { op: "lag", bars, inputs: [input], boolean: input.boolean });
  }

  /** @throws ArgumentError `PERIOD` unless `bars` is a whole number ≥ 1 */
  window(op: "any" | "all", input: Node, bars: Scalar): Node {
    if (!isOpen(bars) && (!Number.isInteger(bars) || bars < 1)) {
      throw new ArgumentError("PERIOD", `${op} looks at an integer ≥ 1 of bars, was ${String(bars)}`, { bars });
    }
    if (bars === 1) return input;
    this.stateful(op, [input]);
    return this.make(keyOf(op, [input], [bars]), { op, bars, inputs: [input], boolean: true });
  }

  barsSince(input: Node): Node {
    this.stateful("barsSince", [input]);
    return this.make(keyOf("barsSince", [input]), { op: "barsSince", inputs: [input], boolean: false });
  }

  higher(input: Node, interval: Interval): Node {
    if (input.op === "constant") return input;
    const key = keyOf("on", [input], [interval]);
    const node = { op: "higher", interval, inputs: [input], boolean: input.boolean } as const;
    return this.known.get(key) ?? this.keep({ ...node, key, frame: "base", position: false });
  }

  /** @throws ArgumentError `SCAN`, `POSITION_STATE` */
  scan(scan: ScanSpec, inputs: readonly Node[]): Node {
    if (!Number.isInteger(scan.warmup) || scan.warmup < 0) {
      throw new ArgumentError("SCAN", `warmup of a scan must be an integer ≥ 0, was ${String(scan.warmup)}`);
    }
    try {
      structuredClone(scan.initial);
    } catch (cause) {
      throw new ArgumentError("SCAN", "the initial state of a scan must be plain data, which can be copied", {}, cause);
    }
    this.stateful("scan", inputs);
    const initial = inspect(scan.initial, { depth: Infinity, maxArrayLength: Infinity, maxStringLength: Infinity });
    const text = [scan.step, scan.value, initial, scan.warmup, this.context].map(String).join("\n");
    const names = inputs.map((input, i) => `${scan.names[i]}=${input.key}`);
    const key = shortened("scan", `(${names.join(",")};${digest(text)})`);
    return this.make(key, { op: "scan", scan, inputs, boolean: false });
  }

  private ordered(op: string, a: Node, b: Node): Node[] {
    return COMMUTATIVE.has(op) && b.key < a.key ? [b, a] : [a, b];
  }

  private stateful(what: string, inputs: readonly Node[]): void {
    if (!inputs.some((input) => input.position)) return;
    throw new ArgumentError("POSITION_STATE", `${what} cannot look back on the position; compare it as it is`, {
      what,
    });
  }

  private make(key: string, parts: Without<Node>): Node {
    const found = this.known.get(key);
    if (found) return found;
    let frame: Frame | null = null;
    for (const input of parts.inputs) {
      if (input.frame === null) continue;
      if (frame !== null && frame !== input.frame) throw mixed(frame, input.frame);
      frame = input.frame;
    }
    return this.keep({ ...parts, key, frame, position: parts.inputs.some((input) => input.position) } as Node);
  }

  private keep(node: Node): Node {
    this.known.set(node.key, node);
    return node;
  }
}

/** Key of one output of an indicator call. */
export function outputKey(call: string, indicator: Indicator, output: number): string {
  return indicator.outputs.length > 1 ? `${call}.${indicator.outputs[output]}` : call;
}

/** 32 hex digits that stand for `text`. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

function keyOf(op: string, inputs: readonly Node[], rest: readonly (Scalar | string)[] = []): string {
  return shortened(op, `(${[...inputs.map((input) => input.key), ...rest.map(scalarText)].join(",")})`);
}

function shortened(op: string, rest: string): string {
  return rest.length > LONGEST_KEY ? `${op}#${digest(rest)}` : op + rest;
}

function mixed(a: Frame, b: Frame): ArgumentError {
  const name = (frame: Frame) => (frame === "base" ? "the strategy's own bars" : `${frame} bars`);
  const message = `a series of ${name(a)} meets one of ${name(b)}; inside on(...) use only the series it hands you`;
  return new ArgumentError("INTERVAL_MIX", message, { intervals: [a, b] });
}
