import { COMMUTATIVE, type Formula, type Logic } from "./formula.ts";
import { type Graph, type LevelNode, readersOf, rootsOf } from "./graph.ts";
import { isOpen, type Node, type Scalar, scalarText } from "./node.ts";
import { LEVELS, SIGNALS } from "./rules.ts";

/** A shared expression longer than this is written once, under a name; one that is not shared may be this long. */
const LONGEST_REPEAT = 60;
const LONGEST_INLINE = 120;

/** The rules of a graph as readable text. */
export interface PrintedRules {
  /** Expressions that several rules share, by the name the rules use for them; before their readers. */
  readonly shared: readonly (readonly [name: string, text: string])[];
  readonly rules: readonly (readonly [rule: string, text: string])[];
}

/** All that `graph` says, for people. */
export function printedRules(graph: Graph): PrintedRules {
  const names = new Map<string, string>();
  const print = (node: Node): string => text(node, names).text;
  const shared: [string, string][] = [];
  const readers = readersOf(graph);
  const roots = new Set(rootsOf(graph).filter((root) => readers.get(root.key) === 1));
  for (const node of graph.nodes) {
    if (node.op === "indicator" || names.has(node.key) || roots.has(node)) continue;
    const own = print(node);
    if (own.length <= (readers.get(node.key)! > 1 ? LONGEST_REPEAT : LONGEST_INLINE)) continue;
    const name = `$${shared.length + 1}`;
    shared.push([name, own]);
    names.set(node.key, name);
  }
  const rules: [string, string][] = [];
  for (const name of SIGNALS) if (graph.signals[name]) rules.push([name, print(graph.signals[name])]);
  for (const name of LEVELS) if (graph.levels[name]) rules.push([name, levelText(graph.levels[name], print)]);
  if (graph.size) rules.push(["size", print(graph.size)]);
  return { shared, rules };
}

/** One expression as text: `rsi(close, 14) < 30 and close > ema(close, 200)`. */
export function printed(node: Node): string {
  return text(node, new Map()).text;
}

/** A level as text: `2% of the entry price`, `atr(14) * 2 from the entry price`. */
function levelText(level: LevelNode, print: (node: Node) => string): string {
  if (level.kind !== "fraction") {
    return level.kind === "price" ? `at ${print(level.node)}` : `${print(level.node)} from the entry price`;
  }
  const { fraction } = level;
  const share = isOpen(fraction) ? scalarText(fraction) : `${Number((fraction * 100).toPrecision(12))}%`;
  return `${share} of the entry price`;
}

type Names = ReadonlyMap<string, string>;

interface Text {
  readonly text: string;
  /** How tightly its outermost operator binds; a call binds tightest. */
  readonly binds: number;
}

const CALL = 9;
const WORDS: Readonly<Record<Exclude<Logic, "not">, number>> = { or: 1, xor: 2, and: 3 };
const SIGNS: Readonly<Partial<Record<Formula, readonly [sign: string, binds: number]>>> = {
  plus: ["+", 6],
  minus: ["-", 6],
  times: ["*", 7],
  dividedBy: ["/", 7],
};
const COMPARED = { gt: [">", "<"], ge: [">=", "<="], eq: ["=", "="] } as const;

