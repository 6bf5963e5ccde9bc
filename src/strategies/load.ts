import { isStrategyFile, loadStrategyFile } from "../strategy/load.ts";
import type { Strategy } from "../strategy/strategy.ts";
import { shipped } from "./registry.ts";

/**
 * The strategy a user means: one that ships, by name, or a `.ts`, `.js` or `.mjs` file.
 *
 * @throws ArgumentError `STRATEGY_UNKNOWN` (naming the nearest), and as `loadStrategyFile`
 */
export function loadStrategy(nameOrFile: string): Strategy {
  return isStrategyFile(nameOrFile) ? loadStrategyFile(nameOrFile) : shipped(nameOrFile);
}
