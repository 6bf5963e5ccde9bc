import { afterEach, describe, expect, it } from "vitest";
import { MINUTE_MS } from "../../src/core/time.ts";
import { stepTo } from "../../src/live/step-pace.ts";
import { generateBars } from "../../src/store/generate.ts";
import { syntheticInstrument } from "../../src/store/synthetic.ts";
import { restless } from "../simulation/market.ts";
import { LiveBot, type LiveBotOptions, until } from "../support/live-bot.ts";

const START = Date.UTC(2025, 0, 1);
const instrument = syntheticInstrument("BTCUSDT");
const bars = generateBars({ seed: 1, symbol: "BTCUSDT", interval: "1", from: START, length: 10 });

describe("a bot in steps", () => {
  let bot: LiveBot;
  const open = async (options: Partial<LiveBotOptions> = {}) => {
    bot = await LiveBot.open({ markets: [{ strategy: restless, bars, instrument }], ...options });
  };
  afterEach(() => bot.close());

  it("ends at the time it is told, also within a bar", async () => {
    await open({ until: START + 3.5 * MINUTE_MS });
    await bot.run();
    expect(bot.exchange.control.now()).toBe(START + 3.5 * MINUTE_MS);
    expect(bot.inputs.filter(({ type }) => type === "bar")).toHaveLength(3);
  });

  it("is told each bar at its close, before anything of the next but its open", async () => {
    await open({});
    await bot.run();
    const told = bot.inputs.filter((input) => input.type === "bar");
    expect(told.map(({ at, bar }) => [at, bar.time])).toEqual(
      Array.from({ length: 9 }, (_, k) => [START + (k + 1) * MINUTE_MS, START + k * MINUTE_MS]),
    );
  });

  it("waits for an exchange whose streams were lost, and misses nothing", async () => {
    await open({});
    const { ended } = await bot.start();
    await until(() => bot.inputs.some(({ type }) => type === "bar"));
    bot.exchange.control.disconnect("");
    await ended;
    const told = bot.inputs.flatMap((input) => (input.type === "bar" ? [input.bar.time] : []));
    expect(told).toEqual(Array.from({ length: 9 }, (_, k) => START + k * MINUTE_MS));
    expect(bot.notes.some((note) => note.includes("stream lost"))).toBe(true);
  });

  it("that is asked to stop moves the exchange no further", async () => {
    await open({});
    const trader = await bot.start();
    await trader.stop({ flatten: false, reason: "enough" });
    const now = bot.exchange.control.now();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(bot.exchange.control.now()).toBe(now);
    expect(now).toBeLessThan(START + 9 * MINUTE_MS);
  });
});

describe("a step", () => {
  it("tells the exchange's time after it, and a code when there is no exchange", async () => {
    const bot = await LiveBot.open({ markets: [{ strategy: restless, bars, instrument }] });
    expect(await stepTo(bot.exchange.rest, START + 90_000)).toBe(START + 90_000);
    await expect(stepTo(bot.exchange.rest, START)).rejects.toMatchObject({ code: "STEP" });
    await bot.close();
    await expect(stepTo(bot.exchange.rest, START + 120_000)).rejects.toMatchObject({ code: "STEP" });
  });
});
