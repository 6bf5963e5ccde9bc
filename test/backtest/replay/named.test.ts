import { describe, expect, it } from "vitest";
import type { BacktestSettings } from "../../../src/backtest/settings.ts";
import { HOUR_MS } from "../../../src/core/time.ts";
import { type Bars, barsOf } from "../../../src/model/bar.ts";
import type { Rules } from "../../../src/strategy/rules.ts";
import type { Scope } from "../../../src/strategy/scope.ts";
import { defineStrategy } from "../../../src/strategy/strategy.ts";
import { testInstrument } from "../../support/random-market.ts";
import { parityOf } from "./parity.ts";

type Row = readonly [open: number, high: number, low: number, close: number, volume?: number];

/** Volumes that mean a signal at the close of their bar. */
const BUY = 7;
const SELL = 8;
const LEAVE = 9;

function barsFrom(rows: readonly Row[]): Bars {
  const column = (k: number) => Float64Array.from(rows, (row) => row[k] ?? 1);
  const time = Float64Array.from(rows, (_, i) => Date.UTC(2024, 0) + i * HOUR_MS);
  const prices = { open: column(0), high: column(1), low: column(2), close: column(3) };
  return barsOf({ symbol: "TESTUSDT", interval: "60" }, { time, ...prices, volume: column(4) });
}

/** Both engines on rows whose volumes are the signals. */
function both(rows: readonly Row[], settings: Partial<BacktestSettings>, levels: (scope: Scope) => Rules = () => ({})) {
  const strategy = defineStrategy({
    name: "told",
    params: {},
    rules: (scope) => ({
      enterLong: scope.volume.equals(BUY),
      enterShort: scope.volume.equals(SELL),
      exitLong: scope.volume.equals(LEAVE),
      exitShort: scope.volume.equals(LEAVE),
      ...levels(scope),
    }),
  });
  return parityOf({
    strategy,
    bars: barsFrom(rows),
    instrument: testInstrument(),
    settings: { sizing: { kind: "qty", qty: 1 }, feeRate: 0.001, ...settings },
  });
}

const quiet: Row = [100, 100, 100, 100];
const buy: Row = [100, 100, 100, 100, BUY];
const sell: Row = [100, 100, 100, 100, SELL];

