import { afterEach, describe, expect, it } from "vitest";
import type { ApprovedRequest, BotRequest } from "../../src/engine/requests.ts";
import { Errands, type ErrandsOptions } from "../../src/live/errands.ts";
import type { UntimedInput } from "../../src/live/outbox.ts";
import { Rules } from "../../src/live/rules.ts";
import { generateBars } from "../../src/store/generate.ts";
import { syntheticInstrument } from "../../src/store/synthetic.ts";
import { restless } from "../simulation/market.ts";
import { LiveBot, until } from "../support/live-bot.ts";

const bars = generateBars({ seed: 1, symbol: "BTCUSDT", interval: "1", from: Date.UTC(2025, 0, 1), length: 5 });
const account = { kind: "account", since: bars.time[0]! } as const;

describe("errands", () => {
  let venue: LiveBot;
  const told: UntimedInput[] = [];
  const troubles: string[] = [];
  const mistakes: unknown[] = [];
  const open = async (change: Partial<ErrandsOptions> = {}) => {
    venue = await LiveBot.open({ markets: [{ strategy: restless, bars, instrument: syntheticInstrument("BTCUSDT") }] });
    for (const list of [told, troubles, mistakes]) list.length = 0;
    const { gateway } = venue;
    const hearing = {
      tell: (input: UntimedInput) => void told.push(input),
      onTrouble: (text: string) => void troubles.push(text),
      onMistake: (error: unknown) => void mistakes.push(error),
    };
    const waits = { waitMs: () => 1 };
    const now = () => venue.exchange.control.now();
    const rules = new Rules(gateway, [syntheticInstrument("BTCUSDT")]);
    return new Errands({
      gateway,
      rules,
      settleCoin: "USDT",
      now,
      onReport: () => {},
      ...hearing,
      ...waits,
      ...change,
    });
  };
  afterEach(() => venue.close());

  it("end in an answer each, and are under way until then", async () => {
    const errands = await open();
    const request = { kind: "exit", linkId: "x", symbol: "BTCUSDT", side: "sell", qty: "0.001" } as const;
    errands.send("x", request as BotRequest as ApprovedRequest);
    errands.ask(account);
    expect(errands.underWay.size).toBe(2);
    await Promise.all(errands.underWay);
    expect(errands.underWay.size).toBe(0);
    expect(told.map(({ type }) => type).sort()).toEqual(["answer", "report"]);
  });

  it("tell of a question that got no answer, after a wait", async () => {
    const errands = await open();
    venue.exchange.control.faults.add({ fault: "serverError", on: "wallet-balance" });
    errands.ask(account);
    await until(() => told.length > 0);
    expect(told).toEqual([{ type: "queryFailed", query: account }]);
    expect(troubles[0]).toContain("the exchange did not say");
    expect(mistakes).toEqual([]);
  });

  it("do not take a mistake for an answer", async () => {
    const mistake = new TypeError("no such thing");
    const errands = await open({
      onReport: () => {
        throw mistake;
      },
    });
    errands.ask(account);
    await until(() => mistakes.length > 0);
    expect(mistakes).toEqual([mistake]);
    expect(told).toEqual([]);
  });
});
