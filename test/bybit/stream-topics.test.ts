import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { localHosts } from "../../src/bybit/hosts.ts";
import { streamMessage } from "../../src/bybit/stream-message.ts";
import type { SessionKind, StreamFrame } from "../../src/bybit/stream-session.ts";
import { requireLivingTopic, STREAM_TOPICS } from "../../src/bybit/stream-topics.ts";
import { Streams } from "../../src/bybit/streams.ts";
import { Secret } from "../../src/core/secret.ts";
import type { Exchange } from "../../src/simulator/exchange.ts";
import { post, stepExchange } from "../simulator/support.ts";
import { servedTopics } from "./support/stream-coverage.ts";

// Every topic the local exchange has is subscribed over a real socket, and its messages are understood.

let exchange: Exchange;
const frames: { kind: SessionKind; frame: StreamFrame }[] = [];
const refused: string[] = [];
let streams: Streams;
beforeAll(async () => {
  exchange = await stepExchange();
  const hosts = localHosts({ rest: exchange.rest, ws: exchange.ws });
  streams = new Streams({
    urls: hosts.streams,
    credentials: { key: exchange.apiKey, secret: new Secret(exchange.apiSecret), kind: "hmac", environment: "local" },
    onEvent(event) {
      if (event.type === "data") frames.push(event);
      if (event.type === "refused") refused.push(event.topic);
    },
  });
  streams.subscribe(servedTopics());
  await vi.waitFor(
    () => expect((["linear", "inverse", "spot", "private"] as const).every((k) => streams.isLive(k))).toBe(true),
    {
      timeout: 10_000,
    },
  );
});
afterAll(async () => {
  streams.close();
  await exchange.close();
});

describe("every topic of the local exchange", () => {
  it("is acknowledged, brings messages, and they are understood", async () => {
    const order = { category: "linear", symbol: "BTCUSDT", side: "Buy", orderType: "Market", qty: "0.01" };
    expect(await post(exchange, "/v5/order/create", order)).toMatchObject({ retCode: 0 });
    exchange.control.liquidate("linear", "BTCUSDT");
    const wanted = servedTopics().filter(
      ({ topic, kind }) => !(topic.startsWith("allLiquidation") && kind === "inverse"),
    );
    await vi.waitFor(
      () => {
        exchange.control.step(20_000);
        const missing = wanted.filter(
          ({ topic, kind }) => !frames.some((each) => each.kind === kind && each.frame.topic === topic),
        );
        expect(missing).toEqual([]);
      },
      { timeout: 10_000, interval: 20 },
    );
    expect(refused).toEqual([]);
    const quarantined = frames.map(({ frame }) => streamMessage(frame)).filter(({ kind }) => kind === "quarantined");
    expect(quarantined).toEqual([]);
  }, 20_000);
});

describe("topics of the past", () => {
  it.each([
    ["liquidation.BTCUSDT", "allLiquidation.BTCUSDT"],
    ["orderbook.500.BTCUSDT", "orderbook.200.BTCUSDT"],
    ["orderbook.25.BTCUSDT", "depths: 1, 50, 200, 1000"],
    ["instrument_info.100ms.BTCUSD", "tickers.BTCUSD"],
    ["trade.BTCUSD", "publicTrade.BTCUSD"],
    ["klineV2.1.BTCUSD", "kline.1.BTCUSD"],
    ["lt.BTC3LUSDT", "leveraged tokens"],
    ["stop_order", "conditional orders are in it"],
  ])("%s names what took its place: %s", (topic, text) => {
    expect(() => requireLivingTopic(topic, "linear")).toThrow(
      expect.objectContaining({ code: "TOPIC_REMOVED", message: expect.stringContaining(text) }),
    );
  });

  it("no living topic is taken for one of the past", () => {
    for (const { example, sockets } of STREAM_TOPICS) {
      for (const kind of sockets) expect(() => requireLivingTopic(example, kind)).not.toThrow();
    }
  });
});
