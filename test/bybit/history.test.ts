import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Gateway } from "../../src/bybit/gateway.ts";
import { fetchBars, fetchFunding, fetchOpenInterest, pagesOf } from "../../src/bybit/history.ts";
import { fetchInstrument, instrumentOfRow } from "../../src/bybit/instruments.ts";
import { inParallel } from "../../src/bybit/parallel.ts";
import { gatewayTo, OPENING, type RestExchange, restExchange, seededMarket } from "./support/exchange.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const BTC = { category: "linear", symbol: "BTCUSDT", interval: "1", kind: "trade" } as const;
let exchange: RestExchange;
let gateway: Gateway;
beforeAll(async () => {
  exchange = await restExchange();
  gateway = gatewayTo(exchange);
});
afterAll(async () => {
  gateway.close();
  await exchange.close();
});
afterEach(() => exchange.world.faults.clear());

describe("bars", () => {
  it("are the exchange's own, ascending, whatever the pages", async () => {
    const { bars: source } = seededMarket("BTCUSDT", "linear");
    const span = { from: OPENING - 2 * DAY, to: OPENING };
    const bars = await fetchBars(gateway, BTC, [span]);
    expect(bars.length).toBe(2 * 1_440);
    expect([...bars.time]).toEqual([...source.time.slice(0, 2_880)]);
    expect([...bars.close]).toEqual([...source.close.slice(0, 2_880)]);
    expect([...bars.volume.slice(0, 5)].every((value) => value > 0)).toBe(true);
    expect(pagesOf([span], "1")).toHaveLength(3);
  });

  it("come from several spans, and end where the market begins", async () => {
    const spans = [
      { from: OPENING - 3 * DAY, to: OPENING - 2 * DAY + 5 * MINUTE },
      { from: OPENING - 10 * MINUTE, to: OPENING - 7 * MINUTE },
    ];
    const bars = await fetchBars(gateway, BTC, spans);
    expect([...bars.time].map((time) => (OPENING - time) / MINUTE)).toEqual([2880, 2879, 2878, 2877, 2876, 10, 9, 8]);
  });

  it.each(["mark", "index", "premium"] as const)("of the %s have no volume", async (kind) => {
    const bars = await fetchBars(gateway, { ...BTC, kind }, [{ from: OPENING - 5 * MINUTE, to: OPENING }]);
    expect(bars.length).toBe(5);
    expect([...bars.volume].every(Number.isNaN)).toBe(true);
    expect([...bars.close].every(Number.isFinite)).toBe(true);
  });

  it("survive pages that fail now and then", async () => {
    exchange.world.faults.add({ fault: "answerLost", on: "kline", probability: 0.3, count: 3 });
    exchange.world.faults.add({ fault: "truncated", on: "kline", skip: 1, count: 1 });
    const bars = await fetchBars(gateway, BTC, [{ from: OPENING - DAY, to: OPENING }]);
    expect(bars.length).toBe(1_440);
  });

  it("are asked for once more when a page is cut short", async () => {
    const asked: number[] = [];
    const stub = {
      callNamed(_: string, { start, end }: { start: number; end: number }) {
        const all = Array.from({ length: (end - start) / MINUTE + 1 }, (_, i) => [
          end - i * MINUTE,
          ...Array(6).fill("1"),
        ]);
        asked.push(all.length);
        return Promise.resolve({ list: all.slice(0, 200) });
      },
    } as unknown as Gateway;
    const bars = await fetchBars(stub, BTC, [{ from: 0, to: 1_000 * MINUTE }]);
    expect(bars.length).toBe(1_000);
    expect(asked).toEqual([1000, 800, 600, 400, 200]);
  });

  it("that nobody asked for are refused", async () => {
    const stub = { callNamed: () => Promise.resolve({ list: [[7 * MINUTE, ..."111111"]] }) } as unknown as Gateway;
    const work = fetchBars(stub, BTC, [{ from: 0, to: 5 * MINUTE }]);
    await expect(work).rejects.toMatchObject({ code: "KLINE_ANSWER" });
  });
});

