import { parentPort } from "node:worker_threads";
import { ToolkitError } from "../core/errors.ts";

/** Answers a pool's tasks one after the other, on the worker's side. */
export function serveTasks<Task, Answer>(answer: (task: Task) => Answer | Promise<Answer>): void {
  parentPort!.on("message", async (task: Task) => {
    try {
      parentPort!.postMessage({ answer: await answer(task) });
    } catch (error) {
      const code = error instanceof ToolkitError ? error.code : "WORKER";
      parentPort!.postMessage({ error: { code, message: error instanceof Error ? error.message : String(error) } });
    }
  });
}
