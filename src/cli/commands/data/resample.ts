import type { Command } from "commander";
import { ArgumentError } from "../../../core/errors.ts";
import { intervalMs, parseInterval } from "../../../core/time.ts";
import { openCatalogue } from "../../../store/catalogue.ts";
import { exportBars, formatOfName } from "../../../store/export.ts";
import { loadBars } from "../../../store/load.ts";
import { resampleBars } from "../../../store/resample.ts";
import { pickSeries } from "../../../store/resolve.ts";
import { type Io, jsonText } from "../../io.ts";
import { type CommonOptions, catalogueRoot, counted, isFilePath, withCommon } from "./shared.ts";

interface ResampleFlags extends CommonOptions {
  readonly interval: string;
  readonly base?: string;
  readonly out?: string;
  readonly partial?: boolean;
}

/** `grimoire data resample FILE|SYMBOL --interval 240` */
export function defineResample(parent: Command, io: Io): void {
  withCommon(parent.command("resample"))
    .description("bars of a longer interval, into a file or the catalogue")
    .argument("<data>", "a file, or a symbol of the catalogue")
    .requiredOption("--interval <name>", "the longer interval, such as 240, 4h, D")
    .option("--base <name>", "make them from bars of this interval (default: the shortest stored)")
    .option("--out <file>", "write a .csv, .csv.gz or .parquet instead of the catalogue")
    .option("--partial", "keep buckets that lack bars")
    .addHelpText(
      "after",
      `
Only buckets with every bar are made, unless --partial is given.
Weeks begin on Monday, days at midnight, UTC.

Examples:
  grimoire data resample BTCUSDT --interval 4h
  grimoire data resample minutes.csv.gz --interval D --out days.csv`,
    )
    .action((data: string, flags: ResampleFlags) => runResample(data, flags, io));
}

async function runResample(data: string, flags: ResampleFlags, io: Io): Promise<void> {
  const interval = parseInterval(flags.interval);
  const partial = flags.partial ? "keep" : "drop";
  if (flags.out !== undefined) formatOfName(flags.out);
  const root = catalogueRoot(flags);
  const catalogue = openCatalogue(root);
  const file = await isFilePath(data);
  if (file && flags.out === undefined) {
    throw new ArgumentError("OUT", "bars of a file go to a file: give --out NAME.csv, or import the file first");
  }
  const base = flags.base === undefined ? {} : { interval: parseInterval(flags.base) };
  const series = file ? undefined : await pickSeries({ data, root, shorterThan: intervalMs(interval), ...base });
  const source = series ? await catalogue.read(series) : await loadBars(data, base);
  const bars = resampleBars(source, interval, { partial });
  const target = flags.out ?? `${series!.venue}/${series!.category}/${series!.symbol}/${interval}`;
  let stored: object = {};
  if (flags.out !== undefined) await exportBars(flags.out, bars);
  else stored = await catalogue.write({ ...series!, interval }, bars, { signal: io.signal });
  if (flags.json) {
    return io.out(
      jsonText({
        source: data,
        from: source.interval,
        to: interval,
        read: source.length,
        bars: bars.length,
        target,
        ...stored,
      }),
    );
  }
  io.out(
    `${counted(source.length, "bar")} of ${source.interval} made ${counted(bars.length, "bar")} of ${interval}: ${target}`,
  );
}
