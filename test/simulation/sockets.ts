import { setTimeout as pause } from "node:timers/promises";
import { exchangeLeverage } from "../../src/backtest/replay/venue.ts";
import { type Gateway, openGateway } from "../../src/bybit/gateway.ts";
import { type Hosts, localHosts } from "../../src/bybit/hosts.ts";
import { rowsOf } from "../../src/bybit/pages.ts";
import { exact, exactText } from "../../src/core/exact.ts";
import { type Random, random } from "../../src/core/random.ts";
import { Secret } from "../../src/core/secret.ts";
import { MINUTE_MS } from "../../src/core/time.ts";
import type { JournalEvent } from "../../src/engine/events.ts";
import type { BotIdentity } from "../../src/engine/identity.ts";
import { isFinal } from "../../src/engine/order.ts";
import { type BotState, replayJournal } from "../../src/engine/state.ts";
import type { Journal } from "../../src/live/journal.ts";
import { startTrader } from "../../src/live/trader.ts";
import type { Trader, TraderLane } from "../../src/live/trader-types.ts";
import type { GuardLimits } from "../../src/risk/guards.ts";
import { type Exchange, startExchange } from "../../src/simulator/exchange.ts";
import type { FaultRule } from "../../src/simulator/faults/rules.ts";
import { generateBars } from "../../src/store/generate.ts";
import { syntheticInstrument } from "../../src/store/synthetic.ts";
import { resolveParams } from "../../src/strategy/resolve.ts";
import { restless } from "./market.ts";

// The second layer: the same kinds of trouble, over real sockets, against the local exchange.

const START = Date.UTC(2025, 0, 1);
const BARS = 60;
/** Nothing fails any more: what is still open then stays open. */
const CALM_BARS = 12;
const IDENTITY: BotIdentity = { environment: "local", account: "sockets" };
const CASH = "10000";

const LIMITS: GuardLimits = {
  riskPerTradeFraction: 0.05,
  maxDailyLossFraction: 0.05,
  maxDrawdownFraction: 0.2,
  maxOpenPositions: 2,
  maxPositionQuote: 9_000,
  minPositionQuote: 10,
  maxTotalQuote: 15_000,
  maxConsecutiveLosses: 30,
  cooldownBars: 0,
  maxPriceDeviationFraction: 0.05,
  maxSpreadBps: 100,
  maxDataAgeMs: 65_000,
  maxClockOffsetMs: 1_000,
};

/** Faults of the catalogue that this layer reaches, and how they are made here. */
const WEATHER: Readonly<Record<string, (dice: Random) => Partial<FaultRule> & Pick<FaultRule, "fault">>> = {
  F01: () => ({ fault: "requestLost", on: "order/create", probability: 0.15 }),
  F02: () => ({ fault: "answerLost", on: "order/create", probability: 0.2 }),
  F03: () => ({ fault: "serverErrorAfter", on: "order/create", probability: 0.2 }),
  F04: () => ({ fault: "serverError", probability: 0.1 }),
  F05: (dice) => ({ fault: dice.next() < 0.5 ? "garbage" : "truncated", probability: 0.1 }),
  F06: (dice) => ({ fault: "slowAnswer", on: "order", probability: 0.1, delayMs: 5 + dice.below(40) }),
  F07: (dice) => ({ fault: "requestLost", ...within(dice) }),
  F10: () => ({ fault: "refuseSubscribe", probability: 0.3 }),
  F11: () => ({ fault: "refuseAuth", probability: 0.3 }),
  F12: () => ({ fault: "duplicate", on: "execution", probability: 0.5 }),
  F13: () => ({ fault: "reorder", on: "execution", probability: 0.3 }),
  F14: () => ({ fault: "drop", on: "execution", probability: 0.3 }),
  F15: () => ({ fault: "drop", on: "order", probability: 0.3 }),
  F16: () => ({ fault: "drop", on: "tickers", probability: 0.3 }),
  F17: () => ({ fault: "disconnect", probability: 0.01 }),
  F20: () => ({ fault: "reject", on: "order/create", probability: 0.1, retCode: 10006, retMsg: "Too many visits" }),
  F35: () => ({ fault: "answerLost", on: "trading-stop", probability: 0.3 }),
  F37: () => ({ fault: "requestLost", on: "order/create", probability: 0.3 }),
  F56: () => ({ fault: "serverError", on: "order/realtime", probability: 0.3 }),
  F58: () => ({ fault: "serverError", on: "order/history", probability: 0.3 }),
  F63: () => ({ fault: "reject", on: "order/create", probability: 0.1, retCode: 10001, retMsg: "params error" }),
  F66: () => ({ fault: "reject", on: "order/create", probability: 0.1, retCode: 110007, retMsg: "not enough" }),
  F72: (dice) => ({ fault: "adl", fromMs: dice.below(45) * MINUTE_MS, qty: "0.01" }),
  F73: (dice) => ({ fault: "liquidate", fromMs: dice.below(45) * MINUTE_MS }),
  F75: (dice) => ({ fault: "maintenance", ...within(dice) }),
  F77: () => ({ fault: "drop", on: "kline", probability: 0.4 }),
};
/** Up to three minutes, some time. */
function within(dice: Random): { fromMs: number; untilMs: number } {
  const fromMs = dice.below(40) * MINUTE_MS;
  return { fromMs, untilMs: fromMs + (1 + dice.below(3)) * MINUTE_MS };
}

