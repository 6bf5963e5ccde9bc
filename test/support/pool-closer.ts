/** A process of its own that closes a pool while an answer is on its way: prints "closed" if it lives to see the end. */
import { workerPool } from "../../src/research/pool.ts";

const module = new URL("./workers/square.ts", import.meta.url);
const pool = workerPool<number, number>({ module, size: 2, shared: { cells: new Int32Array(9) } });
await Promise.all([pool.run(1), pool.run(2)]);
const [first] = [pool.run(3), pool.run(4)];
const until = performance.now() + 200;
while (performance.now() < until); // both have answered, neither answer is read
await first;
await pool.close();
process.stdout.write("closed");
