import { Worker } from "node:worker_threads";
import { ToolkitError } from "../core/errors.ts";

/**
 * A fixed number of worker threads that answer one kind of task, each task by the next free worker.
 *
 * A worker's module calls `serveTasks`. A worker that dies fails its task and every later one: nothing is retried.
 */
export interface Pool<Task, Answer> {
  readonly size: number;
  /** @throws ToolkitError `WORKER` with what the worker threw */
  run(task: Task): Promise<Answer>;
  close(): Promise<void>;
}

interface Waiting<Task, Answer> {
  task: Task;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** @param module file of the worker's module; `shared` reaches it as `workerData`, SharedArrayBuffers uncopied */
export function workerPool<Task, Answer>(options: { module: URL; size: number; shared: unknown }): Pool<Task, Answer> {
  const queue: Waiting<Task, Answer>[] = [];
  let broken: unknown;
  let closing = false;
  const seats = Array.from({ length: options.size }, () => {
    const worker = new Worker(options.module, { workerData: options.shared, stdout: true });
    worker.stdout.on("data", (text) => process.stderr.write(text)); // standard output is for results only
    worker.unref();
    const seat: { worker: Worker; job: Waiting<Task, Answer> | undefined } = { worker, job: undefined };
    worker.on("message", (message: { answer: Answer } | { error: { code: string; message: string } }) => {
      const job = seat.job;
      seat.job = undefined;
      if ("error" in message) job?.reject(new ToolkitError(message.error.code, message.error.message));
      else job?.resolve(message.answer);
      feed();
    });
    const fail = (reason: string, cause?: unknown) => {
      broken ??= new ToolkitError("WORKER", `a worker thread failed: ${reason}`, {}, cause);
      for (const job of [seat.job, ...queue.splice(0)]) job?.reject(broken);
      seat.job = undefined;
    };
    worker.on("error", (error) => fail(error.message, error));
    worker.on("exit", (code) => closing || fail(`exit code ${code}`));
    return seat;
  });

  function feed(): void {
    if (closing) return; // an answer on its way must not let go of workers that are being ended
    for (const seat of seats) {
      if (seat.job !== undefined || queue.length === 0) continue;
      seat.job = queue.shift()!;
      seat.worker.ref();
      seat.worker.postMessage(seat.job.task);
    }
    if (queue.length === 0) for (const seat of seats) if (seat.job === undefined) seat.worker.unref();
  }

  return {
    size: options.size,
    run(task) {
      if (broken !== undefined) return Promise.reject(broken);
      return new Promise<Answer>((resolve, reject) => {
        queue.push({ task, resolve, reject });
        feed();
      });
    },
    async close() {
      closing = true;
      await Promise.all(seats.map(({ worker }) => worker.terminate()));
    },
  };
}
