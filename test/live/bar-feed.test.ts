import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { KlineRow } from "../../src/bybit/stream-rows.ts";
import { MINUTE_MS } from "../../src/core/time.ts";
import { BarFeed } from "../../src/live/bar-feed.ts";
import { type Bars, barsOf } from "../../src/model/bar.ts";
import { generateBars } from "../../src/store/generate.ts";
import { syntheticInstrument } from "../../src/store/synthetic.ts";
import type { StreamBar } from "../../src/strategy/stream.ts";
import { restless } from "../simulation/market.ts";
import { LiveBot } from "../support/live-bot.ts";

const instrument = syntheticInstrument("BTCUSDT");
const START = Date.UTC(2025, 0, 1);
const at = (minute: number) => START + minute * MINUTE_MS;
/** Minutes that the exchange never had. */
const HOLE = [40, 41, 42];
const bars = without(generateBars({ seed: 1, symbol: "BTCUSDT", interval: "1", from: START, length: 60 }), HOLE);

function without(whole: Bars, minutes: readonly number[]): Bars {
  const kept = (column: Float64Array) => column.filter((_, i) => !minutes.includes(i));
  const { symbol, interval, time, open, high, low, close, volume } = whole;
  const columns = { open: kept(open), high: kept(high), low: kept(low), close: kept(close), volume: kept(volume) };
  return barsOf({ symbol, interval }, { time: kept(time), ...columns });
}

