import type { Indicator } from "./indicator.ts";
import { bars, number, period } from "./params.ts";
import { ad, adosc, cmf } from "./volume/ad.ts";
import { efi } from "./volume/efi.ts";
import { mfi } from "./volume/mfi.ts";
import { obv } from "./volume/obv.ts";
import { vwap } from "./volume/vwap.ts";

const closes = { family: "volume", over: "bars", inputs: ["close", "volume"] } as const;
const ranged = { family: "volume", over: "bars", inputs: ["high", "low", "close", "volume"] } as const;
const timed = { family: "volume", over: "bars", inputs: ["time", "high", "low", "close", "volume"] } as const;

/** What the volume says about the price. */
export const VOLUME: readonly Indicator[] = [
  {
    name: "obv",
    title: "On-balance volume",
    ...closes,
    params: [],
    outputs: ["obv"],
    pandasTa: "ta.obv()",
    kernel: () => obv(),
  },
  {
    name: "ad",
    title: "Accumulation/distribution line",
    ...ranged,
    params: [],
    outputs: ["ad"],
    pandasTa: "ta.ad()",
    kernel: () => ad(),
  },
  {
    name: "adosc",
    title: "Chaikin oscillator",
    ...ranged,
    params: [bars("fast", 3, "bars of the fast average"), bars("slow", 10, "bars of the slow average")],
    outputs: ["adosc"],
    pandasTa: "ta.adosc(fast=3, slow=10)",
    kernel: (values) => adosc({ fast: number(values, "fast"), slow: number(values, "slow") }),
  },
  {
    name: "mfi",
    title: "Money flow index",
    ...ranged,
    params: [period(14)],
    outputs: ["mfi"],
    pandasTa: "ta.mfi(length=14)",
    kernel: (values) => mfi(number(values, "period")),
  },
  {
    name: "cmf",
    title: "Chaikin money flow",
    ...ranged,
    params: [period(20)],
    outputs: ["cmf"],
    pandasTa: "ta.cmf(length=20)",
    kernel: (values) => cmf(number(values, "period")),
  },
  {
    name: "vwap",
    title: "Volume-weighted average price of the UTC day",
    ...timed,
    params: [],
    outputs: ["vwap"],
    pandasTa: 'ta.vwap(anchor="D")',
    kernel: () => vwap(),
  },
  {
    name: "efi",
    title: "Elder's force index",
    ...closes,
    params: [period(13)],
    outputs: ["efi"],
    pandasTa: "ta.efi(length=13)",
    kernel: (values) => efi(number(values, "period")),
  },
];
