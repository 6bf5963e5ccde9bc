import { describe, expect, it } from "vitest";
import { replay } from "../../src/backtest/replay/replay.ts";
import { ToolkitError } from "../../src/core/errors.ts";
import { exact } from "../../src/core/exact.ts";
import { DAY_MS, HOUR_MS } from "../../src/core/time.ts";
import { replayJournal } from "../../src/engine/state.ts";
import { computeMetrics } from "../../src/metrics/metrics.ts";
import { syntheticInstrument } from "../../src/store/synthetic.ts";
import { equityOf, trade } from "../metrics/examples.ts";
import { hours, type Row } from "./support/bars.ts";
import {
  accountOf,
  BTC,
  bornBot,
  fillOf,
  IDENTITY,
  laneOf,
  longBot,
  MINUTE,
  positionOf,
  queries,
  readyBot,
  refused,
  sent,
  T0,
  threshold,
} from "./support/bot.ts";
import { gatewayOf, smallExchange } from "./support/exchange.ts";
import { tradingBot } from "./support/venue.ts";

const instrument = syntheticInstrument(BTC);
const nothing = { trades: [], barsInMarket: 0, ambiguousBars: 0 };

/** Ten coins long from 100 on, out below 99. */
function tenCoins(rows: readonly Row[], more: Partial<Parameters<typeof replay>[0]> = {}) {
  return replay({
    ...{ strategy: threshold, params: { above: 100.5, out: 99 }, bars: hours(rows), instrument },
    settings: { feeRate: 0, sizing: { kind: "qty", qty: 10 } },
    ...more,
  });
}

describe("metrics", () => {
  it("drawdown is not the spread of trade profits", () => {
    // Wins of 100, 50 and 10: equity only rises.
    const wins = { ...equityOf([10_100, 10_150, 10_160], 10_000), ...nothing };
    expect(computeMetrics({ ...wins, trades: [trade(100), trade(50), trade(10)] }).maxDrawdown).toBe(0);
    // Losses of 10 and 5: 15 of 10,000.
    const losses = { ...equityOf([9_990, 9_985], 10_000), ...nothing };
    expect(computeMetrics({ ...losses, trades: [trade(-10), trade(-5)] }).maxDrawdown).toBeCloseTo(0.0015, 12);
  });

  it("drawdown counts what is not realised, against the highest equity so far", () => {
    // Up 1,000, down to −20, out with a profit of 200: no losing trade, and 1,020 of 11,000 lost on the way.
    const { trades, metrics } = tenCoins([100, 101, 100, 200, 98, 120]);
    expect(trades).toMatchObject([{ entryPrice: 100, exitPrice: 120, realizedPnl: 200 }]);
    expect(metrics.maxDrawdown).toBeCloseTo(1_020 / 11_000, 12);
    expect(metrics.losingTrades).toBe(0);
  });

  it("the Sharpe ratio is of bars and the 365-day year, not of trades and √252", () => {
    // Returns 2 %, 0, 2 %, 0: mean 1 %, deviation 2 %/√3; hourly bars: √(3/4) × √8760 = √6570.
    const curve = equityOf([102, 102, 104.04, 104.04], 100, HOUR_MS);
    const metrics = computeMetrics({ ...curve, ...nothing, trades: [trade(2), trade(2.04)] });
    expect(metrics.sharpe).toBeCloseTo(Math.sqrt(6_570), 9);
    expect(computeMetrics({ ...curve, ...nothing }).sharpe).toBe(metrics.sharpe);
  });

  it("the Calmar ratio is growth a year over drawdown, not Sharpe over money", () => {
    // 365 daily bars: down a tenth, then up to +20 %.
    const equity = Array.from({ length: 365 }, (_, i) => (i < 100 ? 9_000 : 12_000));
    const metrics = computeMetrics({ ...equityOf(equity, 10_000, DAY_MS), ...nothing });
    expect([metrics.cagr, metrics.maxDrawdown, metrics.calmar].map((value) => value?.toFixed(9))).toEqual([
      "0.200000000",
      "0.100000000",
      "2.000000000",
    ]);
  });

  it("a ratio that is not defined is null, not 0, NaN or infinite", () => {
    const flat = computeMetrics({ ...equityOf([100, 100, 100], 100), ...nothing });
    expect(flat).toMatchObject({ sharpe: null, sortino: null, calmar: null, profitFactor: null, winRate: null });
    const onlyWins = computeMetrics({ ...equityOf([101, 102], 100), ...nothing, trades: [trade(1), trade(1)] });
    expect(onlyWins).toMatchObject({ profitFactor: null, calmar: null, expectancy: 1 });
  });

  it("a trade that made nothing is no loss", () => {
    const trades = [trade(10), trade(0), trade(-4)];
    const metrics = computeMetrics({ ...equityOf([110, 110, 106], 100), ...nothing, trades });
    expect(metrics).toMatchObject({ expectancy: 2, averageLoss: 4, losingTrades: 1, winningTrades: 1 });
  });
});

