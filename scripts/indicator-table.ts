import { readFileSync, writeFileSync } from "node:fs";
import { INDICATORS } from "../src/indicators/catalogue.ts";
import type { Indicator, IndicatorParam } from "../src/indicators/indicator.ts";

const GUIDE = new URL("../docs/guide/indicators.md", import.meta.url);
const BEGIN = "<!-- table: node scripts/indicator-table.ts -->";
const END = "<!-- end of table -->";

const FAMILIES: readonly (readonly [Indicator["family"], string])[] = [
  ["overlap", "Averages"],
  ["momentum", "Momentum"],
  ["volatility", "Volatility"],
  ["trend", "Trend"],
  ["volume", "Volume"],
  ["statistics", "Statistics"],
  ["levels", "Levels"],
];

/** The guide's table of all indicators, one part per family. */
export function indicatorTable(): string {
  return FAMILIES.flatMap(([family, heading]) => [
    `### ${heading}`,
    "",
    "| call | what | settings | outputs | pandas-ta |",
    "|---|---|---|---|---|",
    ...INDICATORS.filter((one) => one.family === family).map(row),
    "",
  ]).join("\n");
}

/** `text` with its table replaced. */
export function withTable(text: string): string {
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`no ${BEGIN} … ${END} in the guide`);
  return `${text.slice(0, begin + BEGIN.length)}\n\n${indicatorTable()}${text.slice(end)}`;
}

function row(one: Indicator): string {
  const first = one.over === "series" ? ["close"] : [];
  const lookback = one.params.filter((param) => param.name === "period").map((param) => String(param.default));
  const call = `\`${one.name}(${[...first, ...lookback].join(", ")})\``;
  const pandas = one.pandasTa === null ? "" : `\`${one.pandasTa}\``;
  return `| ${[call, one.title, one.params.map(setting).join(", "), one.outputs.join(", "), pandas].join(" | ")} |`;
}

function setting(param: IndicatorParam): string {
  if ("choices" in param) {
    const others = param.choices.filter((choice) => choice !== param.default);
    return `${param.name} ${param.default} (or ${others.join(", ")})`;
  }
  return `${param.name} ${param.default}`;
}

if (import.meta.main) writeFileSync(GUIDE, withTable(readFileSync(GUIDE, "utf8")));
