import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DAY_MS } from "../../src/core/time.ts";
import { tradeStats } from "../../src/metrics/trades.ts";
import { START, trade } from "./examples.ts";
import { expectClose, golden } from "./golden.ts";

const vector = golden<{
  trades: { pnl: number[]; initial_risk: number[]; expected: Record<string, number> };
}>("metrics_basic").trades;

describe("tradeStats", () => {
  it("equals the golden vector of ten trades", () => {
    const stats = tradeStats(vector.pnl.map((pnl, i) => trade(pnl, { initialRisk: vector.initial_risk[i]! })));
    const expected = vector.expected;
    expect(stats.closedTrades).toBe(expected.n);
    expectClose(stats.netProfit, expected.net!);
    expectClose(stats.grossProfit, expected.gross_profit!);
    expectClose(stats.grossLoss, expected.gross_loss!);
    expectClose(stats.profitFactor, expected.profit_factor!);
    expectClose(stats.winRate, expected.win_rate!);
    expectClose(stats.averageWin, expected.avg_win!);
    expectClose(stats.averageLoss, expected.avg_loss!);
    expectClose(stats.payoff, expected.payoff!);
    expectClose(stats.expectancy, expected.expectancy!);
    expectClose(stats.averageR, expected.expectancy_R!);
    expectClose(stats.sqn, expected.sqn_capped100!);
    expectClose(stats.kelly, expected.kelly_fraction_pw_minus_pl_over_payoff!);
    expect(stats.maxConsecutiveWins).toBe(expected.max_consec_wins);
    expect(stats.maxConsecutiveLosses).toBe(expected.max_consec_losses);
    expect([stats.winningTrades, stats.losingTrades]).toEqual([4, 5]);
    expect([stats.largestWin, stats.largestLoss]).toEqual([200, 100]);
  });

  it("leaves every ratio undefined without a closed trade, and every sum 0", () => {
    const open = trade(50, { exitReason: "open", fees: 3, funding: -1 });
    expect(tradeStats([open])).toEqual({
      trades: 1,
      closedTrades: 0,
      winningTrades: 0,
      losingTrades: 0,
      winRate: null,
      profitFactor: null,
      expectancy: null,
      payoff: null,
      kelly: null,
      netProfit: 0,
      grossProfit: 0,
      grossLoss: 0,
      averageWin: null,
      averageLoss: null,
      largestWin: null,
      largestLoss: null,
      averageHoldMs: null,
      maxConsecutiveWins: 0,
      maxConsecutiveLosses: 0,
      averageR: null,
      sqn: null,
      fees: 3,
      funding: -1,
      ambiguousTrades: 0,
    });
  });

  it("does not call a strategy without a loss infinitely profitable", () => {
    const stats = tradeStats([trade(5), trade(7)]);
    expect(stats).toMatchObject({ profitFactor: null, payoff: null, kelly: null, largestLoss: null, winRate: 1 });
  });

  it("has a profit factor of 0 where nothing was won", () => {
    expect(tradeStats([trade(-5), trade(-7)])).toMatchObject({ profitFactor: 0, averageWin: null, payoff: null });
  });

  it("has no SQN where one trade had no stop, or all made the same multiple", () => {
    expect(tradeStats([trade(5, { initialRisk: 5 }), trade(7)]).sqn).toBeNull();
    expect(tradeStats([trade(5, { initialRisk: 5 }), trade(7, { initialRisk: 7 })]).sqn).toBeNull();
    expect(tradeStats([trade(5, { initialRisk: 5 })])).toMatchObject({ averageR: 1, sqn: null });
  });

  it("caps SQN at a hundred trades", () => {
    const many = Array.from({ length: 400 }, (_, i) => trade(i % 2 === 0 ? 3 : -1, { initialRisk: 1 }));
    expectClose(tradeStats(many).sqn, 10 / (2 * Math.sqrt(400 / 399)));
  });

  it("ends a streak at a trade that made nothing", () => {
    expect(tradeStats([trade(1), trade(1), trade(0), trade(1)]).maxConsecutiveWins).toBe(2);
  });

  it("averages the hold of closed trades and counts the ambiguous ones", () => {
    const stats = tradeStats([
      trade(1, { exitTime: START + 2 * DAY_MS, ambiguous: true }),
      trade(1, { exitTime: START + 4 * DAY_MS }),
      trade(1, { exitTime: START + 90 * DAY_MS, exitReason: "open" }),
    ]);
    expect(stats).toMatchObject({ averageHoldMs: 3 * DAY_MS, ambiguousTrades: 1, trades: 3, closedTrades: 2 });
  });

  it("balances for any trades", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }), (profits) => {
        const stats = tradeStats(profits.map((pnl) => trade(pnl)));
        const sum = profits.reduce((a, b) => a + b, 0);
        expect(stats.netProfit).toBe(sum);
        expect(stats.expectancy! * stats.closedTrades).toBeCloseTo(sum, 6);
        expect(stats.winningTrades + stats.losingTrades).toBe(profits.filter((pnl) => pnl !== 0).length);
        if (stats.profitFactor !== null) expect(stats.profitFactor > 1).toBe(sum > 0);
      }),
    );
  });
});
