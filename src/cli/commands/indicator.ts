import type { Command } from "commander";
import { ArgumentError } from "../../core/errors.ts";
import { INDICATORS, indicatorOf } from "../../indicators/catalogue.ts";
import type { Indicator } from "../../indicators/indicator.ts";
import { resolveData } from "../../store/resolve.ts";
import { type Io, jsonText } from "../io.ts";
import { aligned, catalogueRoot, intervalOption } from "./data/shared.ts";
import {
  columnsCsv,
  columnsJson,
  columnsText,
  indicatorColumns,
  lastRows,
  parseSettings,
} from "./indicator/columns.ts";

/** Rows a table shows unless told. */
const TABLE_ROWS = 20;

interface Flags {
  readonly data?: string;
  readonly dir?: string;
  readonly symbol?: string;
  readonly interval?: string;
  readonly over?: string;
  readonly last?: string;
  readonly list?: boolean;
  readonly csv?: boolean;
  readonly json?: boolean;
}

/** `grimoire indicator`: the columns of one indicator, or the list of all. */
export function define(command: Command, io: Io): void {
  command
    .argument("[name]", "which indicator, for example rsi")
    .argument("[settings...]", "its settings, for example period=14")
    .option("--data <file>", "CSV, CSV.gz or Parquet file, or a symbol of the catalogue")
    .option("--dir <path>", "directory of the catalogue (default: $GRIMOIRE_DATA or data)")
    .option("--symbol <name>", "symbol of the file, where its name does not tell")
    .option("--interval <name>", "bar length (default: the data's)")
    .option("--over <column>", "run over this column in place of close")
    .option("--last <rows>", "only the last rows (a table shows 20 unless told)")
    .option("--list", "list the indicators, their settings and outputs")
    .option("--csv", "print CSV: epoch ms, all digits, nothing where undefined")
    .option("--json", "print one JSON document: { time: [...], OUTPUT: [...] }, null where undefined")
    .addHelpText(
      "after",
      `
Examples:
  grimoire indicator --list
  grimoire indicator rsi period=14 --data BTCUSDT_60.csv
  grimoire indicator macd fast=8 slow=21 --data BTCUSDT_60.csv --last 5
  grimoire indicator bbands ddof=1 --data BTCUSDT_60.csv.gz --json
  grimoire indicator sma period=20 --over volume --data BTCUSDT_60.parquet --csv`,
    )
    .action((name: string | undefined, words: string[], flags: Flags) => run({ name, words, flags }, io));
}

async function run(call: { name: string | undefined; words: readonly string[]; flags: Flags }, io: Io): Promise<void> {
  const { name, words, flags } = call;
  if (flags.list) return io.out(flags.json ? jsonText(INDICATORS.map(entryOf)) : listText());
  if (name === undefined) throw new ArgumentError("INDICATOR", "no indicator named; see grimoire indicator --list");
  const indicator = indicatorOf(name);
  const values = parseSettings(words);
  const last = flags.last === undefined ? undefined : rowCount(flags.last);
  if (flags.data === undefined) throw new ArgumentError("DATA", "no bars told; add --data FILE or SYMBOL");
  const { bars } = await resolveData({
    data: flags.data,
    root: catalogueRoot(flags),
    ...(flags.symbol !== undefined && { symbol: flags.symbol }),
    ...intervalOption(flags.interval),
  });
  const all = indicatorColumns(indicator, bars, { values, over: flags.over });
  const shown = lastRows(all, last ?? (flags.json || flags.csv ? bars.length : TABLE_ROWS));
  if (flags.json) return io.out(columnsJson(shown));
  if (flags.csv) return io.out(columnsCsv(shown));
  const text = columnsText(shown);
  io.out(
    aligned(
      text,
      indicator.outputs.map((_, k) => k + 1),
    ),
  );
}

/** @throws ArgumentError `ROWS` */
function rowCount(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new ArgumentError("ROWS", `--last must be an integer ≥ 1, was ${JSON.stringify(text)}`, { text });
}

function entryOf({ kernel: _, ...entry }: Indicator): Omit<Indicator, "kernel"> {
  return entry;
}

function listText(): string {
  const rows = INDICATORS.flatMap((one) => {
    const settings = one.params.map((param) => `${param.name}=${param.default}`).join(" ");
    const several = one.outputs.length > 1 ? [["", `  gives ${one.outputs.join(" ")}`]] : [];
    return [[one.name, settings], ...several];
  });
  return aligned([["name", "settings"], ...rows]);
}
