import { describe, expect, it } from "vitest";
import type { BotEffect, BotInput } from "../../src/engine/inputs.ts";
import { syntheticInstrument } from "../../src/store/synthetic.ts";
import { defineStrategy } from "../../src/strategy/strategy.ts";
import {
  accountOf,
  BTC,
  fillOf,
  laneOf,
  longBot,
  MINUTE,
  positionOf,
  queries,
  readyBot,
  refused,
  sent,
  T0,
} from "./support/bot.ts";
import { gatewayOf, smallExchange } from "./support/exchange.ts";
import { live } from "./support/live.ts";

const HOUR = 60 * MINUTE;

/** Long above 50,000; throws where the close is 50,200. */
const brittle = defineStrategy({
  name: "brittle",
  params: {},
  rules: ({ scan }) => {
    const last = scan({
      initial: 0,
      step: (_, bar) => {
        if (bar.close === 50_200) throw new Error("nothing is known of 50200");
        return bar.close;
      },
    });
    return { enterLong: last.above(50_000), exitLong: last.below(49_500) };
  },
});
const THROWN = expect.stringContaining("nothing is known of 50200");
const eth = laneOf({ name: "eth", instrument: syntheticInstrument("ETHUSDT", "0.01"), params: { above: 3_000 } });
const lanes = [laneOf({ strategy: brittle, params: {} }), eth];

/** An exchange on which nothing happens. */
function quiet(effect: BotEffect, at: number): BotInput | null {
  if (effect.type !== "query" || effect.query.kind !== "account") return null;
  return { type: "report", at, report: accountOf({ askedAt: at }) };
}

describe("the loop", () => {
  it("an idle bot sleeps: an hour of quiet is a look at the account every half minute and nothing else", () => {
    const hour = live(readyBot(), { from: T0, to: T0 + HOUR }, quiet);
    expect(hour.map(({ effect }) => effect.type).filter((type) => type !== "journal")).toEqual(
      new Array(119).fill("query"),
    );
    expect(hour.wakes).toBe(119);
  });

  it("a bot that holds a position asks no more often", () => {
    const each = longBot();
    const from = T0 + MINUTE + 200;
    const held = (at: number): BotInput => {
      const positions = [positionOf({ stopLoss: "49098.0" })];
      return { type: "report", at, report: accountOf({ askedAt: at, positions }) };
    };
    each.tell(held(from));
    const hour = live(each, { from, to: from + HOUR }, (effect, at) => (quiet(effect, at) ? held(at) : null));
    expect(hour.filter(({ effect }) => effect.type === "query")).toHaveLength(119);
    expect(hour.filter(({ effect }) => effect.type === "send")).toEqual([]);
  });

  it("a failing exchange is not asked without a pause", () => {
    const each = readyBot();
    const [entry] = sent(each.bar(0, 50_100));
    const from = T0 + MINUTE;
    each.tell({ type: "answer", at: from, id: entry!.id, outcome: { kind: "unknown", reason: "timeout" } });
    each.tell({ type: "queryFailed", at: from, query: { kind: "account", since: 0 } });
    const minute = live(each, { from, to: from + MINUTE, latencyMs: 5 }, (effect, at) => {
      return effect.type === "query" ? { type: "queryFailed", at, query: effect.query } : null;
    });
    for (const kind of ["account", "order"] as const) {
      const asked = minute.filter(({ effect }) => effect.type === "query" && effect.query.kind === kind);
      const gaps = asked.slice(1).map(({ at }, i) => at - asked[i]!.at);
      expect(asked.length).toBeGreaterThan(10);
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(500);
    }
    expect(minute.filter(({ effect }) => effect.type === "send")).toEqual([]);
  });

  it("a request that fails is repeated a few times, each after a longer wait", async () => {
    const exchange = await smallExchange();
    const gateway = gatewayOf(exchange);
    await gateway.syncClock();
    exchange.control.faults.add({ fault: "serverError", on: "wallet-balance" });
    const began = performance.now();
    const work = gateway.call("get_wallet_balance", { accountType: "UNIFIED" });
    await expect(work).rejects.toMatchObject({ code: "NO_ANSWER" });
    // At least half of 200 ms, then half of 400.
    expect(performance.now() - began).toBeGreaterThan(295);
    expect(exchange.control.faults.hits()).toEqual({ serverError: 3 });
    gateway.close();
    await exchange.close();
  });
});

