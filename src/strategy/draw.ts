import type { Graph } from "./graph.ts";
import { type Node, scalarText } from "./node.ts";
import { LEVELS, SIGNALS } from "./rules.ts";

/** The graph as a Mermaid flowchart, from bar fields down to rules; shared work is one box. */
export function drawn(graph: Graph): string {
  const names = new Map(graph.nodes.map((node, k) => [node.key, `n${k}`]));
  const lines = ["flowchart TD"];
  for (const node of graph.nodes) {
    lines.push(`  ${names.get(node.key)}["${label(node)}"]`);
    for (const input of node.inputs) lines.push(`  ${names.get(input.key)} --> ${names.get(node.key)}`);
  }
  const root = (name: string, node: Node): void => {
    lines.push(`  ${name}(["${name}"])`, `  ${names.get(node.key)} --> ${name}`);
  };
  for (const name of SIGNALS) if (graph.signals[name]) root(name, graph.signals[name]);
  for (const name of LEVELS) {
    const level = graph.levels[name];
    if (level?.kind === "fraction") lines.push(`  ${name}(["${name} ${scalarText(level.fraction)}"])`);
    else if (level) root(name, level.node);
  }
  if (graph.size) root("size", graph.size);
  return lines.join("\n");
}

const LABELS: Readonly<Record<string, string>> = { gt: "above", ge: "at least", eq: "equals" };

function label(node: Node): string {
  switch (node.op) {
    case "field":
      return node.key;
    case "constant":
      return scalarText(node.value);
    case "position":
      return node.key;
    case "indicator": {
      const settings = Object.values(node.values).map((value) =>
        typeof value === "string" ? value : scalarText(value),
      );
      const output = node.indicator.outputs.length > 1 ? ` .${node.indicator.outputs[node.output]}` : "";
      return `${node.indicator.name} ${settings.join(" ")}${output}`.trim();
    }
    case "formula":
      return node.formula;
    case "compare":
      return LABELS[node.relation]!;
    case "logic":
      return node.logic;
    case "lag":
    case "any":
    case "all":
      return `${node.op} ${scalarText(node.bars)}`;
    case "higher":
      return `on ${node.interval}`;
    default:
      return node.op;
  }
}
