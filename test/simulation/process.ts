import { Bot } from "../../src/engine/bot.ts";
import type { BotIdentity } from "../../src/engine/identity.ts";
import type { BotEffect, BotInput } from "../../src/engine/inputs.ts";
import { Lane } from "../../src/engine/lane.ts";
import { BotState, replayJournal } from "../../src/engine/state.ts";
import type { GuardLimits } from "../../src/risk/guards.ts";
import type { StreamBar } from "../../src/strategy/stream.ts";
import type { Fault } from "./faults.ts";
import { ACCOUNT, BAR_MS, type SimMarket } from "./market.ts";
import type { World } from "./world.ts";

export const IDENTITY: BotIdentity = { environment: "replay", account: ACCOUNT };
export const LIMITS: GuardLimits = {
  riskPerTradeFraction: 0.05,
  maxDailyLossFraction: 0.02,
  maxDrawdownFraction: 0.1,
  maxOpenPositions: 2,
  maxPositionQuote: 9_000,
  minPositionQuote: 10,
  maxTotalQuote: 15_000,
  maxConsecutiveLosses: 30,
  cooldownBars: 0,
  maxPriceDeviationFraction: 0.02,
  maxSpreadBps: 100,
  maxDataAgeMs: 12_000,
  maxClockOffsetMs: 1_000,
};

class Crash extends Error {}

/** The trader's process: it drives one bot after the other, and dies between any two steps. */
export class Process {
  bot: Bot | null = null;
  lanes: Lane[] = [];
  /** Grows with every life: what was meant for an earlier one is lost. */
  life = 0;
  crashes = 0;
  /** What this life was told of its clock, ms. */
  clockOffset = 0;
  private readonly world: World;
  private wakeAt = Infinity;
  private wakes = 0;
  asleepUntil = 0;
  /** Bars by lane that were given to this life. */
  private fed = new Map<string, number>();
  /** Until when the exchange's clock is two seconds behind. */
  backwards = 0;
  private queue: BotInput[] = [];
  private isWaitingForDisk = false;

  constructor(world: World) {
    this.world = world;
  }

  get isAlive(): boolean {
    return this.bot !== null;
  }

  /** The exchange's time as this process knows it, epoch ms. */
  get clock(): number {
    const { now } = this.world.sched;
    return now - (this.backwards > now ? 2_000 : 0);
  }

  /** Whether it can do anything at all. */
  get isAble(): boolean {
    const { world } = this;
    return this.isAlive && this.asleepUntil <= world.sched.now && !world.wire.isDown;
  }

  start(): void {
    const { world } = this;
    const { faults, dice } = world;
    this.life += 1;
    this.wakeAt = Infinity;
    this.queue = [];
    this.isWaitingForDisk = false;
    this.asleepUntil = 0;
    this.fed = new Map();
    if (faults.strikes("F46", 0.3)) {
      const { durable } = world.disk;
      const other = { ...IDENTITY, account: "somebody else" };
      let isRefused = durable.length === 0 || durable[0]?.event.type !== "opened";
      try {
        replayJournal(durable.map(({ event }) => event).slice(0, 1), other);
      } catch {
        isRefused = true;
      }
      if (!isRefused) world.watch.fail("I20", "a journal of another account was taken");
    }
    const found = world.disk.recover();
    if ("damaged" in found) {
      world.disk.delete();
      world.watch.onJournalGone();
    }
    const events = "damaged" in found ? [] : (world.mutant.recover?.(found.events) ?? found.events);
    world.watch.onRecovered(events);
    this.lanes = world.markets.map(({ lane }) => new Lane(lane));
    const state = events.length === 0 ? new BotState() : replayJournal(events, IDENTITY);
    const bot = new Bot({ identity: IDENTITY, lanes: this.lanes, limits: LIMITS }, state);
    this.bot = bot;
    // Until the stream is up, nothing is known.
    this.handle({ type: "link", at: world.sched.now, isUp: false });
    this.handle({ type: "clock", at: world.sched.now, offsetMs: world.clockOffset });
    if (!this.isAlive) return;
    for (const market of world.markets) {
      // The newest bar may still be told as news: what was decided on it must not be decided again.
      const news = dice.next() < 0.5 ? 1 : 0;
      const last = market.bars.length - news;
      for (const bar of market.bars.slice(Math.max(0, last - 30), last)) bot.warm(market.lane.name, bar);
      this.fed.set(market.lane.name, last === 0 ? 0 : market.bars[last - 1]!.time);
      world.quote(market);
    }
    if (faults.strikes("F39", 0.3)) {
      this.crash("F39");
      return;
    }
    world.sched.in(100 + dice.below(900), () => world.wire.connect());
    this.handle({ type: "time", at: world.sched.now });
    for (const market of world.markets) {
      const bar = market.bars.at(-1);
      if (bar) this.bar(market, bar);
    }
  }

