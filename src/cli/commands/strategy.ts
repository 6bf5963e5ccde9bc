import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import { ArgumentError } from "../../core/errors.ts";
import { type Interval, parseInterval } from "../../core/time.ts";
import { writeAtomically } from "../../store/atomic.ts";
import { loadStrategy } from "../../strategies/load.ts";
import { STRATEGIES } from "../../strategies/registry.ts";
import { drawn } from "../../strategy/draw.ts";
import { freezeStrategy, type Provenance } from "../../strategy/freeze.ts";
import { graphOf } from "../../strategy/graph.ts";
import { importPath, isStrategyFile } from "../../strategy/load.ts";
import { resolveParams } from "../../strategy/resolve.ts";
import { type Io, jsonText } from "../io.ts";
import { entryOf, listText, shownJson, shownText } from "./strategy/text.ts";

interface Flags {
  readonly param?: readonly string[];
  readonly interval?: string;
  readonly out?: string;
  readonly force?: boolean;
  readonly graph?: boolean;
  readonly json?: boolean;
}

/** `grimoire strategy`: list, show, freeze. */
export function define(command: Command, io: Io): void {
  command.addHelpText("after", `\nHelp on one of them, with examples: grimoire strategy show --help`);
  command
    .command("list")
    .description("the strategies that ship")
    .option("--interval <name>", "bars to count warm-ups in, where rules read longer intervals", "60")
    .option("--json", "print one JSON document: [{ name, params, warmup, … }]")
    .action((flags: Flags) => {
      const interval = parseInterval(flags.interval ?? "60");
      const entries = STRATEGIES.map((strategy) => entryOf(strategy, {}, interval));
      io.out(flags.json ? jsonText(entries) : listText(entries));
    });
  withParams(command.command("show"))
    .description("rules, warm-up, parameters and their space")
    .argument("<strategy>", "name, or a .ts or .js file")
    .option("--interval <name>", "bars to count the warm-up in, where rules read longer intervals", "60")
    .option("--graph", "print the expression graph as Mermaid text")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  grimoire strategy show rsi-trend
  grimoire strategy show rsi-trend --param rsiPeriod=21 --param oversold=25
  grimoire strategy show ./my-strategy.ts --json
  grimoire strategy show ensemble --graph > ensemble.mmd`,
    )
    .action((name: string, flags: Flags) => show(name, flags, io));
  withParams(command.command("freeze"))
    .description("write a strategy file with these parameters as its defaults")
    .argument("<strategy>", "name, or a .ts or .js file")
    .requiredOption("--out <file>", "file to write, ending in .ts, .js or .mjs")
    .option("--force", "replace the file if it is there")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  grimoire strategy freeze rsi-trend --param rsiPeriod=21 --out my-rsi.ts
  grimoire backtest --strategy my-rsi.ts --data BTCUSDT --interval 60`,
    )
    .action((name: string, flags: Flags) => freeze(name, flags, io));
}

function withParams(command: Command): Command {
  const collect = (text: string, before: readonly string[] = []) => [...before, text];
  return command.option("--param <name=value>", "set a parameter; may be repeated", collect);
}

function show(name: string, flags: Flags, io: Io): void {
  const strategy = loadStrategy(name);
  const values = resolveParams(strategy, parseParams(flags.param ?? []));
  const interval: Interval = parseInterval(flags.interval ?? "60");
  const graph = graphOf(strategy, values);
  const shown = { values, graph, interval };
  io.out(flags.json ? jsonText(shownJson(strategy, shown)) : flags.graph ? drawn(graph) : shownText(strategy, shown));
}

async function freeze(name: string, flags: Flags, io: Io): Promise<void> {
  const { out = "" } = flags;
  const strategy = loadStrategy(name);
  const given = parseParams(flags.param ?? []);
  if (!isStrategyFile(out) || !/\.(m?ts|m?js)$/.test(out)) {
    throw new ArgumentError("OUT", `--out must end in .ts, .mts, .js or .mjs, was ${JSON.stringify(out)}`, { out });
  }
  if (existsSync(out) && !flags.force) {
    throw new ArgumentError("OUT_EXISTS", `${out} is there already; add --force to replace it`, { out });
  }
  const from: Provenance = {
    from: isStrategyFile(name) ? importPath(name, dirname(out)) : null,
    frozenAt: Date.now(),
  };
  const text = freezeStrategy(strategy, given, from);
  await writeAtomically(out, new TextEncoder().encode(text));
  const params = resolveParams(strategy, given);
  io.out(flags.json ? jsonText({ strategy: strategy.name, file: out, params }) : `Wrote ${out}`);
}

/** `["a=1", "b=x"]` as an object. @throws ArgumentError `PARAM_SYNTAX` */
export function parseParams(words: readonly string[]): Record<string, string> {
  const given: Record<string, string> = {};
  for (const word of words) {
    const at = word.indexOf("=");
    if (at < 1)
      throw new ArgumentError("PARAM_SYNTAX", `--param needs name=value, was ${JSON.stringify(word)}`, { word });
    given[word.slice(0, at)] = word.slice(at + 1);
  }
  return given;
}
