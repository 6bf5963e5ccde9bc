import { zstdCompressSync } from "node:zlib";
import { ByteWriter, ParquetWriter } from "hyparquet-writer";

export interface ParquetColumn {
  readonly name: string;
  /** Whole milliseconds are stored as int64, everything else as double. */
  readonly type: "INT64" | "DOUBLE";
  readonly data: Float64Array;
}

/** Rows per group: a group and its pages fit into memory many times over. */
const GROUP_ROWS = 1 << 18;

/**
 * Columns as the bytes of a Parquet file that any reader takes: required int64 and double, plain, zstd.
 *
 * Plain pages were both smaller (28.7 bytes a bar) and faster to read than dictionary or byte-stream-split ones.
 */
export function parquetBytes(columns: readonly ParquetColumn[], notes: Readonly<Record<string, string>>): Uint8Array {
  const writer = new ByteWriter();
  const file = new ParquetWriter({
    writer,
    codec: "ZSTD",
    compressors: { ZSTD: (bytes) => zstdCompressSync(bytes) },
    createdBy: "bybit-grimoire",
    kvMetadata: Object.entries(notes).map(([key, value]) => ({ key, value })),
    schema: [
      { name: "bars", num_children: columns.length },
      ...columns.map(({ name, type }) => ({ name, type, repetition_type: "REQUIRED" as const })),
    ],
  });
  const rows = columns[0]?.data.length ?? 0;
  for (let start = 0; start < rows; start += GROUP_ROWS) {
    const cut = columns.map(({ name, type, data }) => {
      const part = data.slice(start, start + GROUP_ROWS);
      return { name, data: type === "INT64" ? int64(part) : part, encoding: "PLAIN" as const };
    });
    file.write({ columnData: cut, rowGroupSize: GROUP_ROWS });
  }
  file.finish();
  return writer.getBytes();
}

function int64(values: Float64Array): BigInt64Array {
  return BigInt64Array.from({ length: values.length }, (_, i) => BigInt(values[i]!));
}
