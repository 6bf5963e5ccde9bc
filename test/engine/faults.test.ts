import { describe, expect, it } from "vitest";
import { exact } from "../../src/core/exact.ts";
import { Bot } from "../../src/engine/bot.ts";
import type { AccountReport, ExecutionFact } from "../../src/engine/facts.ts";
import type { BotEffect, BotInput } from "../../src/engine/inputs.ts";
import { Lane } from "../../src/engine/lane.ts";
import { Ledger } from "../../src/engine/ledger.ts";
import { syntheticInstrument } from "../../src/store/synthetic.ts";
import { restless } from "../simulation/market.ts";
import { LIMITS } from "../simulation/process.ts";
import { simulate } from "../simulation/world.ts";

const T0 = Date.UTC(2024, 4, 6, 12);
const SYMBOL = "BTCUSDT";
const IDENTITY = { environment: "replay", account: "test" } as const;

const EMPTY: AccountReport = { askedAt: T0, openOrders: [], executions: [], positions: [], walletBalance: "10000" };
const fill = (given: Partial<ExecutionFact>): ExecutionFact => ({
  ...{ symbol: SYMBOL, execId: "1", orderId: "1", orderLinkId: "", side: "buy", price: "50000", qty: "0.06", fee: "1" },
  ...{ feeCoin: "USDT", type: "Trade", stopOrderType: "", time: T0 },
  ...given,
});

function freshBot(params: Readonly<Record<string, number>> = {}): {
  bot: Bot;
  lane: Lane;
  tell: (input: BotInput) => readonly BotEffect[];
  bar: (i: number, close: number, at?: number) => readonly BotEffect[];
} {
  const lane = new Lane({
    ...{ name: "lane", strategy: restless, params, interval: "1" },
    ...{ instrument: syntheticInstrument(SYMBOL), sizing: { kind: "quote", quote: 3_000 }, leverage: 5 },
    ...{ feeRate: 0.00055, slippage: 0, side: "both", stopLoss: null, takeProfit: null, trailingStop: null },
  });
  const bot = new Bot({ identity: IDENTITY, lanes: [lane], limits: LIMITS });
  const tell = (input: BotInput) => bot.handle(input);
  const bar = (i: number, close: number, at = T0 + (i + 1) * 60_000) => {
    bot.price(SYMBOL, { last: close, bid: null, ask: null, mark: null, time: at });
    return tell({
      type: "bar",
      at,
      lane: "lane",
      bar: { time: T0 + i * 60_000, open: close, high: close, low: close, close, volume: 1 },
    });
  };
  return { bot, lane, tell, bar };
}

function openedBot(params: Readonly<Record<string, number>> = { stop: 0.004, hold: 9 }) {
  const each = freshBot(params);
  each.tell({ type: "time", at: T0 });
  each.tell({ type: "report", at: T0, report: EMPTY });
  for (let i = 0; i < 4; i++) each.bar(i, 50_000);
  return each;
}

const sends = (effects: readonly BotEffect[], kind: string) =>
  effects.flatMap((effect) => (effect.type === "send" && effect.request.kind === kind ? [effect] : []));
const stops = (effects: readonly BotEffect[]) =>
  sends(effects, "protect").map(({ request }) => (request.kind === "protect" ? request.stopLoss : null));
const refusals = (effects: readonly BotEffect[]) =>
  effects.flatMap((e) =>
    e.type === "journal" && e.event.type === "refusal" && "reason" in e.event.why ? [e.event.why.reason] : [],
  );

