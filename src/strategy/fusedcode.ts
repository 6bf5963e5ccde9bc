import { FORMULAS, RELATIONS } from "./formula.ts";
import { type Hand, WRITERS } from "./fusednodes.ts";
import type { Graph } from "./graph.ts";
import { closed, type IndicatorNode, type LagNode, type Node } from "./node.ts";
import { SIGNALS, type SignalName } from "./rules.ts";
import { kernelOfNode, nodeWarmup } from "./warmup.ts";

/** A loop from bar columns to bit columns as text, and the numbers of this one graph that it is called with. */
export interface FusedCode {
  /** Equal for graphs of equal shape: the key under which the compiled loop is kept. */
  readonly code: string;
  readonly numbers: Float64Array;
  readonly tables: readonly Float64Array[];
  /** Rules in the order of the loop's outputs. */
  readonly outputs: readonly SignalName[];
  readonly warmup: number;
}

const FIELDS = ["open", "high", "low", "close", "volume"] as const;
const LONGEST_LAG = 31;

/** The fused loop of `graph`; `null` when it holds something the loop cannot say. */
export function fusedCode(graph: Graph): FusedCode | null {
  if (graph.size || Object.values(graph.levels).some((level) => level.kind !== "fraction")) return null;
  const writer = new Writer();
  for (const node of graph.nodes) if (!writer.add(node)) return null;
  const outputs = SIGNALS.filter((name) => graph.signals[name]);
  return writer.finish(
    outputs,
    outputs.map((name) => graph.signals[name]!),
  );
}

class Writer {
  private readonly names = new Map<string, string>();
  private readonly warmups = new Map<string, number>();
  private readonly numbers: number[] = [];
  private readonly tables: Float64Array[] = [];
  private readonly states: string[] = [];
  private readonly anyBar: string[] = [];
  private readonly steady: string[] = [];
  private readonly end: string[] = [];
  private readonly fields = new Set<string>();

  /** Writes one node; false if it cannot be. */
  add(node: Node): boolean {
    if (node.position || (node.frame !== null && node.frame !== "base")) return false;
    const inputs = node.inputs.map((input) => this.names.get(input.key)!);
    const warmups = node.inputs.map((input) => this.warmups.get(input.key)!);
    const [a, b] = inputs as [string, string];
    const name = `v${this.names.size}`;
    this.names.set(node.key, name);
    if (node.op === "indicator") return this.addIndicator(node, name);
    if (node.op === "higher") return false;
    const warmup = nodeWarmup(node, warmups);
    this.warmups.set(node.key, warmup);
    switch (node.op) {
      case "field":
        if (!(FIELDS as readonly string[]).includes(node.field)) return false;
        this.names.set(node.key, this.field(node.field));
        return true;
      case "constant":
        this.names.set(node.key, this.argument(closed(node.value)));
        return true;
      case "formula":
        return this.both(`${name} = ${FORMULAS[node.formula](a, b)};`, name);
      case "compare":
        return this.both(`${name} = +(${a} ${RELATIONS[node.relation]} ${b});`, name, "0");
      case "logic": {
        const text = node.logic === "not" ? `1 ^ ${a}` : `${a} ${{ and: "&", or: "|", xor: "^" }[node.logic]} ${b}`;
        // unmasked during its own warm-up: whoever reads it, even lagged, is not known until that is over
        return this.both(`${name} = ${text};`, name, "0");
      }
      case "lag":
        return this.addLag(node, name, a);
      default:
        return false;
    }
  }

