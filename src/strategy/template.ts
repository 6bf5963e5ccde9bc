import { random } from "../core/random.ts";
import { Axes } from "./axes.ts";
import type { Relation } from "./formula.ts";
import { type Graph, graphOf } from "./graph.ts";
import { instantiate, instantiateNode, openParams } from "./instantiate.ts";
import type { Node, OpenParam, Scalar } from "./node.ts";
import type { ParamSpec, ParamSpecs, ParamValue } from "./param.ts";
import { SIGNALS, type SignalName } from "./rules.ts";
import type { Strategy } from "./strategy.ts";

/** More settings of words and switches than this are not enumerated. */
const MOST_VARIANTS = 64;
const RANDOM_POINTS = 8;

/** One side of a comparison. */
export type Term =
  | { readonly kind: "constant"; readonly value: number }
  /** The value of this parameter. */
  | { readonly kind: "param"; readonly param: string }
  /** A column that depends on these parameters; `node` has them open. */
  | { readonly kind: "column"; readonly params: readonly string[]; readonly node: Node };

/** A condition that sweeps keep as one bit column per setting of the parameters it depends on. */
export interface Leaf {
  /** What it compares; `null` for a condition that looks back (`lag`, `any`, `all`, a longer interval). */
  readonly comparison: { readonly relation: Relation; readonly left: Term; readonly right: Term } | null;
  /** Parameters it depends on. */
  readonly params: readonly string[];
  /** Its identity under the parameter codes of `row`: equal numbers, equal columns. An integer ≥ 0. */
  key(row: Float64Array): number;
  /** Its expression under `row`, for `columnOf`. */
  node(row: Float64Array): Node;
}

/** A rule over leaves, bar by bar. Only bits from the warm-up on and before the length count. */
export type BitExpression =
  | { readonly op: "leaf"; readonly leaf: number }
  | { readonly op: "and" | "or" | "xor"; readonly a: BitExpression; readonly b: BitExpression }
  | { readonly op: "not"; readonly a: BitExpression };

/** The rules for one setting of the words and switches, with every number still open. */
export interface Variant {
  readonly leaves: readonly Leaf[];
  /** Rules that are plain bit algebra over the leaves. */
  readonly signals: Readonly<Partial<Record<SignalName, BitExpression>>>;
  /** Exits that read the position: build their graph and ask its rule. */
  readonly asksPosition: readonly SignalName[];
  /** The rules with open parameters; its levels and size are to be closed per set. */
  readonly open: Graph;
  /** The whole graph under `row`, without calling the author's rules. */
  graph(row: Float64Array): Graph;
}

/** A strategy whose graph is known for all parameters at once. */
export interface Template {
  /** Parameters in the order of a row. */
  readonly params: readonly string[];
  readonly variants: readonly Variant[];
  /** The row of a checked set: a small integer per parameter, equal for equal values. Writes into `row` if given. */
  encode(values: Readonly<Record<string, ParamValue>>, row?: Float64Array): Float64Array;
  variantAt(row: Float64Array): Variant;
}

export type TemplateResult =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly reason: string };

/**
 * The template of `strategy`, or why it has none; then every set needs its own `graphOf`.
 *
 * `rules` is called with stand-ins for numbers. A stand-in that reaches an expression is kept open there; rules that compute
 * with one in plain JavaScript, or hide it in a `scan`, have no template. The result is compared with graphs built the plain way.
 */
export function templateOf(strategy: Strategy): TemplateResult {
  const axes = new Axes(strategy.params);
  if (axes.variants > MOST_VARIANTS)
    return { ok: false, reason: `${axes.variants} settings of its words and switches` };
  const variants: Variant[] = [];
  for (let v = 0; v < axes.variants; v++) {
    let open: Graph;
    try {
      open = graphOf(strategy, { ...standIns(strategy.params), ...axes.wordsOf(v) });
    } catch (error) {
      return { ok: false, reason: error instanceof Error ? error.message : String(error) };
    }
    if (open.nodes.some((node) => node.op === "scan")) return { ok: false, reason: "it uses scan" };
    variants.push(variantOf(open, axes));
  }
  const template: Template = {
    params: axes.names,
    variants,
    encode: (values, row) => axes.encode(values, row),
    variantAt: (row) => variants[axes.variantAt(row)]!,
  };
  const fault = firstMismatch(strategy, template);
  return fault === null ? { ok: true, template } : { ok: false, reason: fault };
}

