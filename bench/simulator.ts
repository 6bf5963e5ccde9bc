// REST orders on loopback keep-alive, and fan-out to 50 subscribers. Run: node bench/simulator.ts
import { Worker } from "node:worker_threads";
import { WebSocket } from "ws";
import { startExchange } from "../src/simulator/exchange.ts";
import { instrumentOf } from "../src/simulator/market/instruments.ts";
import { generateBars } from "../src/store/generate.ts";

const REQUESTS = 60_000;
const CONNECTIONS = 8;
const SUBSCRIBERS = 50;
const START = Date.UTC(2025, 0, 1);

const bars = generateBars({
  seed: 1,
  symbol: "BTCUSDT",
  interval: "1",
  from: START - 86_400_000,
  length: 3_000,
  startPrice: 60_000,
});
const exchange = await startExchange({
  markets: [{ instrument: instrumentOf("BTCUSDT", "linear", 60_000), bars }],
  startTime: START,
  speed: "step",
  limitScale: Number.POSITIVE_INFINITY,
  ackDelayMs: 0,
});

interface Report {
  readonly latenciesMs: Float64Array;
  readonly elapsedMs: number;
  readonly refused: number;
}

function load(requests: number): Promise<Report> {
  const { port, apiKey, apiSecret } = exchange;
  const worker = new Worker(new URL("./simulator-client.ts", import.meta.url), {
    workerData: { port, apiKey, apiSecret, connections: CONNECTIONS, requests },
  });
  return new Promise((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
  });
}

await load(10_000); // warm
const report = await load(REQUESTS);
const sorted = report.latenciesMs.sort();
const quantile = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]!.toFixed(2);
const perSecond = Math.round((REQUESTS / report.elapsedMs) * 1_000);
console.log(
  `REST orders: ${perSecond}/s over ${CONNECTIONS} keep-alive connections, p50 ${quantile(0.5)} ms, p99 ${quantile(0.99)} ms, refused ${report.refused} (aim: 5000/s, p99 < 5 ms)`,
);

let received = 0;
let bytes = 0;
const sockets = await Promise.all(
  Array.from({ length: SUBSCRIBERS }, async () => {
    const socket = new WebSocket(exchange.wsPublic.linear);
    await new Promise((resolve) => socket.once("open", resolve));
    socket.send(JSON.stringify({ op: "subscribe", args: ["kline.1.BTCUSDT", "orderbook.50.BTCUSDT"] }));
    await new Promise((resolve) => socket.once("message", resolve));
    socket.on("message", (data: Buffer) => {
      received += 1;
      bytes += data.length;
    });
    return socket;
  }),
);
await new Promise((resolve) => setTimeout(resolve, 200));
received = 0;
const began = performance.now();
const cpu = process.cpuUsage();
const MINUTES = 400;
for (let minute = 0; minute < MINUTES; minute++) {
  exchange.control.step(60_000);
  await new Promise((resolve) => setImmediate(resolve));
}
let before = -1;
while (before !== received) {
  before = received;
  await new Promise((resolve) => setTimeout(resolve, 100));
}
const elapsed = performance.now() - began - 100;
const used = process.cpuUsage(cpu);
console.log(
  `fan-out: ${received} messages (${(bytes / 1e6).toFixed(1)} MB) to ${SUBSCRIBERS} subscribers in ${elapsed.toFixed(0)} ms, ${Math.round((received / elapsed) * 1_000)}/s, ${((used.user + used.system) / received).toFixed(1)} µs of CPU per message, both ends in one process`,
);
for (const socket of sockets) socket.terminate();
await exchange.close();
