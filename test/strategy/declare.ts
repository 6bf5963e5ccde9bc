/**
 * Writes the typed indicator functions a strategy sees, one interface per family, from the catalogue:
 *
 *     node test/strategy/declare.ts && biome check --write src/strategy/indicators
 */
import { writeFileSync } from "node:fs";
import { INDICATORS } from "../../src/indicators/catalogue.ts";
import type { Indicator, IndicatorParam } from "../../src/indicators/indicator.ts";

export const FAMILIES = ["overlap", "momentum", "volatility", "trend", "volume", "statistics", "levels"] as const;
export type Family = (typeof FAMILIES)[number];

export const interfaceOf = (family: Family): string => `${family[0]!.toUpperCase()}${family.slice(1)}Functions`;
export const fileOf = (family: Family): URL => new URL(`../../src/strategy/indicators/${family}.ts`, import.meta.url);

/** The whole file of one family, as it must stand under `src/strategy/indicators`. */
export function declarations(family: Family): string {
  const members = INDICATORS.filter((indicator) => indicator.family === family).map(member);
  return [
    `import type { Series } from "../series.ts";`,
    "",
    `/** The ${family} indicators of the catalogue. Written by test/strategy/declare.ts. */`,
    `export interface ${interfaceOf(family)} {`,
    members.join("\n"),
    "}",
    "",
  ].join("\n");
}

function member(indicator: Indicator): string {
  const numbers = indicator.params.filter((param) => typeof param.default === "number");
  const words = indicator.params.filter((param) => "choices" in param);
  const source = indicator.over === "series" ? ["source: Series"] : [];
  const typed = (param: IndicatorParam) =>
    `${param.name}?: ${"choices" in param ? param.choices.map(quoted).join(" | ") : "number"}`;
  const positional = [
    ...source,
    ...numbers.map(typed),
    ...(words.length > 0 ? [`options?: { ${words.map(typed).join("; ")} }`] : []),
  ];
  const named = [...source, `settings: { ${indicator.params.map(typed).join("; ")} }`];
  const result =
    indicator.outputs.length === 1
      ? "Series"
      : `{ ${indicator.outputs.map((output) => `readonly ${output}: Series`).join("; ")} }`;
  const over = indicator.over === "bars" ? ` of ${indicator.inputs.join(", ")}` : "";
  const about = indicator.params.map((param) => `   * @param ${paramText(param)}`);
  const head = `${indicator.title}${over}.`;
  const doc = about.length === 0 ? `  /** ${head} */` : `  /**\n   * ${head}\n${about.join("\n")}\n   */`;
  const call = (args: readonly string[]) => `${indicator.name}(${args.join(", ")}): ${result};`;
  const forms = numbers.length > 0 ? [call(positional), call(named)] : [call(positional)];
  return `${doc}\n  ${forms.join("\n  ")}`;
}

function paramText(param: IndicatorParam): string {
  const name = "choices" in param ? `options.${param.name}` : param.name;
  const least = "choices" in param ? "" : `, at least ${param.min}`;
  return `${name} ${param.about}; ${param.default} unless told${least}`;
}

const quoted = (word: string): string => `"${word}"`;

if (import.meta.main) for (const family of FAMILIES) writeFileSync(fileOf(family), declarations(family));
