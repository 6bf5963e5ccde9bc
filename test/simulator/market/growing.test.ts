import { describe, expect, it } from "vitest";
import { GrowingBars, requireHistory } from "../../../src/simulator/market/growing.ts";
import { minuteBars, OPENING } from "../support.ts";

const history = minuteBars("T", [
  [1, 2, 1, 2],
  [2, 3, 2, 3],
  [3, 4, 3, 4],
]);

describe("growing bars", () => {
  it("begin with what they are given and hold what is pushed, however much", () => {
    const bars = new GrowingBars(history, 2);
    for (let i = 0; i < 5_000; i++) {
      bars.push({ time: OPENING + (2 + i) * 60_000, open: i, high: i, low: i, close: i, volume: i, turnover: i });
    }
    expect(bars.length).toBe(5_002);
    expect(bars.time).toHaveLength(5_002);
    expect([...bars.close.slice(0, 4)]).toEqual([2, 3, 0, 1]);
    expect([bars.close[5_001], bars.time[5_001]]).toEqual([4_999, OPENING + 5_001 * 60_000]);
    expect([...history.close]).toEqual([2, 3, 4]);
  });

  it("go on from closed minutes without a gap, the running one at most behind them", () => {
    requireHistory(history, 3);
    requireHistory(history, 2);
    const gap = { ...history, time: Float64Array.of(OPENING, OPENING + 60_000, OPENING + 180_000) };
    for (const [bars, closed] of [
      [history, 1],
      [history, 0],
      [gap, 3],
      [{ ...history, interval: "5" }, 3],
    ] as const) {
      expect(() => requireHistory(bars, closed)).toThrow(expect.objectContaining({ code: "FEED" }));
    }
  });
});
