import type { Command } from "commander";
import { formatTime } from "../../../core/time.ts";
import { progress } from "../../../report/progress.ts";
import { openCatalogue } from "../../../store/catalogue.ts";
import { type ImportReport, importFile, parseCategory } from "../../../store/import.ts";
import { type Io, jsonText } from "../../io.ts";
import { type CommonOptions, catalogueRoot, counted, intervalOption, withCommon } from "./shared.ts";

interface ImportFlags extends CommonOptions {
  readonly venue?: string;
  readonly category?: string;
  readonly symbol?: string;
  readonly interval?: string;
  readonly mark?: boolean;
  readonly keepLast?: boolean;
}

/** `grimoire data import FILE…` */
export function defineImport(parent: Command, io: Io): void {
  withCommon(parent.command("import"))
    .description("take bars, funding rates or instrument rules into the catalogue")
    .argument("<file...>", "CSV, CSV.gz or Parquet; instrument rules as JSON")
    .option("--venue <name>", "such as bybit (default: from the file's name)")
    .option("--category <name>", "linear, inverse or spot (default: from the file's name)")
    .option("--symbol <name>", "such as BTCUSDT (default: from the file's name)")
    .option("--interval <name>", "such as 60 or 1h (default: from the name or the rows)")
    .option("--mark", "mark prices, not trades (default: from the file's name)")
    .option("--keep-last", "keep the last bar of each file")
    .addHelpText(
      "after",
      `
Bars:     startTime,open,high,low,close,volume[,turnover]  (ms, ascending)
Funding:  fundingTime,fundingRate

The last bar of a download is usually unfinished and nothing in the file tells,
so it is left out unless --keep-last is given or the file is one of our own.
Every row is checked first. Months are written one by one, each in one step:
stopped or killed, run it again and it does the rest.

Examples:
  grimoire data import bybit-linear_BTCUSDT_60.csv.gz
  grimoire data import archive/*.csv --venue binance --category spot --keep-last
  grimoire data import bybit-linear_BTCUSDT_funding.csv.gz`,
    )
    .action((files: string[], flags: ImportFlags) => runImport(files, flags, io));
}

async function runImport(files: readonly string[], flags: ImportFlags, io: Io): Promise<void> {
  const root = catalogueRoot(flags);
  const catalogue = openCatalogue(root);
  const options = {
    ...(flags.venue && { venue: flags.venue }),
    ...(flags.category && { category: parseCategory(flags.category) }),
    ...(flags.symbol && { symbol: flags.symbol }),
    ...intervalOption(flags.interval),
    ...(flags.mark && { kind: "mark" as const }),
    last: flags.keepLast ? ("keep" as const) : ("drop" as const),
    now: Date.now(),
    signal: io.signal,
  };
  const reports: ImportReport[] = [];
  for (const [i, file] of files.entries()) {
    if (io.signal.aborted) break;
    const bar = progress(files.length > 1 ? `${i + 1}/${files.length}` : "import", 1);
    try {
      const report = await importFile(catalogue, file, {
        ...options,
        onMonth: (done, total, month) => bar.update(done, month, total),
      });
      reports.push(report);
      bar.stop();
      if (!flags.json) io.out(lines(report));
    } finally {
      bar.stop();
    }
  }
  const interrupted = io.signal.aborted;
  if (flags.json) io.out(jsonText({ dir: root, files: reports, interrupted }));
  if (interrupted) io.err("stopped; every month is whole, run it again to do the rest");
}

function lines(report: ImportReport): string {
  const { file, content, written, rows } = report;
  const place = `${report.venue}/${report.category}/${report.symbol}`;
  if (content === "instrument") return `${file}: instrument rules of ${place}`;
  const unit = content === "funding" ? "settlement" : "bar";
  const where =
    content === "funding" ? `${place} funding` : `${place}/${report.interval}${report.kind === "mark" ? " mark" : ""}`;
  const counts = [
    `${counted(rows, "row")} read`,
    `${counted(written.added, unit)} added`,
    written.replaced > 0 && `${written.replaced} replaced`,
    written.unchanged > 0 && `${counted(written.unchanged, unit)} already there`,
  ].filter(Boolean);
  const out = [`${file}`, `  ${where}: ${counts.join(", ")}`];
  const [dropped] = report.dropped;
  if (dropped !== undefined) {
    const count = report.dropped.length;
    const which = count === 1 ? "the last bar" : `the last ${count} bars, from`;
    out.push(`  dropped ${which} ${formatTime(dropped)}: it may be unfinished (--keep-last keeps it)`);
  }
  if (report.gaps > 0)
    out.push(`  ${counted(report.gaps, "gap")}, ${counted(report.missing, "bar")} missing: see grimoire data check`);
  return out.join("\n");
}
