import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY_MS, HOUR_MS } from "../../src/core/time.ts";
import { equityCsv, tradesCsv } from "../../src/report/csv.ts";
import { START, trade } from "../metrics/examples.ts";

const HEADER =
  "trade_id,symbol,side,entry_time,entry_price,quantity,exit_time,exit_price,realized_pnl,pnl_percentage,hold_time,status," +
  "gross_pnl,fees,funding,exit_reason,bars_held,hold_ms,mae_fraction,mfe_fraction,initial_risk,r_multiple,ambiguous";
const rows = (text: string) => text.split("\n").map((line) => line.split(","));

describe("tradesCsv", () => {
  it("has the header that other tools read, then our own columns", () => {
    expect(tradesCsv([])).toBe(`${HEADER}\n`);
  });

  it("writes a trade with UTC times, net profit, and its percent of the entry notional", () => {
    const text = tradesCsv([
      trade(5, {
        id: 7,
        entryPrice: 50,
        quantity: 2,
        exitTime: START + 2 * DAY_MS + 3 * HOUR_MS + 61_000,
        exitPrice: 53,
        grossPnl: 6,
        fees: 0.75,
        funding: -0.25,
        exitReason: "takeProfit",
        barsHeld: 51,
        maxAdverseFraction: -0.01,
        maxFavorableFraction: 0.06,
        initialRisk: 2,
      }),
    ]);
    expect(text.split("\n")[1]).toBe(
      "7,BTCUSDT,buy,2024-01-01T00:00:00.000Z,50,2,2024-01-03T03:01:01.000Z,53,5,5,2 days 03:01:01,CLOSED," +
        "6,0.75,-0.25,takeProfit,51,183661000,-0.01,0.06,2,2.5,false",
    );
  });

  it("marks an open trade and leaves what it has not empty", () => {
    const row = rows(tradesCsv([trade(1, { exitReason: "open", exitTime: START + HOUR_MS })]))[1]!;
    expect(row.slice(10, 12)).toEqual(["0 days 01:00:00", "OPEN"]);
    expect(row.slice(20, 22)).toEqual(["", ""]);
  });

  it("never writes an exponent, and every number reads back the same", () => {
    const number = fc.double({ min: 1e-12, max: 1e21, noNaN: true });
    fc.assert(
      fc.property(number, number, (price, quantity) => {
        const row = rows(tradesCsv([trade(0, { entryPrice: price, quantity, exitTime: START })]))[1]!;
        expect(row[4]).toMatch(/^\d+(\.\d+)?$/);
        expect(Number(row[4])).toBe(price);
        expect(Number(row[5])).toBe(quantity);
      }),
    );
  });

  it("quotes a symbol that holds a comma or a quote", () => {
    expect(tradesCsv([trade(0, { symbol: 'A,"B"' })])).toContain('\n1,"A,""B""",buy,');
  });
});

describe("equityCsv", () => {
  it("gives equity at the close of each bar and how far it is below its peak, the start included", () => {
    const curve = { startEquity: 100, time: Float64Array.of(START, START + HOUR_MS), equity: Float64Array.of(75, 150) };
    expect(equityCsv(curve)).toBe(
      "time,equity,drawdown_fraction\n2024-01-01T00:00:00.000Z,75,0.25\n2024-01-01T01:00:00.000Z,150,0\n",
    );
  });
});
