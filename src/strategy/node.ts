import type { Interval } from "../core/time.ts";
import type { BarField, Indicator } from "../indicators/indicator.ts";
import type { Formula, Logic, Relation } from "./formula.ts";
import type { PositionView } from "./signals.ts";

/** A parameter left open while a template is made: stands where a number will be. */
export interface OpenParam {
  readonly open: string;
}

/** A number that is fixed for a run. */
export type Scalar = number | OpenParam;

interface Common {
  /** Canonical: equal keys, equal columns, on any machine and in any process. */
  readonly key: string;
  readonly inputs: readonly Node[];
  /** True or false per bar; otherwise a number. */
  readonly boolean: boolean;
  /** The interval whose bars it counts; "base" is the strategy's own, `null` fits everywhere (a constant). */
  readonly frame: Interval | "base" | null;
  /** Depends on the open position. */
  readonly position: boolean;
}

export interface FieldNode extends Common {
  readonly op: "field";
  readonly field: BarField;
}
export interface ConstantNode extends Common {
  readonly op: "constant";
  readonly value: Scalar;
}
export interface PositionNode extends Common {
  readonly op: "position";
  readonly field: keyof PositionView;
}
export interface IndicatorNode extends Common {
  readonly op: "indicator";
  readonly indicator: Indicator;
  readonly values: Readonly<Record<string, Scalar | string>>;
  /** Index into the indicator's outputs. */
  readonly output: number;
  /** Key of the whole call, shared by its outputs. */
  readonly call: string;
}
export interface FormulaNode extends Common {
  readonly op: "formula";
  readonly formula: Formula;
}
/** `inputs`: condition, value where true, value where false. */
export interface SelectNode extends Common {
  readonly op: "select";
}
export interface CompareNode extends Common {
  readonly op: "compare";
  readonly relation: Relation;
}
export interface LogicNode extends Common {
  readonly op: "logic";
  readonly logic: Logic;
}
export interface LagNode extends Common {
  readonly op: "lag";
  readonly bars: Scalar;
}
export interface WindowNode extends Common {
  readonly op: "any" | "all";
  readonly bars: Scalar;
}
/** How many of `inputs` are true. */
export interface VotesNode extends Common {
  readonly op: "votes";
}
export interface SinceNode extends Common {
  readonly op: "barsSince";
}
/** A series or condition of a longer interval as the strategy's own bars see it. */
export interface HigherNode extends Common {
  readonly op: "higher";
  readonly interval: Interval;
}
export interface ScanNode extends Common {
  readonly op: "scan";
  readonly scan: ScanSpec;
}

/** The pure recurrence of a `scan`, with its inputs by name in the order of `inputs`. */
export interface ScanSpec {
  readonly names: readonly string[];
  readonly initial: unknown;
  readonly step: (state: unknown, bar: Readonly<Record<string, unknown>>) => unknown;
  readonly value: (state: unknown) => number;
  readonly warmup: number;
}

/** One vertex of an expression graph. Immutable; everything it needs to be computed is in it. */
export type Node =
  | FieldNode
  | ConstantNode
  | PositionNode
  | IndicatorNode
  | FormulaNode
  | SelectNode
  | CompareNode
  | LogicNode
  | LagNode
  | WindowNode
  | VotesNode
  | SinceNode
  | HigherNode
  | ScanNode;

export function isOpen(value: unknown): value is OpenParam {
  return typeof value === "object" && value !== null && "open" in value && typeof value.open === "string";
}

/** A setting as a key or label shows it: the number, the word, or `$name` while a parameter is open. */
export function scalarText(value: Scalar | string): string {
  return isOpen(value) ? `$${value.open}` : String(value);
}

/** The number of a constant or a setting once no parameter is open. */
export function closed(value: Scalar): number {
  if (typeof value === "number") return value;
  throw new TypeError(`parameter ${value.open} is still open`);
}

/** `roots` and all they depend on, each once, inputs before their readers. */
export function inOrder(roots: Iterable<Node>): Node[] {
  const order: Node[] = [];
  const seen = new Set<string>();
  const visit = (node: Node): void => {
    if (seen.has(node.key)) return;
    seen.add(node.key);
    for (const input of node.inputs) visit(input);
    order.push(node);
  };
  for (const root of roots) visit(root);
  return order;
}
