import type { Indicator } from "./indicator.ts";
import { bars, choice, number, period, real, word } from "./params.ts";
import { ATR_MODES, atr, natr } from "./volatility/atr.ts";
import { bbands } from "./volatility/bbands.ts";
import { chop } from "./volatility/chop.ts";
import { donchian } from "./volatility/donchian.ts";
import { keltner } from "./volatility/keltner.ts";
import { squeeze } from "./volatility/squeeze.ts";
import { stddev } from "./volatility/stddev.ts";
import { FIRST_RANGES, trueRange } from "./volatility/truerange.ts";

const series = { family: "volatility", over: "series", inputs: ["close"] } as const;
const ranged = { family: "volatility", over: "bars", inputs: ["high", "low", "close"] } as const;
const deviations = real("deviations", 2, "standard deviations from middle to band");
const ddof = bars("ddof", 0, "0 divides the variance by period, 1 by period - 1", 0);
const modeText = "how true ranges are averaged: Wilder's from bar 1, Wilder's from bar 0, or another mean";
const mode = word("mode", ATR_MODES, modeText);
const tradingviewMode = word("mode", ATR_MODES, modeText, "tradingview");

/** How much the price moves, whichever way. */
export const VOLATILITY: readonly Indicator[] = [
  {
    name: "bbands",
    title: "Bollinger bands",
    ...series,
    params: [period(20), deviations, ddof],
    outputs: ["upper", "middle", "lower", "width", "percent"],
    pandasTa: "ta.bbands(length=20, std=2)",
    kernel: (values) =>
      bbands({
        period: number(values, "period"),
        deviations: number(values, "deviations"),
        ddof: number(values, "ddof"),
      }),
  },
  {
    name: "keltner",
    title: "Keltner channel",
    ...ranged,
    params: [
      period(20),
      real("multiplier", 2, "average true ranges from middle to band"),
      bars("atrPeriod", 10, "bars of the average true range"),
      tradingviewMode,
    ],
    outputs: ["upper", "middle", "lower"],
    pandasTa: "ta.kc(length=20, scalar=2)",
    kernel: (values) =>
      keltner({
        period: number(values, "period"),
        multiplier: number(values, "multiplier"),
        atrPeriod: number(values, "atrPeriod"),
        mode: choice(values, "mode", ATR_MODES),
      }),
  },
  {
    name: "donchian",
    title: "Donchian channel",
    ...ranged,
    params: [period(20)],
    outputs: ["upper", "middle", "lower"],
    pandasTa: "ta.donchian(lower_length=20, upper_length=20)",
    kernel: (values) => donchian(number(values, "period")),
  },
  {
    name: "atr",
    title: "Average true range",
    ...ranged,
    params: [period(14), mode],
    outputs: ["atr"],
    pandasTa: "ta.atr(length=14)",
    kernel: (values) => atr(number(values, "period"), choice(values, "mode", ATR_MODES)),
  },
  {
    name: "natr",
    title: "Average true range in percent",
    ...ranged,
    params: [period(14), mode],
    outputs: ["natr"],
    pandasTa: 'ta.natr(length=14, mamode="rma")',
    kernel: (values) => natr(number(values, "period"), choice(values, "mode", ATR_MODES)),
  },
  {
    name: "tr",
    title: "True range",
    ...ranged,
    params: [word("first", FIRST_RANGES, "what the first bar, which has no close before it, is worth")],
    outputs: ["tr"],
    pandasTa: "ta.true_range()",
    kernel: (values) => trueRange(choice(values, "first", FIRST_RANGES)),
  },
  {
    name: "stddev",
    title: "Standard deviation",
    ...series,
    params: [period(20), ddof],
    outputs: ["stddev"],
    pandasTa: "ta.stdev(length=20, ddof=0)",
    kernel: (values) => stddev(number(values, "period"), number(values, "ddof")),
  },
  {
    name: "chop",
    title: "Choppiness index",
    ...ranged,
    params: [period(14, 2)],
    outputs: ["chop"],
    pandasTa: "ta.chop(length=14)",
    kernel: (values) => chop(number(values, "period")),
  },
  {
    name: "squeeze",
    title: "Squeeze",
    ...ranged,
    params: [
      period(20),
      deviations,
      real("multiplier", 1.5, "true ranges from middle to band"),
      bars("momentum", 12, "bars the close's change is taken over"),
      bars("smooth", 6, "bars that change is averaged over"),
    ],
    outputs: ["momentum", "on"],
    pandasTa: "ta.squeeze(bb_length=20, kc_length=20)",
    kernel: (values) =>
      squeeze({
        period: number(values, "period"),
        deviations: number(values, "deviations"),
        multiplier: number(values, "multiplier"),
        momentum: number(values, "momentum"),
        smooth: number(values, "smooth"),
      }),
  },
];
