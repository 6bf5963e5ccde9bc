import { availableParallelism } from "node:os";
import type { Command } from "commander";
import { ArgumentError, DataError } from "../../core/errors.ts";
import { METRICS, metricOf } from "../../metrics/catalogue.ts";
import { sqliteStorage } from "../../optimize/storages/sqlite.ts";
import type { Storage } from "../../optimize/storages/storage.ts";
import { ABANDONED, type Json } from "../../optimize/trial.ts";
import { optimizationReport } from "../../report/optimization.ts";
import { progress } from "../../report/progress.ts";
import type { Optimized } from "../../research/optimize-strategy.ts";
import { batchOf, SAMPLER_NAMES } from "../../research/samplers.ts";
import { type BacktestOptions, backtestFlags, readRun, withBacktestOptions } from "../backtest-options.ts";
import { type Io, jsonText } from "../io.ts";
import { optimizationInput, optimizationJson } from "../optimize-output.ts";
import { optimizeRun } from "../optimize-run.ts";
import { studiesFile } from "../studies.ts";
import { wrapped } from "./data/shared.ts";

interface OptimizeFlags extends BacktestOptions {
  readonly trials: string;
  readonly sampler: string;
  readonly objective: string;
  readonly seed: string;
  readonly holdout: string;
  readonly minTrades: string;
  readonly jobs: string;
  readonly batch?: string;
  readonly study?: string;
  readonly storage?: string;
}

export function define(command: Command, io: Io): void {
  withBacktestOptions(command)
    .option("--trials <n>", "size of the study; a study that has fewer goes on", "100")
    .option("--sampler <name>", SAMPLER_NAMES.join(", "), "tpe")
    .option("--objective <metric>", "metric to search by", "sharpe")
    .option("--seed <n>", "same seed, same search", "1")
    .option("--holdout <fraction>", "last part of the bars that the search never sees", "0.25")
    .option("--min-trades <n>", "parameter sets with fewer rank behind all others", "30")
    .option("--jobs <n>", "worker threads", "1")
    .option("--batch <n>", "trials asked for at once; for tpe another batch is another search (tpe: jobs, others: 500)")
    .option("--study <name>", "name of the study: new, or to go on with")
    .option("--storage <file>", "where studies live (default: studies.sqlite beside the data)")
    .option("--json", "print one JSON document")
    .addHelpText("after", HELP)
    .action((flags: OptimizeFlags) => run(flags, io));
}

const OBJECTIVES = METRICS.filter((metric) => metric.objective).map((metric) => metric.name);

const HELP = `
Objectives:
${wrapped(`  ${OBJECTIVES.join(" ")}`, 78, "  ")}

Ctrl-C ends the search after the trials that are running; the same command with
--study goes on where it was.

Examples:
  grimoire optimize --strategy rsi-trend --data bars.csv.gz --trials 100
  grimoire optimize --strategy ./mine.ts --data BTCUSDT --interval 60 \\
    --objective calmar --min-trades 50
  grimoire optimize --strategy rsi-trend --data bars.csv.gz \\
    --study first --trials 500 --jobs 4
  grimoire backtest --study first --trial best`;

async function run(flags: OptimizeFlags, io: Io): Promise<void> {
  const objective = metricOf(flags.objective);
  if (!objective.objective) {
    throw new ArgumentError("OBJECTIVE", `${objective.name} is no objective; see grimoire optimize --help`);
  }
  const trials = whole("trials", flags.trials, 1);
  const jobs = whole("jobs", flags.jobs, 1);
  if (jobs > 4 * availableParallelism()) {
    throw new ArgumentError("JOBS", `jobs must be at most ${4 * availableParallelism()} on this machine, was ${jobs}`);
  }
  const batch = flags.batch === undefined ? batchOf(flags.sampler, jobs) : whole("batch", flags.batch, 1);
  const seed = whole("seed", flags.seed, 0);
  const minTrades = whole("min-trades", flags.minTrades, 0);
  const holdout = fraction("holdout", flags.holdout);
  const subject = await readRun(flags);
  const storage = sqliteStorage(studiesFile(flags));
  const bar = progress("optimize", trials);
  try {
    const name =
      flags.study ?? freshName(storage, `${subject.strategy.name}-${subject.bars.symbol}-${subject.bars.interval}`);
    const optimized = await optimizeRun(subject, {
      ...{ name, storage, trials, jobs, batch, seed, minTrades, holdout, objective },
      sampler: flags.sampler,
      about: backtestFlags(flags) as Json,
      signal: io.signal,
      onProgress(told, best) {
        bar.update(told, best ? `best ${best.values![0]!.toPrecision(4)}` : "");
      },
    });
    bar.stop();
    if (io.signal.aborted) io.err(stopped(optimized, trials));
    print(optimized, { flags, objective: objective.name, seed, name }, io);
  } finally {
    bar.stop();
    storage.close();
  }
}

function print(
  optimized: Optimized,
  of: { flags: OptimizeFlags; objective: string; seed: number; name: string },
  io: Io,
): void {
  const input = optimizationInput(optimized, of);
  if (input === null && io.signal.aborted) return; // nothing to report yet
  if (input === null) throw noTrial(optimized, of.objective);
  if (of.flags.json) io.out(jsonText(optimizationJson(optimized, input)));
  else {
    io.out(optimizationReport(input, io));
    if (optimized.infeasible) {
      io.out(`\nNo trial had ${of.flags.minTrades} trades: the best of the others is shown (--min-trades).`);
    }
    const { storage, dir } = of.flags;
    const where = storage !== undefined ? ` --storage ${storage}` : dir !== undefined ? ` --dir ${dir}` : "";
    io.out(`\nNext:\n  grimoire backtest --study ${of.name} --trial best${where}`);
  }
}

function stopped({ study }: Optimized, trials: number): string {
  const told = study.trials.filter(({ toldAt }) => toldAt !== null).length;
  return `stopped after ${told} of ${trials} trials, all kept; the same command with --study ${study.name} goes on`;
}

function noTrial({ study }: Optimized, objective: string): DataError {
  const failed = study.trials.filter((trial) => trial.reason !== null && trial.reason !== ABANDONED);
  const why = failed[0]?.reason ?? "none was evaluated";
  return new DataError("NO_TRIAL", `no trial of study ${study.name} has a ${objective}: ${why}`, { study: study.name });
}

/** `base-1`, `base-2`, …: the first that is free. */
function freshName(storage: Storage, base: string): string {
  const taken = new Set(storage.listStudies().map((study) => study.name));
  for (let k = 1; ; k++) if (!taken.has(`${base}-${k}`)) return `${base}-${k}`;
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isSafeInteger(value) && value >= least) return value;
  throw new ArgumentError("NUMBER", `${name} must be a whole number ≥ ${least}, was ${JSON.stringify(text)}`, { name });
}

function fraction(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= 0 && value < 1) return value;
  throw new ArgumentError("HOLDOUT", `${name} must be a fraction from 0 to below 1, was ${text}`, { name, text });
}
