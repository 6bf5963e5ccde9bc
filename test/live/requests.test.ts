import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { openGateway } from "../../src/bybit/gateway.ts";
import type { ApprovedRequest, BotRequest } from "../../src/engine/requests.ts";
import { outcomeOf, sendRequest } from "../../src/live/requests.ts";
import { generateBars } from "../../src/store/generate.ts";
import { syntheticInstrument } from "../../src/store/synthetic.ts";
import { restless } from "../simulation/market.ts";
import { LiveBot } from "../support/live-bot.ts";

const instrument = syntheticInstrument("BTCUSDT");
const bars = generateBars({ seed: 1, symbol: "BTCUSDT", interval: "1", from: Date.UTC(2025, 0, 1), length: 5 });
let count = 0;
const entry = (change: object = {}) => {
  const order = { kind: "entry", linkId: `e-${++count}`, symbol: "BTCUSDT", side: "buy", qty: "0.010" } as const;
  return { ...order, stopLoss: "20000.0", takeProfit: "60000.0", ...change } as BotRequest as ApprovedRequest;
};
const exit = () => {
  const request = { kind: "exit", linkId: `x-${++count}`, symbol: "BTCUSDT", side: "sell", qty: "0.010" } as const;
  return request as BotRequest as ApprovedRequest;
};
const protect = (stopLoss: string) =>
  ({ kind: "protect", symbol: "BTCUSDT", stopLoss, takeProfit: null }) as BotRequest as ApprovedRequest;

describe("a request", () => {
  let venue: LiveBot;
  beforeAll(async () => {
    venue = await LiveBot.open({ markets: [{ strategy: restless, bars, instrument }] });
  });
  afterAll(() => venue.close());
  beforeEach(() => {
    venue.exchange.control.faults.clear();
  });
  const position = async () =>
    (await venue.gateway.call("get_positions", { category: "linear", symbol: "BTCUSDT" })).list[0]!;

  it("to enter arrives with its stop and target; to leave, it closes", async () => {
    expect(await sendRequest(venue.gateway, entry())).toMatchObject({ kind: "accepted" });
    expect(await position()).toMatchObject({ size: "0.010", stopLoss: "20000.0", takeProfit: "60000.0" });
    expect(await sendRequest(venue.gateway, exit())).toMatchObject({ kind: "accepted" });
    expect(Number((await position()).size)).toBe(0);
  });

  it("to protect moves the stop and leaves the target", async () => {
    await sendRequest(venue.gateway, entry());
    expect(await sendRequest(venue.gateway, protect("21000.0"))).toEqual({ kind: "accepted", orderId: "" });
    expect(await position()).toMatchObject({ stopLoss: "21000.0", takeProfit: "60000.0" });
    await sendRequest(venue.gateway, exit());
  });

  it("that the exchange refuses has a code", async () => {
    expect(await sendRequest(venue.gateway, exit())).toMatchObject({ kind: "refused", code: 110017 });
    const cancel = { kind: "cancel", symbol: "BTCUSDT", orderId: "nobody" } as BotRequest as ApprovedRequest;
    expect(await sendRequest(venue.gateway, cancel)).toMatchObject({ kind: "refused", code: 110001 });
  });

  it.each(["requestLost", "answerLost", "serverErrorAfter", "garbage"] as const)(
    "that meets %s is sent once, and its outcome is unknown",
    async (fault) => {
      const before = venue.exchange.control.faults.hits()[fault] ?? 0;
      venue.exchange.control.faults.add({ fault, on: "order/create" });
      expect(await sendRequest(venue.gateway, entry())).toMatchObject({ kind: "unknown" });
      expect(venue.exchange.control.faults.hits()[fault]).toBe(before + 1);
      venue.exchange.control.faults.clear();
      if (Number((await position()).size) > 0) await sendRequest(venue.gateway, exit());
    },
  );

  it("that cannot leave this machine, or is found wrong here, was not sent", async () => {
    const { hosts, credentials } = venue;
    const closed = openGateway({ hosts, credentials });
    closed.close();
    expect(await sendRequest(closed, entry())).toMatchObject({ kind: "notSent" });
    expect(await sendRequest(venue.gateway, entry({ qty: "much" }))).toMatchObject({ kind: "notSent" });
  });

  it("has no outcome when the program is wrong", () => {
    const mistake = new TypeError("undefined is not a function");
    expect(() => outcomeOf(mistake)).toThrow(mistake);
  });
});
