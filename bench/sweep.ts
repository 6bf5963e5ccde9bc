/**
 * Many parameter sets on the same bars against vectorbt: `node bench/sweep.ts`.
 *
 * Claims, for a year of minutes and the rules of `rsi-trend` (RSI period × two thresholds × EMA period, drawn at random): 50,
 * 250 and 1,000 times vectorbt's speed at 100, 1,000 and 10,000 sets in one thread and 300 MB; three times that with four
 * threads; 20 times with a stop loss and a trailing stop, where every set is simulated. vectorbt's figures (10.6 sets/s, 565
 * on a year of hours) were measured apart on a machine of the same kind and are quoted: take the ratios as orders of magnitude.
 *
 * A set comes to return, Sharpe ratio, trades, win rate and profit factor, with `drawdown` also to its deepest fall, which is
 * what a search asks for. Each case runs in a process of its own: RSS is the most it ever had up to the end of the first round,
 * bars included, as a search makes one sweep and keeps it. Every round starts without columns; medians of the rounds, after two
 * to warm up, and the best of them, which on a machine with other work to do says more. Threads start before the clock.
 */
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { backtest } from "../src/backtest/backtest.ts";
import { strategyPlan } from "../src/backtest/sweep/strategy-plan.ts";
import { type SetMetrics, StrategySweep, tablesOf } from "../src/backtest/sweep/strategy-sweep.ts";
import { random } from "../src/core/random.ts";
import type { Interval } from "../src/core/time.ts";
import type { MetricName } from "../src/metrics/catalogue.ts";
import type { Params } from "../src/optimize/space.ts";
import type { WorkerAnswer, WorkerSubject, WorkerTask } from "../src/research/evaluate-worker.ts";
import { workerPool } from "../src/research/pool.ts";
import { sharedSweep } from "../src/research/shared-sweep.ts";
import { generateBars } from "../src/store/generate.ts";
import { rsiTrend } from "../src/strategies/rsi-trend.ts";

/** Quoted sets per second of vectorbt, by number of bars. */
const VECTORBT: Readonly<Record<number, number>> = { 525600: 10.6, 8760: 565 };
const WARM_ROUNDS = 2;

interface Case {
  readonly name: string;
  readonly bars: number;
  readonly sets: number;
  readonly threads: number;
  readonly asks: MetricName;
  readonly stops: boolean;
}

const { values: flags } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    json: { type: "boolean", default: false },
    case: { type: "string" },
  },
});

if (flags.case !== undefined) console.log(JSON.stringify(await run(JSON.parse(flags.case) as Case)));
else report();

function report(): void {
  const minutes = { bars: 525_600, threads: 1, asks: "sharpe", stops: false } as const;
  const cases: Case[] = [100, 1000, 10_000].flatMap((sets): Case[] => [
    { ...minutes, name: "sums", sets },
    { ...minutes, name: "sums", sets, threads: 4 },
    { ...minutes, name: "drawdown", sets, asks: "maxDrawdown" },
    { ...minutes, name: "drawdown", sets, asks: "maxDrawdown", threads: 4 },
  ]);
  cases.push(
    { ...minutes, name: "stops", sets: 100, stops: true },
    { ...minutes, name: "stops", sets: 1000, stops: true },
  );
  cases.push({ ...minutes, name: "stops", sets: 1000, stops: true, threads: 4 });
  cases.push({ ...minutes, name: "drawdown", bars: 8760, sets: 10_000, asks: "maxDrawdown" });
  const rows = cases.map((each) => {
    const child = execFileSync(
      process.execPath,
      [import.meta.filename, "--rounds", flags.rounds, "--case", JSON.stringify(each)],
      { encoding: "utf8" },
    );
    const measured = JSON.parse(child) as Measured;
    const setsPerSecond = (1000 * each.sets) / median(measured.ms);
    const ratio = setsPerSecond / VECTORBT[each.bars]!;
    if (!flags.json) print({ ...each, setsPerSecond, ratio, ...measured });
    return { ...each, setsPerSecond, ratio, ...measured };
  });
  const of = (name: string, sets: number, threads: number) =>
    rows.find((row) => row.name === name && row.sets === sets && row.threads === threads)!.setsPerSecond;
  const threads = Object.fromEntries([100, 1000, 10_000].map((n) => [n, of("drawdown", n, 4) / of("drawdown", n, 1)]));
  if (flags.json) console.log(JSON.stringify({ rows, fourThreads: threads }, null, 2));
  else {
    const each = Object.entries(threads).map(([n, times]) => `${times.toFixed(1)} at ${n} sets`);
    console.log(`\nfour threads to one: ${each.join(", ")}`);
  }
}

