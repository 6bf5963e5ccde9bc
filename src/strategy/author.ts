import { ArgumentError } from "../core/errors.ts";
import { type Interval, parseInterval } from "../core/time.ts";
import { INDICATORS } from "../indicators/catalogue.ts";
import type { Indicator } from "../indicators/indicator.ts";
import { LevelExpression } from "./level.ts";
import { isOpen, type Node, type Scalar } from "./node.ts";
import type { Nodes } from "./nodes.ts";
import type { BarScope, ScanOptions, Scope } from "./scope.ts";
import { Condition, conditionNode, numberNode, Series, seriesNode } from "./series.ts";

const FIELDS = ["open", "high", "low", "close", "volume"] as const;
type Hand = { readonly nodes: Nodes; readonly frame: Interval | "base" };
type Member = (hand: Hand) => unknown;

/** What `rules` destructures: every member is made when it is first asked for. */
export function scopeOf(nodes: Nodes): Scope {
  return made<Scope>({ nodes, frame: "base" }, BASE);
}

/** Names an author can destructure, for the check against the catalogue. */
export function scopeNames(): string[] {
  return Object.keys(BASE_MEMBERS);
}

/** Where a scope keeps what its members are made from. */
const HAND = Symbol("hand");

function made<T>(hand: Hand, prototype: object): T {
  return Object.create(prototype, { [HAND]: { value: hand } }) as T; // test/strategy/scope.test.ts holds the members to the interface
}

/** Getters on a prototype, so that a scope costs nothing until a member is asked for. */
function prototypeOf(members: Readonly<Record<string, Member>>): object {
  const prototype = {};
  for (const [name, member] of Object.entries(members)) {
    const get = function (this: { readonly [HAND]: Hand }): unknown {
      return member(this[HAND]);
    };
    Object.defineProperty(prototype, name, { enumerable: true, get });
  }
  return prototype;
}

const field = (name: (typeof FIELDS)[number]) => (hand: Hand) =>
  new Series(hand.nodes, hand.nodes.field(name, hand.frame));

function average(names: readonly (typeof FIELDS)[number][]): Member {
  return ({ nodes, frame }) => {
    const [first, ...rest] = names.map((name) => nodes.field(name, frame)) as [Node, ...Node[]];
    const sum = rest.reduce((total, next) => nodes.formula("plus", total, next), first);
    return new Series(nodes, nodes.formula("dividedBy", sum, nodes.constant(names.length)));
  };
}

function indicator(spec: Indicator): Member {
  const numbers = spec.params.filter((param) => typeof param.default === "number");
  const most = numbers.length + (spec.over === "series" ? 1 : 0);
  return ({ nodes, frame }) =>
    (...args: unknown[]) => {
      const settings: Record<string, Scalar | string> = {};
      const rest = [...args];
      const last = rest.at(-1);
      if (
        typeof last === "object" &&
        last !== null &&
        Object.getPrototypeOf(last) === Object.prototype &&
        !isOpen(last)
      ) {
        for (const [name, value] of Object.entries(rest.pop() as object))
          if (value !== undefined) settings[name] = value;
      }
      if (rest.length > most) {
        const names = [...(spec.over === "series" ? ["source"] : []), ...numbers.map((param) => param.name)];
        const message = `${spec.name} takes (${names.join(", ")}), was given ${rest.length} values`;
        throw new ArgumentError("ARGUMENTS", message, { indicator: spec.name });
      }
      const inputs =
        spec.over === "series"
          ? [seriesNode(rest.shift(), `the first argument of ${spec.name}`)]
          : spec.inputs.map((input) => nodes.field(input, frame));
      rest.forEach((value, i) => {
        if (value !== undefined) settings[numbers[i]!.name] = value as Scalar;
      });
      const outputs = spec.outputs.map((_, i) => new Series(nodes, nodes.indicator(spec, inputs, settings, i)));
      if (outputs.length === 1) return outputs[0];
      return Object.fromEntries(spec.outputs.map((name, i) => [name, outputs[i]]));
    };
}

