import type { Indicator } from "./indicator.ts";
import { ema, SEEDS } from "./overlap/ema.ts";
import { sma } from "./overlap/sma.ts";
import { choice, number, period, word } from "./params.ts";

const seed = word("seed", SEEDS, "start from the mean of the first bars, or from the first value");

/** Averages: they lie over the price. */
export const OVERLAP: readonly Indicator[] = [
  {
    name: "sma",
    title: "Simple moving average",
    family: "overlap",
    over: "series",
    inputs: ["close"],
    params: [period(20)],
    outputs: ["sma"],
    pandasTa: "ta.sma(length=20)",
    kernel: (values) => sma(number(values, "period")),
  },
  {
    name: "ema",
    title: "Exponential moving average",
    family: "overlap",
    over: "series",
    inputs: ["close"],
    params: [period(20), seed],
    outputs: ["ema"],
    pandasTa: "ta.ema(length=20)",
    kernel: (values) => ema(number(values, "period"), choice(values, "seed", SEEDS)),
  },
];
