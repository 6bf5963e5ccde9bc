import { describe, expect, it } from "vitest";
import { type BacktestSettings, backtestSettings } from "../../src/backtest/settings.ts";
import { type SimulationExtras, simulate } from "../../src/backtest/simulate.ts";
import type { PositionView, SignalColumns } from "../../src/strategy/signals.ts";
import { testInstrument } from "../support/random-market.ts";
import { barsFrom, bitsAt, fundingAt, START } from "../support/small-market.ts";

const HOUR = 3_600_000;
type Rows = readonly (readonly number[])[];

/** Bars 0, 1, 2 … open at 100, 110, 120 … and close 5 above. */
const RISING: Rows = Array.from({ length: 8 }, (_, i) => {
  const open = 100 + 10 * i;
  return [open, open + 6, open - 1, open + 5];
});
const flat = (price: number) => [price, price, price, price];

function trade(
  rows: Rows,
  signals: Partial<SignalColumns>,
  settings: Partial<BacktestSettings> = {},
  extras: SimulationExtras = {},
) {
  const bars = barsFrom(rows);
  const columns = { length: bars.length, warmup: 0, ...signals };
  const base: Partial<BacktestSettings> = { cash: 1000, feeRate: 0, sizing: { kind: "qty", qty: 1 } };
  return simulate(columns, bars, backtestSettings({ ...base, ...settings }), extras);
}
const at = (...bars: number[]) => bitsAt(8, ...bars);