function text(node: Node, names: Names): Text {
  const name = names.get(node.key);
  if (name) return call(name);
  const print = (input: Node): string => text(input, names).text;
  switch (node.op) {
    case "field":
      return call(node.field);
    case "constant":
      return call(scalarText(node.value));
    case "position":
      return call(`position.${node.field}`);
    case "indicator":
      return call(indicatorText(node, names));
    case "formula":
      return formulaText(node.formula, node.inputs, names);
    case "compare": {
      const [a, b] = node.inputs as [Node, Node];
      const turned = rank(a) > rank(b);
      const [left, right] = turned ? [b, a] : [a, b];
      return {
        text: `${inside(left, 5, names)} ${COMPARED[node.relation][turned ? 1 : 0]} ${inside(right, 5, names)}`,
        binds: 4,
      };
    }
    case "logic":
      return logicText(node.logic, node.inputs, names);
    case "lag":
      return { text: `${inside(node.inputs[0]!, 8, names)} ${barsText(node.bars)} ago`, binds: 8 };
    case "any":
    case "all":
      return call(`${node.op}(${print(node.inputs[0]!)}, ${barsText(node.bars)})`);
    case "higher":
      return call(`on(${node.interval}, ${print(node.inputs[0]!)})`);
    case "scan":
      return call(`scan(${node.scan.names.slice(5).join(", ")})`);
    default:
      return call(`${node.op}(${node.inputs.map(print).join(", ")})`);
  }
}

function logicText(logic: Logic, inputs: readonly Node[], names: Names): Text {
  if (logic === "not") return { text: `not ${inside(inputs[0]!, 4, names)}`, binds: 3.5 };
  const crossing = logic === "and" ? crossingText(inputs, names) : null;
  if (crossing) return crossing;
  const binds = WORDS[logic];
  return { text: inputs.map((input) => inside(input, binds, names)).join(` ${logic} `), binds };
}

/** `a > b and (b >= a) 1 bar ago` is what people call a crossing. */
function crossingText(inputs: readonly Node[], names: Names): Text | null {
  const now = inputs.find((input) => input.op === "compare" && input.relation === "gt");
  const before = inputs.find((input) => input.op === "lag" && input.bars === 1)?.inputs[0];
  if (!now || before?.op !== "compare" || before.relation !== "ge") return null;
  const [over, under] = now.inputs as [Node, Node];
  if (before.inputs[0]!.key !== under.key || before.inputs[1]!.key !== over.key) return null;
  const falls = rank(over) > rank(under);
  const [left, right] = falls ? [under, over] : [over, under];
  return {
    text: `${inside(left, 5, names)} crosses ${falls ? "below" : "above"} ${inside(right, 5, names)}`,
    binds: 4,
  };
}

function formulaText(formula: Formula, operands: readonly Node[], names: Names): Text {
  const sign = SIGNS[formula];
  const inputs = COMMUTATIVE.has(formula) ? operands.toSorted((a, b) => rank(a) - rank(b)) : operands;
  if (formula === "neg") return { text: `-${inside(inputs[0]!, 8, names)}`, binds: 7.5 };
  if (!sign) return call(`${formula}(${inputs.map((input) => text(input, names).text).join(", ")})`);
  const [a, b] = inputs as [Node, Node];
  return { text: `${inside(a, sign[1], names)} ${sign[0]} ${inside(b, sign[1] + 0.1, names)}`, binds: sign[1] };
}

function indicatorText(node: Extract<Node, { op: "indicator" }>, names: Names): string {
  const { indicator } = node;
  const source = indicator.over === "series" ? node.inputs.map((input) => text(input, names).text) : [];
  const settings = indicator.params.flatMap((param) => {
    const value = node.values[param.name]!;
    if (param.name === "ddof" && value === param.default) return [];
    if (typeof value !== "string") return [scalarText(value)];
    return value === param.default ? [] : [`${param.name}: ${value}`];
  });
  const output = indicator.outputs.length > 1 ? `.${indicator.outputs[node.output]}` : "";
  return `${indicator.name}(${[...source, ...settings].join(", ")})${output}`;
}

/** Where a side of a comparison reads best: bar fields on the left, constants on the right. */
function rank(node: Node): number {
  return node.op === "field" || node.op === "position" ? 0 : node.op === "constant" ? 2 : 1;
}

function inside(node: Node, least: number, names: Names): string {
  const part = text(node, names);
  return part.binds >= least ? part.text : `(${part.text})`;
}

function call(text: string): Text {
  return { text, binds: CALL };
}

function barsText(bars: Scalar): string {
  return `${scalarText(bars)} ${bars === 1 ? "bar" : "bars"}`;
}
