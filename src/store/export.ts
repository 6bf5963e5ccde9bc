import { createGzip } from "node:zlib";
import { ArgumentError } from "../core/errors.ts";
import type { Bars } from "../model/bar.ts";
import { writeAtomically } from "./atomic.ts";
import type { FileFormat } from "./bytes.ts";
import { barFileColumns } from "./columnsof.ts";
import { type ParquetColumn, parquetBytes } from "./parquetwrite.ts";

const ROWS_PER_PIECE = 8192;

/** @throws ArgumentError `FORMAT` when the name does not end in .csv, .csv.gz or .parquet */
export function formatOfName(path: string): FileFormat {
  const format = (["csv", "csv.gz", "parquet"] as const).find((ending) => path.endsWith(`.${ending}`));
  if (format) return format;
  throw new ArgumentError("FORMAT", `the name must end in .csv, .csv.gz or .parquet, was ${JSON.stringify(path)}`);
}

/**
 * Writes `bars` to a CSV, CSV.gz or Parquet file, by the ending of its name, in one step.
 *
 * Numbers are written with the fewest digits that read back to the same bits.
 *
 * @throws ArgumentError `FORMAT`; DataError `DISK_FULL` and the like
 */
export async function exportBars(path: string, bars: Bars): Promise<void> {
  const format = formatOfName(path);
  const columns = barFileColumns(bars);
  if (format === "parquet") {
    const notes = { symbol: bars.symbol, interval: bars.interval, closed: "true" };
    return writeAtomically(path, parquetBytes(columns, notes));
  }
  const text = csvPieces(columns);
  if (format === "csv") return writeAtomically(path, text);
  return writeAtomically(path, zipped(text));
}

function* csvPieces(columns: readonly ParquetColumn[]): Generator<Uint8Array> {
  const rows = columns[0]!.data.length;
  let text = `${columns.map((column) => column.name).join(",")}\n`;
  for (let i = 0; i < rows; i++) {
    for (let c = 0; c < columns.length; c++) text += (c === 0 ? "" : ",") + columns[c]!.data[i]!;
    text += "\n";
    if ((i + 1) % ROWS_PER_PIECE === 0) {
      yield Buffer.from(text, "latin1");
      text = "";
    }
  }
  yield Buffer.from(text, "latin1");
}

async function* zipped(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gzip = createGzip();
  const feeding = (async () => {
    for (const piece of pieces) {
      if (!gzip.write(piece)) await new Promise((resolve) => gzip.once("drain", resolve));
    }
    gzip.end();
  })();
  for await (const piece of gzip) yield piece as Uint8Array;
  await feeding;
}
