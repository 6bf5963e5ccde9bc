import { Console } from "node:console";
import { readFileSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { Command, CommanderError } from "commander";
import { ArgumentError, ToolkitError } from "../core/errors.ts";
import { COMMANDS } from "./commands.ts";
import { type Io, jsonText, NegativeResult, terminal } from "./io.ts";

/** Exit codes every command keeps: 0 done, 1 failed, 2 wrong use, 130 interrupted. */
const EXIT = { done: 0, failed: 1, wrongUse: 2, interrupted: 130 } as const;

/** Runs the command line `argv` (without node and script) and returns the exit code. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  const program = new Command("grimoire")
    .description("From trading idea to a Bybit bot that does what its backtest did.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand(false)
    .showHelpAfterError("(add --help for the options)")
    .enablePositionalOptions()
    .exitOverride();
  program.configureOutput({
    writeOut: (text) => io.out(text.trimEnd()),
    writeErr: (text) => io.err(text.trimEnd()),
  });
  const wanted = argv.find((word) => !word.startsWith("-"));
  for (const entry of COMMANDS) {
    const command = program.command(entry.name).description(entry.summary).exitOverride();
    command.copyInheritedSettings(program);
    if (entry.name === wanted) (await entry.load()).define(command, io);
  }
  program.addHelpText(
    "after",
    "\nStart with: grimoire demo\nHelp on a command, with examples: grimoire COMMAND --help",
  );
  try {
    if (argv.length === 0) {
      program.outputHelp();
      return EXIT.wrongUse;
    }
    if (wanted !== undefined && !COMMANDS.some((entry) => entry.name === wanted)) {
      throw new ArgumentError("COMMAND", `unknown command ${wanted}; see grimoire --help`);
    }
    await program.parseAsync([...argv], { from: "user" });
    return io.signal.aborted ? EXIT.interrupted : EXIT.done;
  } catch (error) {
    return report(error, argv, io);
  }
}

function report(error: unknown, argv: readonly string[], io: Io): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done;
    if (argv.includes("--json")) io.out(jsonError("USAGE", error.message.replace(/^error: /, ""), {}));
    return EXIT.wrongUse;
  }
  if (io.signal.aborted) return EXIT.interrupted;
  if (!(error instanceof ToolkitError)) return report(unexpected(error), argv, io);
  if (argv.includes("--json") && !(error instanceof NegativeResult)) {
    io.out(jsonError(error.code, error.message, error.details));
  }
  io.err(`error: ${error.message} [${error.code}]`);
  return error.name === "ArgumentError" ? EXIT.wrongUse : EXIT.failed;
}

function jsonError(code: string, message: string, details: Readonly<Record<string, unknown>>): string {
  return jsonText({ error: { code, message, details } });
}

/** A mistake of this program or of the user's code, in one line; all of it with GRIMOIRE_DEBUG=1. */
function unexpected(error: unknown): ToolkitError {
  const message = error instanceof Error ? error.message.split("\n")[0]! : String(error);
  if (process.env.GRIMOIRE_DEBUG) console.error(error);
  return new ToolkitError("UNEXPECTED", `${message}; GRIMOIRE_DEBUG=1 tells where`, {}, error);
}

function version(): string {
  const file = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** The process: signals in, exit code out. */
export async function run(): Promise<void> {
  enableCompileCache(); // the second start takes half as long as the first
  const stop = new AbortController();
  let interrupts = 0;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (++interrupts > 1) process.exit(EXIT.interrupted);
      stop.abort();
    });
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(EXIT.done); // the reader (head, less) has seen enough
      throw new ToolkitError("OUTPUT", `the output could not be written: ${error.message}`, {}, error);
    });
  }
  globalThis.console = new Console(process.stderr); // what a strategy prints is no result
  const argv = process.argv.slice(2);
  const io = terminal(stop.signal);
  process.on("uncaughtException", (error) => process.exit(report(error, argv, io)));
  process.exitCode = await main(argv, io);
}

if (import.meta.main) await run();
