import { NO_LIMITS } from "../../src/backtest/replay/replay.ts";
import type { BacktestSettings } from "../../src/backtest/settings.ts";
import { DEFAULT_SETTINGS } from "../../src/backtest/settings.ts";
import { type Gateway, openGateway } from "../../src/bybit/gateway.ts";
import { type Hosts, localHosts } from "../../src/bybit/hosts.ts";
import { Secret } from "../../src/core/secret.ts";
import { intervalMs } from "../../src/core/time.ts";
import type { JournalEvent } from "../../src/engine/events.ts";
import type { BotIdentity } from "../../src/engine/identity.ts";
import type { BotInput } from "../../src/engine/inputs.ts";
import type { Journal } from "../../src/live/journal.ts";
import { startTrader } from "../../src/live/trader.ts";
import type { Trader, TraderLane, TraderOptions } from "../../src/live/trader-types.ts";
import type { Bars } from "../../src/model/bar.ts";
import type { FundingRates } from "../../src/model/funding.ts";
import type { Instrument } from "../../src/model/instrument.ts";
import type { FollowRules } from "../../src/risk/following.ts";
import { type Exchange, startExchange } from "../../src/simulator/exchange.ts";
import type { ExchangeOptions } from "../../src/simulator/options.ts";
import { resolveParams } from "../../src/strategy/resolve.ts";
import type { Strategy } from "../../src/strategy/strategy.ts";

/** A strategy on a market: a lane of the bot, a market of the exchange. */
export interface LiveMarket {
  readonly strategy: Strategy;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly bars: Bars;
  readonly instrument: Instrument;
  readonly funding?: FundingRates;
  readonly settings?: Partial<BacktestSettings>;
  readonly follow?: FollowRules;
}

export interface LiveBotOptions extends Partial<Pick<TraderOptions, "limits" | "waits" | "until">> {
  readonly markets: readonly LiveMarket[];
  /** What differs from an exchange that stands still with unlimited liquidity and begins with the bars. */
  readonly exchange?: Partial<ExchangeOptions>;
  /** Of each lane; default: all bars since the first are history. */
  readonly warmupBars?: number;
  /** The journal of a life, instead of the one in memory. */
  readonly journal?: () => Journal;
}

export const IDENTITY: BotIdentity = { environment: "local", account: "main" };

/** What may happen just before (`sync` has written nothing, `send` sent nothing) or just after an effect. */
export type Boundary = `${"before" | "after"} ${"sync" | "send"}`;

/** A disk in memory: what was synced survives the lives that write on it. */
export class MemoryDisk {
  readonly synced: JournalEvent[] = [];
  /** Why it takes nothing at the moment; `null` while it does. */
  failure: string | null = null;

  /** A journal on this disk; `at` is told before and after each write, and may let the machine die there. */
  open(isDead: () => boolean = () => false, at: (boundary: Boundary) => void = () => {}): Journal {
    const disk = this;
    let appended: JournalEvent[] = [];
    const live = (boundary: Boundary) => {
      at(boundary);
      // Nothing that comes behind this line is done.
      if (isDead()) throw new Error("the machine died");
    };
    return {
      path: "memory",
      events: disk.synced.map((event) => JSON.parse(JSON.stringify(event)) as JournalEvent),
      get failure() {
        return isDead() ? "the machine is dead" : disk.failure;
      },
      append: (event) => void appended.push(event),
      sync() {
        if (isDead()) return false;
        if (appended.length === 0) return true;
        live("before sync");
        if (disk.failure !== null) return false;
        disk.synced.push(...appended);
        appended = [];
        live("after sync");
        return true;
      },
      close() {},
    };
  }
}

interface Pulse {
  isDead: boolean;
}

/** A local exchange, and a bot on it that can be killed and started again. */
export class LiveBot {
  readonly exchange: Exchange;
  readonly hosts: Hosts;
  readonly credentials: {
    readonly key: string;
    readonly secret: Secret;
    readonly kind: "hmac";
    readonly environment: "local";
  };
  /** For a test's own questions; the bot has another one. */
  readonly gateway: Gateway;
  readonly disk = new MemoryDisk();
  /** Everything the bots of all lives were told, and what they said to people. */
  readonly inputs: BotInput[] = [];
  readonly notes: string[] = [];
  /** Told of each boundary of an effect that lets something out of the bot. */
  onBoundary: (boundary: Boundary) => void = () => {};
  private readonly options: LiveBotOptions;
  private pulse: Pulse = { isDead: false };
  private own: Gateway | null = null;
  private running: Trader | null = null;

  private constructor(options: LiveBotOptions, exchange: Exchange) {
    this.options = options;
    this.exchange = exchange;
    this.hosts = localHosts({ rest: exchange.rest, ws: exchange.ws });
    const secret = new Secret(exchange.apiSecret);
    this.credentials = { key: exchange.apiKey, secret, kind: "hmac", environment: "local" };
    this.gateway = openGateway({ hosts: this.hosts, credentials: this.credentials, limitScale: Infinity });
  }

