import type { Io } from "../../src/cli/io.ts";
import { main } from "../../src/cli/main.ts";

export interface Seen {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in this process and returns all that a terminal would have seen. */
export async function grimoire(...argv: string[]): Promise<Seen> {
  const seen = { out: "", err: "" };
  const io: Io = {
    out(text) {
      seen.out += `${text}\n`;
    },
    err(text) {
      seen.err += `${text}\n`;
    },
    signal: new AbortController().signal,
    color: false,
    columns: 80,
  };
  return { code: await main(argv, io), ...seen };
}
