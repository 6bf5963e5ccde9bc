import { ArgumentError } from "../core/errors.ts";
import { MINUTE_MS } from "../core/time.ts";
import type { Category } from "../model/instrument.ts";
import { type Speed, VirtualClock } from "./clock.ts";
import type { Desk } from "./desk.ts";
import { FaultInjector } from "./faults/injector.ts";
import { PublicPublisher } from "./feed/publicfeed.ts";
import type { GatewayClock } from "./gateway/authenticate.ts";
import { type ApiKey, demoKey, keyOf } from "./gateway/keyring.ts";
import { type Fed, timeOfFed } from "./market/fed.ts";
import { Market, type Walk } from "./market/market.ts";
import type { ExchangeOptions } from "./options.ts";
import { Hub } from "./sockets/hub.ts";

/** Shares of the bars that are history when no start is given. */
const HISTORY_SHARE = 0.9;
const USUAL_TICKS_BETWEEN = 56;

/** Everything of an exchange but its network: it can be stepped through without a socket. */
export class World {
  readonly seed: number | string;
  readonly speed: Speed;
  readonly walk: Walk;
  readonly startTime: number;
  readonly clock: VirtualClock;
  readonly hub = new Hub();
  readonly faults: FaultInjector;
  readonly keys: Map<string, ApiKey>;
  readonly feed: PublicPublisher;
  readonly demo: { apiKey: string; apiSecret: string };
  /** How far the gateway's clock runs ahead of the machine's, ms. */
  skewMs = 0;
  /** Private requests meet 10016 until then, epoch ms. */
  maintenanceUntil = 0;
  readonly #markets: Market[];
  readonly #byKey: Map<string, Market>;
  #desk: Desk | undefined;
  /** Things to do at a time, ascending. */
  #due: { time: number; work: () => void }[] = [];

  constructor(options: ExchangeOptions) {
    if (options.markets.length === 0) throw new ArgumentError("MARKETS", "an exchange needs at least one market");
    const seed = options.seed ?? 1;
    this.seed = seed;
    const isFed = options.markets.some((source) => source.feed);
    this.speed = options.speed ?? (isFed ? "fed" : 1);
    if (isFed !== (this.speed === "fed") || (isFed && options.walk === "bars")) {
      const message = "an exchange with a fed market has the speed fed and walks by ticks, no other has that speed";
      throw new ArgumentError("SPEED", `${message}; was ${this.speed}, ${options.walk ?? "ticks"}`);
    }
    this.startTime = options.startTime ?? usualStart(options);
    this.clock = new VirtualClock(this.startTime);
    this.faults = new FaultInjector(options.faults ?? { seed, rules: [] }, this.startTime);
    const between = options.ticksBetween ?? (typeof this.speed === "number" ? USUAL_TICKS_BETWEEN : 0);
    this.walk = options.walk ?? (this.speed === "step" ? "bars" : "ticks");
    const { walk } = this;
    const marketOptions = { seed, between, walk, premium: options.premium ?? walk === "ticks" };
    this.#markets = options.markets.map((source) => new Market(source, this.startTime, marketOptions));
    this.#markets.sort((a, b) => (a.key < b.key ? -1 : 1));
    this.#byKey = new Map(this.#markets.map((market) => [market.key, market]));
    if (this.#byKey.size < this.#markets.length) throw new ArgumentError("MARKETS", "a market is there twice");
    this.demo = demoKey(seed);
    this.keys = new Map([this.demo, ...(options.keys ?? [])].map((key) => [key.apiKey, keyOf(key)]));
    this.feed = new PublicPublisher({
      hub: this.hub,
      now: () => this.now(),
      market: (category, symbol) => this.market(category, symbol),
      depth: (market, levels) => this.desk.depth(market, levels),
    });
  }

  /** Opens the trading side; once, before anything else. */
  open(desk: Desk): void {
    this.#desk = desk;
  }

  get desk(): Desk {
    if (!this.#desk) throw new ArgumentError("NO_DESK", "the exchange has no trading side yet");
    return this.#desk;
  }

  now(): number {
    return this.clock.now();
  }

  /** Both clocks by which a client may stamp its requests. */
  get gatewayClock(): GatewayClock {
    return { now: () => this.now() + this.skewMs, wall: () => Date.now() + this.skewMs };
  }

  markets(): readonly Market[] {
    return this.#markets;
  }

  market(category: Category, symbol: string): Market | undefined {
    return this.#byKey.get(`${category}/${symbol}`);
  }

  /** When the last source runs out of bars, epoch ms. */
  get endTime(): number {
    return Math.max(...this.#markets.map((market) => market.endTime));
  }

  /** Does `work` when exchange time reaches `time`. */
  at(time: number, work: () => void): void {
    this.#due.push({ time, work });
    this.#due.sort((a, b) => a.time - b.time);
  }

  /** When something next happens by itself, epoch ms. */
  nextTime(): number {
    let next = Math.min(this.desk.nextTime(), this.#due[0]?.time ?? Number.POSITIVE_INFINITY);
    for (const market of this.#markets) if (market.nextTime < next) next = market.nextTime;
    return next;
  }

  /** Lets everything happen that is due until `until`, epoch ms, in order of time. */
  advance(until: number): void {
    for (let next = this.nextTime(); next <= until; next = this.nextTime()) this.#moment(next);
    if (until <= this.now()) return;
    this.clock.moveTo(until);
    this.desk.onTime(until);
    for (const market of this.#markets) this.feed.roll(market, until);
    this.flush();
  }

  /** A fed market is told something; it has happened when this returns. @throws ArgumentError `FED` */
  tell(market: Market, fed: Fed): void {
    const time = timeOfFed(fed);
    if (fed.type === "bar" && time + MINUTE_MS <= this.now()) return;
    this.advance(time);
    const now = this.now();
    for (const tick of market.take(fed, now)) {
      this.desk.onMoment(market, { kind: "tick", time: now, ticks: [tick], price: tick.price });
    }
    if (fed.type === "bar") market.series.take(fed.bar);
    else if (fed.type === "prices" || fed.type === "funding") {
      this.desk.onMoment(market, { kind: "tick", time: now, ticks: [], price: market.last });
    }
    this.flush();
  }

  /** Pushes what has changed, public and private. */
  flush(): void {
    this.desk.flush();
    this.feed.flush(this.now());
  }

  #moment(time: number): void {
    this.clock.moveTo(time);
    while (this.#due[0] && this.#due[0].time <= time) this.#due.shift()!.work();
    // Bars that end now end before funding is settled, and funding is settled before the next trade.
    this.desk.onTime(time);
    for (const market of this.#markets) {
      while (market.nextTime <= time) {
        const moment = market.advance();
        this.feed.roll(market, time);
        this.desk.onMoment(market, moment);
      }
    }
    this.flush();
  }
}

function usualStart({ markets }: ExchangeOptions): number {
  const starts = markets.map(({ bars, feed }) => {
    if (feed) return (bars.time[bars.length - 1] ?? 0) + MINUTE_MS;
    return bars.time[Math.floor(bars.length * HISTORY_SHARE)] ?? bars.time[0] ?? 0;
  });
  return Math.max(...starts);
}
