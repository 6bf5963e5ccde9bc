import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type StreamEvent, Streams, type StreamsOptions } from "../../src/bybit/streams.ts";
import { Secret } from "../../src/core/secret.ts";
import { type ScriptedSocket, scriptedSocket } from "./support/scripted-socket.ts";

const KLINE = { topic: "kline.1.BTCUSDT", kind: "linear" } as const;
const BOOK = { topic: "orderbook.50.BTCUSDT", kind: "linear" } as const;
const ORDER = { topic: "order", kind: "private" } as const;

let server: ScriptedSocket;
let events: StreamEvent[];
let streams: Streams;
beforeEach(async () => {
  server = await scriptedSocket();
  events = [];
});
afterEach(async () => {
  streams.close();
  await server.close();
});

function open(options: Partial<StreamsOptions> = {}): Streams {
  const { url } = server;
  streams = new Streams({
    urls: { linear: url, inverse: url, spot: url, option: url, private: url },
    credentials: { key: "KEY", secret: new Secret("CANARY-SECRET"), kind: "hmac", environment: "local" },
    onEvent: (event) => events.push(event),
    pingMs: 50,
    patienceMs: 150,
    retryMs: 10,
    watchMs: 10,
    ...options,
  });
  return streams;
}
const types = () => events.map((event) => event.type);
const until = (type: StreamEvent["type"], count = 1) =>
  vi.waitFor(() => expect(types().filter((each) => each === type).length).toBeGreaterThanOrEqual(count), {
    timeout: 5_000,
    interval: 2,
  });

