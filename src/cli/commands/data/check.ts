import type { Command } from "commander";
import { DataError } from "../../../core/errors.ts";
import { formatTime, type Interval } from "../../../core/time.ts";
import type { Bars } from "../../../model/bar.ts";
import { openCatalogue } from "../../../store/catalogue.ts";
import { readRows } from "../../../store/load.ts";
import { seriesUnder } from "../../../store/market.ts";
import { checkQuality, type QualityReport } from "../../../store/quality.ts";
import { type Io, jsonText, NegativeResult } from "../../io.ts";
import {
  type CommonOptions,
  catalogueRoot,
  counted,
  grouped,
  intervalOption,
  isFilePath,
  withCommon,
  wrapped,
} from "./shared.ts";

interface CheckFlags extends CommonOptions {
  readonly interval?: string;
}

interface Checked extends QualityReport {
  readonly source: string;
}

/** `grimoire data check [FILE|SYMBOL…]` */
export function defineCheck(parent: Command, io: Io): void {
  withCommon(parent.command("check"))
    .description("gaps, duplicates, impossible prices, oddities")
    .argument("[data...]", "files, or symbols of the catalogue (default: all of it)")
    .option("--interval <name>", "only this interval; for a file: what its name does not tell")
    .addHelpText(
      "after",
      `
Errors: do not trade on it (exit code 1). Warnings: look at it.
Notes: real data has it too.

Examples:
  grimoire data check BTCUSDT
  grimoire data check download.csv.gz --json`,
    )
    .action((targets: string[], flags: CheckFlags) => runCheck(targets, flags, io));
}

async function runCheck(targets: readonly string[], flags: CheckFlags, io: Io): Promise<void> {
  const now = Date.now();
  const reports: Checked[] = [];
  for await (const { source, bars } of subjects(targets, flags)) {
    if (io.signal.aborted) return;
    const report = { source, ...checkQuality(bars, now) };
    reports.push(report);
    if (!flags.json) io.out(text(report, Math.min(80, io.columns)));
  }
  const bad = reports.filter((report) => !report.ok).map((report) => report.source);
  const summary = { ok: bad.length === 0, reports };
  if (flags.json) io.out(jsonText(summary));
  if (bad.length > 0)
    throw new NegativeResult("CHECK_FAILED", `${bad.join(", ")}: errors found, listed above`, { bad });
}

async function* subjects(
  targets: readonly string[],
  flags: CheckFlags,
): AsyncGenerator<{ source: string; bars: Bars }> {
  const root = catalogueRoot(flags);
  const { interval } = intervalOption(flags.interval);
  if (targets.length === 0) {
    yield* stored(root, () => true, interval);
    return;
  }
  for (const target of targets) {
    if (await isFilePath(target)) {
      yield { source: target, bars: (await readRows(target, { ...(interval && { interval }) })).bars };
      continue;
    }
    let found = false;
    for await (const subject of stored(root, (place) => `/${place}`.endsWith(`/${target}`), interval)) {
      found = true;
      yield subject;
    }
    if (!found) {
      const message = `${target}: neither a file nor a market of the catalogue ${root}; see grimoire data list`;
      throw new DataError("DATA_UNKNOWN", message, { data: target, root });
    }
  }
}

async function* stored(
  root: string,
  wanted: (place: string) => boolean,
  interval: Interval | undefined,
): AsyncGenerator<{ source: string; bars: Bars }> {
  const catalogue = openCatalogue(root);
  for (const series of await seriesUnder(root)) {
    const place = `${series.venue}/${series.category}/${series.symbol}`;
    if (series.kind === "premium") continue; // no prices: what is odd about them is not odd about it
    if (!wanted(place) || (interval && interval !== series.interval)) continue;
    const source = `${place}/${series.interval}${series.kind === "trade" ? "" : `-${series.kind}`}`;
    yield { source, bars: await catalogue.read(series) };
  }
}

function text(report: Checked, columns: number): string {
  const span = report.bars > 0 ? `${formatTime(report.from)} to ${formatTime(report.to)}` : "";
  const out = [report.source, `  ${counted(report.bars, "bar")} of ${report.interval}, ${span}`];
  if (report.findings.length === 0) out.push("  nothing to complain about");
  for (const { severity, count, message, examples } of report.findings) {
    out.push(wrapped(`  ${severity.padEnd(7)} ${grouped(count)} × ${message}`, columns, " ".repeat(10)));
    for (const example of examples)
      out.push(`            ${formatTime(example.time)}  ${example.text}`.slice(0, columns));
  }
  return out.join("\n");
}
