import type { Indicator } from "./indicator.ts";
import { bars, choice, number, period, real, word } from "./params.ts";
import { adx, dmi } from "./trend/adx.ts";
import { aroon } from "./trend/aroon.ts";
import { ichimoku } from "./trend/ichimoku.ts";
import { linreg } from "./trend/linreg.ts";
import { psar } from "./trend/psar.ts";
import { supertrend } from "./trend/supertrend.ts";
import { vortex } from "./trend/vortex.ts";
import { ATR_MODES } from "./volatility/atr.ts";

const series = { family: "trend", over: "series", inputs: ["close"] } as const;
const ranged = { family: "trend", over: "bars", inputs: ["high", "low", "close"] } as const;
const ends = { family: "trend", over: "bars", inputs: ["high", "low"] } as const;
const mode = word("mode", ATR_MODES, "how true ranges are averaged", "tradingview");

/** Whether the price goes somewhere, and where to. */
export const TREND: readonly Indicator[] = [
  {
    name: "adx",
    title: "Average directional index",
    ...ranged,
    params: [period(14, 2)],
    outputs: ["adx", "plusDi", "minusDi", "dx", "adxr"],
    pandasTa: "ta.adx(length=14)",
    kernel: (values) => adx(number(values, "period")),
  },
  {
    name: "dmi",
    title: "Directional movement",
    ...ranged,
    params: [period(14, 2)],
    outputs: ["plusDi", "minusDi", "dx"],
    pandasTa: "ta.adx(length=14)",
    kernel: (values) => dmi(number(values, "period")),
  },
  {
    name: "aroon",
    title: "Aroon",
    ...ends,
    params: [period(14)],
    outputs: ["up", "down", "oscillator"],
    pandasTa: "ta.aroon(length=14)",
    kernel: (values) => aroon(number(values, "period")),
  },
  {
    name: "supertrend",
    title: "Supertrend",
    ...ranged,
    params: [period(10), real("multiplier", 3, "average true ranges from the bar's middle to the line"), mode],
    outputs: ["supertrend", "direction"],
    pandasTa: "ta.supertrend(length=10, multiplier=3)",
    kernel: (values) =>
      supertrend({
        period: number(values, "period"),
        multiplier: number(values, "multiplier"),
        mode: choice(values, "mode", ATR_MODES),
      }),
  },
  {
    name: "psar",
    title: "Parabolic stop and reverse",
    ...ends,
    params: [
      real("acceleration", 0.02, "first step, and its growth at each new extreme"),
      real("maximum", 0.2, "largest step"),
    ],
    outputs: ["psar", "direction"],
    pandasTa: "ta.psar(af0=0.02, af=0.02, max_af=0.2)",
    kernel: (values) => psar({ acceleration: number(values, "acceleration"), maximum: number(values, "maximum") }),
  },
  {
    name: "ichimoku",
    title: "Ichimoku cloud",
    ...ends,
    params: [
      bars("tenkan", 9, "bars of the conversion line"),
      bars("kijun", 26, "bars of the base line"),
      bars("senkou", 52, "bars of span B"),
      bars("displacement", 26, "bars the spans are drawn ahead, the current one counted"),
    ],
    outputs: ["tenkan", "kijun", "senkouA", "senkouB", "leadA", "leadB"],
    pandasTa: "ta.ichimoku(tenkan=9, kijun=26, senkou=52)",
    kernel: (values) =>
      ichimoku({
        tenkan: number(values, "tenkan"),
        kijun: number(values, "kijun"),
        senkou: number(values, "senkou"),
        displacement: number(values, "displacement"),
      }),
  },
  {
    name: "vortex",
    title: "Vortex",
    ...ranged,
    params: [period(14)],
    outputs: ["plus", "minus"],
    pandasTa: "ta.vortex(length=14)",
    kernel: (values) => vortex(number(values, "period")),
  },
  {
    name: "linreg",
    title: "Linear regression",
    ...series,
    params: [period(14, 2)],
    outputs: ["value", "slope", "intercept", "forecast"],
    pandasTa: "ta.linreg(length=14)",
    kernel: (values) => linreg(number(values, "period")),
  },
];
