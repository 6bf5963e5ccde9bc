import { existsSync } from "node:fs";
import { dirname } from "node:path";
import type { Command } from "commander";
import { ArgumentError, ConfigError } from "../../../core/errors.ts";
import { writeAtomically } from "../../../store/atomic.ts";
import { loadStrategy } from "../../../strategies/load.ts";
import { freezeStrategy, type Provenance } from "../../../strategy/freeze.ts";
import { importPath, isStrategyFile } from "../../../strategy/load.ts";
import { resolveParams } from "../../../strategy/resolve.ts";
import type { Strategy } from "../../../strategy/strategy.ts";
import { type Io, jsonText } from "../../io.ts";
import { type StudyTrial, studyTrial } from "../../studies.ts";
import { parseParams, withParams } from "./params.ts";

interface FreezeFlags {
  readonly param?: readonly string[];
  readonly study?: string;
  readonly trial: string;
  readonly storage?: string;
  readonly dir?: string;
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Metrics of a trial that its file tells. */
const TOLD = ["totalReturn", "sharpe", "maxDrawdown", "trades"];

/** `grimoire strategy freeze`. */
export function defineFreeze(command: Command, io: Io): void {
  withParams(command)
    .description("write a strategy file with these parameters as its defaults")
    .argument("[strategy]", "name, or a .ts or .js file; with --study that of the study")
    .requiredOption("--out <file>", "file to write, ending in .ts, .js or .mjs")
    .option("--study <name>", "take the parameters from a study")
    .option("--trial <best|n>", "which trial of it", "best")
    .option("--storage <file>", "where studies live (default: studies.sqlite beside the data)")
    .option("--dir <folder>", "where market data and studies live")
    .option("--force", "replace the file if it is there")
    .option("--json", "print one JSON document: { strategy, file, params, study, trial }")
    .addHelpText(
      "after",
      `
Examples:
  grimoire strategy freeze --study rsi-trend-BTCUSDT-60-1 --out best.ts
  grimoire strategy freeze ./mine.ts --study mine --trial 17 --out mine-17.ts
  grimoire strategy freeze rsi-trend --param rsiPeriod=21 --out my-rsi.ts
  grimoire backtest --strategy my-rsi.ts --data BTCUSDT --interval 60`,
    )
    .action((name: string | undefined, flags: FreezeFlags) => freeze(name, flags, io));
}

async function freeze(given: string | undefined, flags: FreezeFlags, io: Io): Promise<void> {
  const { out } = flags;
  if (!/\.(m?ts|m?js)$/.test(out)) {
    throw new ArgumentError("OUT", `--out must end in .ts, .mts, .js or .mjs, was ${JSON.stringify(out)}`, { out });
  }
  if (existsSync(out) && !flags.force) {
    throw new ArgumentError("OUT_EXISTS", `${out} is there already; add --force to replace it`, { out });
  }
  const found = flags.study === undefined ? null : studyTrial(flags.study, flags.trial, flags);
  const name = given ?? found?.options.strategy;
  if (name === undefined) {
    throw new ArgumentError("STRATEGY", "name a strategy, or a study to take one from (--study)", {});
  }
  const strategy = loadStrategy(name);
  if (found) requireSameParams(strategy, found);
  const params = resolveParams(strategy, { ...found?.trial.params, ...parseParams(flags.param ?? []) });
  const text = freezeStrategy(strategy, params, {
    from: isStrategyFile(name) ? importPath(name, dirname(out)) : null,
    frozenAt: Date.now(),
    // With a parameter changed by hand it is no trial of the study any more.
    ...(found && flags.param === undefined ? provenanceOf(found) : {}),
  });
  await writeAtomically(out, new TextEncoder().encode(text));
  const study = found && { study: found.study.name, trial: found.trial.number };
  io.out(flags.json ? jsonText({ strategy: strategy.name, file: out, params, ...study }) : `Wrote ${out}`);
}

function requireSameParams(strategy: Strategy, { study, trial }: StudyTrial): void {
  const unknown = Object.keys(trial.params).find((name) => !(name in strategy.params));
  if (unknown === undefined) return;
  const message = `study ${study.name} searched another strategy: ${strategy.name} has no parameter ${unknown}`;
  throw new ConfigError("STUDY_MISMATCH", message, { study: study.name, strategy: strategy.name });
}

function provenanceOf({ study, trial, options }: StudyTrial): Omit<Provenance, "from"> {
  const { data, interval, from, to } = options;
  const span = from !== undefined || to !== undefined ? `, ${from ?? "start"} to ${to ?? "end"}` : "";
  const known = TOLD.map((name) => [name, trial.metrics?.[name]] as const);
  const metrics = known.filter((entry): entry is [string, number] => typeof entry[1] === "number");
  return {
    study: study.name,
    trial: trial.number,
    ...(data !== undefined && { data: `${[data, interval].filter(Boolean).join(" ")}${span}` }),
    ...(metrics.length > 0 && { metrics: Object.fromEntries(metrics) }),
  };
}
