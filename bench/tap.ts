import { connect, createServer } from "node:net";
import { parentPort, workerData } from "node:worker_threads";

// A wire between bot and exchange that reads the clock: when a closed bar passes one way, when an order passes the other.
// In a thread of its own, so that its readings do not wait for the bot.

const { port } = workerData as { port: number };
const latencies: number[] = [];
let closedAt = Number.NaN;
const CLOSED = Buffer.from('"confirm":true');
const ORDER = Buffer.from("POST /v5/order/create");
const ORDER_BY_SOCKET = Buffer.from('"op":"order.create"');

const server = createServer((client) => {
  const exchange = connect(port, "127.0.0.1");
  client.setNoDelay(true);
  exchange.setNoDelay(true);
  exchange.on("data", (chunk: Buffer) => {
    if (chunk.includes(CLOSED)) closedAt = performance.now();
    client.write(chunk);
  });
  client.on("data", (chunk: Buffer) => {
    if (isOrder(chunk) && !Number.isNaN(closedAt)) {
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
/** Whether an order begins in `chunk`: a request, or a frame of a socket, which clients mask. */
function isOrder(chunk: Buffer): boolean {
  if (chunk[0] !== 0x81) return chunk.includes(ORDER);
  const at = (chunk[1]! & 0x7f) === 126 ? 4 : 2;
  const mask = chunk.subarray(at, at + 4);
  return Buffer.from(chunk.subarray(at + 4).map((byte, k) => byte ^ mask[k % 4]!)).includes(ORDER_BY_SOCKET);
}

server.listen(0, "127.0.0.1", () => parentPort!.postMessage((server.address() as { port: number }).port));
parentPort!.on("message", () => parentPort!.postMessage(latencies));
