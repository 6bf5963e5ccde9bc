import type { OpenPosition } from "./position.ts";
import { type Exit, nextSettlementBar, type Run, settle } from "./run.ts";
import { protectiveExit } from "./touch.ts";
import { holdBar, value, walk } from "./walk.ts";

/**
 * Carries a position through bars [`from`, `to`): funding, stops, target, liquidation and the equity of every close.
 *
 * Returns how it ended inside the span, `null` when it is still open behind it.
 */
export function carry(run: Run, position: OpenPosition, from: number, to: number): Exit | null {
  let i = from;
  while (i < to) {
    const due = nextSettlementBar(run, i);
    const end = due === i ? i + 1 : Math.min(to, due);
    // An order that fills at this bar's open came after a settlement at that very moment.
    if (due === i && (run.market.atClose || i > position.entryBar)) settle(run, position, i, 1);
    let reached = walk(run, position, i, end);
    if (reached < end) {
      const exit = protectiveExit(run, position, reached);
      if (exit) return exit;
      holdBar(run, position, reached++);
    }
    if (due === i) {
      settle(run, position, i, 0);
      value(run, position, i);
    }
    i = reached;
  }
  return null;
}
