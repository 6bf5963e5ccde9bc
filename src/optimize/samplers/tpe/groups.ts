import type { Distribution } from "../../distribution.ts";
import type { TrialRecord } from "../../trial.ts";

/**
 * Which parameters of a study without a fixed space are modelled together.
 *
 * `group`: those that always occur together, so that every branch of a conditional space has its own model.
 * Otherwise: those that occur in every trial; the rest stand alone.
 */
export class Groups {
  private readonly group: boolean;
  private sets: (readonly string[])[] = [];
  private readonly latest = new Map<string, Distribution>();
  private read = 0;
  private count = 0;

  constructor(group: boolean) {
    this.group = group;
  }

  /** Takes in what was told since the last call. */
  catchUp(told: readonly TrialRecord[]): void {
    for (; this.read < told.length; this.read++) {
      const { state, space } = told[this.read]!;
      if (state !== "complete" && state !== "pruned") continue;
      for (const name in space) this.latest.set(name, space[name]!);
      this.add(Object.keys(space));
      this.count++;
    }
  }

  /** The parameters to model with `name`, itself among them, with their latest distributions; `null` if it stands alone. */
  of(name: string): readonly (readonly [string, Distribution])[] | null {
    const set = this.sets.find((names) => names.includes(name));
    return set ? set.map((each) => [each, this.latest.get(each)!]) : null;
  }

  private add(names: readonly string[]): void {
    if (!this.group) {
      const [all = names] = this.count === 0 ? [names] : [this.sets[0] ?? []];
      this.sets = [all.filter((name) => names.includes(name))];
      return;
    }
    const fresh = new Set(names);
    const cut: string[][] = [];
    for (const set of this.sets) {
      cut.push(
        set.filter((name) => fresh.has(name)),
        set.filter((name) => !fresh.has(name)),
      );
    }
    for (const name of this.sets.flat()) fresh.delete(name);
    this.sets = [...cut, [...fresh]].filter((set) => set.length > 0);
  }
}
