import type { Indicator } from "./indicator.ts";
import { dema, tema } from "./overlap/dema.ts";
import { ema, rma, SEEDS } from "./overlap/ema.ts";
import { kama } from "./overlap/kama.ts";
import { sma } from "./overlap/sma.ts";
import { t3 } from "./overlap/t3.ts";
import { trima } from "./overlap/trima.ts";
import { vwma } from "./overlap/vwma.ts";
import { hma, wma } from "./overlap/wma.ts";
import { bars, choice, number, period, real, word } from "./params.ts";

const series = { family: "overlap", over: "series", inputs: ["close"] } as const;
const weighted = { family: "overlap", over: "bars", inputs: ["close", "volume"] } as const;
const seed = word("seed", SEEDS, "start from the mean of the first bars, or from the first value");

/** Averages: they lie over the price. */
export const OVERLAP: readonly Indicator[] = [
  {
    name: "sma",
    title: "Simple moving average",
    ...series,
    params: [period(20)],
    outputs: ["sma"],
    pandasTa: "ta.sma(length=20)",
    kernel: (values) => sma(number(values, "period")),
  },
  {
    name: "ema",
    title: "Exponential moving average",
    ...series,
    params: [period(20), seed],
    outputs: ["ema"],
    pandasTa: "ta.ema(length=20)",
    kernel: (values) => ema(number(values, "period"), choice(values, "seed", SEEDS)),
  },
  {
    name: "wma",
    title: "Weighted moving average",
    ...series,
    params: [period(20)],
    outputs: ["wma"],
    pandasTa: "ta.wma(length=20)",
    kernel: (values) => wma(number(values, "period")),
  },
  {
    name: "rma",
    title: "Wilder's moving average",
    ...series,
    params: [period(14), seed],
    outputs: ["rma"],
    pandasTa: "ta.rma(length=14)",
    kernel: (values) => rma(number(values, "period"), choice(values, "seed", SEEDS)),
  },
  {
    name: "hma",
    title: "Hull moving average",
    ...series,
    params: [period(16, 2)],
    outputs: ["hma"],
    pandasTa: "ta.hma(length=16)",
    kernel: (values) => hma(number(values, "period")),
  },
  {
    name: "dema",
    title: "Double exponential moving average",
    ...series,
    params: [period(20), seed],
    outputs: ["dema"],
    pandasTa: "ta.dema(length=20)",
    kernel: (values) => dema(number(values, "period"), choice(values, "seed", SEEDS)),
  },
  {
    name: "tema",
    title: "Triple exponential moving average",
    ...series,
    params: [period(20), seed],
    outputs: ["tema"],
    pandasTa: "ta.tema(length=20)",
    kernel: (values) => tema(number(values, "period"), choice(values, "seed", SEEDS)),
  },
  {
    name: "trima",
    title: "Triangular moving average",
    ...series,
    params: [period(20)],
    outputs: ["trima"],
    pandasTa: "ta.trima(length=20)",
    kernel: (values) => trima(number(values, "period")),
  },
  {
    name: "kama",
    title: "Kaufman's adaptive moving average",
    ...series,
    params: [
      period(10),
      bars("fast", 2, "bars of the EMA it follows at its quickest"),
      bars("slow", 30, "bars of the EMA it follows at its calmest"),
    ],
    outputs: ["kama"],
    pandasTa: "ta.kama(length=10, fast=2, slow=30)",
    kernel: (values) =>
      kama({ period: number(values, "period"), fast: number(values, "fast"), slow: number(values, "slow") }),
  },
  {
    name: "vwma",
    title: "Volume-weighted moving average",
    ...weighted,
    params: [period(20)],
    outputs: ["vwma"],
    pandasTa: "ta.vwma(length=20)",
    kernel: (values) => vwma(number(values, "period")),
  },
  {
    name: "t3",
    title: "Tillson's T3",
    ...series,
    params: [period(5), real("volumeFactor", 0.7, "0 is a plain sixfold average, 1 the least lag")],
    outputs: ["t3"],
    pandasTa: "ta.t3(length=5, a=0.7)",
    kernel: (values) => t3(number(values, "period"), number(values, "volumeFactor")),
  },
];
