import type { Command } from "commander";
import { ArgumentError } from "../../../core/errors.ts";
import { DAY_MS, formatTime, parseInterval, parseTime } from "../../../core/time.ts";
import { progress } from "../../../report/progress.ts";
import { openCatalogue } from "../../../store/catalogue.ts";
import { exportBars, formatOfName } from "../../../store/export.ts";
import { generateBars } from "../../../store/generate.ts";
import { generateFunding, syntheticInstrument } from "../../../store/synthetic.ts";
import { type Io, jsonText } from "../../io.ts";
import { type CommonOptions, catalogueRoot, counted, positive, withCommon } from "./shared.ts";

interface GenerateFlags extends CommonOptions {
  readonly seed: string;
  readonly symbol: string;
  readonly interval: string;
  readonly from: string;
  readonly to?: string;
  readonly days?: string;
  readonly startPrice: string;
  readonly tick: string;
  readonly volatility: string;
  readonly drift: string;
  readonly out?: string;
}

/** `grimoire data generate` */
export function defineGenerate(parent: Command, io: Io): void {
  withCommon(parent.command("generate"))
    .description("a seeded market that moves like crypto, for trying things out offline")
    .option("--seed <text>", "same seed, same bytes", "1")
    .option("--symbol <name>", "its name", "SYNTHUSDT")
    .option("--interval <name>", "length of its bars", "1")
    .option("--from <time>", "first opening", "2024-01-01")
    .option("--to <time>", "end, exclusive")
    .option("--days <count>", "how long, instead of --to (default: 365)")
    .option("--start-price <price>", "first opening price", "30000")
    .option("--tick <size>", "every price is a multiple of it", "0.1")
    .option("--volatility <fraction>", "of a year: 0.7 is 70 %", "0.7")
    .option("--drift <fraction>", "expected log return of a year", "0")
    .option("--out <file>", "write a .csv, .csv.gz or .parquet instead of the catalogue")
    .addHelpText(
      "after",
      `
Into the catalogue (venue synthetic, category linear) it puts funding rates and
instrument rules too. What an earlier run stored under the same symbol at the
same times is replaced.

Examples:
  grimoire data generate --symbol BTCUSDT --days 365 --interval 1
  grimoire data generate --seed 7 --interval 60 --days 1000 --out year.csv.gz`,
    )
    .action((flags: GenerateFlags) => runGenerate(flags, io));
}

async function runGenerate(flags: GenerateFlags, io: Io): Promise<void> {
  const { seed, symbol, out } = flags;
  if (out !== undefined) formatOfName(out);
  if (flags.to !== undefined && flags.days !== undefined) {
    throw new ArgumentError("RANGE", "give --to or --days, not both");
  }
  const from = parseTime(flags.from);
  const to = flags.to === undefined ? from + positive("--days", flags.days ?? "365") * DAY_MS : parseTime(flags.to);
  const drift = Number(flags.drift);
  if (!Number.isFinite(drift)) throw new ArgumentError("NUMBER", `--drift must be a number, was ${flags.drift}`);
  const bars = generateBars({
    seed,
    symbol,
    interval: parseInterval(flags.interval),
    from,
    to,
    startPrice: positive("--start-price", flags.startPrice),
    tickSize: flags.tick,
    annualVolatility: positive("--volatility", flags.volatility),
    annualDrift: drift,
  });
  const root = catalogueRoot(flags);
  const market = { venue: "synthetic", category: "linear" as const, symbol };
  const target = out ?? `${root}: ${market.venue}/${market.category}/${symbol}/${bars.interval}`;
  if (out !== undefined) {
    await exportBars(out, bars);
  } else {
    const catalogue = openCatalogue(root);
    const bar = progress("generate", 1);
    try {
      await catalogue.exclusively(async () => {
        await catalogue.write({ ...market, interval: bars.interval, kind: "trade" }, bars, {
          signal: io.signal,
          onMonth: (done, total, month) => bar.update(done, month, total),
        });
        if (io.signal.aborted) return;
        await catalogue.writeFunding(market, generateFunding(bars, seed));
        await catalogue.writeInstrument(market, syntheticInstrument(symbol, flags.tick));
      });
    } finally {
      bar.stop();
    }
    if (io.signal.aborted) return io.err("stopped; every month is whole, run it again to do the rest");
  }
  const last = bars.time[bars.length - 1]!;
  if (flags.json) {
    const { interval, length } = bars;
    return io.out(jsonText({ seed, symbol, interval, bars: length, from: bars.time[0], to: last, target }));
  }
  io.out(`${counted(bars.length, "bar")}, ${formatTime(bars.time[0]!)} to ${formatTime(last)}: ${target}`);
}
