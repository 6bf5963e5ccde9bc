import { describe, expect, it } from "vitest";
import { exitGroups, topTradesShare } from "../../src/metrics/breakdown.ts";
import { trade } from "./examples.ts";

describe("exitGroups", () => {
  it("counts trades by why they ended, most frequent first", () => {
    const trades = [
      trade(-2, { exitReason: "stopLoss" }),
      trade(5),
      trade(-3, { exitReason: "stopLoss" }),
      trade(1, { exitReason: "stopLoss" }),
    ];
    expect(exitGroups(trades)).toEqual([
      { reason: "stopLoss", trades: 3, wins: 1, netPnl: -4 },
      { reason: "signal", trades: 1, wins: 1, netPnl: 5 },
    ]);
  });
});

describe("topTradesShare", () => {
  it("is the best trades' part of all profit, above 1 where the rest lost", () => {
    const trades = [10, 1, -2, 3, 4, 2, 6, 1].map((pnl) => trade(pnl));
    expect(topTradesShare(trades, 5)).toBe(1);
    expect(topTradesShare(trades, 2)).toBe(16 / 25);
    expect(topTradesShare([trade(10), trade(-5)], 1)).toBe(2);
  });

  it("is not defined where nothing was made", () => {
    expect(topTradesShare([])).toBeNull();
    expect(topTradesShare([trade(5), trade(-5)])).toBeNull();
  });
});
