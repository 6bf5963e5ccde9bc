import { ToolkitError } from "../core/errors.ts";
import { type Graph, graphOf, type RuleMaker } from "./graph.ts";
import { isOpen, type Node, type Scalar } from "./node.ts";
import { Nodes } from "./nodes.ts";
import type { ParamValue } from "./param.ts";

export type Values = Readonly<Record<string, ParamValue>>;

/** JavaScript computed with a parameter that was left open. */
class Computed extends Error {}

/**
 * The rules with their numeric parameters left open, so that one graph stands for all parameter sets; `null` where
 * that cannot be: the rules compute with a parameter outside of the expressions, or decide by one.
 *
 * Words and switches have the values given. Whether a parameter decides is found by comparing with `samples`, whole
 * sets of values whose graphs are built in the ordinary way.
 */
export function openGraph(strategy: RuleMaker, fixed: Values, samples: readonly Values[]): Graph | null {
  const open = Object.fromEntries(
    Object.entries(strategy.params).map(([name, spec]) => {
      const numeric = spec.kind === "int" || spec.kind === "float";
      return [name, numeric ? marker(name) : (fixed[name] ?? spec.default)];
    }),
  );
  let graph: Graph;
  try {
    graph = graphOf(strategy, open);
  } catch (error) {
    if (causes(error).some((cause) => cause instanceof Computed || cause instanceof ToolkitError)) return null;
    throw error;
  }
  if (graph.nodes.some((node) => node.op === "scan")) return null; // its closure may hold a parameter
  for (const sample of samples) {
    if (closedKeys(graph, sample) !== keysOf(graphOf(strategy, { ...fixed, ...sample }))) return null;
  }
  return graph;
}

/** `node` with the numbers of `values` in place of what is open. */
export function closeNode(node: Node, values: Values, nodes = new Nodes("")): Node {
  const scalar = (value: Scalar): number => (isOpen(value) ? (values[value.open] as number) : value);
  const close = (input: Node) => closeNode(input, values, nodes);
  const [a, b, c] = node.inputs;
  switch (node.op) {
    case "field":
      return nodes.field(node.field, node.frame as never);
    case "constant":
      return nodes.constant(scalar(node.value));
    case "position":
      return nodes.position(node.field);
    case "indicator": {
      const given = Object.entries(node.values).map(([k, v]) => [k, typeof v === "string" ? v : scalar(v)]);
      return nodes.indicator(node.indicator, node.inputs.map(close), Object.fromEntries(given), node.output);
    }
    case "formula":
      return nodes.formula(node.formula, close(a!), b && close(b));
    case "compare":
      return nodes.compare(node.relation, close(a!), close(b!));
    case "logic":
      return nodes.logic(node.logic, close(a!), b && close(b));
    case "select":
      return nodes.select(close(a!), close(b!), close(c!));
    case "lag":
      return nodes.lag(close(a!), scalar(node.bars));
    case "any":
    case "all":
      return nodes.window(node.op, close(a!), scalar(node.bars));
    case "barsSince":
      return nodes.barsSince(close(a!));
    case "higher":
      return nodes.higher(close(a!), node.interval);
    case "scan":
      return nodes.scan(node.scan, node.inputs.map(close));
  }
}

/** Names of the parameters that are open in `node`, in alphabetical order. */
export function openIn(node: Node): string[] {
  const names = new Set<string>();
  const see = (value: unknown) => isOpen(value) && names.add(value.open);
  const visit = (each: Node): void => {
    if (each.op === "constant") see(each.value);
    if (each.op === "indicator") Object.values(each.values).forEach(see);
    if (each.op === "lag" || each.op === "any" || each.op === "all") see(each.bars);
    each.inputs.forEach(visit);
  };
  visit(node);
  return [...names].sort();
}

function marker(name: string): unknown {
  return {
    open: name,
    valueOf() {
      throw new Computed(name);
    },
    toString() {
      throw new Computed(name);
    },
  };
}

function* chain(error: unknown): Generator<unknown> {
  for (let at = error; at instanceof Error; at = at.cause) yield at;
}
const causes = (error: unknown) => [...chain(error)];

function closedKeys(graph: Graph, values: Values): string {
  const nodes = new Nodes("");
  const signals = Object.entries(graph.signals).map(([name, node]) => `${name}=${closeNode(node, values, nodes).key}`);
  const levels = Object.entries(graph.levels).map(([name, level]) => {
    if (level.kind !== "fraction") return `${name}=${level.kind} ${closeNode(level.node, values, nodes).key}`;
    return `${name}=${isOpen(level.fraction) ? values[level.fraction.open] : level.fraction}`;
  });
  const size = graph.size ? closeNode(graph.size, values, nodes).key : "";
  return [...signals, ...levels, size].join("\n");
}

const keysOf = (graph: Graph) => closedKeys(graph, {});
