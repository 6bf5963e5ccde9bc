import type { Indicator } from "./indicator.ts";
import { ao } from "./momentum/ao.ts";
import { apo, MEAN_KINDS, ppo } from "./momentum/apo.ts";
import { bop } from "./momentum/bop.ts";
import { cci } from "./momentum/cci.ts";
import { fisher } from "./momentum/fisher.ts";
import { MACD_ALIGNS, macd } from "./momentum/macd.ts";
import { mom, roc } from "./momentum/roc.ts";
import { cmo, rsi } from "./momentum/rsi.ts";
import { stoch } from "./momentum/stoch.ts";
import { stochrsi } from "./momentum/stochrsi.ts";
import { trix } from "./momentum/trix.ts";
import { tsi } from "./momentum/tsi.ts";
import { ultosc } from "./momentum/ultosc.ts";
import { willr } from "./momentum/willr.ts";
import { bars, choice, number, period, word } from "./params.ts";

const series = { family: "momentum", over: "series", inputs: ["close"] } as const;
const ranged = { family: "momentum", over: "bars", inputs: ["high", "low", "close"] } as const;
const middles = { family: "momentum", over: "bars", inputs: ["high", "low"] } as const;
const whole = { family: "momentum", over: "bars", inputs: ["open", "high", "low", "close"] } as const;
const mean = word("mean", MEAN_KINDS, "which averages are compared");

/** Oscillators: how fast the price has moved. */
export const MOMENTUM: readonly Indicator[] = [
  {
    name: "rsi",
    title: "Relative strength index",
    ...series,
    params: [period(14)],
    outputs: ["rsi"],
    pandasTa: "ta.rsi(length=14)",
    kernel: (values) => rsi(number(values, "period")),
  },
  {
    name: "stoch",
    title: "Stochastic oscillator",
    ...ranged,
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
    name: "stochf",
    title: "Fast stochastic oscillator",
    ...ranged,
    params: [
      bars("kPeriod", 14, "bars whose range %K is placed in"),
      bars("dPeriod", 3, "bars of %K that %D averages"),
    ],
    outputs: ["k", "d"],
    pandasTa: "ta.stoch(k=14, d=3, smooth_k=1)",
    kernel: (values) => stoch({ kPeriod: number(values, "kPeriod"), dPeriod: number(values, "dPeriod"), kSmooth: 1 }),
  },
  {
    name: "stochrsi",
    title: "Stochastic of the relative strength index",
    ...series,
    params: [
      period(14),
      bars("kPeriod", 14, "values of RSI whose range %K is placed in"),
      bars("kSmooth", 3, "bars %K is averaged over; 1 is TA-Lib"),
      bars("dPeriod", 3, "bars of %K that %D averages"),
    ],
    outputs: ["k", "d"],
    pandasTa: "ta.stochrsi(length=14, rsi_length=14, k=3, d=3)",
    kernel: (values) =>
      stochrsi({
        period: number(values, "period"),
        kPeriod: number(values, "kPeriod"),
        kSmooth: number(values, "kSmooth"),
        dPeriod: number(values, "dPeriod"),
      }),
  },
  {
    name: "macd",
    title: "Moving average convergence divergence",
    ...series,
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
  {
    name: "ppo",
    title: "Percentage price oscillator",
    ...series,
    params: [bars("fast", 12, "bars of the fast average"), bars("slow", 26, "bars of the slow average"), mean],
    outputs: ["ppo"],
    pandasTa: "ta.ppo(fast=12, slow=26)",
    kernel: (values) =>
      ppo({ fast: number(values, "fast"), slow: number(values, "slow"), mean: choice(values, "mean", MEAN_KINDS) }),
  },
  {
    name: "apo",
    title: "Absolute price oscillator",
    ...series,
    params: [bars("fast", 12, "bars of the fast average"), bars("slow", 26, "bars of the slow average"), mean],
    outputs: ["apo"],
    pandasTa: "ta.apo(fast=12, slow=26)",
    kernel: (values) =>
      apo({ fast: number(values, "fast"), slow: number(values, "slow"), mean: choice(values, "mean", MEAN_KINDS) }),
  },
  {
    name: "roc",
    title: "Rate of change",
    ...series,
    params: [period(10)],
    outputs: ["roc"],
    pandasTa: "ta.roc(length=10)",
    kernel: (values) => roc(number(values, "period")),
  },
  {
    name: "mom",
    title: "Momentum",
    ...series,
    params: [period(10)],
    outputs: ["mom"],
    pandasTa: "ta.mom(length=10)",
    kernel: (values) => mom(number(values, "period")),
  },
  {
    name: "cci",
    title: "Commodity channel index",
    ...ranged,
    params: [period(20, 2)],
    outputs: ["cci"],
    pandasTa: "ta.cci(length=20)",
    kernel: (values) => cci(number(values, "period")),
  },
  {
    name: "willr",
    title: "Williams' %R",
    ...ranged,
    params: [period(14)],
    outputs: ["willr"],
    pandasTa: "ta.willr(length=14)",
    kernel: (values) => willr(number(values, "period")),
  },
  {
    name: "cmo",
    title: "Chande momentum oscillator",
    ...series,
    params: [period(14)],
    outputs: ["cmo"],
    pandasTa: "ta.cmo(length=14)",
    kernel: (values) => cmo(number(values, "period")),
  },
  {
    name: "tsi",
    title: "True strength index",
    ...series,
    params: [
      bars("fast", 13, "bars of the fast average"),
      bars("slow", 25, "bars of the slow average"),
      bars("signal", 13, "bars of the signal's average"),
    ],
    outputs: ["tsi", "signal"],
    pandasTa: "ta.tsi(fast=13, slow=25, signal=13)",
    kernel: (values) =>
      tsi({ fast: number(values, "fast"), slow: number(values, "slow"), signal: number(values, "signal") }),
  },
  {
    name: "ao",
    title: "Awesome oscillator",
    ...middles,
    params: [bars("fast", 5, "bars of the fast average"), bars("slow", 34, "bars of the slow average")],
    outputs: ["ao"],
    pandasTa: "ta.ao(fast=5, slow=34)",
    kernel: (values) => ao({ fast: number(values, "fast"), slow: number(values, "slow") }),
  },
  {
    name: "ultosc",
    title: "Ultimate oscillator",
    ...ranged,
    params: [
      bars("fast", 7, "shortest lookback, weight 4"),
      bars("medium", 14, "middle lookback, weight 2"),
      bars("slow", 28, "longest lookback, weight 1"),
    ],
    outputs: ["ultosc"],
    pandasTa: "ta.uo(fast=7, medium=14, slow=28)",
    kernel: (values) =>
      ultosc({ fast: number(values, "fast"), medium: number(values, "medium"), slow: number(values, "slow") }),
  },
  {
    name: "trix",
    title: "Triple exponential rate of change",
    ...series,
    params: [period(15), bars("signal", 9, "bars of the signal's average")],
    outputs: ["trix", "signal"],
    pandasTa: "ta.trix(length=15, signal=9)",
    kernel: (values) => trix({ period: number(values, "period"), signal: number(values, "signal") }),
  },
  {
    name: "fisher",
    title: "Fisher transform",
    ...middles,
    params: [period(9, 2)],
    outputs: ["fisher", "signal"],
    pandasTa: "ta.fisher(length=9)",
    kernel: (values) => fisher(number(values, "period")),
  },
  {
    name: "bop",
    title: "Balance of power",
    ...whole,
    params: [],
    outputs: ["bop"],
    pandasTa: "ta.bop()",
    kernel: () => bop(),
  },
];
