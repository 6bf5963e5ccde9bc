import type { Command } from "commander";
import type { Io } from "./io.ts";

/** One file under `commands/` defines one command: its options, its help, its action. */
export interface CommandModule {
  define(command: Command, io: Io): void;
}

export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Imported only when the command is called, so that `--help` stays instant. */
  readonly load: () => Promise<CommandModule>;
}

/** The commands in the order of the help page. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "demo",
    summary: "the whole way, offline: search, test, and a bot that is killed and goes on",
    load: () => import("./commands/demo.ts"),
  },
  {
    name: "backtest",
    summary: "trade a strategy over stored bars",
    load: () => import("./commands/backtest.ts"),
  },
  {
    name: "optimize",
    summary: "search a strategy's parameters, and say what the best is worth",
    load: () => import("./commands/optimize.ts"),
  },
  {
    name: "trade",
    summary: "the bot: on stored bars, on paper, on Bybit's testnet or demo, with real money",
    load: () => import("./commands/trade.ts"),
  },
  {
    name: "status",
    summary: "how a bot stands: positions, stops, limits, age of its data",
    load: () => import("./commands/status.ts"),
  },
  {
    name: "stop",
    summary: "end a running bot, or hold it back: --flatten, --kill, --pause",
    load: () => import("./commands/stop.ts"),
  },
  {
    name: "journal",
    summary: "what a bot remembers, event by event",
    load: () => import("./commands/journal.ts"),
  },
  {
    name: "pnl",
    summary: "what a bot has earned, by its own books",
    load: () => import("./commands/pnl.ts"),
  },
  {
    name: "data",
    summary: "download, import, list, check, resample, export and generate market data",
    load: () => import("./commands/data.ts"),
  },
  {
    name: "exchange",
    summary: "a Bybit V5 exchange on this machine, for bots, tests and other people's clients",
    load: () => import("./commands/exchange.ts"),
  },
  {
    name: "init",
    summary: "make a project: configuration, strategy, keys of the local exchange",
    load: () => import("./commands/init.ts"),
  },
  {
    name: "doctor",
    summary: "whether machine, configuration, key and account are fit to trade",
    load: () => import("./commands/doctor.ts"),
  },
  {
    name: "stream",
    summary: "print what the exchange's streams say, one JSON line per message",
    load: () => import("./commands/stream.ts"),
  },
  {
    name: "api",
    summary: "call any function of the exchange by name: the handbook",
    load: () => import("./commands/api.ts"),
  },
  {
    name: "strategy",
    summary: "list and show strategies, freeze parameters into a file",
    load: () => import("./commands/strategy.ts"),
  },
  {
    name: "indicator",
    summary: "columns of one indicator as table, CSV or JSON",
    load: () => import("./commands/indicator.ts"),
  },
];