  /** Starts the exchange and sets the leverage; the bot is started by `start`. */
  static async open(options: LiveBotOptions): Promise<LiveBot> {
    const { markets } = options;
    const { cash, slippageBps } = { ...DEFAULT_SETTINGS, ...markets[0]!.settings };
    const exchange = await startExchange({
      markets: markets.map(({ instrument, bars, funding }) => ({
        instrument,
        bars,
        funding: funding ?? noFunding(bars.symbol),
      })),
      ...{ speed: "step", startTime: markets[0]!.bars.time[0]!, balances: { USDT: String(cash) } },
      ...{ liquidity: { kind: "unlimited", slippageBps }, ackDelayMs: 0, limitScale: Infinity, ...options.exchange },
    });
    const bot = new LiveBot(options, exchange);
    for (const { instrument, settings } of markets) {
      const leverage = String(exchangeLeverage(settings?.leverage ?? 1, instrument));
      const asked = { category: "linear", symbol: instrument.symbol, buyLeverage: leverage, sellLeverage: leverage };
      await bot.gateway.call("set_leverage", asked as never).catch(() => {}); // it was that already
    }
    return bot;
  }

  get trader(): Trader {
    if (!this.running) throw new Error("the bot was not started");
    return this.running;
  }

  /** What survives the bot. */
  get journal(): readonly JournalEvent[] {
    return this.disk.synced;
  }

  /** A new life, from what was synced. */
  async start(changes: Partial<TraderOptions> = {}): Promise<Trader> {
    const pulse = { isDead: false };
    this.pulse = pulse;
    const { options, hosts, credentials } = this;
    const at = (boundary: Boundary) => {
      if (!pulse.isDead) this.onBoundary(boundary);
    };
    const gateway = watched(openGateway({ hosts, credentials, limitScale: Infinity }), pulse, at);
    this.own = gateway;
    const speed = options.exchange?.speed ?? "step";
    this.running = await startTrader({
      ...{ identity: IDENTITY, gateway, credentials, limits: options.limits ?? NO_LIMITS },
      ...(options.waits && { waits: options.waits }),
      journal: options.journal?.() ?? this.disk.open(() => pulse.isDead, at),
      pace: speed === "max" ? "real" : (speed as number | "step"),
      until: options.until ?? endOf(options.markets),
      lanes: options.markets.map((market) => laneOf(market, options)),
      onEvent: (event) => {
        if (event.type === "note") this.notes.push(`${event.level} ${event.text}`);
        else if (event.type === "input") this.inputs.push(event.input);
      },
      ...changes,
    });
    return this.running;
  }

  /** A life from its start to its end. */
  async run(changes: Partial<TraderOptions> = {}): Promise<void> {
    const { ended } = await this.start(changes);
    await ended;
  }

  /** The machine dies: from this moment on nothing of the bot gets out, to the disk or the exchange. */
  die(): void {
    this.pulse.isDead = true;
    this.own?.close();
  }

  /** Dies, and takes the remains away: no timer, no stream, no step of the dead bot goes on. */
  async crash(): Promise<void> {
    this.die();
    await this.running?.stop({ flatten: false, reason: "dead" });
    this.running = null;
  }

  async close(): Promise<void> {
    await this.crash().catch(() => {}); // it may have ended by a failure that a test wanted
    this.gateway.close();
    await this.exchange.close();
  }
}

/** Waits until something holds. @throws Error when it does not within ten seconds */
export async function until(holds: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!holds()) {
    if (performance.now() > end) throw new Error(`it never came to ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

/** A gateway that tells of what is sent, and is closed once the machine is dead. */
function watched(gateway: Gateway, pulse: Pulse, at: (boundary: Boundary) => void): Gateway {
  const isSend = (name: string) => name === "place_order" || name === "set_trading_stop" || name === "cancel_order";
  const call: Gateway["call"] = async (name, params, options) => {
    if (isSend(name)) at("before send");
    if (pulse.isDead) gateway.close();
    const answer = await gateway.call(name, params, options);
    if (isSend(name)) at("after send");
    return answer;
  };
  return new Proxy(gateway, {
    get(target, key) {
      if (key === "call") return call;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function laneOf(
  { strategy, params, bars, instrument, settings, follow }: LiveMarket,
  options: LiveBotOptions,
): TraderLane {
  const { sizing, leverage, feeRate, slippageBps, side, stopLoss, takeProfit, trailingStop } = {
    ...DEFAULT_SETTINGS,
    ...settings,
  };
  return {
    name: instrument.symbol.toLowerCase(),
    ...{ strategy, params: resolveParams(strategy, params), interval: bars.interval, instrument },
    ...{ sizing, leverage, feeRate, slippage: slippageBps / 10_000, side, stopLoss, takeProfit, trailingStop },
    follow,
    warmupBars: options.warmupBars ?? 0,
    ...(options.warmupBars === undefined && { warmupFrom: bars.time[0]! }),
  };
}

/** The end of the last bar but a moment: everything in it has happened, and nothing is decided on it. */
function endOf(markets: readonly LiveMarket[]): number {
  return Math.max(...markets.map(({ bars }) => bars.time[bars.length - 1]! + intervalMs(bars.interval) - 1));
}

function noFunding(symbol: string): FundingRates {
  return { symbol, time: new Float64Array(0), rate: new Float64Array(0) };
}

/** As a replay sets its account. */
function exchangeLeverage(leverage: number, { maxLeverage }: Instrument): number {
  return Math.max(1, Math.min(Number(maxLeverage), Math.max(2 * leverage, 10)));
}
