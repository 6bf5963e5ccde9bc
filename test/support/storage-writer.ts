/** A process of its own that writes a study: `node storage-writer.ts FILE NAME COUNT`, or COUNT = endless. */
import { int } from "../../src/optimize/distribution.ts";
import { randomSampler } from "../../src/optimize/samplers/random.ts";
import { sqliteStorage } from "../../src/optimize/storages/sqlite.ts";
import { createStudy } from "../../src/optimize/study.ts";

const [file = "", name = "", count = "endless"] = process.argv.slice(2);
try {
  const storage = sqliteStorage(file);
  const study = createStudy({
    name,
    direction: "maximize",
    space: { n: int(1, 1000) },
    sampler: randomSampler(),
    storage,
  });
  const end = count === "endless" ? Infinity : Number(count);
  for (let k = 0; k < end; k++) {
    const trial = study.ask();
    study.tell(trial, { value: trial.number, metrics: { text: "x".repeat(200) } });
    // Written only after the tell returned: whoever reads this may count on it.
    process.stdout.write(`told ${trial.number}\n`);
    storage.recordEvaluations("shared", [`${name} ${trial.number}`]);
  }
  study.close();
  storage.close();
} catch (error) {
  process.stdout.write(`error ${error instanceof Error && "code" in error ? error.code : error}\n`);
}