describe("signals and fills", () => {
  it("fills a signal at the next open, in and out", () => {
    const { trades, equity, barsInMarket } = trade(RISING, { enterLong: at(1), exitLong: at(3) });
    expect(trades).toMatchObject([
      { id: 1, side: "buy", entryPrice: 120, exitPrice: 140, exitReason: "signal", barsHeld: 2, realizedPnl: 20 },
    ]);
    expect([trades[0]!.entryTime, trades[0]!.exitTime]).toEqual([START + 2 * HOUR, START + 4 * HOUR]);
    expect([...equity]).toEqual([1000, 1000, 1005, 1015, 1020, 1020, 1020, 1020]);
    expect(barsInMarket).toBe(2);
  });

  it("fills at the signal's own close when told", () => {
    const { trades, equity } = trade(RISING, { enterLong: at(1), exitLong: at(3) }, { fill: "close" });
    expect(trades).toMatchObject([{ entryPrice: 115, exitPrice: 135, barsHeld: 2 }]);
    expect([...equity]).toEqual([1000, 1000, 1010, 1020, 1020, 1020, 1020, 1020]);
  });

  it("pays fees on both notionals and slips every market fill against itself", () => {
    const { trades, equity } = trade(
      RISING,
      { enterLong: at(0), exitLong: at(1) },
      { feeRate: 0.001, slippageBps: 100 },
    );
    const [entry, exit] = [110 * 1.01, 120 * 0.99];
    const fees = entry * 0.001 + exit * 0.001;
    expect(trades[0]).toMatchObject({ entryPrice: entry, exitPrice: exit, fees });
    expect(trades[0]!.realizedPnl).toBeCloseTo(exit - entry - fees, 12);
    expect(equity[7]).toBeCloseTo(1000 + exit - entry - fees, 12);
  });

  it("lists a position left at the end as an open trade, valued at the last close without an exit fee", () => {
    const { trades, equity, barsInMarket } = trade(RISING, { enterLong: at(5) }, { feeRate: 0.001 });
    expect(trades).toMatchObject([{ exitReason: "open", exitPrice: 175, fees: 0.16, barsHeld: 1 }]);
    expect(trades[0]!.realizedPnl).toBeCloseTo(15 - 0.16, 12);
    expect(equity[7]).toBeCloseTo(1000 + 15 - 0.16, 12);
    expect(barsInMarket).toBe(2);
  });

  it("cannot fill a signal of the last bar at the next open", () => {
    expect(trade(RISING, { enterLong: at(7) })).toMatchObject({ trades: [], refusals: {} });
  });

  it("reverses: closes and opens the other way at the same price", () => {
    const { trades } = trade(RISING, { enterLong: at(0), enterShort: at(3) });
    expect(trades).toMatchObject([
      { side: "buy", entryPrice: 110, exitPrice: 140, exitReason: "reverse" },
      { side: "sell", entryPrice: 140, exitPrice: 175, exitReason: "open", realizedPnl: -35 },
    ]);
  });

  it("takes neither side when both are signalled at once", () => {
    const both = trade(RISING, { enterLong: at(0, 2), enterShort: at(0, 5) });
    expect(both.refusals).toEqual({ conflict: 1 });
    expect(both.trades).toMatchObject([{ entryPrice: 130, exitReason: "reverse" }, { entryPrice: 160 }]);
    const held = trade(RISING, { enterLong: at(0, 3), enterShort: at(3) });
    expect(held.trades).toMatchObject([{ exitReason: "open" }]);
  });

  it("does not hear the side that is switched off, not even as an exit", () => {
    const { trades } = trade(RISING, { enterLong: at(0), enterShort: at(3) }, { side: "long" });
    expect(trades).toMatchObject([{ side: "buy", exitReason: "open" }]);
  });

  it("hears nothing before the warm-up, nor before its start", () => {
    expect(trade(RISING, { enterLong: at(1, 4), warmup: 2 }).trades).toMatchObject([{ entryPrice: 150 }]);
    expect(trade(RISING, { enterLong: at(1, 4) }, {}, { start: 3 }).trades).toMatchObject([{ entryPrice: 150 }]);
  });

  it("asks a position rule at every close, with what it may know", () => {
    const seen: (PositionView & { i: number })[] = [];
    const rule = (i: number, position: PositionView) => {
      seen.push({ i, ...position });
      return position.barsHeld >= 2;
    };
    const { trades } = trade(RISING, { enterLong: at(0), exitLong: rule });
    expect(seen.map(({ i, barsHeld }) => [i, barsHeld])).toEqual([
      [1, 0],
      [2, 1],
      [3, 2],
    ]);
    expect(seen[2]).toMatchObject({ entryPrice: 110, unrealizedFraction: 135 / 110 - 1 });
    expect(trades).toMatchObject([{ exitPrice: 140, exitReason: "signal" }]);
  });

  it("refuses signals made from other bars", () => {
    expect(() => trade(RISING, { length: 7 })).toThrow(expect.objectContaining({ code: "SIGNAL_LENGTH" }));
  });

  it("writes into memory it is lent", () => {
    const room = new Float64Array(8).fill(NaN);
    const { equity } = trade(RISING, { enterLong: at(1), exitLong: at(3) }, {}, { equity: room });
    expect(equity).toBe(room);
    expect([...room]).toEqual([1000, 1000, 1005, 1015, 1020, 1020, 1020, 1020]);
    expect(() => trade(RISING, {}, {}, { equity: new Float64Array(7) })).toThrow(
      expect.objectContaining({ code: "COLUMN_LENGTH" }),
    );
  });
});

describe("bars in which nothing trades", () => {
  const idle = (i: number): Rows => RISING.map((row, k) => (k === i ? [...row, 0] : row));

  it("fill nothing: an order waits for the next bar that trades", () => {
    const entry = trade(idle(2), { enterLong: at(1) });
    expect(entry.trades).toMatchObject([{ entryPrice: 130 }]);
    const exit = trade(idle(4), { enterLong: at(1), exitLong: at(3) });
    expect(exit.trades).toMatchObject([{ exitPrice: 150, barsHeld: 3 }]);
    const close = trade(idle(1), { enterLong: at(1) }, { fill: "close" });
    expect(close.trades).toMatchObject([{ entryPrice: 125 }]);
  });

  it("pass a stop by: it fills where trading goes on", () => {
    const rows = [flat(100), flat(100), [100, 100, 80, 90, 0], [85, 86, 84, 85], flat(85)];
    const bars = trade(rows, { enterLong: bitsAt(5, 0), length: 5 }, { stopLoss: 0.05 });
    expect(bars.trades).toMatchObject([{ exitPrice: 85, exitReason: "stopLoss", barsHeld: 2 }]);
  });
});

