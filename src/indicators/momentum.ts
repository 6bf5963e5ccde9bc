import type { Indicator } from "./indicator.ts";
import { MACD_ALIGNS, macd } from "./momentum/macd.ts";
import { rsi } from "./momentum/rsi.ts";
import { stoch } from "./momentum/stoch.ts";
import { bars, choice, number, period, word } from "./params.ts";

/** Oscillators: how fast the price has moved. */
export const MOMENTUM: readonly Indicator[] = [
  {
    name: "rsi",
    title: "Relative strength index",
    family: "momentum",
    over: "series",
    inputs: ["close"],
    params: [period(14)],
    outputs: ["rsi"],
    pandasTa: "ta.rsi(length=14)",
    kernel: (values) => rsi(number(values, "period")),
  },
  {
    name: "stoch",
    title: "Stochastic oscillator",
    family: "momentum",
    over: "bars",
    inputs: ["high", "low", "close"],
    params: [
      bars("kPeriod", 14, "bars whose range %K is placed in"),
      bars("kSmooth", 3, "bars %K is averaged over"),
      bars("dPeriod", 3, "bars of %K that %D averages"),
    ],
    outputs: ["k", "d"],
    pandasTa: "ta.stoch(k=14, d=3, smooth_k=3)",
    kernel: (values) =>
      stoch({
        kPeriod: number(values, "kPeriod"),
        kSmooth: number(values, "kSmooth"),
        dPeriod: number(values, "dPeriod"),
      }),
  },
  {
    name: "macd",
    title: "Moving average convergence divergence",
    family: "momentum",
    over: "series",
    inputs: ["close"],
    params: [
      bars("fast", 12, "bars of the fast average"),
      bars("slow", 26, "bars of the slow average"),
      bars("signal", 9, "bars of the signal's average"),
      word("align", MACD_ALIGNS, "how the averages begin: as TA-Lib, or each as soon as it can"),
    ],
    outputs: ["macd", "signal", "histogram"],
    pandasTa: "ta.macd(fast=12, slow=26, signal=9)",
    kernel: (values) =>
      macd({
        fast: number(values, "fast"),
        slow: number(values, "slow"),
        signal: number(values, "signal"),
        align: choice(values, "align", MACD_ALIGNS),
      }),
  },
];
