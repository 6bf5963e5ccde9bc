import { workerData } from "node:worker_threads";
import { ArgumentError } from "../../../src/core/errors.ts";
import { serveTasks } from "../../../src/research/serve-tasks.ts";

const { cells } = workerData as { cells: Int32Array };

/** Squares; writes the square into the shared cells too; refuses negatives; dies of 666. */
serveTasks((x: number) => {
  if (x < 0) throw new ArgumentError("NEGATIVE", `negative: ${x}`);
  if (x === 666) process.exit(1);
  cells[x] = x * x;
  return x * x;
});
