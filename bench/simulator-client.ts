import { connect, type Socket } from "node:net";
import { parentPort, workerData } from "node:worker_threads";
import { hmacHex } from "../src/simulator/gateway/signature.ts";

/** What the bench asks of this client. */
interface Job {
  readonly port: number;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly connections: number;
  readonly requests: number;
}

/** Keep-alive connections, one request in flight on each; a resting order, then its cancel, and so on. */
async function run(job: Job): Promise<{ latenciesMs: Float64Array; elapsedMs: number; refused: number }> {
  const latenciesMs = new Float64Array(job.requests);
  let sent = 0;
  let refused = 0;
  const began = performance.now();
  const lanes = Array.from({ length: job.connections }, async (_, lane) => {
    const line = await open(job.port);
    let resting = "";
    for (let i = sent++; i < job.requests; i = sent++) {
      const id = `b${job.requests}-${lane}-${i}`;
      const order = { category: "linear", symbol: "BTCUSDT", side: "Buy", orderType: "Limit", qty: "0.001" };
      const [path, body] =
        resting === ""
          ? ["/v5/order/create", { ...order, price: "30000", orderLinkId: id }]
          : ["/v5/order/cancel", { category: "linear", symbol: "BTCUSDT", orderLinkId: resting }];
      const at = performance.now();
      const answer = await line.request(path, JSON.stringify(body), job);
      latenciesMs[i] = performance.now() - at;
      if (!answer.includes('"retCode":0,')) refused += 1;
      resting = resting === "" ? id : "";
    }
    line.socket.destroy();
  });
  await Promise.all(lanes);
  return { latenciesMs, elapsedMs: performance.now() - began, refused };
}

interface Line {
  readonly socket: Socket;
  request(path: string, body: string, job: Job): Promise<string>;
}

function open(port: number): Promise<Line> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    socket.setNoDelay(true);
    socket.once("error", reject);
    let buffer = "";
    let done: (body: string) => void = () => {};
    socket.on("data", (chunk) => {
      buffer += chunk.toString("latin1");
      const head = buffer.indexOf("\r\n\r\n");
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(buffer)![1]);
      if (buffer.length < head + 4 + length) return;
      const body = buffer.slice(head + 4, head + 4 + length);
      buffer = buffer.slice(head + 4 + length);
      done(body);
    });
    socket.once("connect", () => {
      resolve({
        socket,
        request(path, body, { apiKey, apiSecret }) {
          const stamp = String(Date.now());
          const sign = hmacHex(apiSecret, `${stamp}${apiKey}5000${body}`);
          socket.write(
            `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n` +
              `X-BAPI-API-KEY: ${apiKey}\r\nX-BAPI-TIMESTAMP: ${stamp}\r\nX-BAPI-RECV-WINDOW: 5000\r\nX-BAPI-SIGN: ${sign}\r\n\r\n${body}`,
          );
          return new Promise((settle) => {
            done = settle;
          });
        },
      });
    });
  });
}

parentPort!.postMessage(await run(workerData as Job));
