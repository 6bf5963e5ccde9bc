import type { Command } from "commander";
import { type Interval, parseInterval } from "../../core/time.ts";
import { loadStrategy } from "../../strategies/load.ts";
import { STRATEGIES } from "../../strategies/registry.ts";
import { drawn } from "../../strategy/draw.ts";
import { graphOf } from "../../strategy/graph.ts";
import { resolveParams } from "../../strategy/resolve.ts";
import { type Io, jsonText } from "../io.ts";
import { defineFreeze } from "./strategy/freeze.ts";
import { parseParams, withParams } from "./strategy/params.ts";
import { entryOf, listText, shownJson, shownText } from "./strategy/text.ts";

interface Flags {
  readonly param?: readonly string[];
  readonly interval?: string;
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
  defineFreeze(command.command("freeze"), io);
}

function show(name: string, flags: Flags, io: Io): void {
  const strategy = loadStrategy(name);
  const values = resolveParams(strategy, parseParams(flags.param ?? []));
  const interval: Interval = parseInterval(flags.interval ?? "60");
  const graph = graphOf(strategy, values);
  const shown = { values, graph, interval };
  io.out(flags.json ? jsonText(shownJson(strategy, shown)) : flags.graph ? drawn(graph) : shownText(strategy, shown));
}