describe("what the simulation found stays found", () => {
  it("enters on a fresh bar, and not on one that came late", () => {
    const { bar } = openedBot();
    expect(refusals(bar(4, 50_100, T0 + 5 * 60_000 + 30_000))).toEqual(["tooLate"]);
    expect(sends(bar(5, 50_200), "entry")).toHaveLength(1);
  });

  it("does not want to be woken while a look is under way", () => {
    const { bot, tell } = freshBot();
    tell({ type: "time", at: T0 });
    tell({ type: "link", at: T0, isUp: true });
    expect(bot.wakeAt).toBe(Infinity);
  });

  it("counts fills that are known of and not booked: no second entry", () => {
    const { tell, bar } = openedBot();
    const [entry] = sends(bar(4, 50_100), "entry");
    const at = T0 + 5 * 60_000 + 100;
    const fact = {
      symbol: SYMBOL,
      orderId: "1",
      orderLinkId: entry!.id,
      status: "Filled",
      qty: "0.059",
      reduceOnly: false,
    };
    const rest = { cumExecQty: "0.059", stopOrderType: "", rejectReason: "", updatedTime: at };
    tell({ type: "order", at, fact: { ...fact, ...rest } });
    expect(refusals(bar(5, 50_200))).toEqual(["orderUnresolved"]);
  });

  it("brings a stop that is not in place onto a market's new grid, nearer to the market; one in place stays", () => {
    const { bot, lane, tell, bar } = openedBot();
    const [entry] = sends(bar(4, 50_100), "entry");
    const qty = entry!.request.kind === "entry" ? entry!.request.qty : "";
    const at = T0 + 5 * 60_000 + 100;
    tell({ type: "execution", at, fact: fill({ orderLinkId: entry!.id, qty, price: "50100.3", time: at }) });
    const position = {
      symbol: SYMBOL,
      size: qty,
      entryPrice: 50_100.3,
      ...{ trailingStop: null, takeProfit: null, liquidationPrice: null },
    };
    const look = (seconds: number, stopLoss: string | null) => {
      const report = { ...EMPTY, askedAt: at + seconds * 1_000, positions: [{ ...position, stopLoss }] } as const;
      return tell({ type: "report", at: at + seconds * 1_000 + 50, report });
    };
    const wanted = bot.state.position(SYMBOL).stop!;
    expect(wanted).toMatch(/\.[1-9]/);
    look(16, wanted);
    const coarse = { ...syntheticInstrument(SYMBOL), tickSize: "10" };
    expect(stops(tell({ type: "rules", at: at + 17_000, instrument: coarse }))).toEqual([]);
    expect(bot.state.position(SYMBOL).stop).toBe(wanted);
    const up = String(Math.ceil(Number(wanted) / 10) * 10);
    expect(stops(look(40, null))).toEqual([up]);
    expect(bot.state.position(SYMBOL).stop).toBe(up);
    tell({ type: "rules", at: at + 41_000, instrument: syntheticInstrument("ETHUSDT") });
    expect(lane.tick.step).toBe(10);
  });

  it("leaves an execution that came before the books were opened to the balance", () => {
    const { bot, tell } = freshBot();
    tell({ type: "execution", at: T0, fact: fill({ execId: "7" }) });
    expect(bot.state.ledger.executions).toBe(0);
  });

  it("begins a journal at the time of the question, however late the answer was read", () => {
    const { bot, tell } = freshBot();
    tell({ type: "time", at: T0 });
    tell({ type: "report", at: T0 + 180_000, report: EMPTY });
    expect(bot.state.executionsUntil).toBe(T0);
  });

  it("tells a trade of a person, with or without an id, from its own", () => {
    const { bot, tell } = openedBot();
    tell({ type: "execution", at: T0 + 250_000, fact: fill({ execId: "7", orderLinkId: "" }) });
    expect([...bot.state.latches.keys()]).toEqual([`foreign/${SYMBOL}`]);
  });

  it("closes what a fired stop has left over", () => {
    const { bot, tell, bar } = openedBot();
    const [entry] = sends(bar(4, 50_100), "entry");
    const at = T0 + 301_000;
    tell({
      type: "execution",
      at,
      fact: fill({ execId: "1", orderLinkId: entry!.id, qty: "0.059", price: "50100", time: at }),
    });
    const stop = fill({
      execId: "2",
      side: "sell",
      qty: "0.02",
      price: "49800",
      stopOrderType: "StopLoss",
      time: at + 1_000,
    });
    tell({ type: "execution", at: at + 1_000, fact: stop });
    const effects = [...tell({ type: "time", at: at + 2_000 })];
    expect(sends(effects, "exit").map(({ request }) => "qty" in request && request.qty)).toEqual(["0.039"]);
    expect(bot.state.ledger.size(SYMBOL)).toBe(exact("0.039"));
  });

  it("tries an exit again that the exchange did not take", () => {
    const { tell, bar } = openedBot();
    const [entry] = sends(bar(4, 50_100), "entry");
    const at = T0 + 301_000;
    tell({
      type: "execution",
      at,
      fact: fill({ execId: "1", orderLinkId: entry!.id, qty: "0.059", price: "50100", time: at }),
    });
    const [exit] = sends(bar(5, 49_900), "exit");
    const later = T0 + 361_000;
    tell({ type: "answer", at: later, id: exit!.id, outcome: { kind: "notSent", reason: "no connection" } });
    expect(sends(tell({ type: "time", at: later + 600 }), "exit")).toHaveLength(1);
  });

  it("does not move a stop while an earlier one may still arrive", () => {
    const { tell, bar } = openedBot({ stop: 0.004, trail: 0.003, hold: 20 });
    const [entry] = sends(bar(4, 50_100), "entry");
    const at = T0 + 301_000;
    const bought = { execId: "1", orderLinkId: entry!.id, qty: "0.059", price: "50100", time: at };
    tell({ type: "execution", at, fact: fill(bought) });
    const late = T0 + 6 * 60_000 + 50_000;
    const [first] = sends(bar(5, 50_400, late), "protect");
    tell({ type: "answer", at: late + 1, id: first!.id, outcome: { kind: "unknown", reason: "timeout" } });
    expect(stops(bar(6, 50_700))).toEqual(["50248.8"]);
    expect(sends(bar(7, 51_000), "protect").map(({ request }) => "stopLoss" in request && request.stopLoss)).toEqual([
      "50847.0",
    ]);
  });

  const buy = ({ tell, bar }: ReturnType<typeof openedBot>) => {
    const [entry] = sends(bar(4, 50_100), "entry");
    const at = T0 + 301_000;
    const bought = { execId: "1", orderLinkId: entry!.id, qty: "0.059", price: "50100", time: at };
    tell({ type: "execution", at, fact: fill(bought) });
  };

  it("stops a strategy whose exit rule throws, and nothing else", () => {
    const each = openedBot();
    buy(each);
    const push = each.lane.push.bind(each.lane);
    each.lane.push = (bar) => ({
      ...push(bar),
      exitLong: () => {
        throw new Error("no quality");
      },
    });
    expect(refusals(each.bar(5, 50_200))).toEqual(["laneStopped"]);
    expect(each.bot.handle({ type: "time", at: T0 + 400_000 })).toBeInstanceOf(Array);
  });

  it("remembers a nearer stop that only the exchange knew, and does not move it back", () => {
    const each = openedBot();
    buy(each);
    const at = T0 + 310_000;
    const none = { takeProfit: null, trailingStop: null, liquidationPrice: null };
    const position = { symbol: SYMBOL, size: "0.059", entryPrice: 50_100, stopLoss: "50050.0", ...none };
    each.tell({ type: "report", at, report: { ...EMPTY, askedAt: at, positions: [position] } });
    expect(each.bot.state.position(SYMBOL).stop).toBe("50050.0");
  });

  it("stays out for the day once its loss was too much, whatever the market does then", () => {
    const each = openedBot();
    buy(each);
    const at = T0 + 330_000;
    const sold = {
      execId: "2",
      side: "sell",
      price: "40000",
      qty: "0.059",
      stopOrderType: "StopLoss",
      time: at,
    } as const;
    each.tell({ type: "execution", at, fact: fill(sold) });
    expect([...each.bot.state.latches.keys()]).toEqual(["dailyLoss"]);
    const midnight = Date.UTC(2024, 4, 7);
    each.bot.price(SYMBOL, { last: 50_000, bid: null, ask: null, mark: null, time: midnight });
    const bar = { time: midnight - 60_000, open: 1, high: 1, low: 1, close: 40_000, volume: 1 };
    each.tell({ type: "bar", at: midnight, lane: "lane", bar });
    expect(each.bot.state.latches.size).toBe(0);
  });

  it("latches a loss between two bars, on a tick of the clock, and stays latched", () => {
    const { bot, bar, tell } = openedBot({ stop: 0.02, hold: 9 });
    const [entry] = sends(bar(4, 50_100), "entry");
    const { linkId } = entry!.request as { linkId: string };
    tell({
      type: "execution",
      at: T0 + 300_100,
      fact: fill({ orderLinkId: linkId, price: "50100", time: T0 + 300_100 }),
    });
    const price = (last: number, at: number) => {
      bot.price(SYMBOL, { last, bid: null, ask: null, mark: null, time: at });
      tell({ type: "time", at });
    };
    price(47_000, T0 + 310_000);
    expect([...bot.state.latches.keys()]).toEqual([]);
    price(46_000, T0 + 320_000);
    expect([...bot.state.latches.keys()]).toEqual(["dailyLoss"]);
    price(50_100, T0 + 330_000);
    expect([...bot.state.latches.keys()]).toEqual(["dailyLoss"]);
  });

  it("asks for the cancel of an order once, however often it is told of it", () => {
    const { tell } = openedBot();
    const order = {
      ...{ symbol: SYMBOL, orderId: "77", orderLinkId: "hand", status: "New", cumExecQty: "0", qty: "1" },
      ...{ reduceOnly: false, stopOrderType: "", rejectReason: "", updatedTime: T0 },
    };
    tell({ type: "command", at: T0 + 301_000, command: "kill", reason: "test" });
    const look = (at: number) =>
      sends(tell({ type: "report", at, report: { ...EMPTY, askedAt: at, openOrders: [order] } }), "cancel").length;
    expect([look(T0 + 301_100), look(T0 + 301_300), look(T0 + 303_000)]).toEqual([1, 0, 1]);
  });

  it("books a fill that is told late in its place in time", () => {
    const first = new Ledger();
    const second = new Ledger();
    const fills = [
      fill({ execId: "1", side: "buy", price: "100", qty: "5", time: 1 }),
      fill({ execId: "2", side: "sell", price: "110", qty: "5", time: 2 }),
      fill({ execId: "3", side: "sell", price: "109", qty: "5", time: 3 }),
    ];
    for (const each of fills) first.book(each);
    for (const i of [0, 2, 1]) second.book(fills[i]!);
    expect(second.realised).toBe(exact("50"));
    expect(second.realised).toBe(first.realised);
    expect(second.entryPrice(SYMBOL)).toBe(109);
  });

  it.each([
    ["executions told before the journal was opened", "2/63"],
    ["unbooked fills left out of the exposure", "2/71"],
    ["two liquidations on a journal without a past", "2/2735"],
    ["a first look that was read three minutes late", "8/19546"],
    ["lists that lag behind the position", "6/457"],
    ["an account report that was read late", "6/2602"],
    ["a fired stop in a thin market", "1/20"],
    ["a bar told a minute late", "1/16"],
  ])("survives %s", (_, seed) => {
    expect(simulate({ seed }).violations).toEqual([]);
  });
});
