import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { streamMessage } from "../../src/bybit/stream-message.ts";
import type { StreamFrame } from "../../src/bybit/stream-session.ts";

const KLINE = {
  start: 1672324800000,
  end: 1672325099999,
  interval: "5",
  open: "16649.5",
  close: "16677",
  high: "16677",
  low: "16608",
  volume: "2.081",
  turnover: "34666.4005",
  confirm: false,
  timestamp: 1672324988882,
};
const EXECUTION = {
  category: "linear",
  symbol: "BTCUSDT",
  orderId: "1",
  orderLinkId: "",
  execId: "7e2ae69c-4edf-5800-a352-893d52b446aa",
  side: "Sell",
  execPrice: "95900.1",
  execQty: "0.5",
  execValue: "47950.05",
  execFee: "26.3725275",
  feeRate: "0.00055",
  isMaker: false,
  execType: "Trade",
  execTime: "1746270400353",
  seq: 140612148849382,
};

describe("streamMessage", () => {
  it("makes numbers of a kline", () => {
    const message = streamMessage({ topic: "kline.5.BTCUSDT", type: "snapshot", ts: 9, data: [KLINE] });
    expect(message).toMatchObject({
      kind: "kline",
      symbol: "BTCUSDT",
      time: 9,
      rows: [{ open: 16649.5, volume: 2.081 }],
    });
  });

  it("keeps the text of an execution's money", () => {
    const message = streamMessage({ topic: "execution", creationTime: 9, data: [EXECUTION] });
    expect(message).toMatchObject({
      kind: "execution",
      time: 9,
      rows: [{ execFee: "26.3725275", execTime: 1746270400353 }],
    });
  });

  it("lets new fields and new words through", () => {
    const data = [{ ...EXECUTION, execType: "Brandnew", novelty: 1 }];
    expect(streamMessage({ topic: "execution.linear", data })).toMatchObject({
      rows: [{ execType: "Brandnew", novelty: 1 }],
    });
  });

  it.each([
    ["a missing field", "execution", [{ ...EXECUTION, execId: undefined }], "execId"],
    ["an empty id", "execution", [{ ...EXECUTION, execId: "" }], "execId"],
    ["a number that is none", "kline.5.BTCUSDT", [{ ...KLINE, close: "abc" }], "close: a decimal number"],
    ["one bad row of two", "execution", [EXECUTION, { ...EXECUTION, execQty: "1e5x" }], "execQty"],
    ["data that is no list", "order", {}, "data is no list"],
    ["a book without sides", "orderbook.50.BTCUSDT", { u: 1 }, "no book"],
  ])("puts %s in quarantine, with the reason", (_, topic, data, reason) => {
    expect(streamMessage({ topic, type: "snapshot", data })).toMatchObject({
      kind: "quarantined",
      reason: expect.stringContaining(reason),
    });
  });

  it("tells a ticker's delta, which holds only what changed", () => {
    const message = streamMessage({
      topic: "tickers.BTCUSDT",
      type: "delta",
      data: { symbol: "BTCUSDT", bid1Price: "5" },
    });
    expect(message).toMatchObject({ kind: "ticker", isDelta: true, row: { symbol: "BTCUSDT", bid1Price: "5" } });
  });

  const FIXTURES = join(import.meta.dirname, "../../../shared/fixtures");
  it.runIf(existsSync(FIXTURES))("understands every V5 frame among the recorded payloads", () => {
    const kinds = new Map<string, number>();
    const reasons: string[] = [];
    for (const frame of recorded(FIXTURES)) {
      const message = streamMessage(frame);
      kinds.set(message.kind, (kinds.get(message.kind) ?? 0) + 1);
      if (message.kind === "quarantined") reasons.push(`${frame.topic}: ${message.reason}`);
    }
    // One of them lacks a field, on purpose.
    expect(reasons).toEqual(["wallet: coin.0.equity: Invalid input"]);
    for (const kind of ["book", "kline", "publicTrade", "ticker", "order", "execution", "position", "wallet"]) {
      expect(kinds.get(kind), kind).toBeGreaterThan(0);
    }
  });
});

/** Every object with a topic in the recorded files, at any depth. */
function* recorded(folder: string): Generator<StreamFrame> {
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!/\.jsonl?$/.test(file)) continue;
    const text = readFileSync(join(folder, file), "utf8");
    for (const part of file.endsWith("l") ? text.split("\n") : [text]) {
      const parsed = parse(part);
      if (parsed !== undefined) yield* framesIn(parsed);
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // comments and send/receive marks of some recordings
  }
}

function* framesIn(value: unknown): Generator<StreamFrame> {
  if (typeof value !== "object" || value === null) return;
  if ("topic" in value && typeof value.topic === "string" && "data" in value) yield value as StreamFrame;
  else for (const inner of Object.values(value)) yield* framesIn(inner);
}