describe("trades", () => {
  it("profit is net of both fees and of funding, and a trade is one row", () => {
    const rows: Row[] = [100, 101, 100, 110, 110, 98, [110, 110, 100, 100], 100];
    const funding = {
      symbol: BTC,
      time: Float64Array.of(Date.UTC(2024, 0, 1, 4, 30)),
      rate: Float64Array.of(0.001),
    };
    const { trades } = tenCoins(rows, { funding, settings: { feeRate: 0.001, sizing: { kind: "qty", qty: 10 } } });
    // Bought at 100, sold at 110: 100, less 1 and 1.1, less a thousandth of 1,100.
    expect(trades).toHaveLength(1);
    expect(trades[0]).toMatchObject({ entryPrice: 100, exitPrice: 110, quantity: 10, grossPnl: 100 });
    expect(trades[0]!.fees).toBeCloseTo(2.1, 9);
    expect(trades[0]!.funding).toBeCloseTo(-1.1, 9);
    expect(trades[0]!.realizedPnl).toBeCloseTo(96.8, 9);
  });

  it("a sell signal sells short; it does not only close", () => {
    const params = { above: 1_000, under: 99 };
    const { trades } = tenCoins([100, 98, 100, 90, 90], { params });
    expect(trades).toMatchObject([{ side: "sell", entryPrice: 100, exitPrice: 90, realizedPnl: 100 }]);
  });
});

describe("balance", () => {
  it("a failed look at the account does not make equity 0, and no trade is sized on it", () => {
    const allIn = laneOf({ sizing: { kind: "all-in" } });
    const each = readyBot({ lanes: [allIn], limits: { maxPositionQuote: Infinity, maxTotalQuote: Infinity } });
    const at = T0 + 30_000;
    const query = { kind: "account", since: 0 } as const;
    each.tell({ type: "queryFailed", at, query });
    expect(each.bot.equity).toBe(10_000);
    expect(each.journal.filter(({ type }) => type === "latched" || type === "day")).toEqual([]);
    // 10,000 ÷ 50,100 is 0.1996…
    expect(sent(each.bar(0, 50_100)).map(({ request }) => request)).toMatchObject([{ kind: "entry", qty: "0.199" }]);
  });

  it("while no wallet has been seen nothing is traded, not even the smallest size", () => {
    const each = bornBot();
    each.tell({ type: "time", at: T0 });
    each.tell({ type: "queryFailed", at: T0 + 10, query: { kind: "account", since: 0 } });
    const effects = each.bar(0, 50_100);
    expect(sent(effects)).toEqual([]);
    expect(refused(effects)).toEqual([{ reason: "linkDown" }]);
  });

  it("an account with nothing trades nothing, and nothing is divided by it", () => {
    const each = bornBot();
    each.tell({ type: "time", at: T0 });
    each.tell({ type: "report", at: T0, report: accountOf({ walletBalance: "0" }) });
    const effects = each.bar(0, 50_100);
    expect([sent(effects), refused(effects)]).toEqual([[], [{ reason: "noEquity" }]]);
  });

  it.each(["", "n/a", "NaN"])("a wallet that cannot be read is an error, not 0 (%j)", (walletBalance) => {
    const each = bornBot();
    each.tell({ type: "time", at: T0 });
    const tell = () => each.tell({ type: "report", at: T0, report: accountOf({ walletBalance }) });
    expect(tell).toThrow(expect.objectContaining({ code: "DECIMAL" }));
  });

  it("a query that fails throws a typed error; it has no default", async () => {
    const exchange = await smallExchange();
    const gateway = gatewayOf(exchange);
    const wallet = async () => {
      const answer = await gateway.call("get_wallet_balance", { accountType: "UNIFIED" }, { attempts: 1 });
      return answer.list[0]?.coin.find(({ coin }) => coin === "USDT")?.walletBalance;
    };
    expect(Number(await wallet())).toBe(100_000);
    exchange.control.faults.add({ fault: "serverError", on: "wallet-balance", count: 1 });
    await expect(wallet()).rejects.toMatchObject({ name: "OutcomeUnknown", code: "NO_ANSWER" });
    exchange.control.faults.add({ fault: "reject", retCode: 10016, on: "wallet-balance", count: 1 });
    await expect(wallet()).rejects.toBeInstanceOf(ToolkitError);
    gateway.close();
    await exchange.close();
  });
});

