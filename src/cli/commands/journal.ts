import type { Command } from "commander";
import { ArgumentError } from "../../core/errors.ts";
import { parseTime } from "../../core/time.ts";
import type { JournalEvent } from "../../engine/events.ts";
import { BotState } from "../../engine/state.ts";
import { paint } from "../../report/paint.ts";
import { type Io, jsonText } from "../io.ts";
import { findBot, nameIn } from "../running-bot.ts";
import { usualBotTools } from "../usual-bot-tools.ts";
import { type Line, Narrator } from "./trade/narrator.ts";
import { shown } from "./trade/voice.ts";

interface JournalFlags {
  readonly config?: string;
  readonly tail?: string;
  readonly type?: readonly string[];
  readonly symbol?: string;
  readonly from?: string;
  readonly to?: string;
  readonly verify?: boolean;
  readonly json?: boolean;
}

/** An event with its place, and what there is to say of it. */
interface Told {
  readonly seq: number;
  readonly event: JournalEvent;
  readonly line: Line;
}

/** `grimoire journal`: what a bot remembers. */
export function define(command: Command, io: Io): void {
  const collect = (text: string, before: readonly string[] = []) => [...before, text];
  command
    .argument("[journal]", "the bot's journal (default: the configuration's, else journal.sqlite or paper.sqlite)")
    .option("--config <file>", "configuration (default: grimoire.config.* in this folder)")
    .option("--tail <n>", "the last n events that are asked for")
    .option("--type <name>", "intent, execution, refusal, latched, …; may be repeated", collect)
    .option("--symbol <symbol>", "events of this symbol")
    .option("--from <time>", "then or later (UTC)")
    .option("--to <time>", "before then")
    .option("--verify", "check every record, and say how many there are")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Every record is chained to all before it: one that was changed, or is missing, is
an error, and nothing is shown.

Examples:
  grimoire journal --tail 20
  grimoire journal --type refusal --from 2025-01-01
  grimoire journal paper.sqlite --verify`,
    )
    .action((named: string | undefined, flags: JournalFlags) => run(named, flags, io));
}

async function run(named: string | undefined, flags: JournalFlags, io: Io): Promise<void> {
  const dir = process.cwd();
  const tools = usualBotTools();
  const from = flags.from === undefined ? -Infinity : parseTime(flags.from);
  const to = flags.to === undefined ? Infinity : parseTime(flags.to);
  const tail = tailOf(flags.tail);
  const { journal } = await findBot({ named, config: flags.config, dir }, tools);
  const { identity, events } = tools.readJournal(journal);
  const about = { journal: nameIn(dir)(journal), account: `${identity.environment}/${identity.account}` };
  if (flags.verify) {
    const counts: Record<string, number> = {};
    for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1;
    if (flags.json) io.out(jsonText({ ...about, isWhole: true, events: events.length, counts }));
    else {
      const list = Object.entries(counts).map(([type, count]) => `  ${type.padEnd(12)}${String(count).padStart(9)}`);
      io.out([`${about.journal} of ${about.account}: ${events.length} records, all whole`, ...list].join("\n"));
    }
    return;
  }
  const wanted = tellAll(events).filter(
    ({ event, line }) =>
      event.at >= from &&
      event.at < to &&
      (flags.type === undefined || flags.type.includes(event.type)) &&
      (flags.symbol === undefined || line.symbol === flags.symbol),
  );
  const last = tail === null ? wanted : wanted.slice(Math.max(0, wanted.length - tail));
  if (flags.json) {
    io.out(jsonText({ ...about, events: last.map(({ seq, event, line }) => ({ seq, ...event, text: line.text })) }));
    return;
  }
  const colors = paint(io.color);
  for (const { line } of last) io.out(shown(line, colors));
  if (last.length === 0) io.out(`${about.journal}: no such event among ${events.length}`);
}

/** What there is to say of each event, in the words of `grimoire trade`. */
function tellAll(events: readonly JournalEvent[]): Told[] {
  const lanes = new Map(
    events.flatMap((event) => (event.type === "intent" ? [[event.order.lane, event.order.symbol] as const] : [])),
  );
  const narrator = new Narrator(new BotState(), lanes, events[0]?.at ?? 0);
  return events.map((event, k) => {
    const line = narrator.tell({ type: "journal", event }) ?? plainLine(event);
    return { seq: k + 1, event, line };
  });
}

/** What a running bot does not say aloud. */
function plainLine(event: JournalEvent): Line {
  const line = { time: event.at, level: "debug", kind: event.type, symbol: "" } as const;
  switch (event.type) {
    case "order": {
      const { symbol, status, cumExecQty, qty } = event.fact;
      return { ...line, symbol, text: `${status}, ${cumExecQty} of ${qty} filled` };
    }
    case "execution":
      return { ...line, symbol: event.fact.symbol, text: `${event.fact.execId} again` };
    case "peak":
      return { ...line, text: `highest equity ${event.equity}` };
    case "looked":
      return { ...line, text: `complete until ${new Date(event.until).toISOString()}` };
    case "started":
      return { ...line, text: event.lanes.join(" ") };
    default:
      return { ...line, text: "" };
  }
}

function tailOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new ArgumentError("NUMBER", `--tail must be a whole number above 0, was ${JSON.stringify(text)}`, { text });
}
