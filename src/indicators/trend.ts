import type { Indicator } from "./indicator.ts";
import { number, period } from "./params.ts";
import { adx } from "./trend/adx.ts";

/** Whether the price goes somewhere, and where to. */
export const TREND: readonly Indicator[] = [
  {
    name: "adx",
    title: "Average directional index",
    family: "trend",
    over: "bars",
    inputs: ["high", "low", "close"],
    params: [period(14, 2)],
    outputs: ["adx", "plusDi", "minusDi", "dx", "adxr"],
    pandasTa: "ta.adx(length=14)",
    kernel: (values) => adx(number(values, "period")),
  },
];