describe("a bar feed", () => {
  let venue: LiveBot;
  let now: number;
  let told: StreamBar[];
  let troubles: string[];
  let feed: BarFeed;
  beforeAll(async () => {
    venue = await LiveBot.open({ markets: [{ strategy: restless, bars, instrument }] });
    venue.exchange.control.stepTo(at(60) + 5_000);
  });
  afterAll(() => venue.close());
  beforeEach(() => {
    now = at(10);
    told = [];
    troubles = [];
    venue.exchange.control.faults.clear();
    feed = new BarFeed(
      {
        ...{ gateway: venue.gateway, now: () => now, settleMs: 1_000 },
        onBar: (_lane, bar) => told.push(bar),
        onTrouble: (text) => troubles.push(text),
      },
      [{ lane: "a", symbol: "BTCUSDT", interval: "1" }],
    );
  });
  /** The row of a minute as the stream tells it; a close of its own shows that it came that way. */
  const row = (minute: number, change: Partial<KlineRow> = {}): KlineRow => ({
    ...{ start: at(minute), end: at(minute + 1) - 1, interval: "1", open: 1, high: 2, low: 1, close: 1.5 },
    ...{ volume: 1, turnover: 1, confirm: true, timestamp: at(minute + 1) },
    ...change,
  });
  const minutes = () => told.map(({ time }) => (time - START) / MINUTE_MS);

  it("warms up on the closed bars, and not on one that may still change", async () => {
    const warm = await feed.warmUp("a", at(3) - 1);
    // At 10:00 sharp the bar of 9 closed this moment: after a second it is certain.
    expect(warm.map(({ time }) => (time - START) / MINUTE_MS)).toEqual([3, 4, 5, 6, 7, 8]);
    expect(feed.nextOf("a")).toBe(at(9));
    expect(feed.nextClose).toBe(at(10));
    now += 1_000;
    expect((await feed.warmUp("a", at(3))).at(-1)!.time).toBe(at(9));
  });

  it("tells each closed bar once, in order", async () => {
    await feed.warmUp("a", at(0));
    feed.take("BTCUSDT", row(9));
    feed.take("BTCUSDT", row(9));
    feed.take("BTCUSDT", row(10));
    feed.take("BTCUSDT", row(9));
    feed.take("BTCUSDT", row(5));
    expect(minutes()).toEqual([9, 10]);
    expect(troubles).toEqual([]);
  });

  it("does not look at bars that are not closed, of another market, or another interval", async () => {
    await feed.warmUp("a", at(0));
    feed.take("BTCUSDT", row(9, { confirm: false }));
    feed.take("ETHUSDT", row(9));
    feed.take("BTCUSDT", row(9, { interval: "5" }));
    feed.take("BTCUSDT", row(9, { start: at(9) + 1 }));
    expect(told).toEqual([]);
  });

  it("takes what the stream left out from the list, and the rest in order", async () => {
    await feed.warmUp("a", at(0));
    now = at(13) + 1_500;
    feed.take("BTCUSDT", row(12));
    expect(told).toEqual([]);
    expect(feed.isFilling).toBe(true);
    feed.take("BTCUSDT", row(13));
    await feed.idle();
    expect(minutes()).toEqual([9, 10, 11, 12, 13]);
    expect(told[4]!.close).toBe(1.5);
    expect(told[0]!.close).toBe(bars.close[9]);
    expect(feed.isFilling).toBe(false);
  });

  it("sorts bars that overtake each other on the stream", async () => {
    await feed.warmUp("a", at(0));
    now = at(11) + 500;
    feed.take("BTCUSDT", row(10));
    feed.take("BTCUSDT", row(9));
    await feed.idle();
    expect(minutes()).toEqual([9, 10]);
  });

  it("keeps bars that come while it warms up", async () => {
    now = at(10);
    const warm = feed.warmUp("a", at(0));
    feed.take("BTCUSDT", row(9));
    feed.take("BTCUSDT", row(10));
    expect((await warm).at(-1)!.time).toBe(at(8));
    expect(told).toEqual([]);
    now = at(11) + 2_000;
    feed.catchUp();
    await feed.idle();
    expect(minutes()).toEqual([9, 10]);
  });

  it("looks for bars that should have come and did not", async () => {
    await feed.warmUp("a", at(0));
    feed.catchUp();
    expect(feed.isFilling).toBe(false);
    now = at(12) + 1_000;
    feed.catchUp();
    await feed.idle();
    expect(minutes()).toEqual([9, 10, 11]);
  });

  it("waits where the list has a bar not yet, says so once, and takes it when it comes", async () => {
    now = at(58) + 2_000;
    await feed.warmUp("a", at(50));
    now = at(61) + 2_000;
    for (let k = 0; k < 3; k++) {
      feed.catchUp();
      await feed.idle();
    }
    expect(minutes()).toEqual([58, 59]);
    expect(troubles).toEqual(["BTCUSDT 1: the exchange does not have the bar of 2025-01-01 01:00 yet"]);
    feed.take("BTCUSDT", row(60));
    expect(minutes()).toEqual([58, 59, 60]);
  });

  it("goes on behind bars that the exchange does not have", async () => {
    now = at(39) + 2_000;
    await feed.warmUp("a", at(30));
    feed.take("BTCUSDT", row(39));
    now = at(44);
    feed.take("BTCUSDT", row(43));
    await feed.idle();
    // Not certain before the list has a later one.
    expect(minutes()).toEqual([39]);
    expect(troubles).toEqual(["BTCUSDT 1: the exchange does not have the bar of 2025-01-01 00:40 yet"]);
    now = at(44) + 1_000;
    feed.catchUp();
    await feed.idle();
    expect(minutes()).toEqual([39, 43]);
    expect(troubles.at(-1)).toBe("BTCUSDT 1: the exchange has no bars for 3 intervals from 2025-01-01 00:40 on");
  });

  it("says that a list cannot be had, and tries again", async () => {
    await feed.warmUp("a", at(0));
    now = at(12) + 1_000;
    venue.exchange.control.faults.add({ fault: "reject", on: "kline", retCode: 10005, retMsg: "Permission denied" });
    feed.catchUp();
    await feed.idle();
    expect(told).toEqual([]);
    expect(troubles[0]).toContain("missing bars cannot be had");
    venue.exchange.control.faults.clear();
    feed.catchUp();
    await feed.idle();
    expect(minutes()).toEqual([9, 10, 11]);
  });
});
