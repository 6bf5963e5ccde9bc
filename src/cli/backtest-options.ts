import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { MarketExtras } from "../backtest/market.ts";
import { type BacktestSettings, backtestSettings, DEFAULT_SETTINGS } from "../backtest/settings.ts";
import { ArgumentError, DataError } from "../core/errors.ts";
import { parseInterval } from "../core/time.ts";
import { type Bars, barsBetween } from "../model/bar.ts";
import type { Instrument } from "../model/instrument.ts";
import { parseSizing } from "../risk/policy.ts";
import { fileFault } from "../store/faults.ts";
import { parseInstrument } from "../store/instrument.ts";
import { loadBars, loadFunding } from "../store/load.ts";
import { resolveData } from "../store/resolve.ts";
import { loadStrategy } from "../strategies/load.ts";
import type { Strategy } from "../strategy/strategy.ts";
import { catalogueRoot, intervalOption, isFilePath, rangeOption } from "./commands/data/shared.ts";

/** Options of every command that trades a strategy over stored bars. */
export interface BacktestOptions {
  readonly strategy?: string;
  readonly data?: string;
  readonly interval?: string;
  readonly symbol?: string;
  readonly dir?: string;
  readonly from?: string;
  readonly to?: string;
  readonly warmup: string;
  readonly cash: string;
  readonly fee: string;
  readonly makerFee?: string;
  readonly slippageBps: string;
  readonly size: string;
  readonly leverage: string;
  readonly side: string;
  readonly stopLoss?: string;
  readonly takeProfit?: string;
  readonly trailingStop?: string;
  readonly fill: string;
  readonly targetGap: string;
  readonly participation?: string;
  readonly funding?: string;
  readonly mark?: string;
  readonly instrument?: string;
  readonly detail?: string;
  readonly json?: boolean;
}

export function withBacktestOptions(command: Command): Command {
  return command
    .option("--strategy <name|file>", "a strategy that ships, or your .ts file")
    .option("--data <file|symbol>", "CSV, CSV.gz or Parquet file, or a symbol of the catalogue")
    .option("--interval <interval>", "bar length: 1 3 5 15 30 60 120 240 360 720 D W (default: the data's)")
    .option("--symbol <symbol>", "symbol, where the file's name does not tell")
    .option("--dir <path>", "directory of the catalogue (default: $GRIMOIRE_DATA or data)")
    .option("--from <time>", "first bar, e.g. 2024-01-01 (UTC)")
    .option("--to <time>", "end, exclusive")
    .option("--warmup <how>", "cold: nothing before --from is seen; history: it warms indicators up", "cold")
    .option("--cash <quote>", "equity at the start", String(DEFAULT_SETTINGS.cash))
    .option("--fee <rate>", "taker fee, fraction of notional", String(DEFAULT_SETTINGS.feeRate))
    .option("--maker-fee <rate>", "fee of resting targets (default: as --fee)")
    .option("--slippage-bps <bps>", "worsens every market fill", "0")
    .option("--size <policy>", "all-in quote:1000 qty:0.5 fraction:0.5 risk:0.01 volatility:0.2", "all-in")
    .option("--leverage <x>", "most notional per equity", "1")
    .option("--side <side>", "both long short", "both")
    .option("--stop-loss <fraction>", "instead of the strategy's own, e.g. 0.02")
    .option("--take-profit <fraction>", "instead of the strategy's own")
    .option("--trailing-stop <fraction>", "instead of the strategy's own")
    .option("--fill <when>", "next-open, or close (optimistic, as vectorbt)", "next-open")
    .option("--target-gap <price>", "a bar that opens beyond the target fills it at its open, or at the limit", "open")
    .option("--participation <fraction>", "most of a bar's volume an entry may take, e.g. 0.1 (default: any)")
    .option("--funding <file|none>", "settlements (default: those stored beside the bars)")
    .option("--mark <file|none>", "mark-price bars, for margin and funding (default: those stored beside the bars)")
    .option("--instrument <file|none>", "the exchange's rules, JSON (default: those stored beside the bars)")
    .option("--detail <file|interval>", "shorter bars, which tell whether stop or target came first");
}

const NAMES: readonly (keyof BacktestOptions)[] = [
  ...(["strategy", "data", "interval", "symbol", "dir", "from", "to", "warmup", "cash", "fee", "makerFee"] as const),
  ...(["slippageBps", "size", "leverage", "side", "stopLoss", "takeProfit", "trailingStop", "fill"] as const),
  ...(["targetGap", "participation", "funding", "mark", "instrument", "detail"] as const),
];

/** Of all the flags of a command those that say what is traded; files by their full path. */
export function backtestFlags(flags: BacktestOptions): Partial<BacktestOptions> {
  const isPath = (name: string, value: unknown) =>
    (name === "data" ||
      name === "strategy" ||
      name === "funding" ||
      name === "mark" ||
      name === "instrument" ||
      name === "detail") &&
    existsSync(String(value));
  return Object.fromEntries(
    NAMES.filter((name) => flags[name] !== undefined).map((name) => {
      const value = flags[name];
      return [name, isPath(name, value) ? resolve(String(value)) : value];
    }),
  );
}

