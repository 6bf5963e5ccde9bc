import { DAY_MS } from "../core/time.ts";
import { type Desk, FLATTENING, KILLED, PAUSED } from "./desk.ts";
import { type AccountReport, isProtection } from "./facts.ts";
import type { BotCommand } from "./inputs.ts";
import { close } from "./trade.ts";

/** An order of a person. */
export function onCommand(desk: Desk, command: BotCommand, reason: string): void {
  const { now } = desk;
  switch (command) {
    case "kill":
      // The latch first: whatever happens next, nothing is opened.
      if (!desk.state.latches.has(KILLED)) desk.emit({ type: "latched", at: now, latch: KILLED, reason });
      desk.reversals.clear();
      desk.killAt = now;
      break;
    case "flatten":
      if (!desk.state.latches.has(FLATTENING)) desk.emit({ type: "latched", at: now, latch: FLATTENING, reason });
      desk.reversals.clear();
      desk.killAt = now;
      break;
    case "rearm":
      for (const latch of [...desk.state.latches.keys()]) desk.emit({ type: "released", at: now, latch });
      // A person has looked: limits count from here on.
      desk.emit({ type: "day", at: now, day: Math.floor(now / DAY_MS), equity: desk.equity() });
      desk.emit({ type: "peak", at: now, equity: desk.equity() });
      desk.killAt = Infinity;
      break;
    case "pause":
      desk.emit({ type: "latched", at: now, latch: PAUSED, reason });
      break;
    case "resume":
      if (desk.state.latches.has(PAUSED)) desk.emit({ type: "released", at: now, latch: PAUSED });
      break;
  }
}

/** While a kill goes on: unknown orders are asked for elsewhere; what is open is closed, and the account looked at again. */
export function killDue(desk: Desk): void {
  if (desk.killAt > desk.now) return;
  desk.killAt = desk.now + desk.waits.killMs;
  for (const lane of desk.lanes.values()) close(desk, lane, desk.now, "flatten");
  desk.reconcileAt = Math.min(desk.reconcileAt, desk.now);
}

/** A look at an account that is being closed: every order goes, and it is over when nothing is left. */
export function lookAtKill(desk: Desk, report: AccountReport): void {
  if (desk.killAt === Infinity) return;
  for (const fact of report.openOrders) {
    if (!desk.bySymbol.has(fact.symbol) || isProtection(fact)) continue;
    desk.cancel(fact);
  }
  const isFlat = [...desk.bySymbol.keys()].every((symbol) => desk.state.ledger.size(symbol) === 0n);
  const isQuiet = [...desk.bySymbol.keys()].every((symbol) => desk.pending(symbol).length === 0);
  const told = report.positions.every(({ symbol, size }) => !desk.bySymbol.has(symbol) || Number(size) === 0);
  const isOrdered = report.openOrders.some(({ symbol }) => desk.bySymbol.has(symbol));
  if (!isFlat || !isQuiet || !told || isOrdered) return;
  desk.killAt = Infinity;
  if (desk.state.latches.has(FLATTENING)) desk.emit({ type: "released", at: desk.now, latch: FLATTENING });
}
