import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fundingCash, inversePnl, roundTrip } from "../../src/backtest/accounting.ts";
import { averagePrice, limitTrigger, volumeCap } from "../../src/backtest/fills.ts";
import { isolatedLiquidation } from "../../src/backtest/liquidation.ts";
import { type BacktestSettings, backtestSettings } from "../../src/backtest/settings.ts";
import { simulate } from "../../src/backtest/simulate.ts";
import { increment } from "../../src/core/decimal.ts";
import { orderLimits } from "../../src/risk/limits.ts";
import { roundStop } from "../../src/risk/protection.ts";
import { sizeOrder } from "../../src/risk/sizing.ts";
import type { SignalColumns } from "../../src/strategy/signals.ts";
import { testInstrument } from "../support/random-market.ts";
import { barsFrom, bitsAt } from "../support/small-market.ts";

/** Fields a scenario may have; prices, quantities and rates are text. */
type Text =
  | (
      | "id"
      | "rule"
      | "fill"
      | "entry"
      | "exit"
      | "sl"
      | "tp"
      | "exit_realistic"
      | "exit_conservative"
      | "limit"
      | "tick"
    )
  | ("peak_before" | "trail_pct" | "stop" | "qty" | "taker" | "fee_entry" | "fee_exit" | "gross" | "net" | "qty_usd")
  | ("gross_coin" | "mark" | "rate" | "long_cash" | "short_cash" | "avg" | "bar_volume" | "participation" | "remaining")
  | ("lev" | "mmr" | "liq_price" | "bankruptcy_price" | "raw_qty" | "raw_sl_long" | "raw_sl_short" | "sl_long")
  | ("sl_short" | "equity" | "risk" | "fee" | "step");
type Scenario = Readonly<Record<Text, string>> & {
  readonly bars: readonly (readonly string[])[];
  readonly bar: readonly [string, string, string, string];
  readonly filled: string | boolean;
  readonly exit_bar: number;
  readonly fills: readonly (readonly [string, string])[];
  readonly funding_payments: readonly [{ readonly mark: string; readonly rate: string }];
};

const golden = JSON.parse(readFileSync(join(import.meta.dirname, "../golden/fills_accounting.json"), "utf8")) as {
  readonly scenarios: readonly Scenario[];
};
const scenario = (id: string): Scenario => golden.scenarios.find((one) => one.id === id)!;
const number = (text: string | boolean) => Number(text);

/** A long of 1 unit entered at the open of bar 1 (price of the scenario) on `rows`, one fill away from its exit. */
function tradeOn(
  rows: readonly (readonly string[])[],
  settings: Partial<BacktestSettings>,
  more: Partial<SignalColumns> = {},
) {
  const bars = barsFrom(rows.map((row) => row.map(Number)));
  const signals = { length: bars.length, warmup: 0, enterLong: bitsAt(bars.length, 0), ...more };
  const base = { cash: 1e6, feeRate: 0, sizing: { kind: "qty", qty: 1 } as const };
  return simulate(signals, bars, backtestSettings({ ...base, ...settings })).trades[0]!;
}

const tested = new Set<string>();
function rule(id: string, check: (given: Scenario) => void): void {
  tested.add(id);
  it(`${id}: ${scenario(id).rule}`, () => check(scenario(id)));
}
const flat = (price: string) => [price, price, price, price];
/** Distances as price levels, so that 98 is 98 and not 100 × 0.98. */
const at = (price: string) => ({ kind: "price" as const, price: new Float64Array(9).fill(Number(price)) });

