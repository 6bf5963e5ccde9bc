import { describe, expect, it } from "vitest";
import { replay } from "../../src/backtest/replay/replay.ts";
import { increment } from "../../src/core/decimal.ts";
import type { Instrument } from "../../src/model/instrument.ts";
import { generateBars } from "../../src/store/generate.ts";
import { syntheticInstrument } from "../../src/store/synthetic.ts";
import { supertrend } from "../../src/strategies/supertrend.ts";
import { fillOf, laneOf, MINUTE, readyBot, sent, T0 } from "./support/bot.ts";

/** Rules with this tick and step, and nothing that is too small or too large. */
function gridOf(tickSize: string, qtyStep = "0.001"): Instrument {
  const rules = { minOrderQty: qtyStep, maxMarketOrderQty: "1000000", minNotionalValue: "0" };
  return { ...syntheticInstrument("BTCUSDT", tickSize), ...rules, qtyStep };
}

/** What the bot sends when the last price is `price`. */
function entryAt(price: number, { instrument = gridOf("0.1"), quote = 1_000, isShort = false, target = false }) {
  const params = isShort ? { under: 2 * price } : { above: 0 };
  const lane = laneOf({
    ...{ instrument, params, sizing: { kind: "quote", quote } },
    ...(target ? { takeProfit: 0.04 } : {}),
  });
  const each = readyBot({ lanes: [lane], limits: { minPositionQuote: 0 } });
  const [entry] = sent(each.bar(0, price));
  if (entry?.request.kind !== "entry") throw new Error("nothing was entered");
  return { ...each, id: entry.id, request: entry.request };
}

describe("rounding", () => {
  // 2 % away from the price, brought to the grid toward it.
  it.each([
    ["0.5", 123.5, "121.5", "125.5"],
    ["1", 123, "121", "125"],
    ["10", 60_010, "58810", "61210"],
    ["0.10", 60_000.3, "58800.30", "61200.30"],
    ["0.05", 7.35, "7.25", "7.45"],
    ["0.005", 3.145, "3.085", "3.205"],
    ["0.0001", 0.4321, "0.4235", "0.4407"],
    ["0.00000001", 0.00001234, "0.00001210", "0.00001258"],
  ])("a price is a multiple of the tick and not a number of digits (tick %s)", (tick, price, long, short) => {
    const instrument = gridOf(tick);
    expect(entryAt(price, { instrument }).request.stopLoss).toBe(long);
    expect(entryAt(price, { instrument, isShort: true }).request.stopLoss).toBe(short);
  });

  it.each([
    ["0.001", 50_000, 95, "0.001"],
    ["0.5", 1_000, 1_900, "1.5"],
    ["1", 1_000, 2_990, "2"],
    ["10", 100, 3_990, "30"],
    ["0.00001", 50_000, 1.5, "0.00003"],
  ])("a quantity is cut down to the step, never up (step %s)", (step, price, quote, qty) => {
    expect(entryAt(price, { instrument: gridOf("0.1", step), quote }).request.qty).toBe(qty);
  });

  it("a quantity is never written with an exponent", () => {
    expect(String(0.00000012)).toBe("1.2e-7");
    expect(entryAt(50_000, { instrument: gridOf("0.1", "0.00000001"), quote: 0.006 }).request.qty).toBe("0.00000012");
  });

  it("a target is rounded toward the entry, so that it is not out of reach", () => {
    const instrument = gridOf("0.5");
    expect(entryAt(123.5, { instrument, target: true }).request.takeProfit).toBe("128.0"); // 128.44
    expect(entryAt(123.5, { instrument, target: true, isShort: true }).request.takeProfit).toBe("119.0"); // 118.56
  });

  it("a stop is rounded again by step when the fill asks for another", () => {
    const { tell, id } = entryAt(123.5, { instrument: gridOf("0.5") });
    // 2 % below 124.5 are 122.01.
    const at = T0 + MINUTE + 5;
    const effects = tell({ type: "execution", at, fact: fillOf({ orderLinkId: id, price: "124.5", qty: "8.097" }) });
    expect(sent(effects).map(({ request }) => request)).toMatchObject([{ kind: "protect", stopLoss: "122.5" }]);
  });

  it.each(["0", "-1", "1e-3", "", "abc"])(
    "a grid that is no positive decimal is refused, not passed over (%j)",
    (step) => {
      expect(() => readyBot({ lanes: [laneOf({ instrument: gridOf("0.1", step) })] })).toThrow(
        expect.objectContaining({ code: "STEP" }),
      );
    },
  );

  it.each(["0.5", "1", "5"])("no price the bot sends is off the exchange's grid (tick %s)", (tickSize) => {
    const from = Date.UTC(2024, 0, 1);
    const bars = generateBars({ seed: 3, symbol: "BTCUSDT", interval: "60", from, length: 1_500, tickSize });
    // The venue counts ticks and throws on what is not a whole number of them.
    const { journal } = replay({ strategy: supertrend, bars, instrument: gridOf(tickSize) });
    const grid = increment(tickSize);
    const stops = journal.flatMap((event) => (event.type === "stop" ? [event.price] : []));
    expect(stops.length).toBeGreaterThan(50);
    for (const stop of stops) expect(grid.format(grid.count(stop, "exact"))).toBe(stop);
    expect(journal.filter((event) => event.type === "outcome" && event.outcome.kind !== "accepted")).toEqual([]);
  });
});
