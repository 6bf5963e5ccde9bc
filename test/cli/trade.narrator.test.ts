import { describe, expect, it } from "vitest";
import { Narrator } from "../../src/cli/commands/trade/narrator.ts";
import type { JournalEvent } from "../../src/engine/events.ts";
import type { ExecutionFact } from "../../src/engine/facts.ts";
import { BotState } from "../../src/engine/state.ts";
import { EVENTS, NOW, ORDER } from "../support/fake-bot.ts";

const LANES = new Map([["rsi-trend-btcusdt", "BTCUSDT"]]);
const OPENED: JournalEvent = EVENTS[0]!;

function narrator() {
  const each = new Narrator(new BotState(), LANES, NOW);
  const tell = (event: JournalEvent) => each.tell({ type: "journal", event });
  tell(OPENED);
  return { each, tell };
}

const fill = (change: Partial<ExecutionFact>): JournalEvent => {
  const { fact } = EVENTS[2] as Extract<JournalEvent, { type: "execution" }>;
  return { type: "execution", at: NOW, isForeign: false, fact: { ...fact, ...change } };
};
const refusal = (why: Extract<JournalEvent, { type: "refusal" }>["why"]): JournalEvent => {
  return { type: "refusal", at: NOW, lane: "rsi-trend-btcusdt", barTime: NOW, why };
};

describe("Narrator", () => {
  it("tells an entry with what protects it", () => {
    const { tell } = narrator();
    const line = tell({ type: "intent", at: NOW, order: { ...ORDER, takeProfit: "65000" } });
    expect(line).toEqual({
      time: NOW,
      level: "info",
      kind: "entry",
      symbol: "BTCUSDT",
      text: "buy 0.159, stop 61000.5, target 65000",
    });
  });

  it("tells what a trade brought, fees and funding in it, and counts it", () => {
    const { each, tell } = narrator();
    expect(tell(fill({}))?.text).toBe("bought 0.1 at 62000, position 0.1");
    expect(tell(fill({ execId: "e2", type: "Funding", fee: "0.5" }))).toMatchObject({
      kind: "funding",
      text: "-0.5000 USDT",
    });
    const out = { execId: "e3", side: "sell", price: "62100", fee: "3", stopOrderType: "StopLoss" } as const;
    expect(tell(fill(out))?.text).toBe("sold 0.1 at 62100 by StopLoss, trade +3.09");
    expect(each.tally).toMatchObject({ trades: 1, wins: 1 });
    expect(each.tally.net).toBeCloseTo(10 - 3.41 - 3 - 0.5, 10);
  });

  it("tells a fill once, however often it is told", () => {
    const { each, tell } = narrator();
    tell(fill({}));
    expect(tell(fill({}))).toBeNull();
    expect(each.state.ledger.executions).toBe(1);
  });

  it("tells a refusal with its numbers, and the same one again only to the log", () => {
    const { each, tell } = narrator();
    const why = { guard: "dailyLoss", value: 0.0612, limit: 0.05 } as const;
    expect(tell(refusal(why))).toMatchObject({ level: "info", text: "dailyLoss: 6.12%, limit 5.00%" });
    expect(tell(refusal({ ...why, value: 0.07 }))).toMatchObject({ level: "debug" });
    expect(tell(refusal({ guard: "spread", value: 61.25, limit: 50 }))).toMatchObject({
      level: "info",
      text: "spread: 61.25, limit 50",
    });
    expect(tell(refusal({ reason: "linkDown" }))).toMatchObject({ level: "info", text: "linkDown" });
    tell({ type: "intent", at: NOW, order: ORDER });
    expect(tell(refusal({ reason: "linkDown" }))).toMatchObject({ level: "info" });
    expect(each.tally).toMatchObject({ refusals: 5, entries: 1 });
  });

  it("names the latches that forbid an entry", () => {
    const { tell } = narrator();
    expect(
      tell({ type: "latched", at: NOW, latch: "drawdown", reason: "drawdown is 0.2034740105, may be 0.2" }),
    ).toMatchObject({
      level: "warn",
      text: "drawdown: drawdown is 0.2035, may be 0.2; no entries",
    });
    expect(tell(refusal({ guard: "killed", value: 1, limit: 0 }))?.text).toBe("latched: drawdown");
  });

  it("warns of what the exchange refuses, and of what nobody knows", () => {
    const { tell } = narrator();
    tell({ type: "intent", at: NOW, order: ORDER });
    const { linkId } = ORDER;
    const refused = { kind: "refused", code: 110007, reason: "not enough" } as const;
    expect(tell({ type: "outcome", at: NOW, linkId, outcome: refused })).toMatchObject({
      level: "warn",
      symbol: "BTCUSDT",
      text: "refused 110007: not enough",
    });
    const unknown = { kind: "unknown", reason: "no answer" } as const;
    expect(tell({ type: "outcome", at: NOW, linkId, outcome: unknown })?.text).toBe("unknown: no answer");
  });

  it("goes on from the books of an earlier life", () => {
    const state = new BotState();
    for (const event of EVENTS) state.apply(event);
    const each = new Narrator(state, LANES, NOW);
    const event = fill({ execId: "e9", side: "sell", price: "61200", fee: "3" });
    expect(each.tell({ type: "journal", event })?.text).toBe("sold 0.1 at 61200, trade -86.41");
    expect(each.tally).toMatchObject({ trades: 1, wins: 0 });
  });

  it("stamps a note with the last time it heard of", () => {
    const { each } = narrator();
    each.tell({ type: "input", input: { type: "time", at: NOW + 5_000 } });
    const line = each.tell({ type: "note", level: "warn", text: "stream lost" });
    expect(line).toEqual({ time: NOW + 5_000, level: "warn", kind: "note", symbol: "", text: "stream lost" });
  });
});