describe("fills_accounting.json", () => {
  rule("next_open", ({ bars, fill }) => {
    expect(tradeOn(bars, { slippageBps: 5 }).entryPrice).toBeCloseTo(number(fill), 9);
  });

  rule("sl_tp_same_bar_pessimistic", ({ entry, sl, tp, bar, exit }) => {
    const trade = tradeOn([flat(entry), bar], {}, { stopLoss: at(sl), takeProfit: at(tp) });
    expect(trade).toMatchObject({ exitPrice: number(exit), exitReason: "stopLoss", ambiguous: true });
  });

  rule("gap_through_stop", ({ entry, sl, bar, exit }) => {
    const trade = tradeOn([flat(entry), flat(entry), bar], {}, { stopLoss: at(sl) });
    expect(trade).toMatchObject({ exitPrice: number(exit), exitReason: "stopLoss", ambiguous: false });
  });

  rule("gap_through_tp_limit", ({ entry, tp, bar, exit_realistic, exit_conservative }) => {
    const exit = (targetGap: "open" | "limit") =>
      tradeOn([flat(entry), flat(entry), bar], { targetGap }, { takeProfit: at(tp) });
    expect(exit("open")).toMatchObject({ exitPrice: number(exit_realistic), exitReason: "takeProfit" });
    expect(exit("limit")).toMatchObject({ exitPrice: number(exit_conservative), exitReason: "takeProfit" });
  });

  rule("limit_touch_not_fill", ({ limit, tick, bar, filled }) => {
    expect(number(bar[2]) <= limitTrigger(number(limit), 1, increment(tick))).toBe(filled);
  });

  rule("limit_through_fill", ({ limit, tick, bar, filled }) => {
    expect(number(bar[2]) <= limitTrigger(number(limit), 1, increment(tick))).toBe(filled);
  });

  rule("entry_bar_stop", ({ bars, entry, sl, exit, exit_bar }) => {
    const trade = tradeOn(bars, {}, { stopLoss: at(sl) });
    expect(trade).toMatchObject({ entryPrice: number(entry), exitPrice: number(exit), barsHeld: exit_bar - 1 });
  });

  rule("trailing_no_same_bar_peak", ({ peak_before, trail_pct, bar, stop }) => {
    const peak = number(peak_before);
    const rise = ["108", peak_before, "108", peak_before];
    const trade = (last: readonly string[]) => tradeOn([flat("108"), rise, last], { trailingStop: number(trail_pct) });
    expect(trade(bar).exitReason).toBe("open");
    expect(trade([String(peak), "120", stop, "118"])).toMatchObject({ exitReason: "trailingStop" });
    expect(trade([String(peak), "120", stop, "118"]).exitPrice).toBeCloseTo(number(stop), 9);
  });

  rule("round_trip_linear", (given) => {
    const [{ mark, rate }] = given.funding_payments;
    const books = roundTrip({
      size: number(given.qty),
      entryPrice: number(given.entry),
      exitPrice: number(given.exit),
      entryFeeRate: number(given.taker),
      exitFeeRate: number(given.taker),
      funding: fundingCash(number(given.qty), number(mark), number(rate)),
    });
    expect(books.entryFee).toBeCloseTo(number(given.fee_entry), 9);
    expect(books.exitFee).toBeCloseTo(number(given.fee_exit), 9);
    expect(books.gross).toBe(number(given.gross));
    expect(books.net).toBeCloseTo(number(given.net), 9);
  });

  rule("round_trip_inverse", ({ qty_usd, entry, exit, gross_coin }) => {
    expect(inversePnl(number(qty_usd), number(entry), number(exit))).toBeCloseTo(number(gross_coin), 12);
  });

  rule("funding_sign", ({ qty, mark, rate, long_cash, short_cash }) => {
    expect(fundingCash(number(qty), number(mark), number(rate))).toBeCloseTo(number(long_cash), 12);
    expect(fundingCash(-number(qty), number(mark), number(rate))).toBeCloseTo(number(short_cash), 12);
  });

  rule("partial_fill_avg", ({ fills, avg }) => {
    const parts = fills.map(([price, quantity]) => ({ price: number(price), quantity: number(quantity) }));
    expect(averagePrice(parts)).toBeCloseTo(number(avg), 12);
  });

  rule("volume_cap", ({ qty, bar_volume, participation, filled, remaining }) => {
    expect(volumeCap(number(qty), number(bar_volume), number(participation))).toEqual({
      filled: number(filled),
      remaining: number(remaining),
    });
  });

  rule("isolated_liquidation_long", ({ lev, mmr, entry, qty, liq_price, bankruptcy_price }) => {
    const prices = isolatedLiquidation({
      direction: 1,
      quantity: number(qty),
      entryPrice: number(entry),
      leverage: number(lev),
      maintenanceRate: number(mmr),
    });
    expect(prices.liquidationPrice).toBeCloseTo(number(liq_price), 9);
    expect(prices.bankruptcyPrice).toBeCloseTo(number(bankruptcy_price), 9);
  });

  rule("rounding", ({ raw_qty, qty, raw_sl_long, raw_sl_short, sl_long, sl_short, tick }) => {
    const limits = orderLimits(testInstrument({ qtyStep: "0.001", minOrderQty: "0.001", minNotionalValue: "0" }));
    const sized = sizeOrder(
      { kind: "qty", qty: number(raw_qty) },
      { side: "buy", equity: 1e6, price: 100, stopPrice: null, feeRate: 0, leverage: 1, limits },
    );
    expect(sized).toMatchObject({ ok: true, quantity: number(qty) });
    expect(roundStop(number(raw_sl_long), "buy", increment(tick))).toBe(number(sl_long));
    expect(roundStop(number(raw_sl_short), "sell", increment(tick))).toBe(number(sl_short));
  });

  rule("risk_sizing", ({ equity, risk, entry, stop, fee, step, qty }) => {
    const limits = orderLimits(testInstrument({ qtyStep: step, minOrderQty: step, minNotionalValue: "0" }));
    const sized = sizeOrder(
      { kind: "risk", fraction: number(risk) },
      {
        side: "buy",
        equity: number(equity),
        price: number(entry),
        stopPrice: number(stop),
        feeRate: number(fee),
        leverage: 1,
        limits,
      },
    );
    expect(sized).toMatchObject({ ok: true, quantity: number(qty) });
  });

  it("has a test for every scenario", () => {
    expect([...tested].sort()).toEqual(golden.scenarios.map(({ id }) => id).sort());
    expect(tested.size).toBe(16);
  });
});
