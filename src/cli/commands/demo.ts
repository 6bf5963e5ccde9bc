import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { backtestSettings } from "../../backtest/settings.ts";
import { ArgumentError, DataError } from "../../core/errors.ts";
import { metricOf } from "../../metrics/catalogue.ts";
import { sqliteStorage } from "../../optimize/storages/sqlite.ts";
import { equityCsv, tradesCsv } from "../../report/csv.ts";
import { optimizationReport } from "../../report/optimization.ts";
import { progress } from "../../report/progress.ts";
import { writeReport } from "../../report/write.ts";
import { exportBars } from "../../store/export.ts";
import { fileFault } from "../../store/faults.ts";
import { generateBars } from "../../store/generate.ts";
import { loadStrategy } from "../../strategies/load.ts";
import { type Io, jsonText } from "../io.ts";
import { optimizationInput, optimizationJson } from "../optimize-output.ts";
import { optimizeRun } from "../optimize-run.ts";

interface DemoFlags {
  readonly out: string;
  readonly seed: string;
  readonly json?: boolean;
}

const STRATEGY = "rsi-trend";
const STUDY = "demo";
const TRIALS = 100;
const BARS = 365 * 24;
const FROM = Date.parse("2024-01-01");

export function define(command: Command, io: Io): void {
  command
    .option("--out <dir>", "where bars, study, trades and equity are written", "grimoire-demo")
    .option("--seed <n>", "of the market and of the search", "4")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
A seeded year of hourly bars, offline; 100 trials on the first nine months;
what the best did in the three months the search never saw; what it is worth.

Examples:
  grimoire demo
  grimoire demo --seed 7 --out /tmp/demo`,
    )
    .action((flags: DemoFlags) => run(flags, io));
}

async function run({ out, seed: text, json }: DemoFlags, io: Io): Promise<void> {
  const seed = Number(text);
  if (text.trim() === "" || !Number.isSafeInteger(seed) || seed < 0) {
    throw new ArgumentError("NUMBER", `seed must be a whole number ≥ 0, was ${JSON.stringify(text)}`, { text });
  }
  try {
    mkdirSync(out, { recursive: true });
  } catch (error) {
    throw fileFault(out, error);
  }
  const bars = generateBars({ seed, symbol: "DEMOUSDT", interval: "60", from: FROM, length: BARS });
  const dataFile = join(out, "synthetic_DEMOUSDT_60.csv.gz");
  await exportBars(dataFile, bars);
  io.err(`1/3  ${BARS} hourly bars, made with seed ${seed}: ${dataFile}`);

  const storage = sqliteStorage(join(out, "studies.sqlite"));
  const bar = progress("2/3  optimize", TRIALS);
  try {
    storage.deleteStudy(STUDY);
    const objective = metricOf("sharpe");
    const options = { strategy: STRATEGY, data: dataFile };
    const optimized = await optimizeRun(
      {
        strategy: loadStrategy(STRATEGY),
        strategyName: STRATEGY,
        bars,
        history: null,
        settings: backtestSettings(),
        extras: {},
      },
      {
        ...{ name: STUDY, about: options, storage, sampler: "tpe", seed, trials: TRIALS, batch: 1, jobs: 1, objective },
        ...{ holdout: 0.25, minTrades: 30, signal: io.signal },
        onProgress: (told) => bar.update(told),
      },
    );
    bar.stop();
    const input = optimizationInput(optimized, { objective: objective.name, seed });
    if (!input) throw new DataError("NO_TRIAL", `no trial with seed ${seed} made a trade; try another --seed`);
    io.err(`2/3  ${input.trials.total} trials of ${STRATEGY} on the first nine months`);
    const { outOfSample } = optimized;
    if (outOfSample) {
      const { settings, time, equity, trades } = outOfSample;
      writeReport(join(out, "trades.csv"), tradesCsv(trades));
      writeReport(join(out, "equity.csv"), equityCsv({ startEquity: settings.cash, time, equity }));
    }
    io.err(`3/3  the best of them on the last three months: ${join(out, "trades.csv")}, ${join(out, "equity.csv")}\n`);
    if (json) io.out(jsonText(optimizationJson(optimized, input)));
    else io.out(`${optimizationReport(input, io)}\n\n${next(out, dataFile)}`);
  } finally {
    bar.stop();
    storage.close();
  }
}

function next(out: string, dataFile: string): string {
  return `Next:
  grimoire backtest --study ${STUDY} --storage ${join(out, "studies.sqlite")}
  grimoire strategy show ${STRATEGY}
  grimoire optimize --strategy ensemble --data ${dataFile}`;
}
