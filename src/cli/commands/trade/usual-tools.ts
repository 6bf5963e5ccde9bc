import { createInterface } from "node:readline/promises";
import { lockAccount } from "../../../live/file-lock.ts";
import { openJournal, saveJournal } from "../../../live/sqlite-journal.ts";
import { keepMemorySteady } from "../../../live/steady-memory.ts";
import { startTrader } from "../../../live/trader.ts";
import type { TradeTools } from "./tools.ts";
import { openVenue } from "./venue.ts";

/** The real ones. */
export function usualTools(): TradeTools {
  return {
    ...{ openJournal, saveJournal, lockAccount, openVenue },
    startTrader(options) {
      keepMemorySteady();
      return startTrader(options);
    },
    question: process.stdin.isTTY ? question : null,
  };
}

async function question(text: string, signal: AbortSignal): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(text, { signal });
  } finally {
    lines.close();
  }
}
