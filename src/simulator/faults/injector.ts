import { type Random, random } from "../../core/random.ts";
import { type FaultKind, type FaultPlan, type FaultRule, faultRule } from "./rules.ts";

interface Armed {
  readonly rule: FaultRule;
  readonly random: Random;
  matches: number;
  hits: number;
}

/**
 * Decides, from a seed, which request or message meets which fault.
 *
 * Every rule draws from a stream of its own, so that adding one rule does not move the hits of another.
 */
export class FaultInjector {
  readonly #seed: number | string;
  readonly #startedAt: number;
  #armed: Armed[] = [];
  #added = 0;
  #hits = new Map<FaultKind, number>();

  constructor(plan: FaultPlan, startedAt: number) {
    this.#seed = plan.seed;
    this.#startedAt = startedAt;
    for (const rule of plan.rules) this.add(rule);
  }

  /** Arms one more rule. @throws ConfigError `FAULTS` */
  add(rule: FaultRule): void {
    const checked = faultRule(rule, this.#added);
    this.#added += 1;
    this.#armed.push({ rule: checked, random: random(`${this.#seed}/fault/${this.#added}`), matches: 0, hits: 0 });
  }

  /** Disarms every rule. */
  clear(): void {
    this.#armed = [];
  }

  /** Hits so far by fault. */
  hits(): Record<string, number> {
    return Object.fromEntries(this.#hits);
  }

  /** Counts a hit of a fault that its rule's own clock has set off. */
  happened(fault: FaultKind): void {
    this.#hits.set(fault, (this.#hits.get(fault) ?? 0) + 1);
  }

  /** No rule is armed: callers may skip asking. */
  get idle(): boolean {
    return this.#armed.length === 0;
  }

  /** The rules of these kinds, whether their time has come or not. */
  armed(kinds: readonly FaultKind[]): FaultRule[] {
    return this.#armed.filter((a) => kinds.includes(a.rule.fault)).map((a) => a.rule);
  }

  /** The first rule among `kinds` that hits what is called `on` (path, op, topic) at `now` (epoch ms). */
  hit(kinds: readonly FaultKind[], on: string, now: number): FaultRule | undefined {
    for (const armed of this.#armed) {
      const { rule } = armed;
      if (!kinds.includes(rule.fault)) continue;
      if (rule.on !== undefined && !on.includes(rule.on)) continue;
      const since = now - this.#startedAt;
      if (since < (rule.fromMs ?? 0) || since >= (rule.untilMs ?? Number.POSITIVE_INFINITY)) continue;
      if (armed.hits >= (rule.count ?? Number.POSITIVE_INFINITY)) continue;
      armed.matches += 1;
      if (armed.matches <= (rule.skip ?? 0)) continue;
      if (rule.probability !== undefined && armed.random.next() >= rule.probability) continue;
      armed.hits += 1;
      this.happened(rule.fault);
      return rule;
    }
    return undefined;
  }
}
