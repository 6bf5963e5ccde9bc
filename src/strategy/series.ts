import { ArgumentError } from "../core/errors.ts";
import type { Formula, Relation } from "./formula.ts";
import { isOpen, type Node, type Scalar } from "./node.ts";
import type { Nodes } from "./nodes.ts";

/** Another series, or a number that is the same on every bar. */
export type Operand = Series | number;

/** A number per closed bar, `NaN` where it is not known. Every method gives a new expression; nothing is computed yet. */
export class Series {
  /** @internal */
  readonly node: Node;
  /** @internal */
  readonly nodes: Nodes;

  constructor(nodes: Nodes, node: Node) {
    this.nodes = nodes;
    this.node = node;
  }

  plus(other: Operand): Series {
    return this.formula("plus", other);
  }
  minus(other: Operand): Series {
    return this.formula("minus", other);
  }
  times(other: Operand): Series {
    return this.formula("times", other);
  }
  /** Undefined where `other` is 0. */
  dividedBy(other: Operand): Series {
    return this.formula("dividedBy", other);
  }
  /** The lesser of the two, bar by bar; over time it is `lowest`. */
  min(other: Operand): Series {
    return this.formula("min", other);
  }
  /** The greater of the two, bar by bar; over time it is `highest`. */
  max(other: Operand): Series {
    return this.formula("max", other);
  }
  abs(): Series {
    return this.formula("abs");
  }
  neg(): Series {
    return this.formula("neg");
  }
  /** Undefined below 0. */
  sqrt(): Series {
    return this.formula("sqrt");
  }
  /** Natural logarithm; undefined at 0 and below. */
  log(): Series {
    return this.formula("log");
  }
  exp(): Series {
    return this.formula("exp");
  }

  /** True where this is greater. Comparisons are false where either side is undefined. */
  above(other: Operand): Condition {
    return this.compare("gt", this.node, this.operand("above", other));
  }
  below(other: Operand): Condition {
    return this.compare("gt", this.operand("below", other), this.node);
  }
  atLeast(other: Operand): Condition {
    return this.compare("ge", this.node, this.operand("atLeast", other));
  }
  atMost(other: Operand): Condition {
    return this.compare("ge", this.operand("atMost", other), this.node);
  }
  equals(other: Operand): Condition {
    return this.compare("eq", this.node, this.operand("equals", other));
  }
  /** True on the bar where this is above `other` and was not on the bar before. */
  crossesAbove(other: Operand): Condition {
    const level = this.operand("crossesAbove", other);
    return this.crossing(this.node, level, this.nodes.compare("ge", level, this.node));
  }
  /** True on the bar where this is below `other` and was not on the bar before. */
  crossesBelow(other: Operand): Condition {
    const level = this.operand("crossesBelow", other);
    return this.crossing(level, this.node, this.nodes.compare("ge", this.node, level));
  }

  /** The value `bars` closed bars ago. @throws ArgumentError `LOOK_AHEAD` unless it is a whole number ≥ 0 */
  lag(bars = 1): Series {
    return this.with(this.nodes.lag(this.node, bars));
  }
  /** Greatest of the last `bars` values, this one included. */
  highest(bars: number): Series {
    return this.with(this.nodes.rolling("highest", this.node, bars));
  }
  lowest(bars: number): Series {
    return this.with(this.nodes.rolling("lowest", this.node, bars));
  }
  sum(bars: number): Series {
    return this.with(this.nodes.rolling("sum", this.node, bars));
  }
  mean(bars: number): Series {
    return this.with(this.nodes.rolling("sma", this.node, bars));
  }