describe("stops and targets", () => {
  const long = (rows: Rows, settings: Partial<BacktestSettings>, extras: SimulationExtras = {}) =>
    trade(rows, { enterLong: bitsAt(rows.length, 0), length: rows.length }, settings, extras).trades[0]!;
  const short = (rows: Rows, settings: Partial<BacktestSettings>) =>
    trade(rows, { enterShort: bitsAt(rows.length, 0), length: rows.length }, settings).trades[0]!;

  it("mirror each other for shorts", () => {
    const up = [flat(100), flat(100), [101, 103, 99, 100]];
    expect(short(up, { stopLoss: 0.02 })).toMatchObject({ exitPrice: 102, exitReason: "stopLoss", realizedPnl: -2 });
    const down = [flat(100), flat(100), [99, 101, 97, 98]];
    expect(short(down, { takeProfit: 0.02 })).toMatchObject({
      exitPrice: 98,
      exitReason: "takeProfit",
      realizedPnl: 2,
    });
  });

  it("a stop slips and pays taker, a target does neither", () => {
    const costs = { slippageBps: 100, feeRate: 0.001, makerFeeRate: 0.0001 };
    const entry = 100 * 1.01;
    const stopped = long([flat(100), flat(100), [100, 100, 90, 95]], { ...costs, stopLoss: 0.05 });
    expect(stopped.exitPrice).toBe(entry * 0.95 * 0.99);
    expect(stopped.fees).toBe(entry * 0.001 + stopped.exitPrice * 0.001);
    const taken = long([flat(100), flat(100), [100, 110, 100, 105]], { ...costs, takeProfit: 0.05 });
    expect(taken.exitPrice).toBe(entry * 1.05);
    expect(taken.fees).toBe(entry * 0.001 + taken.exitPrice * 0.0001);
  });

  it("a target that the bar opens beyond was first, whatever happened later", () => {
    const bar = [110, 111, 80, 90];
    const exit = long([flat(100), flat(100), bar], { stopLoss: 0.05, takeProfit: 0.05 });
    expect(exit).toMatchObject({ exitPrice: 110, exitReason: "takeProfit", ambiguous: false });
  });

  it("ask shorter bars when a bar holds both", () => {
    const bar = [100, 110, 90, 100];
    const rows = [flat(100), flat(100), bar];
    const settings = { stopLoss: 0.05, takeProfit: 0.05 };
    const blind = trade(rows, { enterLong: bitsAt(3, 0), length: 3 }, settings);
    expect(blind).toMatchObject({ ambiguousBars: 1, trades: [{ exitPrice: 95, ambiguous: true }] });
    const quarter = (i: number, row: number[]) => ({ time: START + 2 * HOUR + (i * HOUR) / 4, row });
    const detail = (...parts: number[][]) => {
      const bars = barsFrom(parts, "15");
      parts.forEach((row, i) => {
        bars.time[i] = quarter(i, row).time;
      });
      return bars;
    };
    const up = detail([100, 110, 99, 109], [109, 109, 90, 90]);
    expect(long(rows, settings, { detail: up })).toMatchObject({ exitPrice: 105, ambiguous: false });
    const down = detail([100, 101, 99, 100], [93, 94, 90, 90], [90, 110, 90, 100]);
    expect(long(rows, settings, { detail: down })).toMatchObject({ exitPrice: 93, ambiguous: false });
    const idle = detail([100, 110, 100, 100, 0], [100, 100, 90, 90]);
    expect(long(rows, settings, { detail: idle })).toMatchObject({ exitPrice: 95, ambiguous: false });
    expect(long(rows, settings, { detail: detail(bar) })).toMatchObject({ exitPrice: 95, ambiguous: true });
  });

  it("trailing: follows closed bars only, and the nearer of two stops counts", () => {
    const rows = [flat(100), flat(100), [100, 120, 100, 119], [119, 130, 109, 110], [110, 110, 100, 100]];
    // after bar 2 the stop is at 108, after bar 3 at 117; bar 4 opens below it
    expect(long(rows, { trailingStop: 0.1 })).toMatchObject({
      exitPrice: 110,
      exitReason: "trailingStop",
      barsHeld: 3,
    });
    expect(long(rows, { trailingStop: 0.1, stopLoss: 0.2 }).exitReason).toBe("trailingStop");
    expect(long([flat(100), [100, 100, 90, 95]], { trailingStop: 0.1, stopLoss: 0.02 })).toMatchObject({
      exitPrice: 98,
      exitReason: "stopLoss",
    });
  });

  it("levels may be distances and prices of the signal bar; a trailing price only moves in favour", () => {
    const rows = [flat(100), flat(100), flat(103), flat(104), [104, 104, 101, 102]];
    const run = (more: Partial<SignalColumns>) =>
      trade(rows, { enterLong: bitsAt(5, 0), length: 5, ...more }).trades[0]!;
    const distance = run({ trailingStop: { kind: "distance", distance: Float64Array.of(3, 9, 9, 9, 9) } });
    expect(distance).toMatchObject({ exitPrice: 101, exitReason: "trailingStop", initialRisk: 3 });
    const price = run({ trailingStop: { kind: "price", price: Float64Array.of(97, 99, 102, 95, NaN) } });
    expect(price).toMatchObject({ exitPrice: 102, initialRisk: 3 });
    const fixed = run({ stopLoss: { kind: "price", price: Float64Array.of(101, 1, 1, 1, 1) } });
    expect(fixed).toBeUndefined();
  });

  it("say why an entry was not made", () => {
    const rows = [flat(100), flat(100), flat(100)];
    const reasons = (more: Partial<SignalColumns>, settings: Partial<BacktestSettings> = {}) =>
      trade(rows, { enterLong: bitsAt(3, 0), length: 3, ...more }, settings).refusals;
    const price = (value: number) => ({ kind: "price" as const, price: new Float64Array(3).fill(value) });
    expect(reasons({ stopLoss: price(NaN) })).toEqual({ levelUnknown: 1 });
    expect(reasons({ takeProfit: price(100) })).toEqual({ targetWrongSide: 1 });
    expect(reasons({ stopLoss: price(100) })).toEqual({ stopWrongSide: 1 });
    expect(reasons({ trailingStop: price(101) })).toEqual({ stopWrongSide: 1 });
    expect(reasons({ size: new Float64Array(3) })).toEqual({ noSize: 1 });
    expect(reasons({}, { sizing: { kind: "risk", fraction: 0.01 } })).toEqual({ noStop: 1 });
    expect(reasons({}, { sizing: { kind: "volatility", target: 0.2, bars: 5 } })).toEqual({ volatilityUnknown: 1 });
  });

  it("in a close-fill run begin with the next bar, and leave one fill per bar", () => {
    const rows = [[100, 100, 50, 100], [100, 100, 90, 100], flat(100)];
    const settings = { fill: "close", stopLoss: 0.05 } as const;
    const { trades } = trade(rows, { enterLong: bitsAt(3, 0, 1), length: 3 }, settings);
    expect(trades).toMatchObject([{ entryPrice: 100, exitPrice: 95, barsHeld: 1 }]);
  });
});

