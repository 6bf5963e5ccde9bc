import type { Interval } from "../../../core/time.ts";
import { type Graph, graphOf } from "../../../strategy/graph.ts";
import type { ParamSpecs, ParamValue } from "../../../strategy/param.ts";
import { printedRules } from "../../../strategy/print.ts";
import { rangeText, resolveParams, spaceSize } from "../../../strategy/resolve.ts";
import type { Strategy } from "../../../strategy/strategy.ts";
import { graphWarmup } from "../../../strategy/warmup.ts";
import { aligned } from "../data/shared.ts";

/** One strategy as `strategy list --json` gives it. */
export interface Entry {
  readonly name: string;
  readonly description: string;
  readonly params: ParamSpecs;
  /** Leading bars on which nothing can fire, with the defaults. */
  readonly warmup: number;
  /** Settings a search could try; `null` = without end. */
  readonly spaceSize: number | null;
}

export interface Shown {
  readonly values: Readonly<Record<string, ParamValue>>;
  readonly graph: Graph;
  readonly interval: Interval;
}

export function entryOf(strategy: Strategy, given: Readonly<Record<string, unknown>>, interval: Interval): Entry {
  const { name, description, params } = strategy;
  const warmup = graphWarmup(graphOf(strategy, resolveParams(strategy, given)), interval);
  return { name, description, params, warmup, spaceSize: finite(spaceSize(params)) };
}

/** Names, parameter counts, warm-ups and what they do. */
export function listText(entries: readonly Entry[]): string {
  return entries
    .map(({ name, params, warmup, description }) => {
      const count = Object.keys(params).length;
      return [
        `${name}  (${count} parameters, warm-up ${warmup} bars)`,
        ...wrapped(description, WIDTH - 2).map((line) => `  ${line}`),
      ].join("\n");
    })
    .join("\n");
}

/** Everything about one strategy, as `strategy show --json` gives it. */
export function shownJson(strategy: Strategy, { values, graph, interval }: Shown): unknown {
  const { shared, rules } = printedRules(graph);
  return {
    ...entryOf(strategy, values, interval),
    values,
    rules: Object.fromEntries(rules),
    shared: Object.fromEntries(shared),
    nodes: graph.nodes.length,
    hash: graph.hash,
  };
}

/** The same for people. */
export function shownText(strategy: Strategy, { values, graph, interval }: Shown): string {
  const { shared, rules } = printedRules(graph);
  const size = spaceSize(strategy.params);
  const params = Object.entries(strategy.params).map(([name, spec]) => [
    `  ${name}`,
    String(values[name]),
    rangeText(spec),
  ]);
  const blocks = [
    wrapped(`${strategy.name}${strategy.description ? `: ${strategy.description}` : ""}`, WIDTH).join("\n"),
    `Rules\n${hanging(rules)}`,
    shared.length === 0 ? "" : `where\n${hanging(shared)}`,
    params.length === 0 ? "No parameters" : `Parameters\n${aligned([["  NAME", "VALUE", "RANGE"], ...params], [1])}`,
    `Space    ${Number.isFinite(size) ? `${size.toLocaleString("en-US")} sets` : "without end"}
Warm-up  ${graphWarmup(graph, interval).toLocaleString("en-US")} bars
Graph    ${graph.nodes.length} nodes, ${graph.hash}`,
  ];
  return blocks.filter(Boolean).join("\n\n");
}

/** Names in a column of their own, long texts in several lines beside them. */
function hanging(rows: readonly (readonly [name: string, text: string])[]): string {
  const indent = 4 + Math.max(...rows.map(([name]) => name.length));
  return aligned(
    rows.flatMap(([name, text]) =>
      wrapped(wholeCalls(text), WIDTH - indent).map((line, k) => [
        k === 0 ? `  ${name}` : "",
        line.replaceAll(TIED, " "),
      ]),
    ),
  );
}

/** A space at which no line is cut. */
const TIED = "\u00a0";

/** Ties the arguments of every innermost call together. */
function wholeCalls(text: string): string {
  return text.replace(/\([^()]*\)/g, (call) => call.replaceAll(" ", TIED));
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

const WIDTH = 80;

/** `text` in lines of at most `width`, cut between words. */
function wrapped(text: string, width: number): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const last = lines.at(-1)!;
    if (last === "") lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
