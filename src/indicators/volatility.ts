import type { Indicator } from "./indicator.ts";
import { bars, choice, number, period, real, word } from "./params.ts";
import { ATR_MODES, atr } from "./volatility/atr.ts";
import { bbands } from "./volatility/bbands.ts";

const mode = word("mode", ATR_MODES, "how true ranges are averaged: Wilder's from bar 1, from bar 0, or a plain mean");

/** How much the price moves, whichever way. */
export const VOLATILITY: readonly Indicator[] = [
  {
    name: "bbands",
    title: "Bollinger bands",
    family: "volatility",
    over: "series",
    inputs: ["close"],
    params: [
      period(20),
      real("deviations", 2, "standard deviations from middle to band"),
      bars("ddof", 0, "0 divides the variance by period, 1 by period - 1", 0),
    ],
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
    name: "atr",
    title: "Average true range",
    family: "volatility",
    over: "bars",
    inputs: ["high", "low", "close"],
    params: [period(14), mode],
    outputs: ["atr"],
    pandasTa: "ta.atr(length=14)",
    kernel: (values) => atr(number(values, "period"), choice(values, "mode", ATR_MODES)),
  },
];
