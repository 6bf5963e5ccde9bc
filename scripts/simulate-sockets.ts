import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { FAULT_IDS, type SocketsResult, simulateOverSockets } from "../test/simulation/sockets.ts";

/**
 * Runs the live bot through seeded scenarios over real sockets:
 *   npm run simulate:sockets -- --scenarios 1000 --seed 1 [--workers 3]
 *   npm run simulate:sockets -- --seed 1/77 --scenarios 1 --only
 */

interface Answer {
  readonly seed: string;
  readonly result: SocketsResult;
}

if (isMainThread) await main();
else {
  parentPort!.on("message", async (seed: string | null) => {
    if (seed === null) parentPort!.close();
    else parentPort!.postMessage({ seed, result: await simulateOverSockets(seed) } satisfies Answer);
  });
  void workerData;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      scenarios: { type: "string", default: "1000" },
      seed: { type: "string", default: "1" },
      workers: { type: "string", default: "3" },
      only: { type: "boolean", default: false },
    },
  });
  const seeds = values.only
    ? [values.seed]
    : Array.from({ length: Number(values.scenarios) }, (_, k) => `${values.seed}/${k}`);
  const started = performance.now();
  const sum = { crashes: 0, entries: 0, executions: 0 };
  const hits: Record<string, number> = {};
  const failures: string[] = [];
  let next = 0;
  let done = 0;
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const worker = new Worker(new URL(import.meta.url));
      const give = () => worker.postMessage(seeds[next++] ?? null);
      worker.on("message", ({ seed, result }: Answer) => {
        for (const key of ["crashes", "entries", "executions"] as const) sum[key] += result[key];
        for (const fault of result.faults) hits[fault] = (hits[fault] ?? 0) + 1;
        done += 1;
        for (const text of result.violations) {
          failures.push(`${seed}: ${text}`);
          console.error(`violated in ${seed}: ${text}`);
        }
        if (done % 100 === 0) console.error(`${done} of ${seeds.length}, ${failures.length} violations`);
        give();
      });
      worker.on("error", reject);
      worker.on("exit", () => resolve());
      give();
    });
  await Promise.all(Array.from({ length: Math.min(Number(values.workers), seeds.length) }, one));
  for (const name of FAULT_IDS) console.log(`${name} ${String(hits[name] ?? 0).padStart(6)}`);
  const reached = FAULT_IDS.filter((name) => (hits[name] ?? 0) > 0).length;
  console.log(`${reached} of ${FAULT_IDS.length} fault classes struck`);
  const seconds = (performance.now() - started) / 1_000;
  console.log(
    `${seeds.length} scenarios, ${sum.entries} entries, ${sum.executions} executions, ${sum.crashes} crashes, ${seconds.toFixed(1)} s`,
  );
  for (const failure of failures) console.log(`violated in ${failure}`);
  console.log(`${failures.length} violations`);
  if (failures.length > 0) process.exitCode = 1;
}
