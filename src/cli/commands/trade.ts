import { type Command, Option } from "commander";
import type { Io } from "../io.ts";
import { LIVE_NETWORKS } from "../live-names.ts";
import { MODES } from "./trade/modes.ts";
import type { TradeFlags } from "./trade/start.ts";

/** `grimoire trade`: the bot, wherever it is to trade. */
export function define(command: Command, io: Io): void {
  const collect = (text: string, before: readonly string[] = []) => [...before, text];
  command
    .addOption(
      new Option("--mode <name>", "where (default: as the configuration says, else paper)").choices([...MODES]),
    )
    .option("--config <file>", "configuration (default: grimoire.config.* in this folder)")
    .option("--strategy <name|file>", "trade it without a configuration, by the options that follow")
    .option("--symbol <symbol>", "what it trades (default: BTCUSDT)")
    .option("--interval <interval>", "length of its bars (default: 15)")
    .option("--param <name=value>", "set a parameter; may be repeated", collect)
    .option("--size <policy>", "all-in quote:1000 qty:0.5 fraction:0.5 risk:0.01 volatility:0.2 (default: all-in)")
    .option("--leverage <x>", "most notional per equity (default: 1)")
    .option("--side <side>", "both long short (default: both)")
    .option("--stop-loss <fraction>", "instead of the strategy's own, e.g. 0.02")
    .option("--take-profit <fraction>", "instead of the strategy's own")
    .option("--max-position <quote>", "largest notional (default: 10000; of play money ten times it)")
    .option("--account <name>", "name of the account, in journal and order ids (default: main)")
    .option("--slippage-bps <bps>", "by how much a market fill is expected to be worse", "0")
    .option("--journal <file>", "the bot's journal (default: the configuration's; paper.sqlite, replay.sqlite)")
    .option("--log <file>", "the log (default: the configuration's)")
    .option("--market <source>", "paper: a file, a symbol of the catalogue, synthetic[:SYMBOL] or live:SYMBOL", collect)
    .addOption(
      new Option("--from <network>", "paper: whose data live markets follow (default: mainnet)").choices(LIVE_NETWORKS),
    )
    .option("--from-url <address>", "paper: the same of another local exchange: http://127.0.0.1:PORT")
    .option("--speed <n>", "paper: exchange time per real time; step or max: as fast as the bot (default: 1)")
    .option("--url <address>", "paper: an exchange that runs already, http://127.0.0.1:PORT")
    .option("--start <time>", "paper, replay: first time that is traded (UTC)")
    .option("--until <time>", "paper, replay: end (default: of the data)")
    .option(
      "--warmup-from <time>",
      "first bar of history (default: as many as the configuration and the strategy want)",
    )
    .option("--cash <quote>", "paper, replay: balance at the start (default: 10000)")
    .option("--seed <text>", "paper: of synthetic prices (default: 1)")
    .option("--data <file|symbol>", "replay: the bars")
    .option("--fee <rate>", "replay: taker fee (default: 0.00055)")
    .option("--dir <path>", "directory of the catalogue (default: $GRIMOIRE_DATA or data)")
    .option("--yes-real-money", "live: do not ask")
    .option("--quiet", "only what is wrong, and the report at the end")
    .option("--json", "one JSON object per line: what happens, and a report at the end")
    .addHelpText("after", HELP)
    .action(async (flags: TradeFlags) => {
      const { runTrade } = await import("./trade/start.ts");
      const { usualTools } = await import("./trade/usual-tools.ts");
      await runTrade(flags, io, usualTools());
    });
}

const HELP = `
Runs until Ctrl-C, SIGTERM or grimoire stop; kill -9 is just another restart.
Positions are kept, with their stops on the exchange, or closed: stopOn in the
configuration, grimoire stop --flatten.

  replay   the bot on stored bars, its journal in replay.sqlite
  paper    a local exchange with play money, started here unless --url is given
  testnet  Bybit's testnet    demo  play money at Bybit, at real prices
  live     real money: asks for the account's name; a key that can withdraw is
           refused

Examples:
  grimoire trade --mode paper
  grimoire trade --mode paper --strategy ensemble --market synthetic --speed max
  grimoire trade --mode paper --strategy ./mine.ts --market bars.csv.gz --speed 60
  grimoire trade --mode paper --strategy rsi-trend --market live:BTCUSDT
  grimoire trade --mode replay --strategy rsi-trend --interval 60 --data BTCUSDT
  grimoire trade --mode testnet --config grimoire.config.yaml`;
