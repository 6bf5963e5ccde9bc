import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { Gateway } from "../../src/bybit/gateway.ts";
import { fetchBars } from "../../src/bybit/history.ts";
import { streamMessage } from "../../src/bybit/stream-message.ts";
import { Streams } from "../../src/bybit/streams.ts";
import { downloadMarket } from "../../src/cli/download.ts";
import { Secret } from "../../src/core/secret.ts";
import type { Exchange } from "../../src/simulator/exchange.ts";
import { openCatalogue } from "../../src/store/catalogue.ts";
import { OPENING } from "../bybit/support/exchange.ts";
import { gatewayOf, market, smallExchange } from "./support/exchange.ts";

const MINUTE = 60_000;
const BTC = { category: "linear", symbol: "BTCUSDT", interval: "1" } as const;
let exchange: Exchange;
let gateway: Gateway;
beforeAll(async () => {
  exchange = await smallExchange();
  gateway = gatewayOf(exchange);
});
afterAll(async () => {
  gateway.close();
  await exchange.close();
});

/** Openings the exchange lists, in its order. */
async function listed(): Promise<number[]> {
  const { list } = await gateway.call("get_kline", { ...BTC, limit: 5 });
  return list.map(([time]) => (time - OPENING) / MINUTE);
}

describe("bars", () => {
  it("the exchange's list is newest first, and no caller sees it so", async () => {
    expect(await listed()).toEqual([0, -1, -2, -3, -4]);
    const bars = await fetchBars(gateway, { ...BTC, kind: "trade" }, [{ from: OPENING - 5 * MINUTE, to: OPENING }]);
    expect([...bars.time].map((time) => (time - OPENING) / MINUTE)).toEqual([-5, -4, -3, -2, -1]);
    expect([...bars.close]).toEqual([...market.bars.close.slice(2_875, 2_880)]);
  });

  it("a history longer than one page is whole, ascending and without repetition", async () => {
    const bars = await fetchBars(gateway, { ...BTC, kind: "trade" }, [{ from: OPENING - 2_880 * MINUTE, to: OPENING }]);
    expect(bars.length).toBe(2_880);
    expect([...bars.time]).toEqual([...market.bars.time.slice(0, 2_880)]);
    expect([...bars.close]).toEqual([...market.bars.close.slice(0, 2_880)]);
  });

  it("a bar that is not finished is not downloaded, though the exchange lists it", async () => {
    expect((await listed())[0]).toBe(0);
    const root = mkdtempSync(join(tmpdir(), "grimoire-regressions-"));
    const catalogue = openCatalogue(root);
    const where = { venue: "local", category: "linear", symbol: "BTCUSDT" } as const;
    await downloadMarket(
      { market: where, what: new Set(["bars"]), interval: "1", period: "5min", from: OPENING - 10 * MINUTE },
      { gateway, catalogue, signal: new AbortController().signal, onProgress() {} },
    );
    const bars = await catalogue.read({ ...where, interval: "1", kind: "trade" });
    rmSync(root, { recursive: true });
    expect([bars.length, bars.time.at(-1)]).toEqual([10, OPENING - MINUTE]);
  });

  it("a running bar and a closed one are told apart on the stream, and a bar is closed once", async () => {
    const { rest: _, wsPublic, wsPrivate } = exchange;
    const rows: { start: number; confirm: boolean; close: number }[] = [];
    let isLive = false;
    const streams = new Streams({
      urls: { ...wsPublic, option: wsPublic.linear, private: wsPrivate },
      credentials: { key: "KEY", secret: new Secret("SECRET"), kind: "hmac", environment: "local" },
      onEvent(event) {
        if (event.type === "resynchronize") isLive = true;
        if (event.type !== "data") return;
        const message = streamMessage(event.frame);
        if (message.kind === "kline") rows.push(...message.rows);
      },
    });
    streams.subscribe([{ topic: "kline.1.BTCUSDT", kind: "linear" }]);
    await vi.waitFor(() => expect(isLive).toBe(true));
    for (let i = 0; i < 3; i++) exchange.control.stepBars(1);
    await vi.waitFor(() => expect(rows.filter(({ confirm }) => confirm)).toHaveLength(3));
    streams.close();
    const closed = rows.filter(({ confirm }) => confirm);
    expect(closed.map(({ start, close }) => [(start - OPENING) / MINUTE, close])).toEqual(
      [0, 1, 2].map((i) => [i, market.bars.close[2_880 + i]]),
    );
    expect(rows.some(({ confirm }) => !confirm)).toBe(true);
  });

  it("a bar that does not say whether it is finished is not used", () => {
    const row = {
      start: 1,
      end: 2,
      interval: "1",
      open: "1",
      high: "1",
      low: "1",
      close: "1",
      volume: "1",
      turnover: "1",
    };
    const data = [{ ...row, timestamp: 2 }];
    const message = streamMessage({ topic: "kline.1.BTCUSDT", type: "snapshot", ts: 2, data });
    expect(message).toMatchObject({ kind: "quarantined", reason: expect.stringContaining("confirm") });
  });

  it("a number that cannot be read is not used as 0", () => {
    const row = {
      start: 1,
      end: 2,
      interval: "1",
      open: "1",
      high: "1",
      low: "1",
      close: "",
      volume: "1",
      turnover: "1",
    };
    const data = [{ ...row, confirm: true, timestamp: 2 }];
    const message = streamMessage({ topic: "kline.1.BTCUSDT", type: "snapshot", ts: 2, data });
    expect(message).toMatchObject({ kind: "quarantined", reason: expect.stringContaining("close") });
  });
});