/** What is not the exchange's doing: a process that dies, at any of its steps, or is killed by its owner. */
export const FAULT_IDS = [...Object.keys(WEATHER), "F40", "F39", "F85"];

/** What came of one scenario. */
export interface SocketsResult {
  readonly violations: readonly string[];
  readonly crashes: number;
  readonly entries: number;
  readonly executions: number;
  readonly faults: readonly string[];
}

/** A scenario that takes longer does not end at all, ms: without a line, lists of bars are tried for seconds, bar after bar. */
const PATIENCE_MS = 300_000;

/** Runs one seeded scenario over sockets. */
export async function simulateOverSockets(seed: string): Promise<SocketsResult> {
  const late = new AbortController();
  const failed = (text: string) => ({ violations: [text], crashes: 0, entries: 0, executions: 0, faults: [] });
  const stuck = pause(PATIENCE_MS, undefined, { signal: late.signal }).then(() =>
    failed(`I17: not over after ${PATIENCE_MS / 1_000} s`),
  );
  stuck.catch(() => {}); // it was in time
  const run = scenario(seed).catch((error: Error) => failed(`crash: ${error.stack ?? error.message}`));
  return Promise.race([run, stuck]).finally(() => late.abort());
}

async function scenario(seed: string): Promise<SocketsResult> {
  const dice = random(seed);
  const chosen = Object.keys(WEATHER).filter(() => dice.next() < 0.15);
  const rules = chosen.map((name) => WEATHER[name]!(dice) as FaultRule);
  const symbols = dice.next() < 0.4 ? ["BTCUSDT", "ETHUSDT"] : ["BTCUSDT"];
  const exchange = await startExchange({
    markets: symbols.map((symbol) => ({
      instrument: syntheticInstrument(symbol),
      bars: generateBars({
        ...{ seed: `${seed}/${symbol}`, symbol, interval: "1", from: START, length: BARS + 20 },
        startPrice: symbol === "BTCUSDT" ? 40_000 : 2_500,
      }),
    })),
    ...{ speed: "step", startTime: START + 10 * MINUTE_MS, balances: { USDT: CASH }, ackDelayMs: 0, seed },
    faults: { seed, rules: [] },
  });
  const life = new Life(exchange, symbols, dice);
  try {
    await life.prepare();
    for (const rule of rules) exchange.control.faults.add({ ...rule, fromMs: rule.fromMs ?? 0 });
    await life.until(START + BARS * MINUTE_MS);
    exchange.control.faults.clear();
    await life.calm(START + (BARS + CALM_BARS) * MINUTE_MS);
    const violations = await life.violations();
    const { crashes } = life;
    const hit = Object.keys(exchange.control.faults.hits());
    const faults = chosen.filter((_name, k) => hit.includes(rules[k]!.fault));
    if (crashes > 0) faults.push("F40");
    if (crashes > 1) faults.push("F39");
    if (life.wasKilled) faults.push("F85");
    return { violations, crashes, faults, ...life.counts() };
  } finally {
    await life.end();
    await exchange.close();
  }
}

class Life {
  crashes = 0;
  wasKilled = false;
  private readonly exchange: Exchange;
  private readonly dice: Random;
  private readonly hosts: Hosts;
  private readonly credentials;
  private readonly lanes: TraderLane[];
  /** What is on the disk. */
  private readonly durable: JournalEvent[] = [];
  private gateway: Gateway;
  private trader: Trader | null = null;
  private crashIn = Infinity;
  /** Of the life that goes on now. */
  private pulse = { isDead: false };
  private isDying: () => void = () => {};

