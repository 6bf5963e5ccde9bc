import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type Pool, workerPool } from "../../src/research/pool.ts";

const module = new URL("../support/workers/square.ts", import.meta.url);
let pool: Pool<number, number>;
const open = (size: number) => {
  const cells = new Int32Array(new SharedArrayBuffer(400));
  pool = workerPool({ module, size, shared: { cells } });
  return cells;
};
afterEach(() => pool.close());

describe("workerPool", () => {
  it("answers every task, in the order asked, and shares memory", async () => {
    const cells = open(2);
    const tasks = Array.from({ length: 20 }, (_, i) => i);
    expect(await Promise.all(tasks.map((t) => pool.run(t)))).toEqual(tasks.map((t) => t * t));
    expect([...cells.subarray(0, 20)]).toEqual(tasks.map((t) => t * t));
  });

  it("hands over what a task threw, with its code, and goes on", async () => {
    open(1);
    await expect(pool.run(-3)).rejects.toMatchObject({ code: "NEGATIVE", message: "negative: -3" });
    expect(await pool.run(3)).toBe(9);
  });

  it("fails the task, and later ones, when a worker dies", async () => {
    open(1);
    const [dead, queued] = [pool.run(666), pool.run(2)];
    await expect(dead).rejects.toMatchObject({ code: "WORKER" });
    await expect(queued).rejects.toMatchObject({ code: "WORKER" });
    await expect(pool.run(1)).rejects.toMatchObject({ code: "WORKER" });
  });

  it("keeps its process until all workers have ended, also when an answer comes late", () => {
    const closer = join(import.meta.dirname, "../support/pool-closer.ts");
    const { status, stdout, stderr } = spawnSync(process.execPath, [closer], { encoding: "utf8" });
    expect([status, stdout], stderr).toEqual([0, "closed"]);
  });
});
