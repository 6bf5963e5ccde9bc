import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ANSWERS } from "../bybit/support/answers.ts";
import { type RestExchange, restExchange, seededMarket } from "../bybit/support/exchange.ts";
import { grimoire } from "../support/cli.ts";

// Every command in the guides about the exchange is run, against the local one, in a folder of its own.
const GUIDES = ["handbook", "connect", "keys", "data"];
const DOCS = join(import.meta.dirname, "../../docs/guide");
/** Serves until it is stopped; its own tests run it. */
const ENDLESS = /^grimoire exchange/;

interface Line {
  readonly guide: string;
  readonly words: readonly string[];
  /** What the guide says it prints, where it does. */
  readonly printed: string | undefined;
}

function linesOf(guide: string): Line[] {
  const lines = readFileSync(join(DOCS, `${guide}.md`), "utf8").split("\n");
  return lines.flatMap((line, i): Line[] => {
    const command = /^ {4}(?:\$ )?(grimoire .+)$/.exec(line)?.[1];
    if (!command || ENDLESS.test(command) || (guide === "data" && !command.includes(" download "))) return [];
    const next = lines[i + 1] ?? "";
    return [
      { guide, words: command.split(" ").slice(1), printed: line.startsWith("    $ ") ? next.trim() : undefined },
    ];
  });
}

let exchange: RestExchange;
let dir = "";
const home = process.cwd();
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "grimoire-guide-"));
  const documented = (name: keyof typeof ANSWERS, path: string) =>
    ({ method: "GET", path, access: "read", status: "partly", handle: () => ANSWERS[name]! }) as const;
  exchange = await restExchange({
    markets: [
      seededMarket("BTCUSDT", "linear", { interval: "60", days: 30 }),
      seededMarket("ETHUSDT", "linear", { interval: "60", days: 30 }),
    ],
    routes: [documented("get_account_info", "/v5/account/info"), documented("get_positions", "/v5/position/list")],
  });
  vi.stubEnv("BYBIT_LOCAL_API_KEY", exchange.apiKey);
  vi.stubEnv("BYBIT_LOCAL_API_SECRET", exchange.apiSecret);
  process.chdir(dir);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  process.chdir(home);
  await exchange.close();
  rmSync(dir, { recursive: true });
});

describe("commands in the guides", () => {
  const all = GUIDES.flatMap(linesOf);

  it("are found", () => {
    expect(all.length).toBeGreaterThan(14);
  });

  it.each(all.map((line) => [`${line.guide}: grimoire ${line.words.join(" ")}`, line] as const))(
    "%s",
    async (_, { words, printed }) => {
      const talks = ["api", "doctor", "data"].includes(words[0]!);
      // The guides' one-minute examples would need minutes here; the exchange has hours.
      const own = words.map((word, i) => (words[i - 1] === "--interval" && word === "1" ? "60" : word));
      const { code, out, err } = await grimoire(...own, ...(talks ? ["--url", exchange.rest] : []));
      if (printed === undefined) expect([code, err]).toEqual([0, ""]);
      else expect((out + err).trim()).toBe(printed);
    },
  );
});
