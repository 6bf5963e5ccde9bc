import { FORMULAS, RELATIONS } from "./formula.ts";
import { closed, type Node } from "./node.ts";
import type { PositionRule } from "./signals.ts";
import type { Slot } from "./slot.ts";

const SIGNS = { and: "&&", or: "||", xor: "!==" } as const;

/**
 * An exit that reads the position, as one compiled question per bar. What does not depend on the position comes from the
 * columns of `slotOf`, which may grow; `ready` tells whether the strategy's warm-up is over.
 */
export function positionRule(root: Node, slotOf: (node: Node) => Slot, ready: (i: number) => boolean): PositionRule {
  const slots: Slot[] = [];
  const text = (node: Node): string => {
    if (node.op === "constant") return `(${closed(node.value)})`;
    if (node.op === "position") return `position.${node.field}`;
    if (!node.position) {
      const at = slots.push(slotOf(node)) - 1;
      return node.boolean ? `(slots[${at}].bits[i >>> 5] >>> (i & 31) & 1) === 1` : `slots[${at}].numbers[i]`;
    }
    const [a, b, c] = node.inputs.map(text) as [string, string, string];
    switch (node.op) {
      case "formula":
        return `formulas.${node.formula}(${[a, b].filter(Boolean).join(", ")})`;
      case "compare":
        return `(${a} ${RELATIONS[node.relation]} ${b})`;
      case "logic":
        return node.logic === "not" ? `!(${a})` : `((${a}) ${SIGNS[node.logic]} (${b}))`;
      case "votes":
        return `(${node.inputs.map((input) => `+(${text(input)})`).join(" + ")})`;
      case "select":
        return `((${a}) ? ${b} : ${c})`;
      default:
        throw new TypeError(`${node.op} cannot read the position`); // the builder has refused it
    }
  };
  const code = `return (i, position) => ready(i) && ${text(root)};`;
  return new Function("slots", "ready", "formulas", code)(slots, ready, SCALARS) as PositionRule;
}

/** Each formula as a plain function. */
const SCALARS = Object.fromEntries(
  Object.entries(FORMULAS).map(([name, text]) => [name, new Function("a", "b", `return ${text("a", "b")}`)]),
);
