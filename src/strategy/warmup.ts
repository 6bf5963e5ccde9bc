import { ArgumentError } from "../core/errors.ts";
import { type Interval, intervalMs } from "../core/time.ts";
import { type Graph, graphOf, type RuleMaker } from "./graph.ts";
import { closed, type IndicatorNode, type Node } from "./node.ts";
import { resolveParams } from "./resolve.ts";

/**
 * Leading bars on which `node` is not known, from the warm-ups of its inputs; exact for inputs without holes.
 *
 * Chains add up: an average over `n` bars of a series known from bar `w` is known from bar `w + n - 1`.
 */
export function nodeWarmup(node: Exclude<Node, { op: "higher" | "indicator" }>, inputs: readonly number[]): number {
  const longest = Math.max(0, ...inputs);
  switch (node.op) {
    case "lag":
      return longest + closed(node.bars);
    case "any":
    case "all":
      return longest + closed(node.bars) - 1;
    case "scan":
      return longest + node.scan.warmup;
    default:
      return longest;
  }
}

/** A fresh kernel of an indicator call whose parameters are all known. */
export function kernelOfNode(node: IndicatorNode): ReturnType<IndicatorNode["indicator"]["kernel"]> {
  const values = Object.entries(node.values).map(([name, value]) => [
    name,
    typeof value === "string" ? value : closed(value),
  ]);
  return node.indicator.kernel(Object.fromEntries(values));
}

/** Leading bars of `interval` on which no rule of `graph` can fire, at the worst place of the first bar in its buckets. */
export function graphWarmup(graph: Graph, interval?: Interval): number {
  const known = new Map<string, number>();
  for (const node of graph.nodes) known.set(node.key, worstWarmup(node, known, interval));
  return Math.max(0, ...known.values());
}

/** {@link graphWarmup} of `strategy` with the parameters `given`. @throws ArgumentError `INTERVAL`, and as `resolveParams` and `graphOf` */
export function strategyWarmup(
  strategy: RuleMaker,
  given: Readonly<Record<string, unknown>> = {},
  interval?: Interval,
): number {
  return graphWarmup(graphOf(strategy, resolveParams(strategy, given)), interval);
}

function worstWarmup(node: Node, known: ReadonlyMap<string, number>, interval: Interval | undefined): number {
  const inputs = node.inputs.map((input) => known.get(input.key)!);
  if (node.op === "indicator") return Math.max(0, ...inputs) + kernelOfNode(node).warmup[node.output]!;
  if (node.op !== "higher") return nodeWarmup(node, inputs);
  if (!interval) {
    const message = `warm-up depends on the bars: the rules read ${node.interval} bars; say on which interval they run`;
    throw new ArgumentError("INTERVAL", message, { interval: node.interval });
  }
  const ratio = higherRatio(interval, node.interval);
  return (inputs[0]! + 2) * ratio - 2; // all but one bar of the first bucket may be missing
}

/** Bars of `base` in one of `higher`. @throws ArgumentError `INTERVAL` unless that is a whole number */
export function higherRatio(base: Interval, higher: Interval): number {
  const ratio = intervalMs(higher) / intervalMs(base);
  if (Number.isInteger(ratio)) return ratio;
  const message = `on("${higher}", …) needs bars that divide ${higher}, the bars are ${base}`;
  throw new ArgumentError("INTERVAL", message, { base, higher });
}
