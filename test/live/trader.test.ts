import { afterEach, describe, expect, it } from "vitest";
import { MINUTE_MS } from "../../src/core/time.ts";
import type { JournalEvent } from "../../src/engine/events.ts";
import { generateBars } from "../../src/store/generate.ts";
import { syntheticInstrument } from "../../src/store/synthetic.ts";
import { defineStrategy } from "../../src/strategy/strategy.ts";
import { LiveBot, type LiveBotOptions, type LiveMarket, until } from "../support/live-bot.ts";
import { tradesOf } from "../support/live-parity.ts";

const START = Date.UTC(2025, 0, 1);
const at = (minute: number) => START + minute * MINUTE_MS;

/** In at the first close, and out only by its stop. */
const patient = defineStrategy({
  name: "patient",
  params: {},
  rules: ({ close }) => ({ enterLong: close.above(0), stopLoss: 0.05 }),
});
/** In at every close, and out after three bars. */
const brief = defineStrategy({
  name: "brief",
  params: {},
  rules: ({ close, position }) => ({
    enterLong: close.above(0),
    exitLong: position.barsHeld.atLeast(3),
    stopLoss: 0.05,
  }),
});
/** Like `brief`, until its fourth bar. */
const broken = defineStrategy({
  name: "broken",
  params: {},
  rules: ({ close, scan, position }) => {
    const count = scan({
      initial: { bars: 0 },
      step(state) {
        state.bars += 1;
        if (state.bars > 3) throw new Error("the fourth bar is too much");
        return state;
      },
      value: ({ bars }) => bars,
    });
    return { enterLong: close.above(0).and(count.above(0)), exitLong: position.barsHeld.atLeast(2), stopLoss: 0.05 };
  },
});

function marketOf(strategy: LiveMarket["strategy"], symbol = "BTCUSDT", length = 12): LiveMarket {
  const bars = generateBars({ seed: 8, symbol, interval: "1", from: START, length });
  const settings = { sizing: { kind: "fraction", fraction: 0.3 } } as const;
  return { strategy, bars, instrument: syntheticInstrument(symbol), settings };
}