describe("what a trade went through", () => {
  it("keeps the worst and best price while open; of an exit bar only its open and the exit", () => {
    const rows = [flat(100), [100, 112, 96, 100], [100, 106, 91, 95], [99, 150, 50, 99]];
    const held = trade(rows, { enterLong: bitsAt(4, 0), exitLong: bitsAt(4, 2), length: 4 }).trades[0]!;
    expect(held.maxAdverseFraction).toBeCloseTo(-0.09, 12);
    expect(held.maxFavorableFraction).toBeCloseTo(0.12, 12);
    const stopped = trade(rows, { enterShort: bitsAt(4, 0), length: 4 }, { stopLoss: 0.2 }).trades[0]!;
    expect(stopped.maxAdverseFraction).toBeCloseTo(-0.2, 12);
    expect(stopped.maxFavorableFraction).toBeCloseTo(0.09, 12);
  });
});

describe("funding", () => {
  const quiet = Array.from({ length: 8 }, (_, i) => flat(100 + i));
  const run = (settings: Partial<BacktestSettings>, ...stamps: [number, number][]) =>
    trade(quiet, { enterLong: at(1), exitLong: at(4) }, settings, { funding: fundingAt(...stamps) });

  it("is paid on the open of its bar, by whoever held into it, exits at that open included", () => {
    // in at the open of bar 2, out at the open of bar 5
    expect(run({}, [2, 0.01]).trades[0]!.funding).toBe(0);
    expect(run({}, [3, 0.01]).trades[0]!.funding).toBeCloseTo(-1.03, 12);
    expect(run({}, [5, 0.01]).trades[0]!.funding).toBeCloseTo(-1.05, 12);
    expect(run({}, [6, 0.01]).trades[0]!.funding).toBe(0);
  });

  it("later in a bar it finds a position that came at the open", () => {
    expect(run({}, [2.5, 0.01]).trades[0]!.funding).toBeCloseTo(-1.02, 12);
    expect(run({}, [5.5, 0.01]).trades[0]!.funding).toBe(0);
  });

  it("goes into equity at once and into the trade's books", () => {
    const { equity, trades } = run({}, [3, 0.01], [4, -0.02]);
    expect(trades[0]).toMatchObject({ grossPnl: 3 });
    expect(trades[0]!.funding).toBeCloseTo(-1.03 + 2.08, 12);
    expect(trades[0]!.realizedPnl).toBeCloseTo(3 - 1.03 + 2.08, 12);
    expect(equity[3]).toBeCloseTo(1001 - 1.03, 12);
    expect(equity[7]).toBeCloseTo(1003 - 1.03 + 2.08, 12);
  });

  it("is not paid on spot, nor when it is switched off", () => {
    expect(run({ funding: false }, [3, 0.01]).trades[0]!.funding).toBe(0);
    const instrument = testInstrument({ category: "spot", riskTiers: [] });
    const spot = trade(quiet, { enterLong: at(1) }, {}, { instrument, funding: fundingAt([3, 0.01]) });
    expect(spot.trades[0]!.funding).toBe(0);
  });

  it("values the position at the mark price where there is one", () => {
    const mark = barsFrom(quiet.map(([price]) => flat(price! * 2)));
    const { trades } = trade(quiet, { enterLong: at(1) }, {}, { mark, funding: fundingAt([3, 0.01]) });
    expect(trades[0]!.funding).toBeCloseTo(-2.06, 12);
  });
});

