import type { Node } from "../../strategy/node.ts";

/** A column of bars that is never undefined. */
export type Price = "open" | "high" | "low" | "close";

/** The price that `node` is, if it is one of the strategy's own bars. */
export function priceOf(node: Node): Price | null {
  if (node.op !== "field" || node.frame !== "base" || node.field === "time" || node.field === "volume") return null;
  return node.field;
}