  constructor(exchange: Exchange, symbols: readonly string[], dice: Random) {
    this.exchange = exchange;
    this.dice = dice;
    this.hosts = localHosts({ rest: exchange.rest, ws: exchange.ws });
    const secret = new Secret(exchange.apiSecret);
    this.credentials = { key: exchange.apiKey, secret, kind: "hmac", environment: "local" } as const;
    this.gateway = this.open();
    const stop = [0.002, 0.004, 0.01][dice.below(3)]!;
    const trail = dice.next() < 0.5 ? stop * 0.7 : 0;
    const target = dice.next() < 0.5 ? stop * 2 : 0;
    const params = resolveParams(restless, { stop, trail, target, hold: 1 + dice.below(5) });
    this.lanes = symbols.map((symbol) => ({
      ...{ name: symbol.toLowerCase(), strategy: restless, params, interval: "1" },
      instrument: syntheticInstrument(symbol),
      ...{ sizing: { kind: "fraction", fraction: 0.4 }, leverage: 1, feeRate: 0.00055, slippage: 0.001, side: "both" },
      ...{ stopLoss: null, takeProfit: null, trailingStop: null, warmupBars: 0, warmupFrom: START },
    })) as TraderLane[];
  }

  async prepare(): Promise<void> {
    for (const { instrument } of this.lanes) {
      const leverage = String(exchangeLeverage(1, instrument));
      const both = { buyLeverage: leverage, sellLeverage: leverage };
      const set = this.gateway.call("set_leverage", { category: "linear", symbol: instrument.symbol, ...both });
      await set.catch(() => {}); // it was that already
    }
  }

  /** Trades until `time`, dying and living again on the way. */
  async until(time: number): Promise<void> {
    for (;;) {
      if (this.crashes < 4 && this.dice.next() < 0.6) this.crashIn = 1 + this.dice.below(60);
      else this.crashIn = Infinity;
      const died = await this.live(time);
      if (!died) return;
      this.crashes += 1;
    }
  }

  async calm(time: number): Promise<void> {
    this.crashIn = Infinity;
    await this.live(time);
  }

  /** One life of the bot; whether it died. */
  private async live(time: number): Promise<boolean> {
    this.pulse = { isDead: false };
    const { pulse } = this;
    const dying = new Promise<"died">((resolve) => {
      this.isDying = () => resolve("died");
    });
    this.gateway = this.open();
    try {
      this.trader = await startTrader({
        ...{ identity: IDENTITY, lanes: this.lanes, limits: LIMITS, gateway: this.gateway },
        ...{ credentials: this.credentials, journal: this.journal(), pace: "step", until: time },
        waits: { reconcileMs: 2 * MINUTE_MS, askMs: 2_000 },
      });
    } catch {
      // The exchange could not be asked: whoever watches over it starts it again.
      if (!pulse.isDead) await this.exchange.control.step(5_000);
      return true;
    }
    const { trader } = this;
    if (!this.wasKilled && this.dice.next() < 0.05) {
      this.wasKilled = true;
      trader.command("kill", "its owner");
    }
    const ended = await Promise.race([trader.ended.then(() => "ended" as const), dying]);
    this.trader = null;
    // One at a time: what is left of the dead one may not move the exchange on any more.
    if (ended === "died") await trader.stop({ flatten: false, reason: "died" });
    this.gateway.close();
    return ended === "died";
  }

  async end(): Promise<void> {
    this.gateway.close();
    await this.trader?.stop({ flatten: false, reason: "over" });
  }

  /** A step that the bot may die at: nothing of it gets out from then on. */
  private step(): void {
    this.crashIn -= 1;
    if (this.crashIn > 0 || this.pulse.isDead) return;
    this.pulse.isDead = true;
    this.gateway.close();
    this.isDying();
  }

  private open(): Gateway {
    const gateway = openGateway({
      ...{ hosts: this.hosts, credentials: this.credentials, limitScale: Infinity },
      onCall: ({ name }) => {
        if (name === "place_order" || name === "set_trading_stop") this.step();
      },
    });
    return gateway;
  }

