import { intervalMs } from "../core/time.ts";
import type { Bars } from "../model/bar.ts";

/** `error`: do not trade on it. `warning`: look at it. `note`: good to know, real data has it too. */
export type Severity = "error" | "warning" | "note";

export interface Example {
  /** Epoch ms of the bar concerned. */
  readonly time: number;
  readonly text: string;
}

export interface Finding {
  /** Stable name, such as `gaps` or `highBelowLow`. */
  readonly kind: string;
  readonly severity: Severity;
  readonly count: number;
  /** One line for people: what it is and what to do. */
  readonly message: string;
  /** The first few. */
  readonly examples: readonly Example[];
}

const EXAMPLES = 3;
/** Thresholds need no more: sorting five million numbers took half of a check. */
const MEDIAN_SAMPLE = 200_000;

/** Collects cases of one kind; only the first few are kept as examples. */
export class Tally {
  count = 0;
  readonly examples: Example[] = [];

  add(time: number, text: string): void {
    this.count++;
    if (this.examples.length < EXAMPLES) this.examples.push({ time, text });
  }

  /** The finding, or nothing when there was no case. */
  finding(kind: string, severity: Severity, message: string): Finding[] {
    return this.count === 0 ? [] : [{ kind, severity, count: this.count, message, examples: this.examples }];
  }
}

/** Middle value of `values`, of an even sample of them when there are very many; NaN when there is none. */
export function median(values: Float64Array): number {
  const stride = Math.ceil(values.length / MEDIAN_SAMPLE);
  const sample = stride > 1 ? values.filter((_, i) => i % stride === 0) : values;
  const sorted = sample.toSorted();
  return sorted.length === 0 ? NaN : sorted[(sorted.length - 1) >>> 1]!;
}

/** Whether bar `i` opens right when the one before it closes. */
export function follows(bars: Bars, i: number): boolean {
  return i > 0 && bars.time[i]! - bars.time[i - 1]! === intervalMs(bars.interval);
}