  /** The whole loop: slow until every average is past its seed, then 32 bars per word, then the rest. */
  finish(outputs: readonly SignalName[], roots: readonly Node[]): FusedCode {
    const warmup = Math.max(0, ...this.warmups.values());
    const first = this.argument(warmup);
    const start = this.argument(Math.ceil((warmup + 1) / 32) * 32); // the bar of the first value still ends its seed
    const values = roots.map((root) => this.names.get(root.key)!);
    const single = values.map((value, k) => `if (i >= ${first}) out${k}[i >>> 5] |= ${value} << (i & 31);`);
    const slowBar = [...this.loads(), ...this.anyBar, ...single, ...this.end].join("\n      ");
    const fastBar = [
      ...this.loads(),
      ...this.steady,
      ...values.map((value, k) => `word${k} |= ${value} << k;`),
      ...this.end,
    ].join("\n        ");
    const code = `
    ${[...this.fields].map((field) => `const ${field} = bars.${field};`).join(" ")}
    ${this.numbers.map((_, k) => `const n${k} = numbers[${k}];`).join(" ")}
    ${this.tables.map((_, k) => `const t${k} = tables[${k}];`).join(" ")}
    ${outputs.map((_, k) => `const out${k} = outs[${k}];`).join(" ")}
    ${this.states.join(" ")}
    let i = 0;
    for (const slow = Math.min(length, ${start}); i < slow; i++) {
      ${slowBar}
    }
    for (; i + 32 <= length; i += 32) {
      ${outputs.map((_, k) => `let word${k} = 0;`).join(" ")}
      const begin = i;
      for (let k = 0; k < 32; k++) {
        const i = begin + k;
        ${fastBar}
      }
      ${outputs.map((_, k) => `out${k}[i >>> 5] = word${k};`).join(" ")}
    }
    for (; i < length; i++) {
      ${slowBar}
    }
    return ${this.states.length === 0 ? "0" : this.states.map((_, k) => `s${k} * 0`).join(" + ")};`;
    const numbers = Float64Array.from(this.numbers);
    return { code, numbers, tables: this.tables, outputs, warmup };
  }

  private addIndicator(node: IndicatorNode, name: string): boolean {
    const write = WRITERS[node.indicator.name];
    const source = node.inputs[0];
    if (!write || !source) return false;
    const offset = Math.max(0, ...node.inputs.map((input) => this.warmups.get(input.key)!));
    this.warmups.set(node.key, offset + kernelOfNode(node).warmup[0]!);
    const hand: Hand = {
      x: this.names.get(source.key)!,
      column: source.op === "field" ? source.field : null,
      offset: this.argument(offset),
      bar: { high: () => this.field("high"), low: () => this.field("low"), close: () => this.field("close") },
      argument: (value) => this.argument(value),
      table: (value) => `t${this.tables.push(value) - 1}`,
      state: (initial) => this.state(initial),
      atEnd: (statement) => void this.end.push(statement),
    };
    const written = write(node, name, hand);
    if (!written) return false;
    return this.either(written.anyBar, written.steady, name);
  }

  private addLag(node: LagNode, name: string, a: string): boolean {
    const bars = closed(node.bars);
    if (node.boolean) {
      if (bars > LONGEST_LAG) return false;
      const past = this.state("0"); // bit k - 1: what it was k bars ago
      this.end.push(`${past} = (${past} << 1) | ${a};`);
      return this.both(`${name} = (${past} >>> ${bars - 1}) & 1;`, name, "0");
    }
    const input = node.inputs[0]!;
    if (input.op !== "field") return false;
    const count = this.argument(bars);
    const back = `${input.field}[i - ${count}]`;
    return this.either(`${name} = i < ${count} ? NaN : ${back};`, `${name} = ${back};`, name);
  }

  private argument(value: number): string {
    return `n${this.numbers.push(value) - 1}`;
  }

  private state(initial: string): string {
    const name = `s${this.states.length}`;
    this.states.push(`let ${name} = ${initial};`);
    return name;
  }

  private field(field: (typeof FIELDS)[number] | string): string {
    this.fields.add(field);
    return `x_${field}`;
  }

  private loads(): string[] {
    return [...this.fields].map((field) => `const x_${field} = ${field}[i];`);
  }

  private both(statement: string, name: string, initial = "NaN"): true {
    return this.either(statement, statement, name, initial);
  }

  private either(anyBar: string, steady: string, name: string, initial = "NaN"): true {
    this.anyBar.push(`let ${name} = ${initial}; ${anyBar}`);
    this.steady.push(`let ${name} = ${initial}; ${steady}`);
    return true;
  }
}