  private formula(formula: Formula, other?: Operand): Series {
    const right = other === undefined ? undefined : this.operand(formula, other);
    return this.with(this.nodes.formula(formula, this.node, right));
  }
  private compare(relation: Relation, a: Node, b: Node): Condition {
    return new Condition(this.nodes, this.nodes.compare(relation, a, b));
  }
  private crossing(over: Node, under: Node, notYet: Node): Condition {
    const now = this.nodes.compare("gt", over, under);
    return new Condition(this.nodes, this.nodes.logic("and", now, this.nodes.lag(notYet, 1)));
  }
  private with(node: Node): Series {
    return new Series(this.nodes, node);
  }
  private operand(method: string, value: unknown): Node {
    return numberNode(this.nodes, value, `.${method}(…)`);
  }
}

/** True or false per closed bar; false during its warm-up, which is the longest of all it reads. */
export class Condition {
  /** @internal */
  readonly node: Node;
  /** @internal */
  readonly nodes: Nodes;

  constructor(nodes: Nodes, node: Node) {
    this.nodes = nodes;
    this.node = node;
  }

  and(other: Condition): Condition {
    return this.with(this.nodes.logic("and", this.node, this.operand("and", other)));
  }
  or(other: Condition): Condition {
    return this.with(this.nodes.logic("or", this.node, this.operand("or", other)));
  }
  /** True where exactly one of the two is. */
  xor(other: Condition): Condition {
    return this.with(this.nodes.logic("xor", this.node, this.operand("xor", other)));
  }
  /** The opposite, except during the warm-up, where it is false too. */
  not(): Condition {
    return this.with(this.nodes.logic("not", this.node));
  }
  /** What it was `bars` closed bars ago. @throws ArgumentError `LOOK_AHEAD` unless it is a whole number ≥ 0 */
  lag(bars = 1): Condition {
    return this.with(this.nodes.lag(this.node, bars));
  }
  /** True if it was on at least one of the last `bars` bars, this one included. */
  any(bars: number): Condition {
    return this.with(this.nodes.window("any", this.node, bars));
  }
  /** True if it was on each of the last `bars` bars, this one included. */
  all(bars: number): Condition {
    return this.with(this.nodes.window("all", this.node, bars));
  }
  /** Bars since it was last true, 0 on such a bar; undefined before the first. */
  barsSince(): Series {
    return new Series(this.nodes, this.nodes.barsSince(this.node));
  }
  /** 1 where true, 0 where false. */
  asNumber(): Series {
    return new Series(this.nodes, this.nodes.select(this.node, this.nodes.constant(1), this.nodes.constant(0)));
  }

  private with(node: Node): Condition {
    return new Condition(this.nodes, node);
  }
  private operand(method: string, value: unknown): Node {
    return conditionNode(value, `.${method}(…)`);
  }
}

/** The node of a series or number handed to `where`. @throws ArgumentError `EXPRESSION` */
export function numberNode(nodes: Nodes, value: unknown, where: string): Node {
  if (value instanceof Series) return value.node;
  if (typeof value === "number" || isOpen(value)) return nodes.constant(value as Scalar);
  throw wrong(where, "a series or a number", value);
}

/** The node of a condition handed to `where`. @throws ArgumentError `EXPRESSION` */
export function conditionNode(value: unknown, where: string): Node {
  if (value instanceof Condition) return value.node;
  throw wrong(where, "a condition", value);
}

/** @throws ArgumentError `EXPRESSION` */
export function seriesNode(value: unknown, where: string): Node {
  if (value instanceof Series) return value.node;
  throw wrong(where, "a series", value);
}

/** What was handed over, in a word or two. */
export function described(value: unknown): string {
  if (value instanceof Condition) return "a condition";
  if (value instanceof Series) return "a series";
  if (typeof value === "object" && value !== null) {
    const names = Object.keys(value);
    return names.length > 0 && names.every((name) => Reflect.get(value, name) instanceof Series)
      ? `several outputs: pick one of .${names.join(" .")}`
      : "an object";
  }
  return typeof value === "string" ? JSON.stringify(value) : typeof value === "function" ? "a function" : String(value);
}

function wrong(where: string, wanted: string, value: unknown): ArgumentError {
  return new ArgumentError("EXPRESSION", `${where} needs ${wanted}, was ${described(value)}`, { where });
}
