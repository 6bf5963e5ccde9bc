import { type FileHandle, open } from "node:fs/promises";
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import {
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetRead,
  type SchemaElement,
} from "hyparquet";
import { compressors as portable } from "hyparquet-compressors";
import { sharedColumn } from "../core/columns.ts";
import { ToolkitError } from "../core/errors.ts";
import type { Table, TableSchema } from "./csv.ts";
import { dataFault, fileFault } from "./faults.ts";

/** Node's own decompressors are several times faster than the portable ones. */
const COMPRESSORS: Compressors = {
  ...portable,
  ZSTD: (input) => zstdDecompressSync(input),
  GZIP: (input) => gunzipSync(input),
  BROTLI: (input) => brotliDecompressSync(input),
};

/** How many milliseconds one unit of a stored time is. */
type Scale = number;

/** A Parquet file held open: what it says of itself, and its rows on demand. A later rename does not change it. */
export interface ParquetFile {
  readonly rows: number;
  /** Size of the file. */
  readonly bytes: number;
  /** Names of the columns it has. */
  readonly names: readonly string[];
  /** Its key-value notes. */
  readonly notes: Readonly<Record<string, string>>;
  /** Decodes all rows of the named columns into those given, from row `at` on. */
  fill(columns: Readonly<Record<string, Float64Array>>, at: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * The wanted columns of a Parquet file and its key-value notes.
 *
 * Times may be int64 or double milliseconds, or timestamps of any unit. No value is ever boxed on its way.
 *
 * @throws DataError `PARQUET_CORRUPT`, `HEADER`, `NO_ROWS`, `EMPTY_FIELD`, `NOT_A_NUMBER` and those of the file system
 */
export async function readParquet(
  path: string,
  schema: TableSchema,
): Promise<Table & { readonly notes: Readonly<Record<string, string>> }> {
  const file = await openParquet(path);
  try {
    const { rows, notes } = file;
    if (rows === 0) throw dataFault("NO_ROWS", { file: path }, "has no rows", "download or export it again");
    const columns: Record<string, Float64Array> = {};
    for (const name of presentColumns(path, file.names, schema)) columns[name] = sharedColumn(rows);
    await file.fill(columns, 0);
    return { rows, columns, notes };
  } finally {
    await file.close();
  }
}

/** @throws DataError `PARQUET_CORRUPT` and those of the file system */
export async function openParquet(path: string): Promise<ParquetFile> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path);
    const file = bufferOf(handle, (await handle.stat()).size);
    const metadata = await parquetMetadataAsync(file);
    const held = handle;
    return {
      rows: Number(metadata.num_rows),
      bytes: file.byteLength,
      names: metadata.schema.slice(1).map((element) => element.name),
      notes: Object.fromEntries((metadata.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? ""])),
      fill: (columns, at) => fill({ path, file, metadata, columns, at }).catch((error) => refuse(path, error)),
      close: () => held.close(),
    };
  } catch (error) {
    await handle?.close();
    return refuse(path, error);
  }
}

/** The library's complaints, whatever they are, mean that the file is not what its footer says. */
function refuse(path: string, error: unknown): never {
  if (error instanceof ToolkitError) throw error;
  if (typeof (error as NodeJS.ErrnoException).syscall === "string") throw fileFault(path, error);
  const message = (error instanceof Error ? error.message : String(error)).split("\n")[0];
  throw dataFault("PARQUET_CORRUPT", { file: path }, `is damaged (${message})`, "download or export it again", error);
}

/** One row group and one column at a time, so that memory stays at a page or two beyond the columns. */
async function fill(job: {
  readonly path: string;
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  readonly columns: Readonly<Record<string, Float64Array>>;
  readonly at: number;
}): Promise<void> {
  const { path, file, columns, at } = job;
  const { metadata, scales } = withPlainTimes(path, job.metadata, Object.keys(columns));
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    const rowEnd = rowStart + Number(group.num_rows);
    for (const [name, out] of Object.entries(columns)) {
      let next = rowStart;
      await parquetRead({
        file,
        metadata,
        columns: [name],
        rowStart,
        rowEnd,
        compressors: COMPRESSORS,
        onPage: ({ columnData }) => {
          copyValues(columnData, out.subarray(at), { next, scale: scales[name] ?? 1, path, name });
          next += columnData.length;
        },
      });
      if (next !== rowEnd) {
        const fact = `column ${name} has ${next} values, the file says ${rowEnd}`;
        throw dataFault("PARQUET_CORRUPT", { file: path, field: name }, fact, "download or export it again");
      }
    }
    rowStart = rowEnd;
  }
}

