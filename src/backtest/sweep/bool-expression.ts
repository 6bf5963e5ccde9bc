/** A rule over bit columns: which columns it reads and how they are combined. `leaf` counts the columns of a sweep. */
export type BoolExpression =
  | { readonly op: "leaf"; readonly leaf: number }
  | { readonly op: "and" | "or" | "xor"; readonly left: BoolExpression; readonly right: BoolExpression }
  | { readonly op: "not"; readonly of: BoolExpression }
  | { readonly op: "constant"; readonly value: boolean };

/** The rule as JavaScript over one word of 32 bars: leaf 2 at word `w` is `b2[w]`. */
export function wordCode(rule: BoolExpression): string {
  switch (rule.op) {
    case "leaf":
      return `b${rule.leaf}[w]`;
    case "constant":
      return rule.value ? "-1" : "0";
    case "not":
      return `~${wordCode(rule.of)}`;
    default:
      return `(${wordCode(rule.left)} ${{ and: "&", or: "|", xor: "^" }[rule.op]} ${wordCode(rule.right)})`;
  }
}

/**
 * The rule as JavaScript over one word of 32 words: a bit that is 0 says that the rule's word is surely 0. Leaf 2 at
 * `s` is `s2[s]`, `full[s]` has a bit for every word there is.
 */
export function summaryCode(rule: BoolExpression): string {
  switch (rule.op) {
    case "leaf":
      return `s${rule.leaf}[s]`;
    case "constant":
      return rule.value ? "full[s]" : "0";
    case "not":
      return "full[s]";
    default:
      return `(${summaryCode(rule.left)} ${rule.op === "and" ? "&" : "|"} ${summaryCode(rule.right)})`;
  }
}