  /** Dies; what was not synced may be lost. The supervisor starts it again. */
  crash(fault: Fault): void {
    const { world } = this;
    const { disk, dice, faults, sched } = world;
    faults.hit(fault);
    this.bot = null;
    this.life += 1;
    this.crashes += 1;
    world.wire.isUp = false;
    const isTorn = disk.unsynced > 0 && faults.strikes("F42", 0.5);
    const lost = disk.crash(dice.below(disk.unsynced + 1), isTorn);
    world.watch.onLost(lost);
    if (faults.strikes("F44", 0.1)) {
      world.watch.onLie(disk.durable.slice(Math.max(1, disk.durable.length - 3)).map(({ event }) => event));
      disk.lie(1 + dice.below(3));
    }
    if (faults.strikes("F43", 0.05) && disk.durable.length > 0) disk.flip(dice.below(disk.durable.length));
    if (faults.strikes("F45", 0.04)) {
      disk.delete();
      world.watch.onJournalGone();
    }
    const wait = dice.next() < 0.8 ? 200 + dice.below(3_000) : dice.below(90_000);
    const { life } = this;
    sched.in(faults.isOn ? wait : 500, () => {
      if (this.life === life && !this.isAlive) this.start();
    });
  }

  /** Lets nothing happen in the process until then; what comes meanwhile waits. */
  freeze(ms: number): void {
    const { world } = this;
    this.asleepUntil = Math.max(this.asleepUntil, world.sched.now + ms);
    world.sched.at(this.asleepUntil, () => {
      const waiting = this.queue;
      this.queue = [];
      for (const input of waiting) this.deliver(input);
      this.deliver({ type: "time", at: 0 });
    });
  }

  /** A bar closed at the exchange, as the feed tells it: gaps are filled, repetitions dropped. */
  bar(market: SimMarket, bar: StreamBar): void {
    const { name } = market.lane;
    const upTo = this.fed.get(name);
    if (!this.isAlive || upTo === undefined) return;
    for (const each of market.bars) {
      if (each.time <= (this.fed.get(name) ?? 0) || each.time > bar.time) continue;
      this.fed.set(name, each.time);
      this.deliver({ type: "bar", at: 0, lane: name, bar: each });
      if (!this.isAlive) return;
    }
  }

  deliver(given: BotInput): void {
    const { world } = this;
    if (!this.isAlive) return;
    if (this.asleepUntil > world.sched.now) {
      if (given.type !== "time") this.queue.push(given);
      return;
    }
    const at = this.clock;
    const input = world.mutant.input?.({ ...given, at }, world) ?? (world.mutant.input ? null : { ...given, at });
    if (input) this.handle(input);
  }

  private handle(input: BotInput): void {
    const { world, bot } = this;
    if (!bot) return;
    world.watch.beforeInput(input, bot);
    if (input.type === "clock") this.clockOffset = input.offsetMs;
    try {
      this.carryOut(input, bot.handle(input));
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      return;
    }
    world.note(input);
    this.plan();
  }

