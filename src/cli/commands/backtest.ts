import type { Command } from "commander";
import { backtest } from "../../backtest/backtest.ts";
import type { BacktestResult } from "../../backtest/result.ts";
import { ArgumentError } from "../../core/errors.ts";
import { backtestReport } from "../../report/backtest.ts";
import { equityCsv, tradesCsv } from "../../report/csv.ts";
import { writeReport } from "../../report/write.ts";
import { sharpesOf, worth } from "../../research/worth.ts";
import type { FollowRules } from "../../risk/following.ts";
import { type BacktestOptions, readRun, withBacktestOptions } from "../backtest-options.ts";
import { type Io, jsonText } from "../io.ts";
import { readFollow, replayRun, requireReplayOptions } from "../replay-backtest.ts";
import { type StudyTrial, studyTrial } from "../studies.ts";
import { parseParams } from "./strategy/params.ts";

interface BacktestFlags extends BacktestOptions {
  readonly param?: readonly string[];
  readonly study?: string;
  readonly trial: string;
  readonly storage?: string;
  readonly engine: string;
  readonly trailingActivation?: string;
  readonly trailingBy?: string;
  readonly breakEven?: string;
  readonly trades?: string;
  readonly equity?: string;
  readonly curve?: boolean;
}

export function define(command: Command, io: Io): void {
  const collect = (text: string, before: readonly string[] = []) => [...before, text];
  withBacktestOptions(command)
    .option("--param <name=value>", "set a parameter; may be repeated", collect)
    .option("--study <name>", "take strategy, data and parameters from a study")
    .option("--trial <best|n>", "which trial of it", "best")
    .option("--storage <file>", "where studies live (default: studies.sqlite beside the data)")
    .option("--engine <name>", "fast, or replay: the bot itself against the local exchange's venue", "fast")
    .option(
      "--trailing-activation <fraction>",
      "replay: --trailing-stop follows once the price has run so far in favour",
    )
    .option("--trailing-by <whom>", "replay: the bot moves the trailing stop, or the exchange (default: bot)")
    .option("--break-even <fraction[:offset]>", "replay: the stop goes to the entry price once it has run so far")
    .option("--trades <file>", "write the trades as CSV")
    .option("--equity <file>", "write the equity curve as CSV")
    .option("--curve", "put the equity of every bar into the JSON document")
    .option("--json", "print one JSON document")
    .addHelpText("after", HELP)
    .action((flags: BacktestFlags) => run(command, flags, io));
}

const HELP = `
A signal is known at a bar's close and fills at the next open, or --fill close.
A stop and a target inside one bar: the stop counts, unless --detail can tell.
All rules of fills, stops, funding and margin: docs/guide/backtest.md.

Sizes: all-in, quote:1000 (notional), qty:0.5 (base), fraction:0.5 (of equity),
risk:0.01 (lost if the stop is hit), volatility:0.2 (of a year).

Examples:
  grimoire backtest --strategy rsi-trend --data bars.csv.gz
  grimoire backtest --strategy rsi-trend --data BTCUSDT --interval 60 \\
    --param rsiPeriod=21 --stop-loss 0.02
  grimoire backtest --strategy ./mine.ts --data bars.csv.gz \\
    --size risk:0.01 --trades trades.csv --json
  grimoire backtest --strategy rsi-trend --data BTCUSDT --engine replay
  grimoire backtest --study rsi-trend-BTCUSDT-60-1 --trial best`;

async function run(command: Command, flags: BacktestFlags, io: Io): Promise<void> {
  const engine = engineOf(flags.engine);
  const from = flags.study === undefined ? null : studyTrial(flags.study, flags.trial, flags);
  const options = from ? { ...flags, ...from.options, ...given(command, flags) } : flags;
  if (engine === "replay") requireReplayOptions(options);
  const follow = readFollow(options, engine);
  const run = await readRun(options);
  const { strategy, bars, history, extras } = run;
  // What follows by rules of its own is not the plain trailing stop as well.
  const settings = follow?.trailing ? { ...run.settings, trailingStop: null } : run.settings;
  const params = { ...from?.trial.params, ...parseParams(flags.param ?? []) };
  const result =
    engine === "fast"
      ? backtest({ strategy, params, bars, history, settings, ...extras })
      : await replayRun({ ...run, settings, ...(follow && { follow }) }, params, io);
  if (result === null) return; // interrupted
  if (flags.trades !== undefined) writeReport(flags.trades, tradesCsv(result.trades));
  if (flags.equity !== undefined) {
    writeReport(flags.equity, equityCsv({ startEquity: settings.cash, time: result.time, equity: result.equity }));
  }
  if (flags.json) io.out(jsonText(documentOf(result, engine, { withCurve: flags.curve === true, follow })));
  else {
    const { close } = bars;
    const benchmark = close.map((price) => (settings.cash * price) / close[0]!);
    io.out(backtestReport({ ...result, benchmark, verdict: verdictOf(result, from) }, io));
  }
}

type Engine = "fast" | "replay";

function engineOf(name: string): Engine {
  if (name === "fast" || name === "replay") return name;
  throw new ArgumentError("ENGINE", `engine must be fast or replay, was ${JSON.stringify(name)}`, { engine: name });
}

/** What the user typed, without defaults. */
function given(command: Command, flags: BacktestFlags): Partial<BacktestFlags> {
  const typed = Object.entries(flags).filter(([name]) => command.getOptionValueSource(name) === "cli");
  return Object.fromEntries(typed) as Partial<BacktestFlags>;
}

function verdictOf(result: BacktestResult, from: StudyTrial | null) {
  const tries = from
    ? { count: Math.max(1, from.evaluations), sharpes: sharpesOf(from.study.trials) }
    : { count: 1, sharpes: [] };
  return worth(result, null, tries);
}

/** The JSON document; the equity of every bar only when it was asked for. */
function documentOf(
  result: BacktestResult,
  engine: Engine,
  { withCurve, follow }: { readonly withCurve: boolean; readonly follow: FollowRules | null },
): unknown {
  const { strategy, params, data, settings, metrics, refusals, trades, time, equity } = result;
  const curve = withCurve && { curve: { time: [...time], equity: [...equity] } };
  return { strategy, engine, params, data, settings, ...(follow && { follow }), metrics, refusals, trades, ...curve };
}
