import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { countBits } from "../src/core/bits.ts";
import type { Bars } from "../src/model/bar.ts";
import { generateBars } from "../src/store/generate.ts";
import { rsiTrend } from "../src/strategies/rsi-trend.ts";
import { ColumnCache } from "../src/strategy/cache.ts";
import { signalsOf } from "../src/strategy/evaluate.ts";
import type { SignalColumns } from "../src/strategy/signals.ts";
import { type StreamBar, streamOf } from "../src/strategy/stream.ts";
import { templateOf } from "../src/strategy/template.ts";

/*
 * Claim: a year of one-minute bars becomes RSI/EMA signals in at most 1.5 times what a plain C loop takes, rules built and
 * loop written included; column by column it costs a few times that; one more bar of a stream costs less than 1 µs.
 *
 * Each round runs all of them and the C loop of bench/c/strategy.c, compiled on the spot, one after the other on the same
 * bars. Medians of the rounds after a few to warm up.
 */

const WARM_ROUNDS = 10;
const LIVE_BARS = 50_000;

const { values: flags } = parseArgs({
  options: {
    bars: { type: "string", default: "525600" },
    rounds: { type: "string", default: "30" },
    json: { type: "boolean", default: false },
  },
});
const result = await measure(Number(flags.bars), Number(flags.rounds));
console.log(
  flags.json
    ? JSON.stringify(result, null, 2)
    : Object.entries(result)
        .map(([name, value]) => `${name.padEnd(22)}${value}`)
        .join("\n"),
);

async function measure(length: number, rounds: number): Promise<Record<string, number>> {
  const bars = generateBars({ symbol: "BTCUSDT", interval: "1", length, from: Date.UTC(2024, 0, 1), seed: 1 });
  const peer = startPeer(bars);
  const times: Record<"c" | "fused" | "columnar" | "live" | "codes", number[]> = {
    c: [],
    fused: [],
    columnar: [],
    live: [],
    codes: [],
  };
  try {
    for (let round = -WARM_ROUNDS; round < rounds; round++) {
      const c = await peer.run();
      const fused = timed(() => signalsOf(rsiTrend, {}, bars));
      const columnar = timed(() => signalsOf(rsiTrend, {}, bars, new ColumnCache()));
      const live = liveNs(bars);
      const codes = codesNs();
      check(fused.value, columnar.value, c);
      if (round < 0) continue;
      times.c.push(c.ms);
      times.fused.push(fused.ms);
      times.columnar.push(columnar.ms);
      times.live.push(live);
      times.codes.push(codes);
    }
  } finally {
    peer.stop();
  }
  const [c, fused, columnar] = [median(times.c), median(times.fused), median(times.columnar)];
  return {
    bars: length,
    cMs: rounded(c),
    fusedMs: rounded(fused),
    fusedToC: rounded(fused / c),
    columnarMs: rounded(columnar),
    columnarToC: rounded(columnar / c),
    streamingNsPerBar: rounded(median(times.live)),
    templateNsPerSet: rounded(median(times.codes)),
  };
}

/** Both ways of ours agree to the bit; C, whose fused multiply-adds round otherwise, in all but a few bars. */
function check(fused: SignalColumns, columnar: SignalColumns, c: { entries: number; exits: number }): void {
  const counts = [fused, columnar].map((signals) => [
    countBits(signals.enterLong!),
    countBits(signals.exitLong as Uint32Array),
  ]);
  const [[entries = 0, exits = 0] = [], other = []] = counts;
  const close = (a: number, b: number) => Math.abs(a - b) <= 2 + 1e-4 * b;
  if (entries === other[0] && exits === other[1] && close(entries, c.entries) && close(exits, c.exits)) return;
  throw new Error(`signals differ: ${JSON.stringify(counts)}, C ${c.entries} ${c.exits}`);
}

/** ns per pushed bar at the end of a long stream. */
function liveNs(bars: Bars): number {
  const all: StreamBar[] = Array.from({ length: Math.min(bars.length, LIVE_BARS) }, (_, i) => ({
    time: bars.time[i]!,
    open: bars.open[i]!,
    high: bars.high[i]!,
    low: bars.low[i]!,
    close: bars.close[i]!,
    volume: bars.volume[i]!,
  }));
  const stream = streamOf(rsiTrend, {}, bars);
  const { ms } = timed(() => {
    for (const bar of all) stream.push(bar);
  });
  return (ms * 1e6) / all.length;
}

/** ns to find the identities of all leaves of one parameter set. */
function codesNs(): number {
  const found = templateOf(rsiTrend);
  if (!found.ok) throw new Error(found.reason);
  const { template } = found;
  const sets = Array.from({ length: 10_000 }, (_, k) => ({
    rsiPeriod: 10 + (k % 21),
    oversold: 20 + (k % 20),
    overbought: 60 + (k % 19),
    emaPeriod: 100 + (k % 199),
  }));
  const row = new Float64Array(template.params.length);
  let sum = 0;
  const { ms } = timed(() => {
    for (const set of sets) {
      template.encode(set, row);
      for (const leaf of template.variantAt(row).leaves) sum += leaf.key(row);
    }
  });
  if (!(sum > 0)) throw new Error("no keys");
  return (ms * 1e6) / sets.length;
}

function timed<T>(run: () => T): { value: T; ms: number } {
  const begin = performance.now();
  const value = run();
  return { value, ms: performance.now() - begin };
}

/** The C loop as a process that runs once per line. */
function startPeer(bars: Bars) {
  const dir = mkdtempSync(join(tmpdir(), "grimoire-bench-"));
  const [binary, data] = [join(dir, "strategy"), join(dir, "closes")];
  execFileSync("cc", ["-O3", "-march=native", "-o", binary, join(import.meta.dirname, "c/strategy.c"), "-lm"]);
  writeFileSync(data, new Uint8Array(bars.close.slice().buffer));
  const child = spawn(binary, [data, String(bars.length)], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async run(): Promise<{ ms: number; entries: number; exits: number }> {
      child.stdin.write("\n");
      const { value, done } = await lines.next();
      if (done) throw new Error("the C loop ended");
      const [ns = NaN, entries = NaN, exits = NaN] = String(value).split(" ").map(Number);
      return { ms: ns / 1e6, entries, exits };
    },
    stop() {
      child.stdin.end();
      rmSync(dir, { recursive: true });
    },
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}
