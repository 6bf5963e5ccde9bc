import { ConfigError } from "../core/errors.ts";
import type { ParamSpec, ParamSpecs, ParamValue } from "./param.ts";
import { resolveParams } from "./resolve.ts";
import { defineStrategy, type Strategy } from "./strategy.ts";

/** Where frozen parameters come from. What is not known stays out of the file. */
export interface Provenance {
  /** How the new file imports the original: "./my-strategy.ts"; `null` for a strategy that ships. */
  readonly from: string | null;
  /** Epoch ms. */
  readonly frozenAt?: number;
  readonly study?: string;
  readonly trial?: number;
  /** Of the backtest that chose them, by name. */
  readonly metrics?: Readonly<Record<string, number | null>>;
  /** The bars they were chosen on, in words: "BTCUSDT 60, 2024-01-01 to 2024-12-31". */
  readonly data?: string;
}

/** `strategy` with other defaults; everything else stays as it is. @throws ArgumentError as `resolveParams` */
export function withDefaults<P extends ParamSpecs>(
  strategy: Strategy<P>,
  given: Readonly<Record<string, unknown>>,
): Strategy<P> {
  const values: Readonly<Record<string, ParamValue>> = resolveParams(strategy, given);
  const specs = Object.entries(strategy.params).map(([name, spec]) => [
    name,
    { ...spec, default: values[name] } as ParamSpec,
  ]);
  const { name, description } = strategy;
  const params = Object.fromEntries(specs) as P; // the same names and kinds, checked values
  return defineStrategy<P>({ name, description, params, rules: (series, p) => strategy.rules(series, p) });
}

/**
 * The text of a strategy file that is `strategy` with `params` as its defaults, and says where they come from.
 *
 * @throws ArgumentError as `resolveParams`
 */
export function freezeStrategy(
  strategy: Strategy,
  params: Readonly<Record<string, unknown>>,
  from: Provenance,
): string {
  const values: Readonly<Record<string, ParamValue>> = resolveParams(strategy, params);
  if (from.from !== null && !/^\.{0,2}\//.test(from.from)) {
    throw new ConfigError("FREEZE_IMPORT", `a strategy file is imported by a path, was ${JSON.stringify(from.from)}`);
  }
  const original = from.from === null ? `shipped(${JSON.stringify(strategy.name)})` : "original";
  const names = from.from === null ? "shipped, withDefaults" : "withDefaults";
  return [
    `/**`,
    ...provenanceLines(strategy.name, from).map((line) => ` * ${line.replaceAll("*/", "* /")}`),
    ` */`,
    `import { ${names} } from "bybit-grimoire";`,
    ...(from.from === null ? [] : [`import original from ${JSON.stringify(from.from)};`]),
    "",
    `export default withDefaults(${original}, {`,
    ...Object.entries(values).map(([name, value]) => `  ${name}: ${JSON.stringify(value)},`),
    "});",
    "",
  ].join("\n");
}

function provenanceLines(name: string, from: Provenance): string[] {
  const when = from.frozenAt === undefined ? "" : ` on ${new Date(from.frozenAt).toISOString()}`;
  const lines = [`Parameters of ${name}, frozen${when}.`];
  if (from.study !== undefined) {
    lines.push(`Study: ${from.study}${from.trial === undefined ? "" : `, trial ${from.trial}`}`);
  }
  if (from.data !== undefined) lines.push(`Data: ${from.data}`);
  const metrics = Object.entries(from.metrics ?? {}).map(([key, value]) => `${key} ${value ?? "undefined"}`);
  if (metrics.length > 0) lines.push(`Metrics: ${metrics.join(", ")}`);
  return lines;
}