  /** Does what the bot wishes, in order: nothing leaves before what is remembered of it is on the disk. */
  private carryOut(input: BotInput, effects: readonly BotEffect[]): void {
    const { world, life } = this;
    const { disk, wire } = world;
    let isFailing = false;
    const sync = () => {
      if (!disk.sync() && !isFailing) isFailing = true;
      if (world.faults.strikes("F47", 0.01)) this.freeze(2_000 + world.dice.below(8_000));
    };
    for (const effect of effects) {
      this.maybeCrash(input, effect, "before");
      if (effect.type === "journal") {
        if (world.mutant.keeps?.(effect.event) ?? true) disk.append(effect.event);
        world.watch.onEvent(effect.event);
        continue;
      }
      if (!world.mutant.isUnsynced) sync();
      this.maybeCrash(input, effect, "synced");
      if (effect.type === "query") wire.query(effect.query);
      else if (isFailing && effect.request.kind === "entry") {
        world.later(1, { type: "answer", at: 0, id: effect.id, outcome: { kind: "notSent", reason: "no journal" } });
      } else wire.send(effect.id, effect.request);
      this.maybeCrash(input, effect, "after");
      if (this.life !== life) return;
    }
    sync();
    this.maybeCrash(input, null, "after");
    if (isFailing && !this.isWaitingForDisk) this.onFull();
  }

  private onFull(): void {
    const { world, life } = this;
    this.isWaitingForDisk = true;
    world.later(1, { type: "journal", at: 0, isWritable: false });
    const retry = () => {
      if (this.life !== life) return;
      if (world.disk.sync()) {
        this.isWaitingForDisk = false;
        this.deliver({ type: "journal", at: 0, isWritable: true });
      } else world.sched.in(1_000, retry);
    };
    world.sched.in(1_000, retry);
  }

  private maybeCrash(input: BotInput, effect: BotEffect | null, when: "before" | "synced" | "after"): void {
    const fault = this.crashOf(input, effect, when);
    if (!fault || !this.world.faults.has(fault) || this.crashes > 12) return;
    if (this.world.dice.next() >= 0.08) return;
    this.crash(fault);
    throw new Crash(fault);
  }

  private crashOf(input: BotInput, effect: BotEffect | null, when: "before" | "synced" | "after"): Fault | null {
    if (effect?.type === "journal") return effect.event.type === "intent" ? "F29" : null;
    if (effect?.type === "send") {
      const { kind } = effect.request;
      if (this.bot?.isClosing) return "F38";
      if (kind === "entry") return when === "after" ? "F31" : "F30";
      return kind === "protect" ? "F35" : "F37";
    }
    if (when !== "after" || effect) return null;
    if (input.type === "answer") return "F32";
    if (input.type !== "execution") return null;
    const order = this.bot?.state.orders.get(input.fact.orderLinkId);
    return order?.purpose === "entry" && order.cumExecQty !== order.qty ? "F33" : "F34";
  }

  private plan(): void {
    const { world, bot } = this;
    if (!bot) return;
    const at = Math.max(bot.wakeAt + world.sched.now - this.clock, world.sched.now + 1, this.asleepUntil + 1);
    if (at >= this.wakeAt && this.wakeAt > world.sched.now) return;
    if (at === Infinity) return;
    this.wakeAt = at;
    this.wakes += 1;
    const { life, wakes } = this;
    world.sched.at(at, () => {
      if (this.life !== life || this.wakes !== wakes) return;
      this.wakeAt = Infinity;
      this.deliver({ type: "time", at: 0 });
      this.plan();
    });
  }

  /** When the newest bar of a lane closed, epoch ms. */
  closedAt(lane: string): number {
    return (this.fed.get(lane) ?? 0) + BAR_MS;
  }
}