describe("a trader", () => {
  let bot: LiveBot;
  const open = async (strategy: LiveMarket["strategy"], options: Partial<LiveBotOptions> = {}) => {
    bot = await LiveBot.open({ markets: [marketOf(strategy)], ...options });
  };
  afterEach(() => bot.close());

  const eventsOf = <T extends JournalEvent["type"]>(type: T) =>
    bot.journal.filter((event): event is Extract<JournalEvent, { type: T }> => event.type === type);
  const positionOf = async (symbol = "BTCUSDT") =>
    (await bot.gateway.call("get_positions", { category: "linear", symbol })).list[0]!;
  const holds = () => eventsOf("execution").length > 0;

  it("keeps a position and its stop over a restart, and does not enter again", async () => {
    await open(patient);
    await bot.run({ until: at(5) });
    const before = await positionOf();
    expect(Number(before.stopLoss)).toBeGreaterThan(0);
    await bot.run({ until: at(9) });
    expect(await positionOf()).toMatchObject({ size: before.size, stopLoss: before.stopLoss });
    expect(eventsOf("intent")).toHaveLength(1);
    expect(eventsOf("started")).toHaveLength(2);
    expect(bot.trader.status().lanes[0]).toMatchObject({ size: Number(before.size), stop: before.stopLoss });
  });

  it("started again just after an entry counts the bars it holds as if it had gone on", async () => {
    await open(brief);
    await bot.run();
    const whole = tradesOf(bot.journal, MINUTE_MS);
    await bot.close();
    await open(brief);
    await bot.run({ until: at(1) });
    expect(eventsOf("execution")).toHaveLength(1);
    await bot.run();
    expect(tradesOf(bot.journal, MINUTE_MS)).toEqual(whole);
    expect(whole.length).toBeGreaterThan(1);
  });

  it("that lost its private stream decides nothing until it has looked", async () => {
    await open(brief);
    const { ended } = await bot.start();
    await until(holds);
    bot.exchange.control.disconnect("private");
    await ended;
    const types = bot.inputs.map((input) => (input.type === "link" ? `link ${input.isUp}` : input.type));
    const down = types.lastIndexOf("link false");
    const up = types.indexOf("link true", down);
    expect(down).toBeGreaterThan(types.indexOf("bar"));
    expect(types.indexOf("bar", down)).toBeGreaterThan(types.indexOf("report", up));
    expect(eventsOf("latched")).toEqual([]);
  });

  it("without a look enters nothing, and says why", async () => {
    await open(brief);
    const trader = await bot.start();
    await until(() => bot.inputs.some(({ type }) => type === "bar"));
    expect(trader.status().isLinkUp).toBe(true);
    Reflect.get(trader, "onLink").call(trader, false, "cut");
    await until(() => eventsOf("refusal").some(({ why }) => "reason" in why && why.reason === "linkDown"));
  });

  it("that lost its public stream fetches the bars it missed", async () => {
    // A bar is a tenth of a second here; a listed one is certain after a second.
    const exchange = { speed: 600, startTime: at(20) } as const;
    await open(patient, { markets: [marketOf(patient, "BTCUSDT", 120)], exchange, warmupBars: 5 });
    const trader = await bot.start();
    const bars = () => bot.inputs.flatMap((input) => (input.type === "bar" ? [input.bar.time] : []));
    await until(() => bars().length > 2);
    bot.exchange.control.faults.add({ fault: "refuseConnect", on: "public" });
    bot.exchange.control.disconnect("public");
    const lost = bars().length;
    await new Promise((resolve) => setTimeout(resolve, 600));
    bot.exchange.control.faults.clear();
    await until(() => bars().length > lost + 12);
    const told = bars();
    expect(told).toEqual(told.map((_, k) => told[0]! + k * MINUTE_MS));
    expect(bot.notes.some((note) => note.includes("linear stream lost"))).toBe(true);
    await trader.stop({ flatten: true, reason: "enough" });
    expect(Number((await positionOf()).size)).toBe(0);
  });

  it("looks at everything after a message it cannot read", async () => {
    await open(patient);
    const trader = await bot.start();
    await until(() => trader.status().isReconciled && trader.status().isLinkUp);
    const reports = () => bot.inputs.filter(({ type }) => type === "report").length;
    const before = reports();
    const frame = { topic: "execution", creationTime: at(1), data: [{ category: "linear", execQty: "much" }] };
    Reflect.get(trader, "onFrame").call(trader, frame);
    await until(() => reports() > before);
    expect(bot.notes.some((note) => note.startsWith("warn execution cannot be read"))).toBe(true);
    await trader.ended;
    expect(eventsOf("latched")).toEqual([]);
  });

  it("latches when somebody else trades its symbol", async () => {
    await open(brief);
    const { ended } = await bot.start();
    await until(holds);
    const order = { category: "linear", symbol: "BTCUSDT", side: "Buy", orderType: "Market", qty: "0.001" } as const;
    await bot.gateway.call("place_order", { ...order, orderLinkId: "by-hand" });
    await ended;
    expect(eventsOf("latched").map(({ latch }) => latch)).toEqual(["foreign/BTCUSDT"]);
    const latchedAt = eventsOf("latched")[0]!.at;
    expect(eventsOf("intent").filter(({ at, order }) => at > latchedAt && order.purpose === "entry")).toEqual([]);
    expect(bot.trader.status().latches).toEqual(["foreign/BTCUSDT"]);
  });

  it("stopped with flatten closes what it holds, and ends when it is closed", async () => {
    await open(patient);
    const trader = await bot.start();
    await until(holds);
    await trader.stop({ flatten: true, reason: "enough" });
    await trader.ended;
    expect(Number((await positionOf()).size)).toBe(0);
    expect(tradesOf(bot.journal, MINUTE_MS)).toHaveLength(1);
    expect(eventsOf("released").map(({ latch }) => latch)).toEqual(["flattening"]);
  });

  it("stopped without leaves the position with its stop", async () => {
    await open(patient);
    const trader = await bot.start();
    await until(holds);
    await trader.stop({ flatten: false, reason: "enough" });
    const { size, stopLoss } = await positionOf();
    expect(Number(size)).toBeGreaterThan(0);
    expect(Number(stopLoss)).toBeGreaterThan(0);
    const told = bot.inputs.length;
    trader.command("flatten", "too late");
    expect(bot.inputs).toHaveLength(told);
  });

  it("goes on with other lanes when a strategy throws", async () => {
    await open(brief, { markets: [marketOf(broken, "ETHUSDT"), marketOf(brief, "BTCUSDT")] });
    await bot.run();
    const [eth, btc] = bot.trader.status().lanes;
    expect(eth).toMatchObject({ stopped: expect.stringContaining("the fourth bar is too much"), symbol: "ETHUSDT" });
    expect(btc).toMatchObject({ stopped: null });
    const isStopped = ({ why }: { why: object }) => "reason" in why && why.reason === "laneStopped";
    expect(
      eventsOf("refusal")
        .filter(isStopped)
        .map(({ lane }) => lane),
    ).toEqual(["ethusdt"]);
    const entries = eventsOf("intent").filter(({ order }) => order.purpose === "entry");
    expect(entries.filter(({ order }) => order.symbol === "ETHUSDT")).toHaveLength(1);
    expect(entries.filter(({ order }) => order.symbol === "BTCUSDT").length).toBeGreaterThan(1);
    // What it holds keeps its stop.
    expect(Number((await positionOf("ETHUSDT")).stopLoss)).toBeGreaterThan(0);
  });

  it("does not start where there is no exchange, nor with another's journal or lanes that cannot be", async () => {
    await open(patient);
    const lanes = [] as const;
    await expect(bot.start({ lanes })).rejects.toMatchObject({ code: "LANES" });
    const identity = { environment: "local", account: "other" } as const;
    await bot.run({ identity, until: at(2) });
    await expect(bot.start()).rejects.toMatchObject({ code: "JOURNAL_OWNER" });
    bot.disk.synced.length = 0;
    await bot.exchange.close();
    await expect(bot.start()).rejects.toMatchObject({ code: "NOT_SENT" });
    expect(bot.journal).toEqual([]);
  });

  it("ends by an error it does not know, and tells whoever waits", async () => {
    await open(patient);
    const mistake = new TypeError("not a number");
    const onEvent = (event: { type: string; input?: { type: string } }) => {
      if (event.input?.type === "bar") throw mistake;
    };
    const { ended } = await bot.start({ onEvent });
    await expect(ended).rejects.toBe(mistake);
    const now = bot.exchange.control.now();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(bot.exchange.control.now()).toBe(now);
  });

  it("learns changed rules from a refusal, and asks for what they forbid no more", async () => {
    await open(brief);
    const trader = await bot.start();
    await until(() => eventsOf("intent").length > 0);
    bot.exchange.control.changeInstrument("linear", "BTCUSDT", { minNotionalValue: "1000000" });
    await trader.ended;
    const refused = eventsOf("outcome").filter(({ outcome }) => outcome.kind === "refused");
    expect(refused).toHaveLength(1);
    const told = bot.inputs.flatMap((input) => (input.type === "rules" ? [input.instrument.minNotionalValue] : []));
    expect(told).toEqual(["1000000"]);
    const reasons = eventsOf("refusal").map(({ why }) => ("reason" in why ? why.reason : "limit"));
    expect(reasons).toContain("belowMinNotional");
  });

  it("tells how it stands", async () => {
    await open(patient);
    await bot.run({ until: at(4) });
    const status = bot.trader.status();
    expect(status).toMatchObject({ environment: "local", account: "main", isLinkUp: true, isJournalWritable: true });
    expect(status).toMatchObject({ state: "stopping", latches: [], dailyLoss: expect.any(Number), now: at(4) });
    const [lane] = status.lanes;
    expect(lane).toMatchObject({ strategy: "patient", symbol: "BTCUSDT", interval: "1", bars: 4, lastBar: at(3) });
    expect(lane!.unrealized).toBeCloseTo(lane!.size * (lane!.markPrice! - lane!.entryPrice!), 9);
    expect(status.equity).toBeCloseTo(status.balance + lane!.unrealized, 9);
    expect(status.marginUsed).toBeCloseTo((lane!.size * lane!.markPrice!) / status.equity, 9);
  });
});
