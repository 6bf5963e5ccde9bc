import { type VenuePort, venuePort } from "../../src/backtest/replay/venue-port.ts";
import { formatScaled } from "../../src/core/decimal.ts";
import { type Random, random } from "../../src/core/random.ts";
import type { Outcome, Quote } from "../../src/engine/facts.ts";
import type { BotInput } from "../../src/engine/inputs.ts";
import type { ApprovedRequest } from "../../src/engine/requests.ts";
import type { Venue } from "../../src/matching/venue.ts";
import type { Instrument } from "../../src/model/instrument.ts";
import { Actors } from "./actors.ts";
import { Disk } from "./disk.ts";
import { Faults } from "./faults.ts";
import { Watch } from "./invariants.ts";
import { ACCOUNT, BAR_MS, closeBar, nextPrice, openMarkets, type SimMarket, WARM_BARS } from "./market.ts";
import type { Mutant } from "./mutants.ts";
import { Process } from "./process.ts";
import { Scheduler } from "./scheduler.ts";
import { Wire } from "./wire.ts";

const DAY_START = Date.UTC(2024, 4, 6);
const HOUR_MS = 3_600_000;
/** After the last fault: long enough for every question to be answered. */
/** Without trades at the very end, ms. */
const QUIET_MS = 5_000;
const CALM_MS = 4 * BAR_MS;

export interface WorldOptions {
  readonly seed: number | string;
  readonly mutant?: () => Mutant;
  /** Called with every line of what happens. */
  readonly trace?: (line: string) => void;
}

/** One schedule: everything that happens to one bot, decided by a seed. */
export class World {
  readonly dice: Random;
  readonly faults: Faults;
  readonly sched: Scheduler;
  readonly venue: Venue;
  readonly markets: readonly SimMarket[];
  readonly port: VenuePort;
  readonly disk = new Disk();
  readonly wire: Wire;
  readonly process: Process;
  readonly watch: Watch;
  readonly mutant: Mutant;
  readonly quotes = new Map<string, Quote>();
  /** What the driver last measured of its clock, ms. */
  clockOffset = 0;
  rearmed = false;
  hash = 0x811c9dc5;
  private readonly actors: Actors;
  private readonly trace: ((line: string) => void) | undefined;
  readonly start: number;
  private readonly end: number;
  private stalledUntil = 0;
  private readonly blind = new Map<string, number>();

  constructor({ seed, mutant: make = () => ({}), trace }: WorldOptions) {
    this.dice = random(`simulation/${seed}`);
    const { dice } = this;
    this.mutant = make();
    this.trace = trace;
    this.faults = new Faults(dice.fork("faults"));
    const bars = 8 + dice.below(12);
    const offset = dice.next() < 0.3 ? 24 * HOUR_MS - BAR_MS * (1 + dice.below(bars)) : dice.below(1_300) * BAR_MS;
    this.start = DAY_START + offset;
    this.end = this.start + bars * BAR_MS;
    this.sched = new Scheduler(this.start, dice.fork("schedule"));
    const { venue, markets } = openMarkets(dice.fork("market"), this.start);
    this.venue = venue;
    this.markets = markets;
    this.port = venuePort(venue, ACCOUNT, markets);
    this.wire = new Wire(this);
    this.process = new Process(this);
    this.watch = new Watch(this);
    this.actors = new Actors(this);
  }

  /** Runs the whole schedule; what was violated, how often what struck, and a digest of all that happened. */
  run(): SimulationResult {
    const { sched, venue, faults, watch } = this;
    for (let i = WARM_BARS; i > 0; i--) {
      for (const market of this.markets) {
        for (let k = 0; k < 3; k++) nextPrice(market, this.dice, 0);
        closeBar(market, this.start - i * BAR_MS);
      }
    }
    venue.advanceTo(this.start);
    for (const market of this.markets) venue.onTrade(market.key, { price: market.last, qty: 1, side: "buy" });
    this.process.start();
    for (const market of this.markets) this.tick(market);
    this.bars(this.start);
    this.weather();
    const last = this.end + CALM_MS;
    const settle = () => {
      faults.isOn = false;
      this.disk.isFull = false;
      this.stalledUntil = 0;
      this.blind.clear();
      this.setClock(0);
      this.wire.calm();
      if (!this.process.isAlive) this.process.start();
    };
    sched.at(this.end, settle);
    try {
      while (sched.step(last)) {
        this.wire.pump();
        watch.check();
        if (watch.violations.length > 0) break;
      }
      if (watch.violations.length === 0) watch.atQuiescence();
    } catch (error) {
      watch.fail(
        "crash",
        error instanceof Error ? `${error.message} ${error.stack?.split("\n").slice(1, 6).join(" ")}` : String(error),
      );
    }
    const { violations } = watch;
    return {
      violations,
      hits: faults.hits,
      hash: this.hash >>> 0,
      events: sched.count,
      crashes: this.process.crashes,
      entries: watch.entriesSent,
    };
  }

