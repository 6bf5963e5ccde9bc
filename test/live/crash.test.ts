import { describe, expect, it } from "vitest";
import { exact, exactText } from "../../src/core/exact.ts";
import { MINUTE_MS } from "../../src/core/time.ts";
import { replayJournal } from "../../src/engine/state.ts";
import { generateBars } from "../../src/store/generate.ts";
import { syntheticInstrument } from "../../src/store/synthetic.ts";
import { restless } from "../simulation/market.ts";
import { type Boundary, IDENTITY, LiveBot } from "../support/live-bot.ts";
import { tradesOf } from "../support/live-parity.ts";

const instrument = syntheticInstrument("BTCUSDT");
const BARS = 13;
const bars = generateBars({ seed: 8, symbol: "BTCUSDT", interval: "1", from: Date.UTC(2025, 0, 1), length: BARS });
const market = {
  ...{ strategy: restless, params: { stop: 0.002, trail: 0.0015, target: 0.004, hold: 2 }, bars, instrument },
  settings: { sizing: { kind: "fraction", fraction: 0.5 } },
} as const;
/** Sent again while it is still wanted: what was signed is too old to arrive after two seconds here, and a bar is a minute. */
const open = () => LiveBot.open({ markets: [market], waits: { lostMs: 2_000, freshMs: 30_000 } });

/** Trades of a bot that never dies, and the boundaries it goes through. */
async function whole(): Promise<{ trades: string[]; boundaries: Boundary[] }> {
  const bot = await open();
  const boundaries: Boundary[] = [];
  bot.onBoundary = (boundary) => boundaries.push(boundary);
  try {
    await bot.run();
    return { trades: tradesOf(bot.journal, MINUTE_MS), boundaries };
  } finally {
    await bot.close();
  }
}

/** Lives until the `at`-th boundary and dies there; false when it comes to its end before. */
async function dieAt(bot: LiveBot, at: number): Promise<boolean> {
  let count = 0;
  const dying = new Promise<true>((resolve) => {
    bot.onBoundary = () => {
      if (count++ !== at) return;
      bot.die();
      resolve(true);
    };
  });
  const life = bot.run().then(() => false);
  life.catch(() => {}); // it could not even start: it was dead
  const isDead = await Promise.race([life, dying]);
  bot.onBoundary = () => {};
  await bot.crash();
  return isDead;
}

/** What is wrong with the position at the exchange, and with the books against it. */
async function wrongs({ gateway, journal }: LiveBot): Promise<string[]> {
  const state = replayJournal(journal, IDENTITY);
  const { symbol } = instrument;
  const wrong: string[] = [];
  const { list } = await gateway.call("get_positions", { category: "linear", symbol });
  const { side, size, stopLoss } = list[0]!;
  const signed = side === "Sell" ? `-${size}` : size;
  if (exact(size) !== 0n && !(Number(stopLoss) > 0)) wrong.push(`I2: ${signed} has no stop`);
  const booked = state.ledger.size(symbol);
  if (exact(signed) !== booked) wrong.push(`I5: position ${signed}, booked ${exactText(booked)}`);
  const wallet = await gateway.call("get_wallet_balance", { accountType: "UNIFIED", coin: "USDT" });
  const balance = wallet.list[0]!.coin[0]!.walletBalance!;
  if (exact(balance) !== state.balance) wrong.push(`I6: wallet ${balance}, books ${exactText(state.balance)}`);
  const entered = new Set<string>();
  for (const { purpose, lane, barTime, linkId } of state.orders.values()) {
    if (purpose !== "entry" || state.filled(linkId) === 0n) continue;
    if (entered.has(`${lane} ${barTime}`)) wrong.push(`I1: the bar of ${barTime} was entered twice`);
    entered.add(`${lane} ${barTime}`);
  }
  for (const latch of state.latches.keys()) wrong.push(`latched: ${latch}`);
  return wrong;
}

/** What is wrong with a bot that died at each of these boundaries, one life after the other, and then lived to the end. */
async function faultsOf(deaths: readonly number[], trades: readonly string[]): Promise<string[]> {
  const bot = await open();
  const faults: string[] = [];
  const where = `dead at ${deaths.join(", then ")}`;
  try {
    for (const point of deaths) {
      // A later life may come to its end before: its boundaries are not those of the first.
      if (!(await dieAt(bot, point)) && point === deaths[0]) faults.push(`${where}: it did not die`);
      const { list } = await bot.gateway.call("get_positions", { category: "linear", symbol: instrument.symbol });
      if (Number(list[0]!.size) !== 0 && !(Number(list[0]!.stopLoss) > 0)) faults.push(`${where}: I2 when dead`);
    }
    await bot.run();
    const after = tradesOf(bot.journal, MINUTE_MS);
    const k = trades.findIndex((line, i) => after[i] !== line);
    if (k >= 0 || after.length !== trades.length) {
      faults.push(`${where}: trade ${k} is ${after[k]}, without a crash ${trades[k]}`);
    }
    faults.push(...(await wrongs(bot)).map((text) => `${where}: ${text}`));
  } finally {
    await bot.close();
  }
  return faults;
}

/** All of them, four at a time. */
async function faultsOfAll(all: readonly (readonly number[])[], trades: readonly string[]): Promise<string[]> {
  const rest = [...all];
  const faults: string[] = [];
  const walk = async () => {
    for (let deaths = rest.shift(); deaths; deaths = rest.shift()) faults.push(...(await faultsOf(deaths, trades)));
  };
  await Promise.all([walk(), walk(), walk(), walk()]);
  return faults;
}

describe("a bot that dies", () => {
  it("at any boundary of an effect goes on as if it had not", { timeout: 120_000 }, async () => {
    const { trades, boundaries } = await whole();
    expect(trades.length).toBeGreaterThan(2);
    expect(boundaries.length).toBeGreaterThan(60);
    expect(new Set(boundaries)).toEqual(new Set(["before sync", "after sync", "before send", "after send"]));
    const once = [...boundaries.keys()].map((point) => [point]);
    expect(await faultsOfAll(once, trades)).toEqual([]);
  });

  it("again while it recovers, and a third time, goes on as if it had not", { timeout: 120_000 }, async () => {
    const { trades, boundaries } = await whole();
    const again = [...boundaries.keys()]
      .filter((point) => point % 5 === 2)
      .flatMap((point, k) => [
        [point, k % 4],
        [point, (k + 2) % 6, k % 3],
      ]);
    expect(again.length).toBeGreaterThan(40);
    expect(await faultsOfAll(again, trades)).toEqual([]);
  });
});
