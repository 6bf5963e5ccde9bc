import { beforeEach, describe, expect, it } from "vitest";
import { MinuteGate } from "../../src/cli/minute-gate.ts";
import type { Fed } from "../../src/simulator/market/fed.ts";
import type { BarRow } from "../../src/simulator/market/series.ts";

const START = Date.UTC(2025, 0, 1);
const MINUTE = 60_000;
let passed: string[] = [];
let gate: MinuteGate;

const seconds = (time: number) => (time - START) / 1_000;
const emit = (symbol: string, fed: Fed) => {
  const note = fed.type === "bar" && fed.bar.volume !== 1 ? ` of ${fed.bar.volume}` : "";
  passed.push(`${symbol} ${fed.type} ${seconds(fed.type === "bar" ? fed.bar.time : fed.time)}${note}`);
};
const trade = (second: number) =>
  ({ type: "trade", time: START + second * 1_000, price: 1, qty: 1, side: "buy" }) as const;
const prices = (second: number) => ({ type: "prices", time: START + second * 1_000, mark: 1 }) as const;
const bar = (minute: number): BarRow => ({
  ...{ time: START + minute * MINUTE, open: 1, high: 1, low: 1, close: 1, volume: 1, turnover: 1 },
});
/** What has passed since last asked. */
const through = () => passed.splice(0);

beforeEach(() => {
  passed = [];
  gate = new MinuteGate(["A", "B"], START, emit);
});

describe("the gate of minutes", () => {
  it("is held until it is told what was missed, then tells what waited", () => {
    gate.take("A", trade(125));
    gate.take("A", trade(61));
    gate.take("B", prices(62));
    expect(gate.isWaiting).toBe(false);
    expect(through()).toEqual([]);
    const missed = new Map([
      ["A", [bar(0), bar(1), bar(2)]],
      ["B", [bar(1), bar(2)]],
    ]);
    gate.resume(missed, START + 2 * MINUTE);
    expect(through()).toEqual([
      ...["A bar 0", "A time 60", "A bar 60", "B bar 60", "A time 120", "A bar 120", "B bar 120"],
      // The trade of the closed minute is in its bar; a price is still news.
      ...["A trade 125", "B prices 62"],
    ]);
  });

  it("lets the next minute wait for every market's last word on this one", () => {
    gate.resume(new Map(), START);
    gate.take("A", trade(59));
    gate.take("A", trade(60));
    gate.takeClosed("A", bar(0));
    gate.take("B", trade(59.9));
    gate.take("B", prices(61));
    expect(through()).toEqual(["A trade 59", "B trade 59.9"]);
    expect(gate.isWaiting).toBe(true);
    gate.takeClosed("B", bar(0));
    expect(through()).toEqual(["A bar 0", "B bar 0", "A time 60", "A trade 60", "B prices 61"]);
    expect(gate.isWaiting).toBe(false);
    expect(gate.opening).toBe(START + MINUTE);
  });

  it("goes through several minutes at once when their words are there", () => {
    gate.resume(new Map(), START);
    for (const minute of [1, 0, 2]) for (const symbol of ["A", "B"]) gate.takeClosed(symbol, bar(minute));
    gate.take("A", trade(181));
    expect(through().filter((line) => !line.includes("bar"))).toEqual([
      ...["A time 60", "A time 120", "A time 180"],
      "A trade 181",
    ]);
  });

  it("believes a last word more than a bar that was fetched", () => {
    gate.takeClosed("A", { ...bar(0), volume: 7 });
    gate.resume(new Map(["A", "B"].map((symbol) => [symbol, [bar(0), bar(1)]])), START + MINUTE);
    expect(through()).toEqual(["A bar 0 of 7", "B bar 0", "A time 60", "A bar 60", "B bar 60"]);
  });

  it("forgets words on minutes it has left, and keeps those that come while it is held", () => {
    gate.resume(new Map(), START + 2 * MINUTE);
    through();
    gate.hold();
    gate.takeClosed("A", bar(1));
    gate.takeClosed("A", bar(2));
    gate.takeClosed("B", bar(2));
    gate.take("A", trade(185));
    expect(through()).toEqual([]);
    gate.resume(new Map([["A", [bar(2)]]]), START + 2 * MINUTE);
    expect(through()).toEqual(["A bar 120", "A bar 120", "B bar 120", "A time 180", "A trade 185"]);
  });
});
