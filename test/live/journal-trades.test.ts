import { describe, expect, it } from "vitest";
import { replay } from "../../src/backtest/replay/replay.ts";
import { pnlReport } from "../../src/cli/pnl-report.ts";
import type { JournalEvent } from "../../src/engine/events.ts";
import type { ExecutionFact } from "../../src/engine/facts.ts";
import { earningsOf } from "../../src/live/journal-trades.ts";
import { generateBars } from "../../src/store/generate.ts";
import { syntheticInstrument } from "../../src/store/synthetic.ts";
import { STRATEGIES } from "../../src/strategies/registry.ts";

const HOUR = 3_600_000;
const ALL = { from: -Infinity, to: Infinity };

function fill(
  id: number,
  side: "buy" | "sell",
  qty: string,
  price: string,
  more: Partial<ExecutionFact> = {},
): JournalEvent {
  const fact: ExecutionFact = {
    ...{ symbol: "BTCUSDT", execId: `e${id}`, orderId: `o${id}`, orderLinkId: "", side, price, qty, fee: "1" },
    ...{ feeCoin: "USDT", type: "Trade", stopOrderType: "", time: id * HOUR, seq: id, ...more },
  };
  return { type: "execution", at: fact.time, fact, isForeign: false };
}
const opened: JournalEvent = {
  ...{ type: "opened", at: 0, identity: { environment: "local", account: "main" }, balance: "1000" },
};

describe("earningsOf", () => {
  const bars = generateBars({ seed: 3, symbol: "BTCUSDT", interval: "60", from: Date.UTC(2024, 0, 1), length: 3_000 });

  it.each(STRATEGIES.map((strategy) => [strategy.name, strategy] as const))(
    "of a replay's journal are the replay's trades to the last decimal (%s)",
    (_, strategy) => {
      const { trades, journal } = replay({ strategy, bars, instrument: syntheticInstrument("BTCUSDT") });
      const earnings = earningsOf(journal);
      const rows = (list: typeof trades) =>
        list
          .filter(({ exitReason }) => exitReason !== "open")
          .map(({ side, quantity, entryPrice, exitPrice, realizedPnl, fees, funding, grossPnl }) =>
            [side, quantity, entryPrice, exitPrice, realizedPnl, fees, funding, grossPnl].map((cell) =>
              typeof cell === "number" ? Number(cell.toPrecision(12)) : cell,
            ),
          );
      expect(rows([...earnings.trades])).toEqual(rows(trades));
      expect(earnings.trades.every(({ lane }) => lane === "replay")).toBe(true);
    },
  );

  it("of fills in parts, with funding, are one trade by hand", () => {
    const { trades, points } = earningsOf([
      opened,
      fill(1, "buy", "2", "100"),
      fill(2, "buy", "2", "110"),
      fill(3, "buy", "0", "100", { type: "Funding", fee: "0.5" }),
      fill(4, "sell", "1", "120"),
      fill(5, "sell", "3", "100", { stopOrderType: "StopLoss" }),
    ]);
    expect(trades).toEqual([
      expect.objectContaining({
        ...{ side: "buy", quantity: 4, entryPrice: 105, exitPrice: 105, grossPnl: 0, fees: 4, funding: -0.5 },
        ...{ realizedPnl: -4.5, exitReason: "stopLoss", entryTime: HOUR, exitTime: 5 * HOUR, lane: "" },
      }),
    ]);
    expect(points.at(-1)).toEqual({ time: 5 * HOUR, balance: 995.5, isOpen: false });
  });

  it("counts an execution once, and names what nobody of the bot's ordered", () => {
    const foreign = { ...fill(1, "sell", "1", "100"), isForeign: true } as JournalEvent;
    const { trades } = earningsOf([opened, foreign, foreign, fill(2, "buy", "1", "90")]);
    expect(trades).toHaveLength(1);
    expect(trades[0]).toMatchObject({ isForeign: true, realizedPnl: 8, side: "sell" });
  });

  it("of an open position is a trade that has paid its entry", () => {
    const { trades } = earningsOf([opened, fill(1, "buy", "2", "100")]);
    expect(trades).toEqual([expect.objectContaining({ exitReason: "open", realizedPnl: -1, quantity: 2 })]);
  });
});

describe("pnlReport", () => {
  const events = [
    opened,
    fill(1, "buy", "2", "100"),
    fill(3, "sell", "2", "110"),
    fill(10, "sell", "1", "110"),
    fill(12, "buy", "1", "120"),
  ];

  it("has the wallet at the end of each hour, and metrics of it", () => {
    const report = pnlReport(earningsOf(events), ALL, "local/main")!;
    expect([...report.equity]).toEqual([999, 999, 1018, 1018, 1018, 1018, 1018, 1018, 1018, 1017, 1017, 1006]);
    const { netProfit, trades, winRate, fees, finalEquity, exposure } = report.metrics;
    expect({ netProfit, trades, winRate, fees, finalEquity }).toEqual({
      ...{ netProfit: 6, trades: 2, winRate: 0.5, fees: 4, finalEquity: 1006 },
    });
    expect(exposure).toBeCloseTo(6 / 12, 12);
    expect(report.shares.symbols).toEqual([{ name: "BTCUSDT", trades: 2, wins: 1, net: 6, fees: 4, funding: 0 }]);
  });

  it("of a span begins with the wallet before it", () => {
    const report = pnlReport(earningsOf(events), { from: 9 * HOUR, to: Infinity }, "local/main")!;
    expect(report.settings.cash).toBe(1018);
    expect(report.metrics.netProfit).toBe(-12);
  });

  it("of nothing is nothing", () => {
    expect(pnlReport(earningsOf([opened]), ALL, "local/main")).toBeNull();
    expect(pnlReport(earningsOf(events), { from: 100 * HOUR, to: Infinity }, "local/main")).toBeNull();
  });
});