describe("Streams", () => {
  it("tells once that all topics are acknowledged, then what they bring", async () => {
    open().subscribe([KLINE, BOOK]);
    await until("resynchronize");
    expect(streams.isLive("linear")).toBe(true);
    expect(streams.ageMs(KLINE)).toBe(Infinity);
    server.push(KLINE.topic, { type: "snapshot", ts: 5, data: [{ confirm: true }] });
    await until("data");
    expect(events).toMatchObject([
      { type: "resynchronize", kind: "linear", isFirst: true },
      { type: "data", kind: "linear", frame: { topic: KLINE.topic, ts: 5, data: [{ confirm: true }] } },
    ]);
    expect(streams.ageMs(KLINE)).toBeLessThan(1_000);
    expect(server.asked).toEqual([KLINE.topic, BOOK.topic]);
  });

  it("logs in before it subscribes on the private socket", async () => {
    open().subscribe([ORDER]);
    await until("resynchronize");
    expect(server.asked).toEqual(["auth", "order"]);
  });

  it("adds topics to a living socket, and asks for none twice", async () => {
    open().subscribe([KLINE]);
    await until("resynchronize");
    streams.subscribe([KLINE, BOOK]);
    await vi.waitFor(() => expect(server.asked).toEqual([KLINE.topic, BOOK.topic]));
    expect(server.connections()).toBe(1);
  });

  it("after a lost connection it logs in, subscribes everything again and says so", async () => {
    open().subscribe([ORDER, { topic: "wallet", kind: "private" }]);
    await until("resynchronize");
    server.cut();
    await until("resynchronize", 2);
    expect(types()).toEqual(["resynchronize", "down", "resynchronize"]);
    expect(events[2]).toMatchObject({ isFirst: false });
    expect(server.asked).toEqual(["auth", "order", "wallet", "auth", "order", "wallet"]);
  });

  it("waits longer each time while the exchange takes no connections", async () => {
    server.script.isShut = true;
    open({ retryMs: 8 }).subscribe([KLINE]);
    await until("down", 5);
    const waits = events.flatMap((event) => (event.type === "down" ? [event.retryInMs] : []));
    expect(waits[4]).toBeGreaterThan(waits[0]!);
    waits.forEach((wait, k) => {
      expect(wait).toBeGreaterThanOrEqual(8 * 2 ** k);
      expect(wait).toBeLessThanOrEqual(16 * 2 ** k);
    });
    expect(streams.isLive("linear")).toBe(false);
    server.script.isShut = false;
    await until("resynchronize");
  });

  it("notices silence behind living pongs, and connects anew", async () => {
    open({ maxAgeMs: (topic) => (topic === BOOK.topic ? 120 : Infinity) }).subscribe([KLINE, BOOK]);
    await until("resynchronize");
    const feed = setInterval(() => server.push(BOOK.topic, { type: "delta", data: {} }), 10);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(types()).not.toContain("stale"); // the kline may be silent
    server.script.isStalled = true;
    await until("stale");
    clearInterval(feed);
    const stale = events.find((event) => event.type === "stale")!;
    expect(stale).toMatchObject({ kind: "linear", topic: BOOK.topic });
    expect((stale as { ageMs: number }).ageMs).toBeGreaterThan(120);
    await until("resynchronize", 2);
    expect(types().slice(types().indexOf("stale"), types().indexOf("stale") + 2)).toEqual(["stale", "down"]);
  });

  it("a subscription that is not acknowledged is no subscription", async () => {
    server.script.ignores.add("subscribe");
    open().subscribe([KLINE]);
    await until("down", 2);
    expect(types()).not.toContain("resynchronize");
    server.script.ignores.clear();
    await until("resynchronize");
  });

  it("an unanswered login is a lost connection; a refused one says why, without the secret", async () => {
    server.script.ignores.add("auth");
    open().subscribe([ORDER]);
    await until("down");
    server.script.ignores.clear();
    server.script.badKey = true;
    await until("down", 3);
    const reasons = events.flatMap((event) => (event.type === "down" ? [event.reason] : []));
    expect(reasons[0]).toBe("no answer to auth within 150 ms");
    expect(reasons.at(-1)).toBe("login refused");
    expect(JSON.stringify(events)).not.toContain("CANARY");
    server.script.badKey = false;
    await until("resynchronize");
  });

  it("one unknown topic does not take the others down", async () => {
    server.script.refuses.add("kline.7.BTCUSDT");
    open().subscribe([KLINE, { topic: "kline.7.BTCUSDT", kind: "linear" }, BOOK]);
    await until("resynchronize");
    const refused = events.filter((event) => event.type === "refused");
    expect(refused).toMatchObject([{ topic: "kline.7.BTCUSDT", reason: expect.stringContaining("handler not found") }]);
    server.push(BOOK.topic, { type: "snapshot", data: {} });
    await until("data");
  });

  it("subscribes a topic anew on request, for a fresh snapshot", async () => {
    open().subscribe([BOOK]);
    await until("resynchronize");
    streams.refresh(BOOK);
    await vi.waitFor(() => expect(server.asked).toEqual([BOOK.topic, `-${BOOK.topic}`, BOOK.topic]));
  });

  it("asks spot for ten topics at a time", async () => {
    const topics = Array.from({ length: 23 }, (_, k) => ({ topic: `tickers.C${k}USDT`, kind: "spot" }) as const);
    open().subscribe(topics);
    await until("resynchronize");
    expect(server.asked).toEqual(topics.map((each) => each.topic));
  });

  it.each([
    ["a private topic on a public socket", { topic: "order", kind: "linear" }],
    ["a public topic on the private socket", { topic: "kline.1.BTCUSDT", kind: "private" }],
  ] as const)("refuses %s", (_, subscription) => {
    expect(() => open().subscribe([subscription])).toThrow(expect.objectContaining({ code: "TOPIC" }));
  });

  it("refuses a private topic without a key", () => {
    expect(() => open({ credentials: undefined }).subscribe([ORDER])).toThrow(/needs an API key/);
  });

  it("closes for good: no connection, no event, no timer that keeps a process alive", async () => {
    open().subscribe([KLINE, ORDER]);
    await until("resynchronize", 2);
    streams.close();
    await vi.waitFor(() => expect(server.connections()).toBe(0));
    const count = events.length;
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(events.length).toBe(count);
  });
});
