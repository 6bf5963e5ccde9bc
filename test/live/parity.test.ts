import { describe, expect, it } from "vitest";
import { replay } from "../../src/backtest/replay/replay.ts";
import { compareWithReplay } from "../../src/cli/commands/demo/compare.ts";
import type { JournalEvent } from "../../src/engine/events.ts";
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
      expect(parity.notes.toSorted()).toEqual(["info orders go by socket", "info private stream up"]);
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

describe("a bot whose stops follow by rules", () => {
  const strategy = STRATEGIES.find(({ name }) => name === "bollinger-reversion")!;
  const rules = { activation: 0.004, distance: 0.004 };
  const breakEven = { activation: 0.01, offset: 0.001 };

  it("moves them over sockets as its replay does", async () => {
    const follow = { trailing: { ...rules, by: "bot" }, breakEven } as const;
    const parity = await socketParityOf({ strategy, bars: hourly(400), instrument, follow });
    expect(parity.difference).toBeNull();
    expect(parity.counts.stop).toBeGreaterThan(0);
  });

  it("has the exchange move them as its replay's venue does: the same fills", async () => {
    const market = {
      strategy,
      bars: hourly(400),
      instrument,
      follow: { trailing: { ...rules, by: "exchange" } },
    } as const;
    const { journal } = await socketParityOf(market);
    // When a stop fills at the very open of a bar, a replay has heard the bar before, and sockets the fill.
    const [, fills] = compareWithReplay(journal, replay(market).journal, 3_600_000);
    expect(fills).toMatchObject({ isSame: true });
    const isTrailing = (event: JournalEvent) =>
      event.type === "execution" && event.fact.stopOrderType === "TrailingStop";
    expect(journal.filter(isTrailing).length).toBeGreaterThan(0);
  });
});

describe("the comparison", () => {
  it("shows the first line that differs", () => {
    expect(differenceOf(["a", "b"], ["a", "b"])).toBeNull();
    expect(differenceOf(["a", "b"], ["a"])).toContain("line 1 of 2 and 1");
  });
});
