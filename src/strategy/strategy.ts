import { ConfigError } from "../core/errors.ts";
import type { Interval } from "../core/time.ts";
import type { Loops } from "./fused.ts";
import { checkSpecs, type ParamSpecs, type ParamValues } from "./param.ts";
import type { Rules } from "./rules.ts";
import type { Scope } from "./scope.ts";
import { strategyWarmup } from "./warmup.ts";

export interface StrategyDefinition<P extends ParamSpecs> {
  readonly name: string;
  readonly description?: string;
  readonly params: P;
  /** Builds the expressions for one set of parameters. It must be pure: same parameters, same expressions. */
  readonly rules: (series: Scope, p: ParamValues<P>) => Rules;
}

/** Marks a strategy across copies of this package. */
const BRAND = Symbol.for("bybit-grimoire.strategy");

/** A trading idea: parameters and rules. The same value runs in backtest, replay and live. */
export interface Strategy<P extends ParamSpecs = ParamSpecs> {
  readonly [BRAND]: true;
  readonly name: string;
  /** "" when the author gave none. */
  readonly description: string;
  readonly params: P;
  rules(series: Scope, p: ParamValues<P>): Rules;
  /**
   * Leading bars on which no rule can fire. Of strategies with longer intervals: the most it can be on bars of `interval`
   * without gaps, since it depends on where in its bucket the first bar lies.
   *
   * @throws ArgumentError `INTERVAL` when the strategy reads longer intervals and `interval` is not given
   */
  warmup(params?: Readonly<Record<string, unknown>>, interval?: Interval): number;
  /** Compiled loops by shape of the graph: a memo, nobody's business but the evaluator's. @internal */
  readonly loops: Loops;
}

/**
 * A strategy from its parameters and rules. Export it as the default of its file.
 *
 * @throws ConfigError `STRATEGY_DEFINITION`, `PARAM_SPEC`
 */
export function defineStrategy<const P extends ParamSpecs>(definition: StrategyDefinition<P>): Strategy<P> {
  const { name, description = "", params, rules } = definition;
  const refuse = (fact: string): never => {
    throw new ConfigError("STRATEGY_DEFINITION", `defineStrategy: ${fact}`, { name });
  };
  if (typeof name !== "string" || name.trim() === "") refuse("name must be a text");
  if (typeof params !== "object" || params === null) refuse(`strategy ${name}: params must be an object, {} for none`);
  if (typeof rules !== "function") refuse(`strategy ${name}: rules must be a function`);
  checkSpecs(name, params);
  const strategy: Strategy<P> = {
    [BRAND]: true,
    name,
    description,
    params: Object.freeze({ ...params }),
    rules,
    warmup: (given, interval) => strategyWarmup(strategy, given, interval),
    loops: new Map(),
  };
  return Object.freeze(strategy);
}

/** Whether `value` was made by {@link defineStrategy}, of this or another copy of the package. */
export function isStrategy(value: unknown): value is Strategy {
  return typeof value === "object" && value !== null && BRAND in value;
}