  private journal(): Journal {
    const { durable, pulse } = this;
    let appended: JournalEvent[] = [];
    return {
      path: "memory",
      events: durable.map((event) => JSON.parse(JSON.stringify(event)) as JournalEvent),
      failure: null,
      append: (event) => void appended.push(event),
      sync: () => {
        if (!pulse.isDead) this.step();
        if (pulse.isDead) return false;
        durable.push(...appended);
        appended = [];
        return true;
      },
      close: () => {},
    };
  }

  counts() {
    const state = replayJournal(this.durable, IDENTITY);
    const entries = [...state.orders.values()].filter(({ purpose }) => purpose === "entry").length;
    return { entries, executions: this.durable.filter(({ type }) => type === "execution").length };
  }

  /** What is wrong when all is quiet. */
  async violations(): Promise<string[]> {
    const state = replayJournal(this.durable, IDENTITY);
    const gateway = this.open();
    const wrong: string[] = [];
    const check = (invariant: string, isRight: boolean, text: string) => {
      if (!isRight) wrong.push(`${invariant}: ${text}`);
    };
    const theirs = new Set<string>();
    for await (const row of rowsOf(gateway, "get_executions", { category: "linear", limit: 100 }))
      theirs.add(row.execId);
    const ours = this.durable.flatMap((event) => (event.type === "execution" ? [event.fact.execId] : []));
    check("I4", new Set(ours).size === ours.length, "an execution is booked twice");
    const missing = [...theirs].filter((id) => !ours.includes(id)).length;
    check("I3", missing === 0 && ours.length === theirs.size, `${ours.length} booked, ${theirs.size} at the exchange`);
    const { list: positions } = await gateway.call("get_positions", { category: "linear", settleCoin: "USDT" });
    for (const { instrument } of this.lanes) {
      const { symbol } = instrument;
      const row = positions.find((each) => each.symbol === symbol);
      const size = `${row?.side === "Sell" ? "-" : ""}${row?.size ?? "0"}`;
      check(
        "I5",
        exact(size) === state.ledger.size(symbol),
        `${symbol} is ${size}, booked ${exactText(state.ledger.size(symbol))}`,
      );
      const isOpen = exact(size) !== 0n;
      check("I2", !isOpen || Number(row!.stopLoss) > 0, `${symbol} ${size} has no stop`);
      check("I8", !this.wasKilled || !isOpen || !state.latches.has("killed"), `${symbol} ${size} is open after a kill`);
      check(
        "I17",
        state.pending(symbol).every((order) => isFinal(order.state)),
        `${symbol} has unresolved orders`,
      );
    }
    const wallet = await gateway.call("get_wallet_balance", { accountType: "UNIFIED", coin: "USDT" });
    const balance = wallet.list[0]?.coin[0]?.walletBalance ?? "";
    check(
      "I6",
      exact(balance) === state.balance,
      `the wallet is ${balance}, the books say ${exactText(state.balance)}`,
    );
    for await (const row of rowsOf(gateway, "get_open_orders", { category: "linear", settleCoin: "USDT" })) {
      const isKnown = row.orderLinkId === "" ? row.reduceOnly : state.orders.has(row.orderLinkId);
      check("I7", isKnown, `order ${row.orderId} ${row.orderLinkId} is known to nobody`);
    }
    gateway.close();
    return [...wrong, ...this.entriesTwice(state), ...this.movedBack()];
  }

  /** I1: a bar of a lane decides on one entry at most. */
  private entriesTwice(state: BotState): string[] {
    const seen = new Set<string>();
    const twice: string[] = [];
    for (const { purpose, lane, barTime, linkId } of state.orders.values()) {
      if (purpose !== "entry" || state.filled(linkId) === 0n) continue;
      const key = `${lane}/${barTime}`;
      if (seen.has(key)) twice.push(`I1: ${key} was entered twice`);
      seen.add(key);
    }
    return twice;
  }

  /** I16: a stop moves in favour only, as long as its position lives. */
  private movedBack(): string[] {
    const state = replayJournal([], IDENTITY);
    const wrong: string[] = [];
    for (const event of this.durable) {
      if (event.type === "stop") {
        const { stop } = state.position(event.symbol);
        const size = state.ledger.size(event.symbol);
        const by = (Number(event.price) - Number(stop)) * (size > 0n ? 1 : -1);
        if (stop !== null && size !== 0n && by < 0 && event.why !== "found") {
          wrong.push(`I16: the stop of ${event.symbol} went from ${stop} to ${event.price}`);
        }
      }
      state.apply(event);
    }
    return wrong;
  }
}
