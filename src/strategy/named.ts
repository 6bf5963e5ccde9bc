import { ArgumentError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import type { Strategy } from "./strategy.ts";

/** The one of `strategies` called `name`. @throws ArgumentError `STRATEGY_UNKNOWN`, naming the nearest */
export function strategyNamed(name: string, strategies: readonly Strategy[]): Strategy {
  const found = strategies.find((strategy) => strategy.name === name);
  if (found) return found;
  const near = nearest(
    name,
    strategies.map((strategy) => strategy.name),
  );
  const message = `unknown strategy ${JSON.stringify(name)}; nearest: ${near.join(", ")} (a file needs its ending: my.ts)`;
  throw new ArgumentError("STRATEGY_UNKNOWN", message, { name, near });
}
