import type { Command } from "commander";
import { ArgumentError, ConfigError, ToolkitError } from "../../core/errors.ts";
import type { ControlRequest } from "../../live/control.ts";
import type { TraderStatus } from "../../live/status.ts";
import { type Io, jsonText, NegativeResult } from "../io.ts";
import { ANSWER_MS, type BotTools, findBot, nameIn, statusOfBot } from "../running-bot.ts";
import { booksOf } from "../status-books.ts";
import { booksPage, statusPage } from "../status-page.ts";
import { waited } from "./status.ts";

interface StopFlags {
  readonly config?: string;
  readonly flatten?: boolean;
  readonly keep?: boolean;
  readonly kill?: boolean;
  readonly rearm?: boolean;
  readonly pause?: boolean;
  readonly resume?: boolean;
  readonly reason?: string;
  readonly wait: string;
  readonly json?: boolean;
}

/** Between two looks at whether it has ended, ms. */
const LOOK_MS = 200;
/** Of these the bot goes on running. */
const ORDERS = ["kill", "rearm", "pause", "resume"] as const;

/** `grimoire stop`: ends a running bot, or holds it back. */
export function define(command: Command, io: Io): void {
  command
    .argument("[journal]", "the bot's journal (default: the configuration's, else journal.sqlite or paper.sqlite)")
    .option("--config <file>", "configuration (default: grimoire.config.* in this folder)")
    .option("--flatten", "close every position first (default: as the configuration's stopOn says)")
    .option("--keep", "keep positions, with their stops on the exchange")
    .option("--kill", "close everything and forbid entries, but go on running")
    .option("--rearm", "allow entries again, after a kill or a limit that was hit")
    .option("--pause", "make no entries; positions are looked after")
    .option("--resume", "make entries again, after --pause")
    .option("--reason <text>", "for the journal")
    .option("--wait <seconds>", "how long to wait for it", "30")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Asks the bot, waits until it has done it, and shows what remained. Ends with 1
when it has not within --wait; the bot goes on with it.

Examples:
  grimoire stop
  grimoire stop --flatten
  grimoire stop paper.sqlite --kill --reason "the news"
  grimoire stop --rearm`,
    )
    .action(async (named: string | undefined, flags: StopFlags) => {
      const { usualBotTools } = await import("../usual-bot-tools.ts");
      await stopBot(named, flags, io, usualBotTools());
    });
}

/** What the command does, with whatever tools. */
export async function stopBot(named: string | undefined, flags: StopFlags, io: Io, tools: BotTools): Promise<void> {
  const request = requestOf(flags);
  const waitMs = waitOf(flags.wait);
  const dir = process.cwd();
  const journal = await findRunning({ named, config: flags.config, dir }, { tools, waitMs, signal: io.signal });
  await tools.askBot(journal, request, ANSWER_MS);
  const until = performance.now() + waitMs;
  const isOver = (seen: TraderStatus | null | "silent") => {
    if (seen === "silent") return false;
    return seen === null || (request.command !== "stop" && !(request.command === "kill" && seen.state === "closing"));
  };
  let status = await lookAgain(journal, tools);
  while (!isOver(status) && performance.now() < until && (await waited(LOOK_MS, io.signal))) {
    status = await lookAgain(journal, tools);
  }
  if (status === null) {
    const books = booksOf(tools.readJournal(journal));
    if (flags.json) io.out(jsonText({ isRunning: false, journal, ...books }));
    else io.out(booksPage(books, nameIn(dir)(journal), { ...io, wallNow: Date.now() }));
    if (request.command !== "stop") throw new ConfigError("NOT_RUNNING", "the bot ended meanwhile", { journal });
  } else if (status !== "silent") {
    if (flags.json) io.out(jsonText({ isRunning: true, journal, ...status }));
    else io.out(statusPage(status, io));
  }
  if (isOver(status) || waitMs === 0) return;
  const what = request.command === "stop" ? "has not ended" : "is not done";
  throw new NegativeResult(
    "STILL_RUNNING",
    `asked for, but the bot ${what} after ${flags.wait} s; it goes on with it`,
    {
      journal,
    },
  );
}

/** @throws ArgumentError `OPTION` */
function requestOf(flags: StopFlags): ControlRequest {
  const given = ORDERS.filter((name) => flags[name]);
  const ends = (["flatten", "keep"] as const).filter((name) => flags[name]);
  if (given.length + ends.length > 1) {
    const names = [...given, ...ends].map((name) => `--${name}`).join(" and ");
    throw new ArgumentError("OPTION", `${names} do not go together; ask for one thing at a time`);
  }
  const reason = flags.reason === undefined ? {} : { reason: flags.reason };
  if (given[0] !== undefined) return { command: given[0], ...reason };
  return { command: "stop", ...reason, ...(ends[0] !== undefined && { flatten: ends[0] === "flatten" }) };
}

/** @throws ArgumentError `NUMBER` */
function waitOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== "" && seconds >= 0 && Number.isFinite(seconds)) return seconds * 1_000;
  throw new ArgumentError("NUMBER", `--wait must be a number of seconds ≥ 0, was ${JSON.stringify(text)}`, { text });
}

/** The journal of the bot that runs; one that is only starting is waited for. @throws ConfigError `NOT_RUNNING` */
async function findRunning(
  wanted: { named: string | undefined; config: string | undefined; dir: string },
  { tools, waitMs, signal }: { tools: BotTools; waitMs: number; signal: AbortSignal },
): Promise<string> {
  const until = performance.now() + waitMs;
  for (;;) {
    try {
      const { journal, status } = await findBot(wanted, tools);
      if (status) return journal;
      const message = `no bot is running with ${nameIn(wanted.dir)(journal)}; grimoire status shows how its books stand`;
      throw new ConfigError("NOT_RUNNING", message, { journal });
    } catch (error) {
      if (!(error instanceof ToolkitError && error.code === "STARTING") || performance.now() >= until) throw error;
      if (!(await waited(LOOK_MS, signal))) throw error;
    }
  }
}

async function lookAgain(journal: string, tools: BotTools): Promise<TraderStatus | null | "silent"> {
  try {
    return await statusOfBot(journal, tools);
  } catch (error) {
    // It is busy with ending, or its socket goes just now: ask again.
    if (error instanceof ToolkitError && error.code === "BOT_SILENT") return "silent";
    throw error;
  }
}