describe("exceptions", () => {
  it("a strategy that throws is stopped, and why is in the journal", () => {
    const each = readyBot({ lanes });
    expect(refused(each.bar(0, 50_200))).toEqual([{ reason: "laneStopped", text: THROWN }]);
    const before = each.journal.length;
    for (const minute of [1, 2, 3]) expect(sent(each.bar(minute, 50_300))).toEqual([]);
    expect(each.journal.length).toBe(before);
  });

  it("a strategy that throws does not stop the others", () => {
    const each = readyBot({ lanes });
    each.bar(0, 50_200);
    expect(sent(each.bar(0, 3_001, { lane: "eth" })).map(({ request }) => request)).toMatchObject([
      { kind: "entry", symbol: "ETHUSDT", side: "buy" },
    ]);
  });

  it("the position of a strategy that threw keeps its stop, and gets it back when it is gone", () => {
    const each = longBot({ lanes });
    each.bar(1, 50_200);
    expect(each.lanes[0]!.stopped).toEqual(THROWN);
    expect(each.bot.state.position(BTC).stop).toBe("49098.0");
    const at = T0 + 2 * MINUTE + 1_000;
    const effects = each.tell({ type: "report", at, report: accountOf({ askedAt: at, positions: [positionOf({})] }) });
    expect(sent(effects).map(({ request }) => request)).toEqual([
      { kind: "protect", symbol: BTC, stopLoss: "49098.0", takeProfit: null },
    ]);
  });

  it("the position of a strategy that threw can still be closed by hand", () => {
    const each = longBot({ lanes });
    each.bar(1, 50_200);
    const effects = each.tell({ type: "command", at: T0 + 3 * MINUTE, command: "kill", reason: "test" });
    expect(sent(effects).map(({ request }) => request)).toMatchObject([{ kind: "exit", side: "sell", qty: "0.059" }]);
  });

  it("a fact that makes no sense is not swallowed", () => {
    const each = longBot();
    const nonsense = fillOf({ execId: "2", qty: "1e-3" });
    expect(() => each.tell({ type: "execution", at: T0 + 2 * MINUTE, fact: nonsense })).toThrow(
      expect.objectContaining({ code: "DECIMAL" }),
    );
    expect(() => each.bot.handle({ type: "bar", at: T0, lane: "nobody", bar: {} as never })).toThrow(TypeError);
  });

  it("an order nobody answered for is asked about, not taken for failed and not sent again", () => {
    const each = readyBot();
    const [entry] = sent(each.bar(0, 50_100));
    const at = T0 + MINUTE + 10;
    each.tell({ type: "answer", at, id: entry!.id, outcome: { kind: "unknown", reason: "timeout" } });
    const effects = [...each.tell({ type: "time", at: at + 500 }), ...each.bar(1, 50_200)];
    expect(sent(effects)).toEqual([]);
    expect(refused(effects)).toEqual([{ reason: "orderUnresolved" }]);
    expect(queries(effects)).toContainEqual({ kind: "order", symbol: BTC, linkId: entry!.id });
  });

  it("nothing is entered that cannot be journalled", () => {
    const each = readyBot();
    each.tell({ type: "journal", at: T0 + 1, isWritable: false });
    const effects = each.bar(0, 50_100);
    expect([sent(effects), refused(effects)]).toEqual([[], [{ reason: "noJournal" }]]);
  });
});