describe("margin", () => {
  const leveraged = { sizing: { kind: "fraction", fraction: 10 }, leverage: 10, cash: 1000 } as const;

  it("liquidates when equity no longer covers maintenance: all is lost, and nothing trades after", () => {
    // 100 units at 100, equity 1000: liquidated at (10000 - 1000) / (100 × 0.995) = 90.45
    const rows = [flat(100), flat(100), [100, 100, 90.4, 95], flat(95), flat(95)];
    const { trades, equity } = trade(rows, { enterLong: bitsAt(5, 0, 3), length: 5 }, leveraged);
    expect(trades).toMatchObject([{ exitReason: "liquidation", exitPrice: 90, realizedPnl: -1000 }]);
    expect([...equity]).toEqual([1000, 1000, 0, 0, 0]);
    const safe = trade([flat(100), flat(100), [100, 100, 90.5, 95]], { enterLong: bitsAt(3, 0), length: 3 }, leveraged);
    expect(safe.trades).toMatchObject([{ exitReason: "open" }]);
  });

  it("a stop that is nearer goes first, unless the bar opens beyond liquidation", () => {
    const stopped = [flat(100), flat(100), [100, 100, 80, 85]];
    const signals = { enterLong: bitsAt(3, 0), length: 3 };
    expect(trade(stopped, signals, { ...leveraged, stopLoss: 0.02 }).trades).toMatchObject([{ exitPrice: 98 }]);
    const gapped = [flat(100), flat(100), [85, 86, 80, 85]];
    expect(trade(gapped, signals, { ...leveraged, stopLoss: 0.02 }).trades).toMatchObject([
      { exitReason: "liquidation", exitPrice: 90 },
    ]);
  });

  it("looks at the mark price, not at the last one, where it is given", () => {
    const rows = [flat(100), flat(100), [100, 100, 80, 95], flat(95)];
    const calm = barsFrom([flat(100), flat(100), flat(99), flat(99)]);
    const signals = { enterLong: bitsAt(4, 0), length: 4 };
    expect(trade(rows, signals, leveraged, { mark: calm }).trades).toMatchObject([{ exitReason: "open" }]);
    const wild = barsFrom([flat(100), flat(100), flat(99), [99, 99, 60, 99]]);
    expect(trade(rows, signals, leveraged, { mark: wild }).trades).toMatchObject([
      { exitReason: "liquidation", barsHeld: 2 },
    ]);
  });

  it("never liquidates spot, never shorts it", () => {
    const instrument = testInstrument({ category: "spot", riskTiers: [], maxLeverage: "1", qtyStep: "0.01" });
    const rows = [flat(100), flat(100), [100, 100, 0.1, 0.2], flat(0.2)];
    const run = trade(rows, { enterLong: bitsAt(4, 0), enterShort: bitsAt(4, 2), length: 4 }, leveraged, {
      instrument,
    });
    expect(run.trades).toMatchObject([{ exitReason: "open", quantity: 10 }]);
    expect(() => trade(rows, { length: 4 }, { side: "short" }, { instrument })).toThrow(
      expect.objectContaining({ code: "SPOT_SHORT" }),
    );
  });

  it("stops trading once equity is gone", () => {
    const rows = [flat(100), flat(100), [400, 400, 400, 400], flat(400), flat(400)];
    const { trades, equity } = trade(rows, { enterShort: bitsAt(5, 0, 3), length: 5 }, { ...leveraged, leverage: 1 });
    expect(trades).toHaveLength(1);
    expect([...equity.slice(2)]).toEqual([0, 0, 0]);
  });
});

