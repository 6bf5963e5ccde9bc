import type { Metrics } from "../../metrics/metrics.ts";
import { graphOf } from "../../strategy/graph.ts";
import type { ParamValue } from "../../strategy/param.ts";
import { resolveParams } from "../../strategy/resolve.ts";
import type { Strategy } from "../../strategy/strategy.ts";
import { type Template, templateOf } from "../../strategy/template.ts";
import { type BacktestSettings, backtestSettings } from "../settings.ts";
import type { ParamTable } from "./leaf-batch.ts";
import { isLongOnly, type SweepPlan, sweepPlan } from "./plan.ts";
import type { RowSettings } from "./row.ts";
import { rowNeeds } from "./sweep-metrics.ts";
import { type SweepInput, sumsFault, sweepFault } from "./sweepable.ts";

/** How a strategy is swept: its rules for each setting of its words and switches, and how sets become metrics. */
export interface StrategyPlan {
  readonly plans: readonly SweepPlan[];
  readonly settings: BacktestSettings;
  readonly rows: RowPlan;
  /**
   * Sorts sets by the plan they go through. Sets that the strategy refuses are in none, and no set is any more once the rules
   * were seen to branch on a number, which no plan can know.
   */
  shares(sets: readonly Readonly<Record<string, unknown>>[]): Share[];
}

/** Whether metrics follow from sums, or why they do not and every set is simulated. */
export type RowPlan =
  | { readonly ok: true; readonly settings: RowSettings; readonly delay: 0 | 1 }
  | { readonly ok: false; readonly reason: string };

/** Sets that go through one plan. */
export interface Share {
  readonly plan: number;
  /** Which of the sets they are. */
  readonly members: readonly number[];
  readonly table: ParamTable;
}

export type StrategyPlanResult =
  | { readonly ok: true; readonly plan: StrategyPlan }
  | { readonly ok: false; readonly reason: string };

/**
 * The plan for sweeping `metrics` over parameter sets, or why every set needs its own `backtest`.
 *
 * @throws ArgumentError `SETTING`
 */
export function strategyPlan(input: SweepInput, metrics: readonly (keyof Metrics)[]): StrategyPlanResult {
  const settings = backtestSettings(input.settings);
  const { strategy } = input;
  const fault = sweepFault(settings, input);
  if (fault !== null) return { ok: false, reason: fault };
  const made = templateOf(strategy);
  if (!made.ok) return made;
  const plans = made.template.variants.map((variant) => sweepPlan(variant.open));
  if (!plans.every((plan) => plan !== null)) return { ok: false, reason: "its rules look at the position" };
  let trusted = true;
  const plan: StrategyPlan = {
    plans,
    settings,
    rows: rowPlan(input, settings, plans, metrics),
    shares(sets) {
      const values = sets.map((set) => resolved(() => resolveParams(strategy, set)));
      trusted &&= values.every(
        (own, s) => s % CHECK_EVERY !== 0 || own === null || agrees(strategy, made.template, own),
      );
      return trusted ? sharesOf(made.template, values) : [];
    },
  };
  return { ok: true, plan };
}

function rowPlan(
  input: SweepInput,
  settings: BacktestSettings,
  plans: readonly SweepPlan[],
  metrics: readonly (keyof Metrics)[],
): RowPlan {
  const fault = sumsFault(settings, input);
  if (fault !== null) return { ok: false, reason: fault };
  if (!plans.every(isLongOnly)) return { ok: false, reason: "its rules say more than signals of long positions" };
  const needs = rowNeeds(metrics);
  if (!needs) return { ok: false, reason: `one of ${metrics.join(" ")} needs the whole equity curve` };
  const { cash, feeRate, slippageBps, fill } = settings;
  const rows: RowSettings = { cash, feeRate, slippageFraction: slippageBps / 10_000, ...needs };
  return { ok: true, settings: rows, delay: fill === "close" ? 0 : 1 };
}

type Values = Readonly<Record<string, ParamValue>>;

/** One set of so many is compared with the graph that its rules really build. */
const CHECK_EVERY = 64;

function agrees(strategy: Strategy, template: Template, values: Values): boolean {
  const row = template.encode(values);
  const own = resolved(() => graphOf(strategy, values).hash);
  return own === null || own === template.variantAt(row).graph(row).hash;
}

function sharesOf(template: Template, values: readonly (Values | null)[]): Share[] {
  const members: number[][] = template.variants.map(() => []);
  const row = new Float64Array(template.params.length);
  values.forEach((own, s) => {
    if (own === null) return;
    const variant = members.length === 1 ? 0 : template.variants.indexOf(template.variantAt(template.encode(own, row)));
    members[variant]!.push(s);
  });
  return members.flatMap((own, plan) => {
    if (own.length === 0) return [];
    // words and switches are settled by the plan: their columns are never read
    const column = (name: string) => Float64Array.from(own, (s) => Number(values[s]![name]));
    const columns = Object.fromEntries(template.params.map((name) => [name, column(name)]));
    return [{ plan, members: own, table: { length: own.length, columns } }];
  });
}

/** What there is, or `null` where it is refused: the whole backtest says why. */
function resolved<T>(resolve: () => T): T | null {
  try {
    return resolve();
  } catch {
    return null;
  }
}
