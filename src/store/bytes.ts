import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { dataFault, fileFault } from "./faults.ts";

export type FileFormat = "csv" | "csv.gz" | "parquet";

const CHUNK = 1 << 20;

/**
 * What a file is by its first bytes, whatever it is called.
 *
 * @throws DataError `FILE_MISSING`, `FILE_IS_DIRECTORY`, `FILE_UNREADABLE`, `EMPTY_FILE`, `PARQUET_CORRUPT`, `GZIP_CORRUPT`
 */
export async function formatOf(file: string): Promise<FileFormat> {
  const head = new Uint8Array(4);
  let size = 0;
  try {
    if ((await stat(file)).isDirectory()) throw Object.assign(new Error("is a directory"), { code: "EISDIR" });
    const handle = await open(file);
    try {
      size = (await handle.read(head, 0, 4, 0)).bytesRead;
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileFault(file, error);
  }
  if (size === 0) throw dataFault("EMPTY_FILE", { file }, "is empty", "download or export it again");
  if (head[0] === 0x1f && head[1] === 0x8b) return "csv.gz";
  if (String.fromCharCode(...head) === "PAR1") return "parquet";
  if (file.endsWith(".parquet")) {
    throw dataFault("PARQUET_CORRUPT", { file }, "is not a Parquet file", "download or export it again");
  }
  if (file.endsWith(".gz")) {
    throw dataFault("GZIP_CORRUPT", { file }, "is not gzip", "download it again, or drop the .gz from its name");
  }
  return "csv";
}

/**
 * Feeds a text file to `take` in pieces of about a megabyte, unzipped if need be.
 *
 * @throws DataError `GZIP_TRUNCATED`, `GZIP_CORRUPT` and those of the file system; what `take` throws passes through
 */
export async function eachChunk(
  file: string,
  format: "csv" | "csv.gz",
  take: (chunk: Uint8Array) => void,
): Promise<void> {
  let taking: unknown;
  const sink = async (source: AsyncIterable<Uint8Array>): Promise<void> => {
    for await (const chunk of source) {
      try {
        take(chunk);
      } catch (error) {
        taking = error;
        throw error;
      }
    }
  };
  try {
    const source = createReadStream(file, { highWaterMark: CHUNK });
    if (format === "csv") await pipeline(source, sink);
    else await pipeline(source, createGunzip({ chunkSize: CHUNK }), sink);
  } catch (error) {
    if (taking !== undefined) throw taking;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "Z_BUF_ERROR") {
      throw dataFault("GZIP_TRUNCATED", { file }, "gzip data ends too early", "download it again", error);
    }
    if (code === "Z_DATA_ERROR") {
      throw dataFault("GZIP_CORRUPT", { file }, "gzip data is damaged", "download it again", error);
    }
    throw fileFault(file, error);
  }
}