/** Stands where a number will be; any attempt to compute with it ends the template. */
class StandIn implements OpenParam {
  readonly open: string;
  constructor(name: string) {
    this.open = name;
  }
  [Symbol.toPrimitive](): never {
    throw new TypeError(`its rules compute with p.${this.open} in plain JavaScript`);
  }
}

function standIns(specs: ParamSpecs): Record<string, StandIn> {
  const numeric = Object.entries(specs).filter(([, spec]) => spec.kind === "int" || spec.kind === "float");
  return Object.fromEntries(numeric.map(([name]) => [name, new StandIn(name)]));
}

function variantOf(open: Graph, axes: Axes): Variant {
  const leaves: Leaf[] = [];
  const known = new Map<string, number>();
  const expression = (node: Node): BitExpression => {
    if (node.op === "logic") {
      const [a, b] = node.inputs.map(expression) as [BitExpression, BitExpression];
      return node.logic === "not" ? { op: "not", a } : { op: node.logic, a, b };
    }
    let leaf = known.get(node.key);
    if (leaf === undefined) {
      leaf = leaves.push(leafOf(node, axes)) - 1;
      known.set(node.key, leaf);
    }
    return { op: "leaf", leaf };
  };
  const signals: Partial<Record<SignalName, BitExpression>> = {};
  const asksPosition: SignalName[] = [];
  for (const name of SIGNALS) {
    const node = open.signals[name];
    if (node?.position) asksPosition.push(name);
    else if (node) signals[name] = expression(node);
  }
  return { leaves, signals, asksPosition, open, graph: (row) => instantiate(open, axes.decode(row)) };
}

function leafOf(node: Node, axes: Axes): Leaf {
  const params = [...openParams(node)];
  const comparison =
    node.op === "compare"
      ? { relation: node.relation, left: termOf(node.inputs[0]!), right: termOf(node.inputs[1]!) }
      : null;
  return { comparison, params, key: axes.keyOver(params), node: (row) => instantiateNode(node, axes.decode(row)) };
}

function termOf(node: Node): Term {
  if (node.op !== "constant") return { kind: "column", params: [...openParams(node)], node };
  const value: Scalar = node.value;
  return typeof value === "number" ? { kind: "constant", value } : { kind: "param", param: value.open };
}

/** Compares the template with plainly built graphs at defaults, corners and random points. */
function firstMismatch(strategy: Strategy, template: Template): string | null {
  let compared = 0;
  for (const values of points(strategy.params)) {
    let plain: Graph;
    try {
      plain = graphOf(strategy, values);
    } catch {
      continue; // a combination the rules refuse, which a run would refuse too
    }
    const row = template.encode(values);
    if (template.variantAt(row).graph(row).hash !== plain.hash) return "its rules branch on a number";
    compared++;
  }
  return compared > 0 ? null : "its rules refuse every set that was tried";
}

function points(specs: ParamSpecs): Record<string, ParamValue>[] {
  const rng = random("template");
  const at = (pick: (spec: ParamSpec) => ParamValue) =>
    Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, pick(spec)]));
  const within =
    (share: () => number) =>
    (spec: ParamSpec): ParamValue => {
      if (spec.kind === "bool") return share() < 0.5;
      if (spec.kind === "choice")
        return spec.choices[Math.min(spec.choices.length - 1, Math.floor(share() * spec.choices.length))]!;
      const value = spec.min + share() * (spec.max - spec.min);
      return spec.kind === "int" ? Math.round(value) : value;
    };
  const random8 = Array.from({ length: RANDOM_POINTS }, () => at(within(() => rng.next())));
  return [at((spec) => spec.default), at(within(() => 0)), at(within(() => 1)), ...random8];
}
