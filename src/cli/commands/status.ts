import type { Command } from "commander";
import { type Io, jsonText } from "../io.ts";
import { type BotTools, type FoundBot, findBot, nameIn } from "../running-bot.ts";
import { booksOf } from "../status-books.ts";
import { booksPage, statusPage } from "../status-page.ts";

interface StatusFlags {
  readonly config?: string;
  readonly watch?: boolean;
  readonly json?: boolean;
}

/** Between two pages of `--watch`, ms. */
const REFRESH_MS = 1_000;
const CLEAR = "\x1b[H\x1b[2J";

/** `grimoire status`: how a bot stands. */
export function define(command: Command, io: Io): void {
  command
    .argument("[journal]", "the bot's journal (default: the configuration's, else journal.sqlite or paper.sqlite)")
    .option("--config <file>", "configuration (default: grimoire.config.* in this folder)")
    .option("--watch", "again every second, until Ctrl-C")
    .option("--json", "print one JSON document; with --watch one per line")
    .addHelpText(
      "after",
      `
A running bot tells it itself, over a socket that only you can open. Of one that
does not run the journal tells how its books stood when they end.

Examples:
  grimoire status
  grimoire status paper.sqlite --watch
  grimoire status --json`,
    )
    .action(async (named: string | undefined, flags: StatusFlags) => {
      const { usualBotTools } = await import("../usual-bot-tools.ts");
      await showStatus(named, flags, io, usualBotTools());
    });
}

/** What the command does, with whatever tools. */
export async function showStatus(
  named: string | undefined,
  flags: StatusFlags,
  io: Io,
  tools: BotTools,
): Promise<void> {
  const dir = process.cwd();
  for (;;) {
    const text = textOf(await findBot({ named, config: flags.config, dir }, tools), { flags, io, tools, dir });
    io.out(flags.watch && !flags.json && process.stdout.isTTY ? `${CLEAR}${text}` : text);
    if (!flags.watch || io.signal.aborted) return;
    if (!flags.json && !process.stdout.isTTY) io.out("");
    if (!(await waited(REFRESH_MS, io.signal))) return;
  }
}

interface Shown {
  readonly flags: StatusFlags;
  readonly io: Io;
  readonly tools: BotTools;
  readonly dir: string;
}

function textOf({ journal, status }: FoundBot, { flags, io, tools, dir }: Shown): string {
  if (!flags.json) {
    if (status) return statusPage(status, io);
    return booksPage(booksOf(tools.readJournal(journal)), nameIn(dir)(journal), { ...io, wallNow: Date.now() });
  }
  const document = status
    ? { isRunning: true, journal, ...status }
    : { isRunning: false, journal, ...booksOf(tools.readJournal(journal)) };
  return flags.watch ? JSON.stringify(document) : jsonText(document);
}

/** Waits; false when it was interrupted. */
export function waited(ms: number, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve(false);
    const end = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", end);
      resolve(true);
    }, ms);
    signal.addEventListener("abort", end, { once: true });
  });
}