describe("what replay does otherwise than the fast backtest", () => {
  it("touchedTarget: a target fires when touched; the fast one waits for a tick beyond", () => {
    const { named, fast, slow } = both([buy, [100, 102, 100, 101], [101, 101, 101, 101]], { takeProfit: 0.02 });
    expect(named).toBe("touchedTarget");
    expect(slow.trades[0]).toMatchObject({ exitReason: "takeProfit", exitPrice: 102 });
    expect(fast.trades[0]).toMatchObject({ exitReason: "open" });
    const through = both([buy, [100, 102.05, 100, 101], quiet], { takeProfit: 0.02 });
    expect([through.named, through.difference, through.same]).toEqual([null, null, 1]);
  });

  it("targetCost: a target is a market order, which slips and pays the taker fee", () => {
    const rows: Row[] = [buy, [100, 105, 100, 105], quiet];
    const fees = both(rows, { takeProfit: 0.02, makerFeeRate: 0 });
    expect(fees.named).toBe("targetCost");
    expect([fees.fast.trades[0]!.fees, fees.slow.trades[0]!.fees]).toEqual([0.1, 0.202]);
    const slips = both(rows, { takeProfit: 0.02, slippageBps: 10 });
    expect(slips.named).toBe("targetCost");
    expect([slips.fast.trades[0]!.exitPrice, slips.slow.trades[0]!.exitPrice]).toEqual([102.1, 101.95]);
  });

  it("liquidation: the venue counts the fee to close, takes over at its bankruptcy price, and the bot stops", () => {
    const fall: Row = [100, 100, 60, 60];
    const rows: Row[] = [buy, quiet, fall, [60, 60, 60, 60, BUY], [60, 60, 60, 60]];
    const settings = { cash: 100, leverage: 10, sizing: { kind: "fraction", fraction: 5 } } as const;
    const { named, fast, slow } = both(rows, settings);
    expect(named).toBe("liquidation");
    expect(fast.trades).toHaveLength(1);
    expect(slow.trades).toHaveLength(1);
    expect(slow.trades[0]).toMatchObject({ exitReason: "liquidation", exitTime: fast.trades[0]!.exitTime });
    expect(Math.abs(slow.trades[0]!.exitPrice - fast.trades[0]!.exitPrice)).toBeLessThan(1);
    expect([fast.metrics.finalEquity, slow.metrics.finalEquity]).toEqual([0, expect.closeTo(0, 0)]);
    expect(slow.refusals).toEqual({ belowMinQty: 1 });
    expect(slow.journal).toContainEqual(expect.objectContaining({ type: "latched", latch: "liquidated" }));
  });

  it("exchangeRefusal: an exchange takes no stop between its last price and the fill that slips past it", () => {
    const { named, fast, slow } = both([buy, quiet, quiet], { slippageBps: 100, stopLoss: 0.005 });
    expect(named).toBe("exchangeRefusal");
    expect(fast.trades[0]).toMatchObject({ entryPrice: 101, exitReason: "stopLoss" });
    expect([slow.trades.length, slow.refusals]).toEqual([0, { exchange10001: 1 }]);
  });

  it("exchangeRefusal: a position may not outgrow the risk ladder at the leverage it needs", () => {
    const settings = { cash: 100_000, leverage: 20, sizing: { kind: "qty", qty: 500.5 } } as const;
    const instrument = testInstrument({
      riskTiers: testInstrument().riskTiers.map((tier) => ({ ...tier, maxLeverage: "2" })),
    });
    const strategy = defineStrategy({
      name: "told",
      params: {},
      rules: ({ volume }) => ({ enterLong: volume.equals(BUY) }),
    });
    const parity = parityOf({ strategy, bars: barsFrom([buy, quiet, quiet]), instrument, settings });
    expect(parity.named).toBe("exchangeRefusal");
    expect(parity.fast.trades).toHaveLength(1);
    expect(Object.keys(parity.slow.refusals)).toEqual(["exchange110090"]);
  });

  it("stopBelowZero: no exchange takes a stop at or below zero, so that the entry is not made", () => {
    const { named, fast, slow } = both([buy, quiet, quiet], {}, ({ distance, close }) => ({
      stopLoss: distance(close.times(2)),
    }));
    expect(named).toBe("stopBelowZero");
    expect(fast.trades[0]).toMatchObject({ initialRisk: 200 });
    expect([slow.trades.length, slow.refusals]).toEqual([0, { levelUnknown: 1 }]);
  });

  it("money is counted in units of 1e-8, each fee rounded to one", () => {
    const { fast, slow, difference } = both([buy, [33.35, 33.35, 33.35, 33.35], quiet], { feeRate: 0.00012345 });
    expect(difference).toBeNull();
    expect(fast.trades[0]!.fees).toBeCloseTo(33.35 * 0.00012345, 15);
    expect(slow.trades[0]!.fees).toBe(0.00411706);
  });

  it("of the last bar the fast backtest alone counts what is refused", () => {
    const rules = ({ volume }: Scope) => ({ enterLong: volume.equals(BUY), enterShort: volume.equals(BUY) });
    const { fast, slow, difference } = both([buy, quiet, buy], {}, rules);
    expect(difference).toBeNull();
    expect([fast.refusals, slow.refusals]).toEqual([{ conflict: 2 }, { conflict: 1 }]);
  });

  it("a stop that is jumped over goes before a signal at the same open: another reason, the same trade", () => {
    const leave: Row = [100, 100, 100, 100, LEAVE];
    const { fast, slow, difference } = both([buy, leave, [90, 90, 90, 90], quiet], { stopLoss: 0.02 });
    expect(difference).toBeNull();
    expect([fast.trades[0]!.exitReason, slow.trades[0]!.exitReason]).toEqual(["signal", "stopLoss"]);
  });
});

