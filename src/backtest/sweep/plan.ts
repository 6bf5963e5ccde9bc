import type { Graph } from "../../strategy/graph.ts";
import { openParams } from "../../strategy/instantiate.ts";
import { isOpen, type Node, type Scalar } from "../../strategy/node.ts";
import { SIGNALS, type SignalName } from "../../strategy/rules.ts";
import type { BoolExpression } from "./bool-expression.ts";
import type { Comparison } from "./compare.ts";
import type { EmaComparison } from "./ema-lanes.ts";
import { type Price, priceOf } from "./price.ts";

/** One comparison of the rules, or any other condition that is no and, or, xor, not. */
export interface Leaf {
  /** With parameters open. */
  readonly node: Node;
  /** Parameters its bits depend on. */
  readonly params: readonly string[];
  /** Set when it compares a series with a number: many numbers then share the series. */
  readonly threshold: Threshold | null;
  /** Set when it compares a price with an exponential average of that price. */
  readonly average: EmaLeaf | null;
}

export interface EmaLeaf extends EmaComparison {
  readonly price: Price;
  /** A number of bars, or the name of the parameter that gives it. */
  readonly period: number | string;
}

export interface Threshold {
  readonly series: Node;
  readonly is: Comparison;
  /** A number, or the name of the parameter that gives it. */
  readonly value: number | string;
}

/** The rules of a strategy as a sweep reads them: comparisons that many parameter sets share, and how they combine. */
export interface SweepPlan {
  readonly leaves: readonly Leaf[];
  readonly signals: Readonly<Partial<Record<SignalName, BoolExpression>>>;
  /** With parameters open. */
  readonly levels: Graph["levels"];
  readonly size: Node | null;
}

/** The plan for a graph with open parameters; `null` when a rule looks at the position. */
export function sweepPlan(graph: Graph): SweepPlan | null {
  if (graph.nodes.some((node) => node.position)) return null;
  const leaves: Leaf[] = [];
  const byKey = new Map<string, number>();
  const expression = (node: Node): BoolExpression => {
    if (node.op === "logic") {
      const [left, right] = node.inputs.map(expression) as [BoolExpression, BoolExpression];
      return node.logic === "not" ? { op: "not", of: left } : { op: node.logic, left, right };
    }
    let leaf = byKey.get(node.key);
    if (leaf === undefined) {
      leaf = leaves.push(leafOf(node)) - 1;
      byKey.set(node.key, leaf);
    }
    return { op: "leaf", leaf };
  };
  const signals: Partial<Record<SignalName, BoolExpression>> = {};
  for (const name of SIGNALS) {
    const node = graph.signals[name];
    if (node) signals[name] = expression(node);
  }
  return { leaves, signals, levels: graph.levels, size: graph.size };
}

/** Whether nothing but signals of long positions is traded: then sums tell what a backtest would. */
export function isLongOnly({ signals, levels, size }: SweepPlan): boolean {
  const { enterLong, enterShort, exitShort } = signals;
  return enterLong !== undefined && !enterShort && !exitShort && Object.keys(levels).length === 0 && size === null;
}

function leafOf(node: Node): Leaf {
  return { node, params: [...openParams(node)], threshold: thresholdOf(node), average: emaLeafOf(node) };
}

const GREATER = { gt: ["above", "below"], ge: ["atLeast", "atMost"] } as const;

function thresholdOf(node: Node): Threshold | null {
  if (node.op !== "compare" || node.relation === "eq") return null;
  const [left, right] = node.inputs as [Node, Node];
  const [isOver, isUnder] = GREATER[node.relation];
  if (right.op === "constant" && left.op !== "constant") {
    return { series: left, is: isOver, value: isOpen(right.value) ? right.value.open : right.value };
  }
  if (left.op === "constant" && right.op !== "constant") {
    return { series: right, is: isUnder, value: isOpen(left.value) ? left.value.open : left.value };
  }
  return null;
}

function emaLeafOf(node: Node): EmaLeaf | null {
  if (node.op !== "compare") return null;
  const priceFirst = node.inputs[0]!.op === "field";
  const [field, mean] = (priceFirst ? node.inputs : node.inputs.toReversed()) as [Node, Node];
  const price = priceOf(field);
  if (!price || mean.op !== "indicator" || mean.indicator.name !== "ema" || mean.values.seed !== "sma") return null;
  const period = mean.values.period as Scalar;
  if (priceOf(mean.inputs[0]!) !== price) return null;
  return { price, priceFirst, relation: node.relation, period: isOpen(period) ? period.open : period };
}
