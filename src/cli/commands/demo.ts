import type { Command } from "commander";
import { ArgumentError } from "../../core/errors.ts";
import type { Io } from "../io.ts";

interface DemoFlags {
  readonly out: string;
  readonly seed: string;
  readonly market?: string;
  readonly json?: boolean;
}

export function define(command: Command, io: Io): void {
  command
    .option("--out <dir>", "where everything that is made along the way lies", "grimoire-demo")
    .option("--seed <n>", "of the market and of the searches", "4")
    .option("--market <file>", "real bars instead of a made-up market; linear contracts")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
The whole way, offline: a local exchange starts with a seeded market; a year of
its bars is downloaded; rsi-trend and ensemble are optimized on them; the better
one is tested on the part no search has seen, by both engines; then the bot
trades the weeks that follow on the exchange, over real sockets. It is killed
once on the way, and starts again. In the end its books, the exchange's books
and a replay of the same bars are laid side by side.

Examples:
  grimoire demo
  grimoire demo --seed 7 --out /tmp/demo
  grimoire demo --market BTCUSDT_15.csv.gz`,
    )
    .action((flags: DemoFlags) => run(flags, io));
}

async function run({ out, seed: text, market, json = false }: DemoFlags, io: Io): Promise<void> {
  const seed = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(seed) || seed < 0) {
    throw new ArgumentError("NUMBER", `seed must be a whole number ≥ 0, was ${JSON.stringify(text)}`, { text });
  }
  const { runDemo } = await import("./demo/run.ts"); // not for --help
  await runDemo({ out, seed, market: market ?? null, json }, io);
}
