import { ConfigError, ToolkitError } from "../core/errors.ts";
import { scopeOf } from "./author.ts";
import { LevelExpression } from "./level.ts";
import { inOrder, isOpen, type Node, type Scalar, scalarText } from "./node.ts";
import { digest, Nodes } from "./nodes.ts";
import { originOf, originText } from "./origin.ts";
import type { ParamSpecs, ParamValues } from "./param.ts";
import { LEVELS, type LevelName, type Rules, SIGNALS, type SignalName } from "./rules.ts";
import type { Scope } from "./scope.ts";
import { Condition, described, Series } from "./series.ts";

/** What a graph is made from; every strategy is one. */
export interface RuleMaker {
  readonly name: string;
  readonly params: ParamSpecs;
  rules(series: Scope, p: ParamValues<ParamSpecs>): Rules;
}

/** A protective level as expressions. A fraction is of the entry price. */
export type LevelNode =
  | { readonly kind: "fraction"; readonly fraction: Scalar }
  | { readonly kind: "distance" | "price"; readonly node: Node };

/** The rules of one strategy with one set of parameters, as an expression graph. */
export interface Graph {
  readonly strategy: string;
  readonly signals: Readonly<Partial<Record<SignalName, Node>>>;
  readonly levels: Readonly<Partial<Record<LevelName, LevelNode>>>;
  readonly size: Node | null;
  /** All nodes, inputs before their readers. */
  readonly nodes: readonly Node[];
  /** 32 hex digits: equal for equal rules, on any machine. */
  readonly hash: string;
}

/**
 * Calls the strategy's `rules` and keeps what they say. `values` holds every parameter, as `resolveParams` gives them.
 *
 * @throws ConfigError `RULES_THROW`, `RULES_SHAPE`; ArgumentError of the expression that was wrong (`LOOK_AHEAD`, `PERIOD`, …)
 */
export function graphOf(strategy: RuleMaker, values: Readonly<Record<string, unknown>>): Graph {
  const nodes = new Nodes(`${strategy.name} ${JSON.stringify(values)}`);
  const rules = called(strategy, values, nodes);
  const refuse = (fact: string): never => {
    throw new ConfigError("RULES_SHAPE", `strategy ${strategy.name}: ${fact}`, { strategy: strategy.name });
  };
  if (typeof rules !== "object" || rules === null) refuse(`rules must return an object, returned ${described(rules)}`);
  const known: readonly string[] = [...SIGNALS, ...LEVELS, "size"];
  for (const name of Object.keys(rules)) {
    if (!known.includes(name)) refuse(`rules returned ${JSON.stringify(name)}; a rule is one of ${known.join(" ")}`);
  }
  const signals: Partial<Record<SignalName, Node>> = {};
  for (const name of SIGNALS) {
    const rule: unknown = rules[name];
    if (rule === undefined) continue;
    if (!(rule instanceof Condition)) return refuse(`${name} must be a condition, was ${described(rule)}`);
    if (rule.node.position && name.startsWith("enter")) refuse(`${name} reads position; only exits may`);
    signals[name] = rule.node;
  }
  const levels: Partial<Record<LevelName, LevelNode>> = {};
  for (const name of LEVELS) {
    const level = levelOf(name, rules[name], refuse);
    if (level) levels[name] = level;
  }
  const size = sizeOf(rules.size, nodes, refuse);
  if (!signals.enterLong && !signals.enterShort) refuse("it never enters; give enterLong or enterShort");
  return graphFrom(strategy.name, { signals, levels, size });
}

/** The graph that consists of these expressions. */
export function graphFrom(strategy: string, parts: Pick<Graph, "signals" | "levels" | "size">): Graph {
  return {
    strategy,
    ...parts,
    nodes: inOrder(rootsOf(parts)),
    get hash() {
      return hashOf(parts);
    },
  };
}

/** The expressions a graph consists of: one per rule, level and size. */
export function rootsOf(graph: Pick<Graph, "signals" | "levels" | "size">): Node[] {
  const levels = Object.values(graph.levels).flatMap((level) => (level.kind === "fraction" ? [] : [level.node]));
  return [...Object.values(graph.signals), ...levels, ...(graph.size ? [graph.size] : [])];
}

/** How many rules and nodes read each node, by key. */
export function readersOf(graph: Graph): Map<string, number> {
  const readers = new Map<string, number>();
  const add = (node: Node) => void readers.set(node.key, (readers.get(node.key) ?? 0) + 1);
  for (const root of rootsOf(graph)) add(root);
  for (const node of graph.nodes) for (const input of node.inputs) add(input);
  return readers;
}

function called(strategy: RuleMaker, values: Readonly<Record<string, unknown>>, nodes: Nodes): Rules {
  try {
    return strategy.rules(scopeOf(nodes), values as ParamValues<ParamSpecs>);
  } catch (error) {
    const { name } = strategy;
    const where = originText(originOf(error));
    const message = `strategy ${name}: ${error instanceof Error ? error.message : String(error)}${where}`;
    if (!(error instanceof ToolkitError)) throw new ConfigError("RULES_THROW", message, { strategy: name }, error);
    const Kind = error.constructor as typeof ToolkitError;
    throw new Kind(error.code, message, { ...error.details, strategy: name }, error);
  }
}

function levelOf(name: LevelName, level: unknown, refuse: (fact: string) => never): LevelNode | null {
  if (level === undefined) return null;
  if (isOpen(level)) return { kind: "fraction", fraction: level };
  if (typeof level === "number") {
    const most = name === "takeProfit" ? Infinity : 1;
    if (!(level > 0 && level < most)) {
      return refuse(
        `${name} is a fraction of the entry price above 0${most === 1 ? " and below 1" : ""}, was ${level}`,
      );
    }
    return { kind: "fraction", fraction: level };
  }
  if (!(level instanceof LevelExpression)) {
    return refuse(`${name} must be a fraction, distance(…) or price(…), was ${described(level)}`);
  }
  if (level.series.node.position) return refuse(`${name} reads position; only exits may`);
  return { kind: level.kind, node: level.series.node };
}

function sizeOf(size: unknown, nodes: Nodes, refuse: (fact: string) => never): Node | null {
  if (size === undefined) return null;
  if (typeof size === "number" || isOpen(size)) return nodes.constant(size);
  if (!(size instanceof Series)) return refuse(`size must be a number or a series, was ${described(size)}`);
  if (size.node.position) return refuse("size reads position; only exits may");
  return size.node;
}

function hashOf({ signals, levels, size }: Pick<Graph, "signals" | "levels" | "size">): string {
  const parts: string[] = SIGNALS.map((name) => `${name}=${signals[name]?.key ?? ""}`);
  for (const name of LEVELS) {
    const level = levels[name];
    const text = !level
      ? ""
      : level.kind === "fraction"
        ? scalarText(level.fraction)
        : `${level.kind} ${level.node.key}`;
    parts.push(`${name}=${text}`);
  }
  return digest([...parts, `size=${size?.key ?? ""}`].join("\n"));
}
