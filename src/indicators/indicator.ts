import type { Kernel } from "./kernel.ts";

/** A column of bars an indicator may read. `time` is each bar's opening, epoch ms UTC. */
export type BarField = "time" | "open" | "high" | "low" | "close" | "volume";

/** One setting of an indicator: a number with its least value, or one word of several. */
export type IndicatorParam =
  | {
      readonly name: string;
      readonly default: number;
      readonly min: number;
      readonly integer: boolean;
      readonly about: string;
    }
  | { readonly name: string; readonly default: string; readonly choices: readonly string[]; readonly about: string };

export type IndicatorValues = Readonly<Record<string, number | string>>;

/** An indicator as data: what it is called, what it reads, what it gives, and its kernel. */
export interface Indicator {
  /** Lower case, as strategies and the command line call it: "rsi". */
  readonly name: string;
  /** "Relative strength index". */
  readonly title: string;
  readonly family: "overlap" | "momentum" | "volatility" | "trend" | "volume" | "statistics" | "levels";
  /** `series`: computed over any one series, `close` unless told. `bars`: over the bar columns in `inputs`. */
  readonly over: "series" | "bars";
  /** Columns for the kernel's `src`, in order; ["close"] for a `series` indicator. */
  readonly inputs: readonly BarField[];
  readonly params: readonly IndicatorParam[];
  /** Names of the kernel's outputs, in order; the first is the one meant when none is named. */
  readonly outputs: readonly string[];
  /** The pandas-ta call this replaces, e.g. "ta.rsi(length=14)"; `null` if it has none. */
  readonly pandasTa: string | null;
  /** A fresh kernel. `values` has every parameter. @throws ArgumentError `PERIOD`, `PARAM` */
  kernel(values: IndicatorValues): Kernel;
}
