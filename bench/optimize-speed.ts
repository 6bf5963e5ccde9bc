/** Mean time of one ask + tell over 1,000 trials of five real parameters, per sampler and storage. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { float, int } from "../src/optimize/distribution.ts";
import { quasiRandomSampler } from "../src/optimize/samplers/quasi-random.ts";
import { randomSampler } from "../src/optimize/samplers/random.ts";
import { tpeSampler } from "../src/optimize/samplers/tpe.ts";
import type { Space } from "../src/optimize/space.ts";
import { memoryStorage } from "../src/optimize/storages/memory.ts";
import { sqliteStorage } from "../src/optimize/storages/sqlite.ts";
import type { Storage } from "../src/optimize/storages/storage.ts";
import { createStudy } from "../src/optimize/study.ts";

const TRIALS = 1000;
const folder = mkdtempSync(join(tmpdir(), "optimize-speed-"));
const floats: Space = Object.fromEntries(Array.from({ length: 5 }, (_, k) => [`x${k}`, float(-5, 5)]));
const floats6: Space = { ...floats, x5: float(-5, 5) };
const ints: Space = { rsi: int(10, 30), low: int(20, 40), high: int(60, 80), ema: int(100, 300) };
const samplers = {
  random: randomSampler(),
  qmc: quasiRandomSampler(),
  tpe: tpeSampler(),
  "tpe univariate": tpeSampler({ multivariate: false }),
};
const storages: Record<string, (run: string) => Storage> = {
  memory: () => memoryStorage(),
  sqlite: (run) => sqliteStorage(join(folder, `${run}.sqlite`)),
  "sqlite, power": (run) => sqliteStorage(join(folder, `${run}-power.sqlite`), { survives: "power" }),
};

/** Mean ms per trial, the best of three runs' means and the worst. */
function measure(sampler: keyof typeof samplers, storage: string, space: Space): [number, number] {
  const means = [1, 2, 3].map((seed) => {
    const kept = storages[storage]!(`${sampler}-${Object.keys(space).join("")}-${seed}`);
    const study = createStudy({
      name: "speed",
      direction: "minimize",
      sampler: samplers[sampler],
      seed,
      space,
      storage: kept,
    });
    const values = Object.keys(space);
    const started = performance.now();
    for (let k = 0; k < TRIALS; k++) {
      const trial = study.ask();
      study.tell(
        trial,
        values.reduce((sum, name) => sum + (trial.params[name] as number) ** 2, 0),
      );
    }
    const mean = (performance.now() - started) / TRIALS;
    study.close();
    kept.close();
    return mean;
  });
  return [Math.min(...means), Math.max(...means)];
}

console.log(`ms per ask + tell, mean of ${TRIALS} trials, least and most of three runs`);
for (const [label, space] of Object.entries({ "5 floats": floats, "6 floats": floats6, "4 ints": ints })) {
  for (const sampler of Object.keys(samplers) as (keyof typeof samplers)[]) {
    const cells = Object.keys(storages).map((storage) => {
      const [least, most] = measure(sampler, storage, space);
      return `${storage} ${least.toFixed(3)} to ${most.toFixed(3)}`;
    });
    console.log(`${label.padEnd(9)} ${sampler.padEnd(15)} ${cells.join("   ")}`);
  }
}

const batch = createStudy({
  name: "batch",
  direction: "minimize",
  sampler: randomSampler(),
  space: floats,
  storage: sqliteStorage(join(folder, "batch.sqlite")),
});
const started = performance.now();
for (let k = 0; k < 10; k++) batch.tellBatch(batch.askBatch(1000).map((trial) => [trial, trial.number]));
console.log(`random, 10 batches of 1,000 on sqlite: ${((performance.now() - started) / 10_000).toFixed(4)} per trial`);
rmSync(folder, { recursive: true });
