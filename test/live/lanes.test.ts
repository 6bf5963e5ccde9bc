import { describe, expect, it } from "vitest";
import { DEFAULT_WAITS } from "../../src/engine/inputs.ts";
import { settleCoinOf, settleMsOf, topicsOf, waitsOf, warmupOf } from "../../src/live/lanes.ts";
import type { TraderLane, TraderOptions } from "../../src/live/trader-types.ts";
import { syntheticInstrument } from "../../src/store/synthetic.ts";
import { rsiTrend } from "../../src/strategies/rsi-trend.ts";
import { resolveParams } from "../../src/strategy/resolve.ts";

const lane = (symbol: string, change: object = {}): TraderLane => ({
  ...{ name: symbol, strategy: rsiTrend, params: resolveParams(rsiTrend, {}), interval: "5", warmupBars: 0 },
  instrument: { ...syntheticInstrument("BTCUSDT"), symbol },
  ...{ sizing: { kind: "all-in" }, leverage: 1, feeRate: 0, slippage: 0, side: "both" },
  ...{ stopLoss: null, takeProfit: null, trailingStop: null },
  ...change,
});
const options = (lanes: readonly TraderLane[], waits = {}) => ({ lanes, waits }) as unknown as TraderOptions;

describe("lanes", () => {
  it("of one coin, each with a symbol of its own, settle in it", () => {
    expect(settleCoinOf([lane("BTCUSDT"), lane("ETHUSDT")])).toBe("USDT");
  });

  it.each([
    ["none", []],
    ["two coins", [lane("A"), lane("B", { instrument: { ...syntheticInstrument("BTCUSDT"), settleCoin: "USDC" } })]],
    ["one that is not linear", [lane("A", { instrument: { ...syntheticInstrument("BTCUSDT"), category: "inverse" } })]],
    ["one symbol twice", [lane("A"), { ...lane("A"), name: "B" }]],
    ["one name twice", [lane("A"), { ...lane("B"), name: "A" }]],
  ])("are refused: %s", (_, lanes) => {
    expect(() => settleCoinOf(lanes)).toThrow(expect.objectContaining({ code: "LANES" }));
  });

  it("hear their bars and prices, and all of the account", () => {
    expect(topicsOf([lane("BTCUSDT")]).map(({ topic, kind }) => `${kind} ${topic}`)).toEqual([
      ...["private order", "private execution", "private position"],
      ...["linear tickers.BTCUSDT", "linear kline.5.BTCUSDT"],
    ]);
  });

  it("warm up for as long as the strategy needs, or longer if told", () => {
    expect(warmupOf(lane("A"))).toBeGreaterThanOrEqual(200);
    expect(warmupOf(lane("A", { warmupBars: 5_000 }))).toBe(5_000);
  });
});

describe("waits", () => {
  it("are the usual ones in real pace", () => {
    expect(waitsOf("real", options([lane("A")], { askMs: 7 }))).toEqual({ askMs: 7 });
  });

  it("are longer on a fast exchange, but nothing stays fresh for half a bar", () => {
    const waits = waitsOf(60, options([lane("A")], { askMs: 7 }));
    expect(waits).toMatchObject({ askMs: 7, lostMs: 60 * DEFAULT_WAITS.lostMs, freshMs: 150_000 });
  });

  it("are not shorter on a slow one", () => {
    expect(waitsOf(0.5, options([lane("A")])).lostMs).toBe(DEFAULT_WAITS.lostMs);
  });

  it("in steps leave looking at the account to once a week", () => {
    expect(waitsOf("step", options([lane("A")])).reconcileMs).toBe(7 * 86_400_000);
  });
});

describe("a listed bar", () => {
  it("is certain a second after its end, of this machine's seconds where the exchange is fast", () => {
    expect([settleMsOf("real"), settleMsOf("step"), settleMsOf(60), settleMsOf(0.1)]).toEqual([
      1_000, 0, 60_000, 1_000,
    ]);
  });
});
