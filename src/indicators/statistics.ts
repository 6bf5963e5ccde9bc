import type { Indicator } from "./indicator.ts";
import { bars, choice, number, period, real, word } from "./params.ts";
import { rollingMax, rollingMin } from "./rolling/extremes.ts";
import { rollingSum } from "./rolling/sum.ts";
import { kernelOf } from "./stage.ts";
import { correl } from "./statistics/correl.ts";
import { percentile } from "./statistics/percentile.ts";
import { zscore } from "./statistics/zscore.ts";

const series = { family: "statistics", over: "series", inputs: ["close"] } as const;

const CORREL_FIELDS = ["open", "high", "low", "close", "volume"] as const;

/** Where a value stands among the last ones. */
export const STATISTICS: readonly Indicator[] = [
  {
    name: "zscore",
    title: "Standard score",
    ...series,
    params: [period(30), bars("ddof", 1, "0 divides the variance by period, 1 by period - 1", 0)],
    outputs: ["zscore"],
    pandasTa: "ta.zscore(length=30)",
    kernel: (values) => zscore(number(values, "period"), number(values, "ddof")),
  },
  {
    name: "percentile",
    title: "Percentile",
    ...series,
    params: [period(20), real("percent", 50, "share of the values below it, 0 to 100; 50 is the median")],
    outputs: ["percentile"],
    pandasTa: "ta.quantile(length=20, q=0.5)",
    kernel: (values) => percentile(number(values, "period"), number(values, "percent")),
  },
  {
    name: "correl",
    title: "Correlation of two columns",
    family: "statistics",
    over: "bars",
    inputs: CORREL_FIELDS,
    params: [
      period(20, 2),
      word("x", CORREL_FIELDS, "one column", "close"),
      word("y", CORREL_FIELDS, "the other", "volume"),
    ],
    outputs: ["correl"],
    pandasTa: null,
    kernel: (values) =>
      correl(number(values, "period"), {
        x: CORREL_FIELDS.indexOf(choice(values, "x", CORREL_FIELDS)),
        y: CORREL_FIELDS.indexOf(choice(values, "y", CORREL_FIELDS)),
      }),
  },
  {
    name: "highest",
    title: "Highest value",
    ...series,
    params: [period(20)],
    outputs: ["highest"],
    pandasTa: null,
    kernel: (values) => kernelOf(rollingMax(number(values, "period"))),
  },
  {
    name: "lowest",
    title: "Lowest value",
    ...series,
    params: [period(20)],
    outputs: ["lowest"],
    pandasTa: null,
    kernel: (values) => kernelOf(rollingMin(number(values, "period"))),
  },
  {
    name: "sum",
    title: "Sum",
    ...series,
    params: [period(20)],
    outputs: ["sum"],
    pandasTa: null,
    kernel: (values) => kernelOf(rollingSum(number(values, "period"))),
  },
];
