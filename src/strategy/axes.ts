import { ArgumentError } from "../core/errors.ts";
import type { ParamSpec, ParamSpecs, ParamValue } from "./param.ts";

/** Distinct values of one real-number parameter that a sweep may hold. */
const MOST_FLOATS = 2 ** 20;

/** The parameters of a strategy as the columns of a row of small integers. */
export class Axes {
  readonly names: readonly string[];
  /** Settings of the words and switches. */
  readonly variants: number;
  private readonly specs: readonly ParamSpec[];
  /** Codes of real numbers, in order of appearance. */
  private readonly floats: { readonly codes: Map<number, number>; readonly values: number[] }[];
  private readonly words: readonly number[];

  constructor(specs: ParamSpecs) {
    this.names = Object.keys(specs);
    this.specs = Object.values(specs);
    this.floats = this.specs.map(() => ({ codes: new Map(), values: [] }));
    this.words = this.specs.flatMap((spec, k) => (spec.kind === "choice" || spec.kind === "bool" ? [k] : []));
    this.variants = this.words.reduce((product, k) => product * this.sizeOf(k), 1);
  }

  encode(
    values: Readonly<Record<string, ParamValue>>,
    row: Float64Array = new Float64Array(this.names.length),
  ): Float64Array {
    for (let k = 0; k < this.specs.length; k++) row[k] = this.codeOf(k, values[this.names[k]!]!);
    return row;
  }

  decode(row: Float64Array): Record<string, ParamValue> {
    return Object.fromEntries(this.names.map((name, k) => [name, this.valueOf(k, row[k]!)]));
  }

  /** Which of the settings of words and switches `row` has. */
  variantAt(row: Float64Array): number {
    let index = 0;
    for (const k of this.words) index = index * this.sizeOf(k) + row[k]!;
    return index;
  }

  /** The words and switches of variant `index`. */
  wordsOf(index: number): Record<string, ParamValue> {
    const values: Record<string, ParamValue> = {};
    let rest = index;
    for (const k of this.words.toReversed()) {
      values[this.names[k]!] = this.valueOf(k, rest % this.sizeOf(k));
      rest = Math.floor(rest / this.sizeOf(k));
    }
    return values;
  }

  /** A number per row that is equal exactly where the codes of `params` are. */
  keyOver(params: readonly string[]): (row: Float64Array) => number {
    const at = params.map((name) => this.names.indexOf(name));
    const size = at.reduce((product, k) => product * this.sizeOf(k), 1);
    if (size > Number.MAX_SAFE_INTEGER) return interned(at);
    const strides: number[] = [];
    at.reduce((stride, k) => {
      strides.push(stride);
      return stride * this.sizeOf(k);
    }, 1);
    const [first = 0, second = 0] = at;
    const [, step = 0] = strides;
    if (at.length === 0) return () => 0;
    if (at.length === 1) return (row) => row[first]!;
    if (at.length === 2) return (row) => row[first]! + row[second]! * step;
    return (row) => {
      let key = 0;
      for (let j = 0; j < at.length; j++) key += row[at[j]!]! * strides[j]!;
      return key;
    };
  }

  private codeOf(k: number, value: ParamValue): number {
    const spec = this.specs[k]!;
    if (spec.kind === "int") return (value as number) - spec.min;
    if (spec.kind === "bool") return value ? 1 : 0;
    if (spec.kind === "choice") return spec.choices.indexOf(value as never);
    const { codes, values } = this.floats[k]!;
    let code = codes.get(value as number);
    if (code === undefined) {
      code = values.length;
      if (code === MOST_FLOATS) {
        throw new ArgumentError("SWEEP_SIZE", `more than ${MOST_FLOATS} values of ${this.names[k]}; give it a step`);
      }
      codes.set(value as number, code);
      values.push(value as number);
    }
    return code;
  }

  private valueOf(k: number, code: number): ParamValue {
    const spec = this.specs[k]!;
    if (spec.kind === "int") return spec.min + code;
    if (spec.kind === "bool") return code === 1;
    return spec.kind === "choice" ? spec.choices[code]! : this.floats[k]!.values[code]!;
  }

  private sizeOf(k: number): number {
    const spec = this.specs[k]!;
    if (spec.kind === "bool") return 2;
    if (spec.kind === "choice") return spec.choices.length;
    return spec.kind === "int" ? spec.max - spec.min + 1 : MOST_FLOATS;
  }
}

/** For leaves over so many parameters that no product of codes is exact. */
function interned(at: readonly number[]): (row: Float64Array) => number {
  const keys = new Map<string, number>();
  return (row) => {
    const text = at.map((k) => row[k]).join(",");
    const key = keys.get(text) ?? keys.size;
    keys.set(text, key);
    return key;
  };
}