describe("instruments", () => {
  it("put quantities and stops on the grid, and record what is too small", () => {
    const instrument = testInstrument();
    const rows = [flat(100), flat(100), [100, 100, 97, 98]];
    const signals = { enterLong: bitsAt(3, 0), length: 3 };
    const run = trade(rows, signals, { sizing: { kind: "qty", qty: 1.27 }, stopLoss: 0.0212 }, { instrument });
    expect(run.trades).toMatchObject([{ quantity: 1.2, exitPrice: 97.9 }]);
    const small = trade(rows, signals, { sizing: { kind: "qty", qty: 0.09 } }, { instrument });
    expect(small.refusals).toEqual({ belowMinQty: 1 });
  });

  it("ask a target to be traded through by one tick", () => {
    const instrument = testInstrument();
    const exit = (high: number) =>
      trade(
        [flat(100), flat(100), [100, high, 100, 100]],
        { enterLong: bitsAt(3, 0), length: 3 },
        { takeProfit: 0.02 },
        { instrument },
      ).trades[0]!.exitReason;
    expect([exit(102), exit(102.05)]).toEqual(["open", "takeProfit"]);
  });

  it("that count in coin are refused", () => {
    expect(() => trade(RISING, {}, {}, { instrument: testInstrument({ category: "inverse" }) })).toThrow(
      expect.objectContaining({ code: "INVERSE" }),
    );
  });

  it("cap leverage", () => {
    const instrument = testInstrument({ maxLeverage: "2", maxMarketOrderQty: "0" });
    const run = trade(
      RISING,
      { enterLong: at(0) },
      { sizing: { kind: "fraction", fraction: 9 }, leverage: 50 },
      { instrument },
    );
    expect(run.trades[0]!.quantity).toBe(18.1);
  });
});

describe("participation", () => {
  it("gives an entry no more than its share of the bar, the rest is canceled", () => {
    const rows = RISING.map((row) => [...row, 4]);
    const run = trade(rows, { enterLong: at(0) }, { sizing: { kind: "qty", qty: 3 }, participation: 0.25 });
    expect(run.trades).toMatchObject([{ quantity: 1 }]);
  });
});