  private tick(market: SimMarket): void {
    const { sched, dice, faults, venue } = this;
    sched.in(2_000 + dice.below(6_000), () => {
      // What happens in the last moment could not be told any more.
      if (sched.now > this.end + CALM_MS - QUIET_MS) return;
      venue.advanceTo(sched.now);
      const gap = faults.strikes("F76", 0.004) ? (dice.next() < 0.5 ? -1 : 1) * (0.01 + 0.2 * dice.next()) : 0;
      const price = nextPrice(market, dice, gap);
      market.tradedAt = sched.now;
      venue.onTrade(market.key, { price, qty: 1, side: dice.next() < 0.5 ? "buy" : "sell" });
      if (faults.strikes("F09", 0.004)) {
        this.stalledUntil = sched.now + 5_000 + dice.below(40_000);
        sched.at(this.stalledUntil, () => this.wire.drop());
      }
      if (faults.strikes("F16", 0.006)) this.blind.set(market.key, sched.now + 30_000);
      this.quote(market);
      this.tick(market);
    });
  }

  /** Tells the process the price of a market, unless it cannot hear it. */
  quote(market: SimMarket): void {
    const { sched } = this;
    if (this.stalledUntil > sched.now || (this.blind.get(market.key) ?? 0) > sched.now || this.wire.isDown) return;
    const last = market.steps.price.value(market.last);
    const quote = { last, bid: last, ask: last + market.steps.price.step, mark: null, time: market.tradedAt };
    this.quotes.set(market.instrument.symbol, quote);
    this.process.bot?.price(market.instrument.symbol, quote);
  }

  private bars(time: number): void {
    const { sched, dice, faults } = this;
    sched.at(time + BAR_MS, () => {
      for (const market of this.markets) {
        const bar = closeBar(market, time);
        if (faults.strikes("F77", 0.1)) continue; // comes with the next
        const isStalled = this.stalledUntil > sched.now;
        sched.in((isStalled ? this.stalledUntil - sched.now : 0) + 5 + dice.below(300), () =>
          this.process.bar(market, bar),
        );
      }
      this.bars(time + BAR_MS);
    });
  }

  /** Once in a few seconds something may begin. */
  private weather(): void {
    const { sched, dice } = this;
    sched.in(2_000 + dice.below(4_000), () => {
      if (this.faults.isOn) {
        this.wire.weather();
        this.actors.act();
      }
      this.weather();
    });
  }

  setClock(offsetMs: number): void {
    this.clockOffset = offsetMs;
    this.process.deliver({ type: "clock", at: 0, offsetMs });
  }

  /** Delivers something to the process as it is now; a later life does not hear it. */
  later(ms: number, input: BotInput): void {
    const { life } = this.process;
    this.sched.in(ms, () => {
      if (this.process.life === life) this.process.deliver(input);
    });
  }

  /** Lets the exchange do what a request asks. */
  carryOut(request: ApprovedRequest): Outcome {
    const { venue, sched, faults, port } = this;
    venue.advanceTo(sched.now);
    this.wire.pump();
    const market = this.marketOf(request.symbol);
    const size = () => venue.positions(ACCOUNT, market.key)[0]!.size;
    const before = size();
    const isExit = this.watch.isExit(request);
    port.send("request", request);
    const replies: BotInput[] = [];
    port.drain(replies);
    const answer = replies.shift();
    if (answer?.type !== "answer") throw new Error("the venue did not answer");
    const { outcome } = answer;
    if (isExit && "linkId" in request) this.watch.onExit(before, size(), request.linkId);
    this.wire.hear(replies);
    if (outcome.kind === "refused") {
      if (request.kind === "exit" && outcome.code === 110017) faults.hit("F62");
      if (request.kind === "protect" && before === 0) faults.hit("F59");
      if (request.kind === "cancel") faults.hit("F53");
      if (request.kind === "entry" && request.stopLoss !== null && outcome.code !== 110072) faults.hit("F61");
    }
    this.note({ outcome, request });
    return outcome;
  }

  marketOf(symbol: string): SimMarket {
    return this.markets.find(({ instrument }) => instrument.symbol === symbol)!;
  }

  instruments(): Instrument[] {
    return this.markets.map(({ instrument }) => instrument);
  }

  walletBalance(): string {
    const coin = this.venue.wallet(ACCOUNT).coins.find(({ coin: name }) => name === "USDT");
    return formatScaled(coin?.walletBalance ?? 0, this.venue.coinScale("USDT"));
  }

  parts<T>(until: T): { sched: Scheduler; dice: Random; faults: Faults; until: T } {
    const { sched, dice, faults } = this;
    return { sched, dice, faults, until };
  }

  /** Makes something part of the digest, and of the trace when there is one. */
  note(what: object): void {
    const text = JSON.stringify(what);
    let { hash } = this;
    for (let i = 0; i < text.length; i += 3) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    this.hash = Math.imul(hash ^ this.sched.now, 0x01000193);
    this.trace?.(`${((this.sched.now - this.start) / 1_000).toFixed(3)} ${text}`);
  }
}

export interface SimulationResult {
  readonly violations: Watch["violations"];
  readonly hits: Faults["hits"];
  readonly hash: number;
  readonly events: number;
  readonly crashes: number;
  /** Entries sent. */
  readonly entries: number;
}

/** Runs one schedule. Same options, same result. */
export function simulate(options: WorldOptions): SimulationResult {
  return new World(options).run();
}