describe("position", () => {
  it("an accepted order is no position; its executions are", () => {
    const each = readyBot();
    const [entry] = sent(each.bar(0, 50_100));
    each.tell({ type: "answer", at: T0 + MINUTE, id: entry!.id, outcome: { kind: "accepted", orderId: "1" } });
    expect(each.bot.state.ledger.size(BTC)).toBe(0n);
    const at = T0 + MINUTE + 100;
    each.tell({ type: "execution", at, fact: fillOf({ orderLinkId: entry!.id, qty: "0.02", time: at }) });
    expect(each.bot.state.ledger.size(BTC)).toBe(exact("0.02"));
  });

  it("an exit closes what was filled, not what was asked for", () => {
    const each = readyBot({ lanes: [laneOf({ params: { above: 50_000, out: 49_500 } })] });
    const [entry] = sent(each.bar(0, 50_100));
    const at = T0 + MINUTE + 100;
    each.tell({ type: "execution", at, fact: fillOf({ orderLinkId: entry!.id, qty: "0.02", time: at }) });
    expect(sent(each.bar(1, 49_400), "exit").map(({ request }) => request)).toMatchObject([
      { side: "sell", qty: "0.020" },
    ]);
  });

  it("a position is in the journal: after a restart nothing is entered twice", () => {
    const each = tradingBot();
    each.minute(50_100);
    // Before the exchange is asked.
    expect(replayJournal(each.journal, IDENTITY).ledger.size(BTC)).toBe(exact("0.059"));
    each.restart();
    expect(each.hand.bot.state.ledger.size(BTC)).toBe(exact("0.059"));
    for (const price of [50_200, 50_300, 50_400]) each.minute(price);
    expect(each.requests).toEqual(["entry buy 0.059 stop 49098.0"]);
    expect(each.position.size).toBe("0.059");
  });

  it("a bar that is told again after a restart is not acted on again", () => {
    const first = readyBot();
    const [entry] = sent(first.bar(0, 50_100));
    const at = T0 + MINUTE + 1;
    first.tell({ type: "answer", at, id: entry!.id, outcome: { kind: "refused", code: 110007, reason: "no" } });
    const again = bornBot({ state: replayJournal(first.journal, IDENTITY) });
    again.tell({ type: "time", at: at + 1 });
    again.tell({ type: "report", at: at + 2, report: accountOf({ askedAt: at + 1 }) });
    const effects = again.bar(0, 50_100, { at: at + 3 });
    expect([sent(effects), refused(effects)]).toEqual([[], [{ reason: "alreadyDecided" }]]);
  });

  it("a position is the exchange's, also where the bot did not see the fill", () => {
    const each = tradingBot();
    each.deafen();
    each.minute(50_100);
    expect([each.hand.bot.state.ledger.size(BTC), each.position.size]).toEqual([0n, "0.059"]);
    each.restart();
    expect(each.hand.bot.state.ledger.size(BTC)).toBe(exact("0.059"));
    expect(each.hand.bot.state.position(BTC).stop).toBe("49098.0");
    each.minute(50_200);
    expect(each.requests).toEqual(["entry buy 0.059 stop 49098.0"]);
  });

  it("a position that a person changed is taken as it is, and nothing is entered on top", () => {
    const each = longBot();
    const start = T0 + MINUTE + 10_000;
    for (let at = start; at <= start + 12_000; at += 2_000) {
      each.tell({ type: "time", at });
      const positions = [positionOf({ size: "0.029", stopLoss: "49098.0" })];
      each.tell({ type: "report", at, report: accountOf({ askedAt: at, positions }) });
    }
    expect(each.bot.state.ledger.size(BTC)).toBe(exact("0.029"));
    expect([...each.bot.state.latches.keys()]).toEqual([`foreign/${BTC}`]);
    expect(queries(each.tell({ type: "time", at: start + 60_000 }))).toMatchObject([{ kind: "account" }]);
  });
});

describe("the day", () => {
  it("the first equity of a day is remembered over a restart, and taken anew at midnight UTC", () => {
    const each = longBot();
    const restarted = bornBot({ state: replayJournal(each.journal, IDENTITY) });
    expect(restarted.bot.state.dayStartEquity).toBe(10_000);
    restarted.bot.price(BTC, { last: 50_600, bid: null, ask: null, mark: null, time: T0 });
    // 23:59 is the old day; the bar that closes at 00:00 begins the new one: 10,000 + 0.059 × 500.
    restarted.bar(718, 50_600);
    expect(restarted.bot.state.dayStartEquity).toBe(10_000);
    restarted.bar(719, 50_600);
    expect(restarted.bot.state.dayStartEquity).toBe(10_029.5);
    expect(restarted.bot.state.day).toBe(Date.UTC(2024, 4, 7) / DAY_MS);
  });
});
