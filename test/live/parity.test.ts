import { describe, expect, it } from "vitest";
import { generateBars } from "../../src/store/generate.ts";
import { generateFunding, syntheticInstrument } from "../../src/store/synthetic.ts";
import { STRATEGIES } from "../../src/strategies/registry.ts";
import { differenceOf, socketParityOf } from "../support/live-parity.ts";

const instrument = syntheticInstrument("BTCUSDT");
const from = Date.UTC(2024, 0, 1);
/** With its usual settings it enters too seldom for so few bars. */
const OFTEN = { rsiPeriod: 10, oversold: 40, overbought: 60, emaPeriod: 100 };
const hourly = (length: number, seed = 3) => generateBars({ seed, symbol: "BTCUSDT", interval: "60", from, length });

describe("a bot over sockets", () => {
  // What is left out of the comparison as a difference of transport is named at `deedsOf`.
  it.each(STRATEGIES.map((strategy) => [strategy.name, strategy] as const))(
    "decides and does with %s what a replay and the fast backtest do, to the last decimal",
    async (name, strategy) => {
      const params = name === "rsi-trend" ? OFTEN : {};
      const parity = await socketParityOf({ strategy, params, bars: hourly(400), instrument });
      expect(parity.difference).toBeNull();
      expect(parity.trades).toEqual(parity.fast);
      expect(parity.counts.intent).toBeGreaterThan(1);
      expect(parity.counts.execution).toBeGreaterThan(1);
      expect(parity.journal.filter(({ type }) => type === "started")).toHaveLength(1);
      expect(parity.notes).toEqual(["info private stream up"]);
    },
  );

  it("pays funding as a replay does", async () => {
    const bars = hourly(300, 5);
    const funding = generateFunding(bars, 5);
    const strategy = STRATEGIES.find(({ name }) => name === "supertrend")!;
    const parity = await socketParityOf({ strategy, bars, instrument, funding });
    expect(parity.difference).toBeNull();
    const paid = parity.journal.filter((event) => event.type === "execution" && event.fact.type === "Funding");
    expect(paid.length).toBeGreaterThan(10);
  });

  it("moves a stop as a replay does", async () => {
    const strategy = STRATEGIES.find(({ name }) => name === "macd-adx")!;
    const settings = { trailingStop: 0.01, sizing: { kind: "risk", fraction: 0.01 } } as const;
    const parity = await socketParityOf({ strategy, bars: hourly(300), instrument, settings });
    expect(parity.difference).toBeNull();
    expect(parity.counts.stop).toBeGreaterThan(2);
  });
});

describe("the comparison", () => {
  it("shows the first line that differs", () => {
    expect(differenceOf(["a", "b"], ["a", "b"])).toBeNull();
    expect(differenceOf(["a", "b"], ["a"])).toContain("line 1 of 2 and 1");
  });
});
