/**
 * One backtest of a year of minutes, from indicators to metrics, against plain C: `node bench/backtest.ts`.
 *
 * Claim: `backtest()` takes at most 1.5 times the fused C loop of bench/c/backtest.c, which is compiled on the spot with
 * `cc -O3 -march=native` and knows nothing but these two indicators, one long position and four numbers. Each round runs
 * both, one after the other on the same bars; medians of the rounds after a few to warm up. Fresh memory for the equity
 * (4 MB, zeroed page by page) is told apart, since it is the system's speed and neither program's.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { backtest } from "../src/backtest/backtest.ts";
import { backtestSettings } from "../src/backtest/settings.ts";
import { simulate } from "../src/backtest/simulate.ts";
import { computeMetrics } from "../src/metrics/metrics.ts";
import type { Bars } from "../src/model/bar.ts";
import { generateBars } from "../src/store/generate.ts";
import { rsiTrend } from "../src/strategies/rsi-trend.ts";
import { signalsOf } from "../src/strategy/evaluate.ts";

/** Rounds before the clock counts: until then V8 has not compiled every loop for good. */
const WARM_ROUNDS = 15;

const { values: flags } = parseArgs({
  options: {
    bars: { type: "string", default: "525600" },
    rounds: { type: "string", default: "31" },
    json: { type: "boolean", default: false },
  },
});

interface Answer {
  readonly ms: number;
  readonly finalEquity: number;
  readonly sharpe: number;
  readonly maxDrawdown: number;
  readonly trades: number;
}

const length = Number(flags.bars);
const bars = generateBars({ seed: 1, interval: "1", from: Date.UTC(2024, 0), length });
const settings = backtestSettings({ fill: "close" });
const signals = signalsOf(rsiTrend, {}, bars);
const room = new Float64Array(length);
const simulation = simulate(signals, bars, settings);
const { metrics } = backtest({ strategy: rsiTrend, bars, settings });

/** What is timed here: the whole, then its parts. */
const works = {
  backtest: () => backtest({ strategy: rsiTrend, bars, settings }),
  "backtest, memory at hand": () => backtest({ strategy: rsiTrend, bars, settings, equity: room }),
  "  signals": () => signalsOf(rsiTrend, {}, bars),
  "  simulate": () => simulate(signals, bars, settings),
  "  simulate, memory at hand": () => simulate(signals, bars, settings, { equity: room }),
  "  simulate, stop and target": () =>
    simulate(signals, bars, { ...settings, stopLoss: 0.02, takeProfit: 0.04 }, { equity: room }),
  "  metrics": () => computeMetrics({ ...simulation, startEquity: settings.cash, time: bars.time, intervalMs: 60_000 }),
};

const peer = startPeer(bars);
const times = new Map<string, number[]>();
const note = (name: string, ms: number, round: number) => {
  if (round >= 0) times.set(name, [...(times.get(name) ?? []), ms]);
};
for (let round = -WARM_ROUNDS; round < Number(flags.rounds); round++) {
  for (const [name, work] of Object.entries(works)) {
    const started = performance.now();
    work();
    note(name, performance.now() - started, round);
    if (name !== "backtest") continue;
    for (const kind of ["fused", "columnar"] as const) {
      const answer = await peer.run(kind);
      check(answer);
      note(`C ${kind}`, answer.ms, round);
    }
  }
}
peer.stop();

const rows = [...times].map(([name, ms]) => ({ name, ms: median(ms), best: Math.min(...ms) }));
const of = (name: string) => rows.find((row) => row.name === name)!.ms;
const ratios = {
  toFusedC: of("backtest") / of("C fused"),
  toColumnarC: of("backtest") / of("C columnar"),
  atHandToFusedC: of("backtest, memory at hand") / of("C fused"),
};
const held = simulation.barsInMarket;
if (flags.json)
  console.log(JSON.stringify({ bars: length, trades: simulation.trades.length, held, rows, ratios }, null, 2));
else {
  console.log(`${length} bars, ${simulation.trades.length} trades, ${held} bars held; ms, median and best\n`);
  for (const row of rows)
    console.log(`${row.name.padEnd(30)} ${row.ms.toFixed(2).padStart(8)} ${row.best.toFixed(2).padStart(8)}`);
  const { toFusedC, toColumnarC, atHandToFusedC } = ratios;
  console.log(`\nbacktest is ${toFusedC.toFixed(2)} × fused C, ${toColumnarC.toFixed(2)} × columnar C`);
  console.log(`with memory at hand, as both C loops have theirs: ${atHandToFusedC.toFixed(2)} × fused C`);
}

/** Both must come to the same result, or the comparison means nothing. */
function check(answer: Answer): void {
  for (const name of ["finalEquity", "sharpe", "maxDrawdown", "trades"] as const) {
    const ours = metrics[name]!;
    if (Math.abs(ours - answer[name]) > 1e-6 * Math.abs(ours)) throw new Error(`${name}: ${ours}, C ${answer[name]}`);
  }
}

function startPeer({ close }: Bars): { run(kind: string): Promise<Answer>; stop(): void } {
  const folder = mkdtempSync(join(tmpdir(), "backtest-bench-"));
  const program = join(folder, "backtest");
  const data = join(folder, "close.bin");
  writeFileSync(data, new Uint8Array(Float64Array.from(close).buffer));
  execFileSync("cc", ["-O3", "-march=native", "-o", program, join(import.meta.dirname, "c/backtest.c"), "-lm"]);
  const child = spawn(program, [data, String(close.length)], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async run(kind) {
      child.stdin.write(`${kind}\n`);
      const [ns, finalEquity, sharpe, maxDrawdown, trades] = String((await lines.next()).value)
        .split(" ")
        .map(Number) as [number, number, number, number, number];
      return { ms: ns / 1e6, finalEquity, sharpe, maxDrawdown, trades };
    },
    stop() {
      child.stdin.end();
      rmSync(folder, { recursive: true });
    },
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
