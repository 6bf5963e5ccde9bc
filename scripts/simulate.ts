import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { addTally, campaign, emptyTally, type Tally } from "../test/simulation/campaign.ts";
import { FAULT_NAMES, FAULTS } from "../test/simulation/faults.ts";
import { simulate } from "../test/simulation/world.ts";

/**
 * Runs the bot through seeded schedules of faults:
 *   npm run simulate -- --schedules 20000 --seed 1 [--workers 4]
 *   npm run simulate -- --seed 1/4711 --trace
 */

/** Schedules a worker takes at a time. */
const CHUNK = 100;
const SHOWN = 20;

interface Task {
  readonly seed: string;
  readonly from: number;
  readonly to: number;
}

if (isMainThread) await main();
else serve(workerData as { seed: string });

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      schedules: { type: "string", default: "1000" },
      seed: { type: "string", default: "1" },
      workers: { type: "string", default: String(Math.max(1, availableParallelism() - 1)) },
      trace: { type: "boolean", default: false },
    },
  });
  if (values.trace) {
    trace(values.seed);
    return;
  }
  const schedules = Number(values.schedules);
  const started = performance.now();
  const tally = await runAll(values.seed, schedules, Number(values.workers));
  print(tally, (performance.now() - started) / 1_000);
  if (tally.failures.length > 0) process.exitCode = 1;
}

function trace(seed: string): void {
  const { violations, hash, events } = simulate({ seed, trace: (line) => console.log(line) });
  for (const { invariant, text } of violations) console.log(`${invariant}: ${text}`);
  console.log(`${events} events, digest ${hash.toString(16).padStart(8, "0")}, ${violations.length} violations`);
}

async function runAll(seed: string, schedules: number, workers: number): Promise<Tally> {
  const sum = emptyTally();
  let next = 0;
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: { seed } });
      const give = () => {
        const from = next;
        next = Math.min(schedules, next + CHUNK);
        worker.postMessage(from < schedules ? { seed, from, to: next } : null);
      };
      worker.on("message", (part: Tally) => {
        addTally(sum, part);
        give();
      });
      worker.on("error", reject);
      worker.on("exit", () => resolve());
      give();
    });
  await Promise.all(Array.from({ length: Math.min(workers, Math.ceil(schedules / CHUNK)) }, one));
  return sum;
}

function serve({ seed }: { seed: string }): void {
  const port = parentPort!;
  port.on("message", (task: Task | null) => {
    if (task === null) port.close();
    else port.postMessage(campaign(seed, [task.from, task.to]));
  });
}

function print(tally: Tally, seconds: number): void {
  const { schedules, events, crashes, entries, hits, failures } = tally;
  for (const name of FAULT_NAMES) {
    const count = String(hits[name] ?? 0).padStart(9);
    console.log(`${name} ${count}  ${FAULTS[name]}`);
  }
  const reached = FAULT_NAMES.filter((name) => (hits[name] ?? 0) > 0).length;
  console.log(`${reached} of ${FAULT_NAMES.length} fault classes struck`);
  console.log(`${schedules} schedules, ${events} events, ${entries} entries, ${crashes} crashes`);
  console.log(`${seconds.toFixed(1)} s, ${(schedules / seconds).toFixed(0)} schedules/s`);
  for (const { seed, violation } of failures.slice(0, SHOWN)) {
    console.log(`violated ${violation.invariant} in --seed ${seed}: ${violation.text}`);
  }
  console.log(`${failures.length} violations`);
}
