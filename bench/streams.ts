/**
 * What a stream message costs: `node bench/streams.ts`.
 *
 * Claims: an order book takes 1,000,000 deltas at a cost told per delta, ends equal to a plain map of the same updates,
 * and notices every delta left out; the way from a WebSocket's bytes to a typed event is told as median and p99, with the
 * bare parsing of the same text beside it.
 */
import { parseArgs } from "node:util";
import { WebSocketServer } from "ws";
import { type BookFrame, OrderBook } from "../src/bybit/order-book.ts";
import { streamMessage } from "../src/bybit/stream-message.ts";
import { Streams } from "../src/bybit/streams.ts";
import { random } from "../src/core/random.ts";

const { values: flags } = parseArgs({
  options: {
    deltas: { type: "string", default: "1000000" },
    messages: { type: "string", default: "20000" },
    json: { type: "boolean", default: false },
  },
});

const DEPTH = 200;
const deltas = makeDeltas(Number(flags.deltas));
const book = timeBook();
const lost = countUnnoticed(2_000);
const latency = await timeMessages(Number(flags.messages));
if (flags.json) console.log(JSON.stringify({ book, lost, latency }, null, 2));
else {
  console.log(`order book   ${deltas.length} deltas, ${book.nsPerDelta.toFixed(0)} ns each, ${book.levels} levels`);
  console.log(`             left out on purpose: ${lost.tried}, unnoticed: ${lost.unnoticed}`);
  console.log(`bytes→event  median ${latency.medianUs.toFixed(1)} µs, p99 ${latency.p99Us.toFixed(1)} µs`);
  console.log(`             of which JSON.parse of the same text ${latency.parseUs.toFixed(1)} µs`);
}

/** A walk of the price with 1 to 8 levels changed per delta, a third of them deleted. */
function makeDeltas(count: number): BookFrame[] {
  const dice = random("deltas");
  let middle = 600_000;
  return Array.from({ length: count }, (_, k) => {
    middle += dice.below(3) - 1;
    const sides: [string, string][][] = [[], []];
    for (let n = 1 + dice.below(8); n > 0; n--) {
      const side = dice.below(2);
      const tick = side === 0 ? middle - 1 - dice.below(DEPTH) : middle + 1 + dice.below(DEPTH);
      sides[side]!.push([(tick / 10).toFixed(1), dice.below(3) === 0 ? "0" : (dice.below(9_000) / 1_000).toFixed(3)]);
    }
    // What the price has passed is gone.
    sides[0]!.push([((middle + 1) / 10).toFixed(1), "0"], [(middle / 10).toFixed(1), "0"]);
    sides[1]!.push([((middle - 1) / 10).toFixed(1), "0"], [(middle / 10).toFixed(1), "0"]);
    return { type: "delta", data: { s: "BTCUSDT", b: sides[0]!, a: sides[1]!, u: k + 2, seq: k + 2 }, cts: k };
  });
}

function snapshot(): BookFrame {
  return { type: "snapshot", data: { s: "BTCUSDT", b: [], a: [], u: 1, seq: 1 } };
}

function timeBook() {
  const runs = Array.from({ length: 3 }, () => {
    const kept = new OrderBook("BTCUSDT");
    kept.apply(snapshot());
    const started = performance.now();
    for (const delta of deltas) if (!kept.apply(delta)) throw new Error(`${kept.fault} at ${delta.data.u}`);
    return { kept, ms: performance.now() - started };
  });
  const { kept } = runs[0]!;
  check(kept);
  const ms = runs.map((run) => run.ms).sort((a, b) => a - b)[1]!;
  return { nsPerDelta: (ms * 1e6) / deltas.length, levels: kept.levels("bids", Infinity).length };
}

/** The book must hold what a plain map of the updates holds, or its speed means nothing. */
function check(kept: OrderBook): void {
  const bids = new Map<number, number>();
  for (const { data } of deltas) {
    for (const [price, size] of data.b) {
      if (Number(size) === 0) bids.delete(Number(price));
      else bids.set(Number(price), Number(size));
    }
  }
  const wanted = [...bids].sort(([a], [b]) => b - a);
  const found = kept.levels("bids", Infinity).map(({ price, size }) => [price, size]);
  if (JSON.stringify(found) !== JSON.stringify(wanted)) throw new Error("the book is not what its updates say");
}

/** Leaves one delta out at `tries` random places; the one after it must break the book. */
function countUnnoticed(tries: number) {
  const dice = random("lost");
  let unnoticed = 0;
  for (let k = 0; k < tries; k++) {
    const at = dice.below(Math.min(deltas.length, 5_000) - 3);
    const kept = new OrderBook("BTCUSDT");
    kept.apply({ ...snapshot(), data: { ...snapshot().data, u: at + 1 } });
    kept.apply(deltas[at]!);
    if (kept.apply(deltas[at + 2]!) || kept.fault === null) unnoticed++;
  }
  return { tried: tries, unnoticed };
}

/** Sends kline messages over a loopback socket, one at a time, and takes the time from bytes at the socket to the event. */
async function timeMessages(count: number) {
  const row = {
    start: 0,
    end: 59_999,
    interval: "1",
    open: "60000.1",
    close: "60010.2",
    high: "60020",
    low: "59990.5",
  };
  const rest = { volume: "12.345", turnover: "740000.12", confirm: false, timestamp: 0 };
  const text = JSON.stringify({ topic: "kline.1.BTCUSDT", type: "snapshot", ts: 1, data: [{ ...row, ...rest }] });
  const server = new WebSocketServer({ port: 0 });
  await new Promise((resolve) => server.once("listening", resolve));
  let send: () => void = () => {};
  server.on("connection", (socket) => {
    send = () => socket.send(text);
    socket.on("message", (bytes) => {
      const { op } = JSON.parse(String(bytes)) as { op: string };
      socket.send(JSON.stringify({ success: true, ret_msg: "", op, req_id: "" }));
    });
  });
  const url = `ws://127.0.0.1:${(server.address() as { port: number }).port}`;
  const tookUs = new Float64Array(count);
  let arrived = 0;
  let arrivedAt = 0;
  let ready: () => void = () => {};
  const live = new Promise<void>((resolve) => {
    ready = resolve;
  });
  let done: () => void = () => {};
  const all = new Promise<void>((resolve) => {
    done = resolve;
  });
  const parse = JSON.parse;
  // The SDK parses a message as the first thing it does with it: there the clock starts.
  JSON.parse = (...given: Parameters<typeof JSON.parse>) => {
    arrivedAt = performance.now();
    return parse(...given);
  };
  const streams = new Streams({
    urls: { linear: url, inverse: url, spot: url, option: url, private: url },
    onEvent(event) {
      if (event.type === "resynchronize") ready();
      if (event.type !== "data") return;
      if (streamMessage(event.frame).kind !== "kline") throw new Error("no kline");
      tookUs[arrived++] = (performance.now() - arrivedAt) * 1_000;
      if (arrived === count) done();
      else setImmediate(send);
    },
  });
  streams.subscribe([{ topic: "kline.1.BTCUSDT", kind: "linear" }]);
  await live;
  send();
  await all;
  JSON.parse = parse;
  streams.close();
  server.close();
  for (const socket of server.clients) socket.terminate();
  const sorted = tookUs.subarray(count >>> 2).sort(); // the first quarter warms up
  const started = performance.now();
  for (let k = 0; k < 10_000; k++) parse(text);
  const parseUs = (performance.now() - started) / 10;
  return { medianUs: sorted[sorted.length >>> 1]!, p99Us: sorted[Math.floor(sorted.length * 0.99)]!, parseUs };
}