/** What a command was asked to trade. */
export interface Run {
  readonly strategy: Strategy;
  /** As the user named it: a shipped name or a file. */
  readonly strategyName: string;
  readonly bars: Bars;
  /** Bars before, where they may warm indicators up. */
  readonly history: Bars | null;
  readonly settings: BacktestSettings;
  readonly extras: MarketExtras;
}

/** Loads and checks everything the options name; what is wrong is said before anything runs. */
export async function readRun(options: BacktestOptions): Promise<Run> {
  const { strategy: strategyName, data } = options;
  if (strategyName === undefined) throw new ArgumentError("OPTION", "say which strategy: --strategy NAME or FILE");
  if (data === undefined) throw new ArgumentError("OPTION", "say which bars: --data FILE or SYMBOL");
  const settings = readSettings(options);
  const range = rangeOption(options);
  const warm = oneOf("warmup", options.warmup, ["cold", "history"]) === "history";
  const strategy = loadStrategy(strategyName);
  const {
    bars: all,
    funding,
    mark: storedMark,
    instrument,
  } = await resolveData({
    data,
    root: catalogueRoot(options),
    ...intervalOption(options.interval),
    ...(options.symbol !== undefined && { symbol: options.symbol }),
  });
  const bars = barsBetween(all, range.from ?? -Infinity, range.to ?? Infinity);
  if (bars.length === 0) {
    const span = `${options.from ?? "the beginning"} to ${options.to ?? "the end"}`;
    throw new DataError("NO_BARS_IN_RANGE", `${data} has no bars from ${span}`, { ...range });
  }
  const before = barsBetween(all, -Infinity, bars.time[0]!);
  const rates = options.funding === undefined ? funding : await readFunding(options.funding);
  const mark = options.mark === undefined ? storedMark : await readMark(options.mark);
  const rules = options.instrument === undefined ? instrument : await readInstrument(options.instrument);
  const detail = options.detail === undefined ? undefined : await readDetail(options.detail, data, options);
  return {
    strategy,
    strategyName,
    bars,
    history: warm && before.length > 0 ? before : null,
    settings,
    extras: {
      ...(rules && { instrument: rules }),
      ...(rates && { funding: rates }),
      ...(mark && { mark }),
      ...(detail && { detail }),
    },
  };
}

function readSettings(options: BacktestOptions): BacktestSettings {
  return backtestSettings({
    cash: number("cash", options.cash),
    feeRate: number("fee", options.fee),
    makerFeeRate: optional("maker-fee", options.makerFee),
    slippageBps: number("slippage-bps", options.slippageBps),
    fill: oneOf("fill", options.fill, ["next-open", "close"]),
    sizing: parseSizing(options.size),
    leverage: number("leverage", options.leverage),
    side: oneOf("side", options.side, ["both", "long", "short"]),
    stopLoss: optional("stop-loss", options.stopLoss),
    takeProfit: optional("take-profit", options.takeProfit),
    trailingStop: optional("trailing-stop", options.trailingStop),
    targetGap: oneOf("target-gap", options.targetGap, ["open", "limit"]),
    participation: optional("participation", options.participation),
    funding: options.funding !== "none",
  });
}

async function readFunding(file: string) {
  return file === "none" ? undefined : loadFunding(file);
}

async function readMark(file: string) {
  return file === "none" ? undefined : loadBars(file);
}

async function readInstrument(file: string): Promise<Instrument | undefined> {
  if (file === "none") return undefined;
  return parseInstrument(await textOf(file), file);
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw fileFault(file, error);
  }
}

/** Shorter bars from a file, or from the catalogue when `--data` is a symbol there. */
async function readDetail(detail: string, data: string, options: BacktestOptions): Promise<Bars> {
  if (await isFilePath(detail)) return loadBars(detail);
  const interval = parseInterval(detail);
  if (await isFilePath(data)) {
    const message = `--detail ${detail} is found only beside a symbol of the catalogue; --data is a file, so give a file`;
    throw new ArgumentError("DETAIL", message, { detail, data });
  }
  const { bars } = await resolveData({ data, root: catalogueRoot(options), interval, ...rangeOption(options) });
  return bars;
}

function optional(name: string, text: string | undefined): number | null {
  return text === undefined ? null : number(name, text);
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new ArgumentError("NUMBER", `${name} must be a number, was ${JSON.stringify(text)}`, { name, text });
}

function oneOf<T extends string>(name: string, text: string, words: readonly T[]): T {
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw new ArgumentError("OPTION", `${name} must be one of ${words.join(", ")}, was ${JSON.stringify(text)}`, {
    name,
    text,
  });
}