describe("funding and open interest", () => {
  const contract = { category: "linear", symbol: "BTCUSDT" } as const;

  it("are paged back to the beginning", async () => {
    const rates = await fetchFunding(gateway, contract, { from: OPENING - 2 * DAY, to: OPENING + 1 });
    expect([...rates.time].map((time) => (OPENING - time) / 3_600_000)).toEqual([48, 40, 32, 24, 16, 8, 0]);
    expect([...rates.rate].every((rate) => Math.abs(rate) < 0.01)).toBe(true);
    const { time } = await fetchOpenInterest(
      gateway,
      { ...contract, period: "5min" },
      { from: OPENING - 2 * DAY, to: OPENING },
    );
    expect(time).toHaveLength(576);
    expect(time[0]).toBe(OPENING - 2 * DAY);
  });
});

describe("rules", () => {
  it("are the exchange's, with its ladder and the day it began", async () => {
    const { instrument, launchTime } = await fetchInstrument(gateway, { category: "linear", symbol: "BTCUSDT" });
    expect(launchTime).toBe(OPENING - 2 * DAY);
    expect(instrument).toEqual(seededMarket("BTCUSDT", "linear").instrument);
    const spot = await fetchInstrument(gateway, { category: "spot", symbol: "BTCUSDT" });
    expect(spot.instrument).toMatchObject({ category: "spot", qtyStep: "0.000001", riskTiers: [], maxLeverage: "1" });
    const inverse = await fetchInstrument(gateway, { category: "inverse", symbol: "BTCUSD" });
    expect(inverse.instrument).toEqual(seededMarket("BTCUSD", "inverse").instrument);
  });

  it("of a symbol that is not there are refused", async () => {
    await expect(fetchInstrument(gateway, { category: "linear", symbol: "NOPEUSDT" })).rejects.toBeInstanceOf(Error);
  });

  it("lacking a step are refused", () => {
    const row = {
      symbol: "X",
      status: "Trading",
      baseCoin: "X",
      quoteCoin: "USDT",
      priceFilter: { tickSize: "1" },
      lotSizeFilter: {},
    };
    expect(() => instrumentOfRow(row, "linear", [])).toThrow(expect.objectContaining({ code: "INSTRUMENT_ANSWER" }));
  });

  it("read margin rates in percent as fractions, exactly", async () => {
    const answers: Record<string, unknown> = {
      get_instruments_info: {
        list: [
          {
            symbol: "BTCUSD",
            status: "Trading",
            baseCoin: "BTC",
            quoteCoin: "USD",
            priceFilter: { tickSize: "0.5" },
            lotSizeFilter: { qtyStep: "1", minOrderQty: "1", maxOrderQty: "10" },
          },
        ],
      },
      get_risk_limit: {
        list: [
          {
            id: 2,
            symbol: "BTCUSD",
            riskLimitValue: "300",
            maintenanceMargin: "1",
            initialMargin: "2",
            maxLeverage: "50.00",
          },
          {
            id: 1,
            symbol: "BTCUSD",
            riskLimitValue: "150",
            maintenanceMargin: "0.5",
            initialMargin: "1.25",
            maxLeverage: "80.00",
          },
        ],
      },
    };
    const stub = { call: (name: string) => Promise.resolve(answers[name]) } as unknown as Gateway;
    const { instrument } = await fetchInstrument(stub, { category: "inverse", symbol: "BTCUSD" });
    expect(instrument.riskTiers.map((tier) => [tier.maintenanceMarginRate, tier.initialMarginRate])).toEqual([
      ["0.005", "0.0125"],
      ["0.01", "0.02"],
    ]);
  });
});

describe("inParallel", () => {
  it("keeps to its number and stops the rest at the first failure", async () => {
    let running = 0;
    let highest = 0;
    const begun: number[] = [];
    const work = inParallel([0, 1, 2, 3, 4, 5, 6, 7], { most: 3 }, async (item, _, signal) => {
      begun.push(item);
      highest = Math.max(highest, ++running);
      await new Promise((resolve) => setTimeout(resolve, 5));
      running--;
      if (item === 3) throw new Error("three");
      if (item > 4) expect(signal.aborted).toBe(true);
    });
    await expect(work).rejects.toThrow("three");
    expect(highest).toBe(3);
    expect(begun.length).toBeLessThan(8);
  });
});
