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
    name: "data",
    summary: "import, list, check, resample, export and generate market data",
    load: () => import("./commands/data.ts"),
  },
  {
    name: "exchange",
    summary: "a Bybit V5 exchange on this machine, for bots, tests and other people's clients",
    load: () => import("./commands/exchange.ts"),
  },
];