describe("what both do alike", () => {
  const alike = (rows: readonly Row[], settings: Partial<BacktestSettings>, levels?: (scope: Scope) => Rules) => {
    const parity = both(rows, settings, levels);
    expect([parity.named, parity.difference]).toEqual([null, null]);
    return parity.slow;
  };

  it("an entry signal is not heard while a position is held, though its stop is jumped over at the next open", () => {
    const held: Row = [100, 100, 100, 100, BUY];
    const { trades } = alike([buy, held, [90, 90, 90, 90], quiet], { stopLoss: 0.02 });
    expect(trades).toHaveLength(1);
  });

  it("a reversal goes through when the stop is jumped over at the same open", () => {
    const { trades } = alike([buy, sell, [90, 90, 90, 90], [90, 90, 90, 90]], { stopLoss: 0.02 });
    expect(trades.map(({ side, entryPrice }) => [side, entryPrice])).toEqual([
      ["buy", 100],
      ["sell", 90],
    ]);
  });

  it("an order waits for the next bar in which anybody trades, and is sized there", () => {
    const idle: Row = [100, 100, 100, 100, 0];
    const sizing = { kind: "quote", quote: 1000 } as const;
    const { trades } = alike([buy, idle, idle, [125, 125, 125, 125], quiet], { sizing });
    expect(trades[0]).toMatchObject({ entryPrice: 125, quantity: 8 });
  });

  it("while a refused entry would wait no other is heard", () => {
    const idle: Row = [100, 100, 100, 100, 0];
    const { trades, refusals } = alike(
      [[100, 100, 100, 100, SELL], idle, [100, 100, 100, 100], quiet],
      {},
      ({ volume, price, select }) => ({
        enterShort: volume.equals(SELL),
        enterLong: volume.equals(0),
        stopLoss: price(select(volume.equals(0), 90, 95)),
      }),
    );
    expect([trades.length, refusals]).toEqual([0, { stopWrongSide: 1 }]);
  });

  it("fills with slippage lie on the next tick against the taker", () => {
    const { trades } = alike([buy, [100.05, 100.05, 100.05, 100.05, LEAVE], quiet], { slippageBps: 3 });
    expect(trades[0]).toMatchObject({ entryPrice: 100.1, exitPrice: 99.95 });
  });

  it("a level that is infinite is not known", () => {
    const infinite = ({ price, close }: Scope) => ({ stopLoss: price(close.dividedBy(close.minus(close))) });
    const { trades, refusals } = alike([buy, quiet, quiet], {}, infinite);
    expect([trades.length, refusals]).toEqual([0, { levelUnknown: 1 }]);
    const trailing = ({ price, select, close }: Scope) => ({
      trailingStop: price(select(close.equals(100), 90, close.dividedBy(close.minus(close)))),
    });
    expect(alike([buy, [100, 101, 100, 101], [101, 101, 101, 101]], {}, trailing).trades).toHaveLength(1);
  });

  it("a target below zero is never reached", () => {
    const { trades } = alike([sell, quiet, quiet], { takeProfit: 1.5 });
    expect(trades[0]).toMatchObject({ side: "sell", exitReason: "open" });
  });

  it("worst and best price, initial risk, bars in the market and ambiguous bars", () => {
    const { trades, metrics } = alike(
      [
        buy,
        [100, 101, 99, 100],
        [100, 104.05, 97, 100],
        quiet,
        sell,
        [100, 101, 99, 99, LEAVE],
        [98, 99, 97, 98],
        quiet,
      ],
      { stopLoss: 0.02, takeProfit: 0.04 },
    );
    expect(trades[0]).toMatchObject({ ambiguous: true, initialRisk: 2, barsHeld: 1, exitReason: "stopLoss" });
    expect([metrics.ambiguousBars, metrics.exposure]).toEqual([1, 3 / 8]);
  });
});
