/**
 * What each pointwise operation computes, as program text: the one truth that column loops, the fused loop and
 * position rules are all built from, so that they agree to the bit.
 */
export const FORMULAS = {
  plus: (a: string, b: string) => `(${a} + ${b})`,
  minus: (a: string, b: string) => `(${a} - ${b})`,
  times: (a: string, b: string) => `(${a} * ${b})`,
  /** By zero: undefined, not infinite, so that no comparison with it is true. */
  dividedBy: (a: string, b: string) => `(${b} === 0 ? NaN : ${a} / ${b})`,
  min: (a: string, b: string) => `Math.min(${a}, ${b})`,
  max: (a: string, b: string) => `Math.max(${a}, ${b})`,
  abs: (a: string) => `Math.abs(${a})`,
  neg: (a: string) => `(-${a})`,
  sqrt: (a: string) => `Math.sqrt(${a})`,
  log: (a: string) => `(${a} > 0 ? Math.log(${a}) : NaN)`,
  exp: (a: string) => `Math.exp(${a})`,
} as const satisfies Record<string, (a: string, b: string) => string>;

export type Formula = keyof typeof FORMULAS;
export const BINARY = ["plus", "minus", "times", "dividedBy", "min", "max"] as const satisfies readonly Formula[];
export const UNARY = ["abs", "neg", "sqrt", "log", "exp"] as const satisfies readonly Formula[];
/** Their arguments may change places without changing a bit of the result. */
export const COMMUTATIVE: ReadonlySet<string> = new Set(["plus", "times", "min", "max", "eq", "and", "or", "xor"]);

/** Comparisons; false where either side is undefined. The others are these with their sides changed. */
export const RELATIONS = { gt: ">", ge: ">=", eq: "===" } as const;
export type Relation = keyof typeof RELATIONS;

/** Word-parallel boolean algebra. */
export const LOGIC = {
  and: (a: string, b: string) => `(${a} & ${b})`,
  or: (a: string, b: string) => `(${a} | ${b})`,
  xor: (a: string, b: string) => `(${a} ^ ${b})`,
  not: (a: string) => `~${a}`,
} as const satisfies Record<string, (a: string, b: string) => string>;
export type Logic = keyof typeof LOGIC;
