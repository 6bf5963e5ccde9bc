/** What a strategy file imports from "bybit-grimoire". Programs get the whole from `index.ts`. */
export type { Interval } from "./core/time.ts";
export { STRATEGIES, shipped } from "./strategies/registry.ts";
export { withDefaults } from "./strategy/freeze.ts";
export type { LevelExpression } from "./strategy/level.ts";
export { bool, choice, float, int, type ParamSpecs, type ParamValues } from "./strategy/param.ts";
export type { Rules } from "./strategy/rules.ts";
export type { BarScope, IndicatorFunctions, ScanBar, ScanOptions, Scope } from "./strategy/scope.ts";
export type { Condition, Operand, Series } from "./strategy/series.ts";
export { defineStrategy, type Strategy, type StrategyDefinition } from "./strategy/strategy.ts";