/** @throws DataError `HEADER` */
export function presentColumns(path: string, names: readonly string[], schema: TableSchema): string[] {
  const missing = schema.required.filter((name) => !names.includes(name));
  if (missing.length > 0) {
    const place = { file: path, value: names.join(",") };
    const fact = `lacks the column${missing.length > 1 ? "s" : ""} ${missing.join(", ")}`;
    throw dataFault("HEADER", place, fact, `it must have ${schema.required.join(",")}`);
  }
  return [...schema.required, ...schema.optional.filter((name) => names.includes(name))];
}

/** Timestamps are read as the plain integers they are stored as: the library would make a `Date` of each. */
function withPlainTimes(
  path: string,
  metadata: FileMetaData,
  names: readonly string[],
): { metadata: FileMetaData; scales: Record<string, Scale> } {
  const scales: Record<string, Scale> = {};
  const schema = metadata.schema.map((element): SchemaElement => {
    if (!names.includes(element.name)) return element;
    if (!["INT32", "INT64", "FLOAT", "DOUBLE"].includes(element.type ?? "")) {
      const fact = `is stored as ${element.type ?? "a group"}, not as numbers`;
      throw dataFault("NOT_A_NUMBER", { file: path, field: element.name }, fact, "store it as int64 or double");
    }
    const scale = timeScale(element);
    if (scale === undefined) return element;
    scales[element.name] = scale;
    const { converted_type: _converted, logical_type: _logical, ...plain } = element;
    return plain;
  });
  return { metadata: { ...metadata, schema }, scales };
}

function timeScale({ converted_type: converted, logical_type: logical }: SchemaElement): Scale | undefined {
  if (logical?.type === "TIMESTAMP") return { MILLIS: 1, MICROS: 1e-3, NANOS: 1e-6 }[logical.unit];
  if (converted === "TIMESTAMP_MILLIS") return 1;
  if (converted === "TIMESTAMP_MICROS") return 1e-3;
  return undefined;
}

function copyValues(
  values: ArrayLike<unknown>,
  out: Float64Array,
  to: { next: number; scale: Scale; path: string; name: string },
): void {
  if (values instanceof Float64Array) {
    out.set(values, to.next);
  } else if (values instanceof BigInt64Array) {
    copyInt64(values, out, to.next, to.scale);
  } else {
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      if (value === null || value === undefined) throw emptyFault(to, i);
      out[to.next + i] = typeof value === "bigint" ? scaled(Number(value), to.scale) : Number(value);
    }
    return; // a list: nulls are told from NaN
  }
}

/** A BigInt per value would be garbage: the two halves make the same double. */
function copyInt64(values: BigInt64Array, out: Float64Array, next: number, scale: Scale): void {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  for (let i = 0; i < values.length; i++) {
    out[next + i] = scaled(words[2 * i + 1]! * 4294967296 + (words[2 * i]! >>> 0), scale);
  }
}

function scaled(value: number, scale: Scale): number {
  return scale === 1 ? value : value / Math.round(1 / scale);
}

function emptyFault(to: { next: number; path: string; name: string }, i: number): Error {
  const place = { file: to.path, row: to.next + i + 1, field: to.name, value: null };
  return dataFault("EMPTY_FIELD", place, "is empty", "fill it in or remove the row");
}

async function readExactly(handle: FileHandle, start: number, end: number): Promise<ArrayBuffer> {
  const bytes = new Uint8Array(new ArrayBuffer(end - start));
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done);
    if (bytesRead === 0) throw new Error("it ends too early");
    done += bytesRead;
  }
  return bytes.buffer;
}

function bufferOf(handle: FileHandle, size: number): AsyncBuffer {
  return { byteLength: size, slice: (start, end = size) => readExactly(handle, start, Math.min(end, size)) };
}
