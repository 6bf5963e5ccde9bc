import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { CONFIG_NAMES, loadConfig } from "../config/load.ts";
import { ConfigError, DataError, ToolkitError } from "../core/errors.ts";
import type { ControlRequest } from "../live/control.ts";
import type { StoredJournal } from "../live/sqlite-journal.ts";
import type { TraderStatus } from "../live/status.ts";

/** How a bot is asked, and its journal read; tests bring others. */
export interface BotTools {
  askBot(journalPath: string, request: ControlRequest, timeoutMs: number): Promise<unknown>;
  readJournal(journalPath: string): StoredJournal;
}

/** The bot that is meant: by its journal, running or not. */
export interface FoundBot {
  readonly journal: string;
  /** `null` when it does not run. */
  readonly status: TraderStatus | null;
}

/** How long a bot may take to answer, ms. */
export const ANSWER_MS = 5_000;
/** Where a bot remembers when no configuration says, and where one on an exchange of its own. */
const USUAL = ["journal.sqlite", "paper.sqlite"];

/**
 * The bot of the journal `named`; without a name that of the configuration, or the one that runs or ran last in `dir`.
 *
 * @throws ConfigError `NO_JOURNAL`; DataError `JOURNAL_MISSING`; ToolkitError `STARTING`; OutcomeUnknown `BOT_SILENT`
 */
export async function findBot(
  { named, config, dir }: { named: string | undefined; config: string | undefined; dir: string },
  tools: BotTools,
): Promise<FoundBot> {
  const candidates = named === undefined ? usualJournals(config, dir) : [resolve(dir, named)];
  for (const journal of candidates) {
    const status = await statusOfBot(journal, tools);
    if (status) return { journal, status };
  }
  const there = candidates.filter((path) => existsSync(path));
  const newest = there.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
  if (newest !== undefined) return { journal: newest, status: null };
  if (named !== undefined) {
    throw new DataError("JOURNAL_MISSING", `no bot is running with ${named}, and there is no such file`, { named });
  }
  const message = `no bot is running here, and there is no ${candidates.map(nameIn(dir)).join(" or ")}; name a journal`;
  throw new ConfigError("NO_JOURNAL", message, { candidates });
}

/** What a bot says of itself; `null` when it does not run. @throws as `askBot`, but `NOT_RUNNING` */
export async function statusOfBot(journal: string, tools: BotTools): Promise<TraderStatus | null> {
  try {
    return (await tools.askBot(journal, { command: "status" }, ANSWER_MS)) as TraderStatus;
  } catch (error) {
    if (error instanceof ToolkitError && error.code === "NOT_RUNNING") return null;
    throw error;
  }
}

function usualJournals(config: string | undefined, dir: string): string[] {
  const hasConfig = config !== undefined || CONFIG_NAMES.some((name) => existsSync(join(dir, name)));
  if (!hasConfig) return USUAL.map((name) => join(dir, name));
  const loaded = loadConfig(dir, config);
  return [resolve(loaded.file, "..", loaded.config.journal), join(dir, "paper.sqlite")];
}

/** A path as somebody in `dir` would write it. */
export function nameIn(dir: string): (path: string) => string {
  return (path) => (path.startsWith(`${dir}/`) ? path.slice(dir.length + 1) : path);
}
