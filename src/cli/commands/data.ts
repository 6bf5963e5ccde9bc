import type { Command } from "commander";
import type { Io } from "../io.ts";
import { defineCheck } from "./data/check.ts";
import { defineDownload } from "./data/download.ts";
import { defineExport } from "./data/export.ts";
import { defineGenerate } from "./data/generate.ts";
import { defineImport } from "./data/import.ts";
import { defineList } from "./data/list.ts";
import { defineResample } from "./data/resample.ts";

/** `grimoire data`: market data in and out of the catalogue. */
export function define(command: Command, io: Io): void {
  command.helpCommand(false);
  for (const add of [
    defineDownload,
    defineImport,
    defineList,
    defineCheck,
    defineResample,
    defineExport,
    defineGenerate,
  ]) {
    add(command, io);
  }
  command.addHelpText(
    "after",
    `
The catalogue is a directory of Parquet files that pandas, polars and DuckDB
read as they are: venue/category/symbol/interval/YYYY-MM.parquet. It is ./data
unless --dir or GRIMOIRE_DATA says else.

Examples:
  grimoire data download BTCUSDT --interval 60            from the exchange
  grimoire data import bybit-linear_BTCUSDT_60.csv.gz     take a file in
  grimoire data generate --symbol BTCUSDT --days 365      a seeded market, offline
  grimoire data list                                      what is there
  grimoire data check BTCUSDT                             gaps, duplicates, oddities`,
  );
}
