import { askBot } from "../live/control.ts";
import { readJournal } from "../live/sqlite-journal.ts";
import type { BotTools } from "./running-bot.ts";

/** The real ones. */
export function usualBotTools(): BotTools {
  return { askBot, readJournal };
}