const select: Member =
  ({ nodes }) =>
  (condition: unknown, yes: unknown, no: unknown) => {
    const inputs = [numberNode(nodes, yes, "select(…)"), numberNode(nodes, no, "select(…)")] as const;
    return new Series(nodes, nodes.select(conditionNode(condition, "the first argument of select"), ...inputs));
  };

const votes: Member =
  ({ nodes }) =>
  (...conditions: unknown[]) => {
    if (conditions.length === 0) throw new ArgumentError("EXPRESSION", "votes(…) needs at least one condition");
    return new Series(nodes, nodes.votes(conditions.map((condition) => conditionNode(condition, "votes(…)"))));
  };

const scan: Member =
  ({ nodes, frame }) =>
  (options: ScanOptions<unknown, Record<string, Series | Condition>>) => {
    const { initial, step, value = (state) => state as number, of = {}, warmup = 0 } = options;
    if (typeof step !== "function") throw new ArgumentError("EXPRESSION", "scan needs a step function");
    const bar = FIELDS.map((name) => nodes.field(name, frame));
    const own = Object.values(of).map((one) => {
      if (one instanceof Condition || one instanceof Series) return one.node;
      throw new ArgumentError("EXPRESSION", "scan: `of` holds series and conditions by name");
    });
    const names = [...FIELDS, ...Object.keys(of)];
    const node = nodes.scan({ names, initial, step: step as never, value, warmup }, [...bar, ...own]);
    return new Series(nodes, node);
  };

const on: Member =
  ({ nodes }) =>
  (text: string, define: (series: BarScope) => unknown) => {
    const interval = parseInterval(text);
    const result = define(made<BarScope>({ nodes, frame: interval }, BARS));
    if (!(result instanceof Series || result instanceof Condition)) {
      throw new ArgumentError("EXPRESSION", `on("${text}", …) must return a series or a condition`, { interval });
    }
    const { node } = result;
    if (node.frame === "base" || node.position) {
      const message = `on("${text}", …) must use only the series it hands you, not those of the strategy's own bars`;
      throw new ArgumentError("INTERVAL_MIX", message, { interval });
    }
    const higher = nodes.higher(node, interval);
    return result instanceof Series ? new Series(nodes, higher) : new Condition(nodes, higher);
  };

const position: Member = ({ nodes }) => ({
  barsHeld: new Series(nodes, nodes.position("barsHeld")),
  entryPrice: new Series(nodes, nodes.position("entryPrice")),
  unrealizedFraction: new Series(nodes, nodes.position("unrealizedFraction")),
});

const level =
  (kind: "distance" | "price"): Member =>
  ({ nodes }) =>
  (value: unknown) =>
    new LevelExpression(kind, new Series(nodes, numberNode(nodes, value, `${kind}(…)`)));

const BAR_MEMBERS: Readonly<Record<string, Member>> = {
  ...Object.fromEntries(INDICATORS.map((spec) => [spec.name, indicator(spec)])),
  ...Object.fromEntries(FIELDS.map((name) => [name, field(name)])),
  hl2: average(["high", "low"]),
  hlc3: average(["high", "low", "close"]),
  ohlc4: average(["open", "high", "low", "close"]),
  constant:
    ({ nodes }) =>
    (value: unknown) =>
      new Series(nodes, numberNode(nodes, value, "constant(…)")),
  select,
  barsSince: () => (condition: unknown) => {
    conditionNode(condition, "barsSince(…)");
    return (condition as Condition).barsSince();
  },
  votes,
  scan,
};

const BASE_MEMBERS: Readonly<Record<string, Member>> = {
  ...BAR_MEMBERS,
  on,
  position,
  distance: level("distance"),
  price: level("price"),
};

const BARS = prototypeOf(BAR_MEMBERS);
const BASE = prototypeOf(BASE_MEMBERS);
