import { join } from "node:path";
import { DataError } from "../core/errors.ts";
import { writeAtomically } from "./atomic.ts";
import { checkKnown, checkTimes } from "./checks.ts";
import { acquireLock } from "./lock.ts";
import { type Market, marketFolder } from "./market.ts";
import { readParquet } from "./parquet.ts";
import { parquetBytes } from "./parquetwrite.ts";

/** Open contracts of one market over time, ascending in `time` (epoch ms). */
export interface OpenInterest {
  readonly time: Float64Array;
  /** Both sides together: base for linear, USD for inverse. */
  readonly contracts: Float64Array;
}

/** All that is stored of `market` at `period` (such as `1h`); `undefined` when there is none. */
export async function readOpenInterest(
  root: string,
  market: Market,
  period: string,
): Promise<OpenInterest | undefined> {
  const path = fileOf(root, market, period);
  try {
    const { columns } = await readParquet(path, { required: ["time", "openInterest"], optional: [] });
    const [time, contracts] = [columns.time!, columns.openInterest!];
    checkTimes(time, "time", { file: path, firstRow: 1 });
    checkKnown(contracts, "openInterest", { file: path, firstRow: 1 });
    return { time, contracts };
  } catch (error) {
    if (error instanceof DataError && error.code === "FILE_MISSING") return undefined;
    throw error;
  }
}

/** Merges `rows` into what is stored, in one step, and returns how many moments are new. */
export async function writeOpenInterest(
  root: string,
  { market, period, rows }: { market: Market; period: string; rows: OpenInterest },
): Promise<number> {
  const lock = await acquireLock(root);
  try {
    const stored = await readOpenInterest(root, market, period);
    const byTime = new Map<number, number>();
    stored?.time.forEach((time, i) => void byTime.set(time, stored.contracts[i]!));
    const before = byTime.size;
    rows.time.forEach((time, i) => void byTime.set(time, rows.contracts[i]!));
    const merged = [...byTime].sort((a, b) => a[0] - b[0]);
    if (merged.length === 0) return 0;
    const bytes = parquetBytes(
      [
        { name: "time", type: "INT64", data: Float64Array.from(merged, ([time]) => time) },
        { name: "openInterest", type: "DOUBLE", data: Float64Array.from(merged, ([, contracts]) => contracts) },
      ],
      { symbol: market.symbol, period },
    );
    await lock.assertHeld();
    await writeAtomically(fileOf(root, market, period), bytes);
    return byTime.size - before;
  } finally {
    await lock.release();
  }
}

function fileOf(root: string, market: Market, period: string): string {
  return join(marketFolder(root, market), `open-interest-${period}.parquet`);
}