function print(row: Case & Measured & { readonly setsPerSecond: number; readonly ratio: number }): void {
  const columns = [
    row.name.padEnd(9),
    `${row.bars} bars`.padStart(11),
    `${row.sets} sets`.padStart(11),
    `${row.threads} thread${row.threads > 1 ? "s" : " "}`,
    `${row.setsPerSecond.toFixed(0).padStart(7)} sets/s`,
    `best ${((1000 * row.sets) / Math.min(...row.ms)).toFixed(0).padStart(7)}`,
    `${row.ratio.toFixed(0).padStart(6)} × vectorbt`,
    `${row.rssMb.toFixed(0).padStart(5)} MB`,
    `${row.trades.toFixed(0).padStart(5)} trades a set`,
  ];
  console.log(columns.join("  "));
}

interface Measured {
  /** Per round. */
  readonly ms: readonly number[];
  /** The very first round, when nothing is compiled yet. */
  readonly firstMs: number;
  readonly rssMb: number;
  /** Mean per set. */
  readonly trades: number;
}

async function run({ bars: length, sets: count, threads, asks, stops }: Case): Promise<Measured> {
  const interval: Interval = length > 10_000 ? "1" : "60";
  const bars = generateBars({ seed: 1, interval, from: Date.UTC(2024, 0), length });
  const settings = stops ? { stopLoss: 0.02, trailingStop: 0.03 } : {};
  const fixed = { bars, settings };
  const made = strategyPlan({ ...fixed, strategy: rsiTrend }, ["sharpe", asks]);
  if (!made.ok) throw new Error(made.reason);
  const { plan } = made;
  const tables = threads > 1 ? tablesOf(plan, bars, "shared") : null;
  const shared: WorkerSubject = { strategy: "rsi-trend", fixed, objective: asks, sweep: { tables } };
  const module = new URL("../src/research/evaluate-worker.ts", import.meta.url);
  const pool = threads > 1 ? workerPool<WorkerTask, WorkerAnswer>({ module, size: threads, shared }) : null;
  await Promise.all(Array.from({ length: threads }, () => pool?.run({ do: "backtests", sets: [] })));
  const rng = random(1);
  const times: number[] = [];
  let rssMb: number | undefined;
  let results: readonly SetMetrics[] = [];
  for (let round = -WARM_ROUNDS; round < Number(flags.rounds); round++) {
    const sets = Array.from({ length: count }, () => ({
      rsiPeriod: 10 + rng.below(21),
      oversold: 20 + rng.below(21),
      overbought: 60 + rng.below(21),
      emaPeriod: 100 + rng.below(201),
    }));
    const started = performance.now();
    if (pool) results = await sharedSweep({ plan, bars, tables, pool })(sets);
    else results = new StrategySweep(plan, { ...fixed, strategy: rsiTrend }).run(sets);
    times.push(performance.now() - started);
    rssMb ??= process.resourceUsage().maxRSS / 1024;
    check(results[0] ?? null, sets[0]!);
  }
  await pool?.close();
  const trades = results.reduce((sum, metrics) => sum + (metrics?.trades ?? 0), 0) / count;
  return { ms: times.slice(WARM_ROUNDS), firstMs: times[0]!, rssMb: rssMb!, trades };

  /** A sweep that is fast and wrong means nothing. */
  function check(found: SetMetrics, params: Params): void {
    const whole = backtest({ ...fixed, strategy: rsiTrend, params }).metrics;
    const same = found && Math.abs(found.finalEquity - whole.finalEquity) <= 1e-9 * whole.finalEquity;
    if (!same || found.trades !== whole.trades) throw new Error(`not the backtest's result: ${JSON.stringify(params)}`);
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
