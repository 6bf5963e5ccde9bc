import { describe, expect, it } from "vitest";
import { replay } from "../../src/backtest/replay/replay.ts";
import { DEFAULT_WAITS } from "../../src/engine/inputs.ts";
import { syntheticInstrument } from "../../src/store/synthetic.ts";
import { defineStrategy } from "../../src/strategy/strategy.ts";
import { hours } from "./support/bars.ts";
import { accountOf, BTC, laneOf, longBot, MINUTE, positionOf, readyBot, sent, T0, threshold } from "./support/bot.ts";
import { live } from "./support/live.ts";
import { tradingBot } from "./support/venue.ts";

const instrument = syntheticInstrument(BTC);

/** Trails two percent behind the last close, wherever that goes. */
const closeBehind = defineStrategy({
  name: "close-behind",
  params: {},
  rules: ({ close, price }) => ({ enterLong: close.above(50_000), trailingStop: price(close.times(0.98)) }),
});

describe("stops", () => {
  it("a stop is no second call: the first request of a trade holds it", () => {
    const requests = sent(readyBot().bar(0, 50_100)).map(({ request }) => request);
    expect(requests).toMatchObject([{ kind: "entry", side: "buy", qty: "0.059", stopLoss: "49098.0" }]);
    const each = tradingBot();
    each.minute(50_100);
    expect(each.requests).toEqual(["entry buy 0.059 stop 49098.0"]);
    expect(each.position).toEqual({ size: "0.059", stop: "49098.0" });
  });

  it("a position is protected in the very bar of its entry", () => {
    const { trades } = replay({
      ...{ strategy: threshold, params: { above: 100.5 }, bars: hours([100, 101, [100, 100, 50, 99], 99]), instrument },
      settings: { feeRate: 0, stopLoss: 0.02, sizing: { kind: "qty", qty: 10 } },
    });
    expect(trades).toMatchObject([{ exitReason: "stopLoss", exitPrice: 98, realizedPnl: -20, barsHeld: 0 }]);
  });

  it("a trailing stop does not stay in memory: every move is at the exchange", () => {
    const each = tradingBot({ stopLoss: null, trailingStop: 0.02 });
    const stops = [50_100, 51_000, 52_000].map((price) => {
      each.minute(price);
      return each.position.stop;
    });
    expect(stops).toEqual(["49098.0", "49980.0", "50960.0"]);
    // The move is sent on the bar itself; it is not left to the next look at the account.
    const moved = longBot({ lanes: [laneOf({ stopLoss: null, trailingStop: 0.02 })] }).bar(1, 51_000);
    expect(sent(moved).map(({ request }) => request)).toMatchObject([{ kind: "protect", stopLoss: "49980.0" }]);
    each.trade(50_959.9);
    expect(each.position).toEqual({ size: "0.000", stop: "0.0" });
    // The exchange closed it: the bot sent the entry and the two moves.
    expect(each.requests).toEqual(["entry buy 0.059 stop 49098.0", "protect stop 49980.0", "protect stop 50960.0"]);
    // 0.059 × (50,960 − 50,100), or where the market was beyond it.
    expect(each.hand.bot.equity).toBeCloseTo(10_000 + 0.059 * (50_959.9 - 50_100), 9);
  });

  it("a trailing stop never moves away from the market", () => {
    const each = tradingBot({ stopLoss: null, trailingStop: 0.02 });
    for (const price of [50_100, 52_000, 51_500, 51_000]) each.minute(price);
    expect(each.position.stop).toBe("50960.0");
    expect(each.requests).toHaveLength(2);
    // Nor where the strategy's own line falls back.
    const line = tradingBot({ strategy: closeBehind, params: {}, stopLoss: null });
    for (const price of [50_100, 52_000, 51_500, 51_000]) line.minute(price);
    expect(line.position.stop).toBe("50960.0");
    expect(line.requests).toHaveLength(2);
  });

  it("a trailing stop sees the wicks of closed bars, not only the last price", () => {
    const each = tradingBot({ stopLoss: null, trailingStop: 0.02 });
    each.minute(50_100);
    each.minute(50_100, 52_000, 51_500);
    expect(each.position.stop).toBe("50960.0");
  });

  it("a trailing stop is not forgotten by a restart", () => {
    const each = tradingBot({ stopLoss: null, trailingStop: 0.02 });
    for (const price of [50_100, 52_000]) each.minute(price);
    each.restart();
    expect(each.hand.bot.state.position(BTC).stop).toBe("50960.0");
    each.minute(51_000);
    expect(each.position.stop).toBe("50960.0");
    each.minute(53_000);
    expect(each.position.stop).toBe("51940.0");
  });

  it("a stop that is gone from the exchange is put back", () => {
    const each = longBot();
    const at = T0 + MINUTE + 30_000;
    const positions = [positionOf({ stopLoss: null })];
    const effects = each.tell({ type: "report", at, report: accountOf({ askedAt: at, positions }) });
    expect(sent(effects).map(({ request }) => request)).toEqual([
      { kind: "protect", symbol: BTC, stopLoss: "49098.0", takeProfit: null },
    ]);
  });

  it("a position that cannot be protected does not stay open", () => {
    const each = longBot();
    const from = T0 + MINUTE + 30_000;
    const report = (at: number) => ({ type: "report", at, report: nakedAt(at) }) as const;
    const nakedAt = (at: number) => accountOf({ askedAt: at, positions: [positionOf({ stopLoss: null })] });
    each.tell(report(from));
    // Every attempt is refused, and every look finds the position naked.
    const done = live(each, { from, to: from + 10_000 }, (effect, at) => {
      if (effect.type === "query") return effect.query.kind === "account" ? report(at) : null;
      if (effect.type !== "send" || effect.request.kind !== "protect") return null;
      return { type: "answer", at, id: effect.id, outcome: { kind: "refused", code: 10001, reason: "no" } };
    });
    const exits = done.flatMap(({ at, effect }) =>
      effect.type === "send" && effect.request.kind === "exit" ? [[at - from, effect.request.qty] as const] : [],
    );
    expect(exits.map(([, qty]) => qty)).toEqual(["0.059"]);
    expect(exits[0]![0]).toBeLessThan(DEFAULT_WAITS.nakedMs + 2_000);
  });

  it("a stop that the market has crossed already is a closing order, not a refused stop", () => {
    const each = longBot();
    const at = T0 + MINUTE + 30_000;
    each.bot.price(BTC, { last: 49_000, bid: null, ask: null, mark: null, time: at });
    const report = accountOf({ askedAt: at, positions: [positionOf({ stopLoss: null })] });
    const effects = each.tell({ type: "report", at, report });
    expect(sent(effects).map(({ request }) => request)).toMatchObject([{ kind: "exit", side: "sell", qty: "0.059" }]);
  });

  it("stopping everything does not cancel the stop of a position that is still there", () => {
    const each = longBot();
    const at = T0 + MINUTE + 30_000;
    const effects = [...each.tell({ type: "command", at, command: "kill", reason: "test" })];
    const order = { symbol: BTC, qty: "0.059", cumExecQty: "0", reduceOnly: true, rejectReason: "", updatedTime: at };
    const stop = { ...order, orderId: "9", orderLinkId: "", status: "Untriggered", stopOrderType: "StopLoss" };
    const other = { ...order, orderId: "8", orderLinkId: "", status: "New", stopOrderType: "" };
    const report = accountOf({
      ...{ askedAt: at, openOrders: [stop, other] },
      positions: [positionOf({ stopLoss: "49098.0" })],
    });
    effects.push(...each.tell({ type: "report", at, report }));
    expect(sent(effects, "exit")).toHaveLength(1);
    expect(sent(effects, "cancel").map(({ request }) => "orderId" in request && request.orderId)).toEqual(["8"]);
  });

  it("an exit that comes after the stop has fired opens nothing the other way", () => {
    const each = tradingBot({ params: { above: 50_000, out: 49_500 } });
    each.minute(50_100);
    each.deafen();
    each.trade(49_000);
    expect(each.position.size).toBe("0.000");
    each.minute(49_400);
    expect(each.requests.at(-1)).toBe("exit sell 0.059");
    expect(each.position.size).toBe("0.000");
    each.restart();
    each.minute(49_400);
    expect(each.position.size).toBe("0.000");
    expect([...each.hand.bot.state.latches]).toEqual([]);
  });
});
