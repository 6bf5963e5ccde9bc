import type { Command } from "commander";
import type { ApiFunction } from "../../bybit/catalogue/entry.ts";
import { GROUPS } from "../../bybit/catalogue/entry.ts";
import { FUNCTION_NAMES, type FunctionName, functionOf } from "../../bybit/catalogue.ts";
import { checkParams } from "../../bybit/check.ts";
import { paramsFromWords } from "../../bybit/coerce.ts";
import { functionHelp, functionRecord, namesIn } from "../../bybit/handbook.ts";
import { ArgumentError } from "../../core/errors.ts";
import { type Io, jsonText } from "../io.ts";
import { readVenue, type VenueFlags, withVenueOptions } from "../venue-options.ts";
import { aligned, positive, wrapped } from "./data/shared.ts";

interface ApiFlags extends VenueFlags {
  readonly list?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly timeout?: string;
  readonly json?: boolean;
  readonly help?: boolean;
}

/** `grimoire api FUNCTION [name=value …]` */
export function define(command: Command, io: Io): void {
  withVenueOptions(command)
    .argument("[function]", "such as get_kline or getKline; see --list")
    .argument("[name=value...]", "its parameters")
    .helpOption(false)
    .option("--list", "every function, one line each")
    .option("--dry-run", "show the request as it would be signed, and send nothing")
    .option("--yes", "do it on mainnet, with real money")
    .option("--timeout <seconds>", "how long an answer may take", "10")
    .option("--json", "print one JSON document")
    .option("-h, --help", "show help; after a function: help on that function")
    .addHelpText(
      "after",
      `
Decimals are written plainly, times as epoch ms or as a day, lists as JSON.
Keys come from the environment or from .env, never from the command line.

Examples:
  grimoire api --list
  grimoire api place_order --help
  grimoire api get_kline category=linear symbol=BTCUSDT interval=60 limit=5
  grimoire api getTickers category=linear symbol=BTCUSDT --environment mainnet
  grimoire api get_positions category=linear symbol=BTCUSDT
  grimoire api place_order category=linear symbol=BTCUSDT side=Buy orderType=Market qty=0.01 --dry-run`,
    )
    .action((name: string | undefined, words: readonly string[], flags: ApiFlags) => {
      if (flags.help) return name === undefined ? command.outputHelp() : io.out(helpOf(name, flags, io));
      if (flags.list) return io.out(list(flags));
      if (name === undefined) {
        throw new ArgumentError("FUNCTION", "name a function: grimoire api get_kline …, or --list");
      }
      return run(name, words, flags, io);
    });
}

function helpOf(name: string, flags: ApiFlags, { columns }: Io): string {
  const { name: own } = functionOf(name);
  if (flags.json) return jsonText(functionRecord(own));
  const lines = functionHelp(own).split("\n");
  // An example is one line, to be copied.
  return lines.map((line) => (/^ *grimoire /.test(line) ? line : wrapped(line, columns, "      "))).join("\n");
}

function list(flags: ApiFlags): string {
  if (flags.json) return jsonText(FUNCTION_NAMES.map(functionRecord));
  const width = Math.max(...FUNCTION_NAMES.map((name) => name.length));
  const parts = GROUPS.map((group) => {
    const rows = namesIn(group).map((name) => [`  ${name.padEnd(width)}`, functionRecord(name).summary]);
    return `${group}\n${aligned(rows)}`;
  });
  return `${parts.join("\n\n")}\n\n${FUNCTION_NAMES.length} functions; grimoire api FUNCTION --help tells about one`;
}

async function run(asked: string, words: readonly string[], flags: ApiFlags, io: Io): Promise<void> {
  const { name, fn } = functionOf(asked);
  const params = paramsFromWords(fn, words);
  checkParams(name, fn, params);
  const venue = readVenue(flags, process.cwd(), process.env);
  const { openGateway } = await import("../../bybit/gateway.ts");
  const timeoutMs = positive("--timeout", flags.timeout ?? "10") * 1_000;
  const gateway = openGateway({ ...venue, timeoutMs });
  try {
    if (flags.dryRun) return io.out(jsonText(await gateway.dryRun(name, params)));
    requireYes({ name, fn, environment: venue.hosts.environment, flags });
    const result = await gateway.callNamed(name, params, { signal: io.signal });
    io.out(jsonText(result));
  } finally {
    gateway.close();
  }
}

/** @throws ArgumentError `CONFIRM` for what changes anything on mainnet without `--yes` */
function requireYes(call: { name: FunctionName; fn: ApiFunction; environment: string; flags: ApiFlags }): void {
  const { name, fn, environment, flags } = call;
  if (environment !== "mainnet" || fn.effect === "reads" || flags.yes) return;
  const what = { trades: "trades", sets: "changes the account", moves: "moves money" }[fn.effect];
  throw new ArgumentError("CONFIRM", `${name} ${what} on mainnet; look at it with --dry-run, then add --yes`, {
    function: name,
  });
}
