import { type Graph, graphFrom, type LevelNode } from "./graph.ts";
import { isOpen, type Node, type Scalar } from "./node.ts";
import { Nodes } from "./nodes.ts";
import type { LevelName, SignalName } from "./rules.ts";

export type Values = Readonly<Record<string, unknown>>;

/** `graph` with its open parameters closed: the same graph, to the key, as its rules would build for `values`. */
export function instantiate(graph: Graph, values: Values): Graph {
  const close = closer(values);
  const signals = Object.entries(graph.signals).map(([name, node]) => [name, close(node)]);
  const levels = Object.entries(graph.levels).map(([name, level]) => [name, closedLevel(level, values, close)]);
  return graphFrom(graph.strategy, {
    signals: Object.fromEntries(signals) as Partial<Record<SignalName, Node>>,
    levels: Object.fromEntries(levels) as Partial<Record<LevelName, LevelNode>>,
    size: graph.size ? close(graph.size) : null,
  });
}

/** One expression with its open parameters closed. */
export function instantiateNode(node: Node, values: Values): Node {
  return closer(values)(node);
}

/** Names of the parameters `node` depends on. */
export function openParams(node: Node): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const note = (value: unknown) => {
    if (isOpen(value)) found.add(value.open);
  };
  const visit = (at: Node): void => {
    if (seen.has(at.key)) return;
    seen.add(at.key);
    if (at.op === "constant") note(at.value);
    if (at.op === "indicator") for (const value of Object.values(at.values)) note(value);
    if ("bars" in at) note(at.bars);
    for (const input of at.inputs) visit(input);
  };
  visit(node);
  return found;
}

function closedLevel(level: LevelNode, values: Values, close: (node: Node) => Node): LevelNode {
  if (level.kind === "fraction") return { kind: "fraction", fraction: scalar(level.fraction, values) };
  return { kind: level.kind, node: close(level.node) };
}

function scalar<T extends Scalar | string>(value: T, values: Values): T {
  return isOpen(value) ? (values[value.open] as T) : value;
}

function closer(values: Values): (node: Node) => Node {
  const nodes = new Nodes("");
  const done = new Map<string, Node>();
  const close = (node: Node): Node => {
    const known = done.get(node.key);
    if (known) return known;
    const inputs = node.inputs.map(close);
    const made = rebuilt(nodes, node, inputs, values);
    done.set(node.key, made);
    return made;
  };
  return close;
}

function rebuilt(nodes: Nodes, node: Node, inputs: readonly Node[], values: Values): Node {
  const [a, b, c] = inputs as [Node, Node, Node];
  switch (node.op) {
    case "field":
      return nodes.field(node.field, node.frame ?? "base");
    case "constant":
      return nodes.constant(scalar(node.value, values));
    case "position":
      return nodes.position(node.field);
    case "indicator": {
      const settings = Object.entries(node.values).map(([name, value]) => [name, scalar(value, values)]);
      return nodes.indicator(node.indicator, inputs, Object.fromEntries(settings), node.output);
    }
    case "formula":
      return nodes.formula(node.formula, a, b);
    case "compare":
      return nodes.compare(node.relation, a, b);
    case "logic":
      return nodes.logic(node.logic, a, b);
    case "select":
      return nodes.select(a, b, c);
    case "votes":
      return nodes.votes(inputs);
    case "lag":
      return nodes.lag(a, scalar(node.bars, values));
    case "any":
    case "all":
      return nodes.window(node.op, a, scalar(node.bars, values));
    case "barsSince":
      return nodes.barsSince(a);
    case "higher":
      return nodes.higher(a, node.interval);
    case "scan":
      throw new TypeError("a scan's closure may hold parameters that cannot be seen");
  }
}
