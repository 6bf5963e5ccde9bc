import type { Command } from "commander";
import { exportBars, formatOfName } from "../../../store/export.ts";
import { resolveData } from "../../../store/resolve.ts";
import { type Io, jsonText } from "../../io.ts";
import { type CommonOptions, catalogueRoot, counted, intervalOption, rangeOption, withCommon } from "./shared.ts";

interface ExportFlags extends CommonOptions {
  readonly interval?: string;
  readonly from?: string;
  readonly to?: string;
}

/** `grimoire data export SYMBOL|FILE OUT` */
export function defineExport(parent: Command, io: Io): void {
  withCommon(parent.command("export"))
    .description("bars as CSV, CSV.gz or Parquet")
    .argument("<data>", "a symbol of the catalogue, or a file")
    .argument("<out>", "file to write, by its ending .csv, .csv.gz or .parquet")
    .option("--interval <name>", "such as 60; resampled when only shorter bars are stored")
    .option("--from <time>", "first opening, such as 2024-01-31 or epoch ms")
    .option("--to <time>", "end, exclusive")
    .addHelpText(
      "after",
      `
Examples:
  grimoire data export BTCUSDT btc.csv.gz --interval 60 --from 2024-01-01
  grimoire data export download.csv.gz download.parquet`,
    )
    .action((data: string, out: string, flags: ExportFlags) => runExport(data, out, flags, io));
}

async function runExport(data: string, out: string, flags: ExportFlags, io: Io): Promise<void> {
  const format = formatOfName(out);
  const root = catalogueRoot(flags);
  const { bars, source } = await resolveData({ data, root, ...intervalOption(flags.interval), ...rangeOption(flags) });
  await exportBars(out, bars);
  const { symbol, interval, length } = bars;
  const [from, to] = [bars.time[0], bars.time[length - 1]];
  if (flags.json) return io.out(jsonText({ source, out, format, symbol, interval, bars: length, from, to }));
  io.out(`${counted(length, "bar")} of ${symbol} ${interval}: ${out}`);
}
