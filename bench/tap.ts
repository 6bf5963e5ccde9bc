import { connect, createServer } from "node:net";
import { parentPort, workerData } from "node:worker_threads";

// A wire between bot and exchange that reads the clock: when a closed bar passes one way, when an order passes the other.
// In a thread of its own, so that its readings do not wait for the bot.

const { port } = workerData as { port: number };
const latencies: number[] = [];
let closedAt = Number.NaN;
const CLOSED = Buffer.from('"confirm":true');
const ORDER = Buffer.from("POST /v5/order/create");

const server = createServer((client) => {
  const exchange = connect(port, "127.0.0.1");
  client.setNoDelay(true);
  exchange.setNoDelay(true);
  exchange.on("data", (chunk: Buffer) => {
    if (chunk.includes(CLOSED)) closedAt = performance.now();
    client.write(chunk);
  });
  client.on("data", (chunk: Buffer) => {
    if (chunk.includes(ORDER) && !Number.isNaN(closedAt)) {
      latencies.push(performance.now() - closedAt);
      closedAt = Number.NaN;
    }
    exchange.write(chunk);
  });
  for (const [one, other] of [
    [client, exchange],
    [exchange, client],
  ] as const) {
    one.on("error", () => other.destroy());
    one.on("close", () => other.destroy());
  }
});
server.listen(0, "127.0.0.1", () => parentPort!.postMessage((server.address() as { port: number }).port));
parentPort!.on("message", () => parentPort!.postMessage(latencies));
