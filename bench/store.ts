/**
 * Market data in and out: `node bench/store.ts`. The memory row runs in a process of its own, so that its peak is its own.
 *
 * Promise: 5,256,000 one-minute bars (ten years) load from Parquet in a process below 1 GB.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bars } from "../src/model/bar.ts";
import { openCatalogue } from "../src/store/catalogue.ts";
import { exportBars } from "../src/store/export.ts";
import { generateBars } from "../src/store/generate.ts";
import { loadBars } from "../src/store/load.ts";
import type { Series } from "../src/store/market.ts";
import { checkQuality } from "../src/store/quality.ts";
import { resampleBars } from "../src/store/resample.ts";

const BARS = 5_256_000;
const SERIES: Series = { venue: "synthetic", category: "linear", symbol: "BTCUSDT", interval: "1", kind: "trade" };

/** Child: loads what the parent wrote and tells time and peak memory. */
async function loadOnly(path: string, kind: string): Promise<void> {
  const started = performance.now();
  const bars = kind === "catalogue" ? await openCatalogue(path).read(SERIES) : await loadBars(path);
  const seconds = (performance.now() - started) / 1000;
  console.log(JSON.stringify({ bars: bars.length, seconds, peakMb: process.resourceUsage().maxRSS / 1000 }));
}

async function timed<T>(
  label: string,
  work: () => T | Promise<T>,
  note: (ms: number, result: T) => string,
): Promise<T> {
  const started = performance.now();
  const result = await work();
  const ms = performance.now() - started;
  console.log(`${label.padEnd(44)} ${(ms / 1000).toFixed(2).padStart(6)} s  ${note(ms, result)}`);
  return result;
}

const million = (bars: number) => (ms: number) => `${(bars / 1000 / ms).toFixed(2)} M bars/s`;

async function all(): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), "grimoire-bench-"));
  try {
    const make = () =>
      generateBars({ seed: 1, symbol: "BTCUSDT", interval: "1", from: Date.UTC(2015, 0), length: BARS });
    const bars: Bars = await timed("generate 10 years of minutes", make, million(BARS));
    const catalogue = openCatalogue(join(dir, "data"));
    await timed("write the catalogue (120 months, zstd)", () => catalogue.write(SERIES, bars), million(BARS));
    await timed("write it again: nothing changes", () => catalogue.write(SERIES, bars), million(BARS));
    await timed(
      "list",
      () => catalogue.list(),
      (_, list) => `${(list[0]!.bytes / BARS).toFixed(1)} bytes/bar`,
    );
    await timed("resample to 1h", () => resampleBars(bars, "60"), million(BARS));
    await timed("check", () => checkQuality(bars, Date.now()), million(BARS));
    const single = join(dir, "BTCUSDT_1.parquet");
    await timed("export one Parquet file", () => exportBars(single, bars), million(BARS));
    const csv = join(dir, "BTCUSDT_1.csv");
    await timed("export CSV", () => exportBars(csv, bars), million(BARS));
    for (const [kind, path] of [
      ["catalogue", join(dir, "data")],
      ["file", single],
      ["file", csv],
    ] as const) {
      const child = spawnSync(process.execPath, [import.meta.filename, kind, path], { encoding: "utf8" });
      const { seconds, peakMb } = JSON.parse(child.stdout) as { seconds: number; peakMb: number };
      const mb = path === csv ? `, ${(statSync(csv).size / 1e6 / seconds).toFixed(0)} MB/s` : "";
      const rate = `${(BARS / 1e6 / seconds).toFixed(2)} M bars/s${mb}`;
      const label =
        kind === "catalogue" ? "load 10 years from the catalogue" : `load 10 years from ${path.slice(dir.length + 1)}`;
      console.log(
        `${label.padEnd(44)} ${seconds.toFixed(2).padStart(6)} s  ${rate}, process peak ${peakMb.toFixed(0)} MB`,
      );
    }
  } finally {
    rmSync(dir, { recursive: true });
  }
}

const [kind, path] = process.argv.slice(2);
if (kind && path) await loadOnly(path, kind);
else await all();
