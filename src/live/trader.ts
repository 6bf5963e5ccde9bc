import { backoffMs } from "../bybit/backoff.ts";
import { streamMessage } from "../bybit/stream-message.ts";
import type { StreamFrame } from "../bybit/stream-session.ts";
import { type StreamEvent, Streams } from "../bybit/streams.ts";
import { intervalMs } from "../core/time.ts";
import { Bot } from "../engine/bot.ts";
import type { PositionFact, Quote } from "../engine/facts.ts";
import type { BotCommand, BotInput } from "../engine/inputs.ts";
import { Lane } from "../engine/lane.ts";
import { replayJournal } from "../engine/state.ts";
import type { StreamBar } from "../strategy/stream.ts";
import { BarFeed } from "./bar-feed.ts";
import { ClockWatch } from "./clock-watch.ts";
import { Errands } from "./errands.ts";
import { ExchangeTime } from "./exchange-time.ts";
import { Inbound } from "./inbound.ts";
import { settleCoinOf, settleMsOf, topicsOf, waitsOf, warmupOf } from "./lanes.ts";
import { Outbox, type UntimedInput } from "./outbox.ts";
import { pause } from "./pause.ts";
import { Rules } from "./rules.ts";
import type { TraderStatus } from "./status.ts";
import { statusOf } from "./status-of.ts";
import { walkInSteps } from "./stepper.ts";
import type { Trader, TraderLane, TraderOptions } from "./trader-types.ts";

/** Between two looks at clock, bars and limits, ms of this machine. */
const WATCH_MS = 1_000;
/** Between two looks at the rules of markets, ms of this machine. */
const RULES_MS = 3_600_000;
/** How long bars wait for the first look at the account, ms. */
const PATIENCE_MS = 15_000;
/** How long what is under way may take when it ends, ms. */
const FAREWELL_MS = 6_000;

/**
 * Starts a bot: it reads its journal, warms up on the exchange's bars, looks at the account, and trades.
 *
 * @throws ConfigError `JOURNAL_OWNER`; ArgumentError `LANES`; VenueUnreachable, ExchangeRefused when the exchange cannot be asked
 */
export async function startTrader(options: TraderOptions): Promise<Trader> {
  const runner = new Runner(options);
  await runner.start();
  return runner;
}

class Runner implements Trader {
  private readonly end = Promise.withResolvers<void>();
  readonly ended = this.end.promise;
  private readonly options: TraderOptions;
  private readonly pace: "real" | number | "step";
  private readonly time: ExchangeTime;
  private readonly settleCoin: string;
  private readonly lanes: Lane[];
  private readonly bot: Bot;
  private readonly feed: BarFeed;
  private readonly inbound: Inbound;
  private readonly quotes = new Map<string, Quote>();
  private readonly positions = new Map<string, PositionFact>();
  private readonly outbox: Outbox;
  private readonly streams: Streams;
  /** Bars that have come, in steps: they are told when all prices and news of their moment are in. */
  private held: { readonly lane: string; readonly bar: StreamBar }[] = [];
  private readonly errands: Errands;
  private stepping: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private watch: NodeJS.Timeout | undefined;
  private startedAt = 0;
  private rulesAt = performance.now();
  private openedAt = 0;
  private readonly clock: ClockWatch;
  private isWarm = false;
  /** The account was looked at, or could not be for too long to wait. */
  private isOpen = false;
  private isLinkUp = false;
  private isStopping = false;
  /** Whether it ends only when what is being closed is closed. */
  private mustClose = false;
  private isEnding = false;
  private isOver = false;

  constructor(options: TraderOptions) {
    this.options = options;
    const { gateway, credentials, journal, identity, lanes, limits } = options;
    this.pace = options.pace ?? "real";
    this.time = new ExchangeTime(gateway.clock, this.pace);
    this.settleCoin = settleCoinOf(lanes);
    this.inbound = new Inbound(this.settleCoin);
    this.lanes = lanes.map((lane) => new Lane(lane));
    const waits = waitsOf(this.pace, options);
    this.bot = new Bot({ identity, lanes: this.lanes, limits, waits }, replayJournal(journal.events, identity));
    this.ended.catch(() => {}); // whoever waits for it hears of it
    this.errands = new Errands({
      gateway,
      settleCoin: this.settleCoin,
      rules: new Rules(
        gateway,
        lanes.map(({ instrument }) => instrument),
      ),
      now: () => this.time.now(),
      tell: (input) => this.take(input),
      onReport: ({ positions }) => {
        this.positions.clear();
        for (const position of positions) this.positions.set(position.symbol, position);
      },
      onTrouble: (text) => this.note("warn", text),
      waitMs: (failures) => (this.pace === "step" ? 1 : backoffMs(failures - 1, 250)),
      onMistake: (error) => this.die(error),
    });
    this.clock = new ClockWatch({
      gateway,
      isReal: this.pace === "real",
      isLinkUp: () => this.isLinkUp,
      tell: (input) => this.take(input),
      onTrouble: (text) => this.note("warn", text),
      track: (work) => void this.errands.track(work),
    });
    this.outbox = new Outbox({
      journal,
      send: (id, request) => this.errands.send(id, request),
      ask: (query) => this.errands.ask(query),
      tell: (input) => queueMicrotask(() => this.take(input)),
    });
    this.feed = new BarFeed(
      {
        gateway,
        now: () => this.time.now(),
        settleMs: settleMsOf(this.pace),
        onBar: (lane, bar) => this.onBar(lane, bar),
        onTrouble: (text) => this.note("warn", text),
      },
      lanes.map(({ name, instrument, interval }) => ({ lane: name, symbol: instrument.symbol, interval })),
    );
    this.streams = new Streams({
      urls: gateway.hosts.streams,
      credentials,
      clockOffsetMs: () => (this.pace === "real" ? gateway.clock.offsetMs : 0),
      onEvent: (event) => this.guarded(() => this.onStream(event)),
      needsEveryTopic: true,
      ...(this.pace === "step" && { maxAgeMs: () => Infinity, retryMs: 1 }),
    });
  }

  async start(): Promise<void> {
    try {
      await this.open();
    } catch (error) {
      this.shut();
      throw error;
    }
  }

  status(): TraderStatus {
    const { options, bot, lanes, quotes, positions, startedAt, isLinkUp, isStopping } = this;
    const { identity, limits } = options;
    return statusOf({
      ...{ identity, bot, lanes, limits, quotes, positions, startedAt, isLinkUp, isStopping },
      now: this.time.now(),
      isJournalWritable: this.outbox.isWritable,
      clockOffsetMs: this.clock.offsetMs,
    });
  }

  command(command: BotCommand, reason: string): void {
    this.take({ type: "command", command, reason });
  }

  async stop({ flatten, reason }: { readonly flatten: boolean; readonly reason: string }): Promise<void> {
    if (this.isOver) return;
    this.mustClose = flatten;
    if (flatten) this.command("flatten", reason);
    this.isStopping = true;
    this.note("info", `stopping: ${reason}`);
    this.endIfDone();
    return this.ended;
  }

  private async open(): Promise<void> {
    const { gateway, lanes, journal } = this.options;
    const { timeNano } = await gateway.call("get_server_time", {});
    if (this.pace !== "real") this.time.hear(Number(BigInt(timeNano) / 1_000_000n));
    this.startedAt = this.time.now();
    journal.append({ type: "started", at: this.startedAt, lanes: lanes.map(({ name }) => name) });
    this.take({ type: "link", isUp: false });
    this.clock.tell();
    this.streams.subscribe(topicsOf(lanes));
    gateway.openOrderLine((isUp, reason) => {
      if (isUp) this.note("info", "orders go by socket");
      else this.note("warn", `order socket lost: ${reason}; orders go by REST until it is back`);
    });
    await Promise.all(lanes.map((lane) => this.warmUp(lane)));
    this.isWarm = true;
    this.openedAt = performance.now();
    this.take({ type: "time" });
    this.feed.catchUp();
    if (this.pace === "step") this.stepping = this.errands.track(this.steps());
    else this.watch = setInterval(() => this.guarded(() => this.look()), WATCH_MS);
  }

  /** The newest bar is told as news: what it asks for is still to be done, unless it was done in another life. */
  private async warmUp(lane: TraderLane): Promise<void> {
    const { name, interval, warmupFrom } = lane;
    const step = intervalMs(interval);
    const from = warmupFrom ?? this.time.now() - (warmupOf(lane) + 1) * step;
    const bars = await this.feed.warmUp(name, from);
    const newest = bars.pop();
    for (const bar of bars) this.bot.warm(name, bar);
    if (!newest) return;
    if (this.time.now() - (newest.time + step) > step / 2) this.bot.warm(name, newest);
    else this.held.push({ lane: name, bar: newest });
  }

  private onStream(event: StreamEvent): void {
    if (this.isOver) return;
    switch (event.type) {
      case "data":
        this.onFrame(event.frame);
        break;
      case "resynchronize":
        if (event.kind === "private") this.onLink(true, "");
        else if (this.isWarm) this.feed.catchUp();
        break;
      case "down":
        this.note("warn", `${event.kind} stream lost: ${event.reason}; again in ${event.retryInMs} ms`);
        if (event.kind === "private") this.onLink(false, event.reason);
        break;
      case "stale":
        this.note("warn", `${event.topic} brought nothing for ${Math.round(event.ageMs)} ms`);
        break;
      case "refused":
        this.note("warn", `the exchange refuses ${event.topic}: ${event.reason}`);
    }
  }

  private onFrame(frame: StreamFrame): void {
    const message = streamMessage(frame);
    if (message.time > 0) this.hear(message.time);
    const { quote, position, inputs } = this.inbound.read(message);
    if (quote) {
      this.quotes.set(quote.symbol, quote.quote);
      this.bot.price(quote.symbol, quote.quote);
      if (this.held.length > 0 && this.pace !== "step") this.tellHeld();
    }
    for (const each of position) this.positions.set(each.symbol, each);
    if (message.kind === "kline") for (const row of message.rows) this.feed.take(message.symbol, row);
    for (const input of inputs) this.take(input);
    if (message.kind !== "quarantined") return;
    this.note("warn", `${frame.topic} cannot be read: ${message.reason}`);
    // What it told is not known: look at everything.
    if (this.isLinkUp) this.take({ type: "link", isUp: true });
  }

  private onLink(isUp: boolean, reason: string): void {
    if (this.isLinkUp === isUp) return;
    this.isLinkUp = isUp;
    this.note(isUp ? "info" : "warn", isUp ? "private stream up" : `private stream down: ${reason}`);
    this.take({ type: "link", isUp });
  }

  private onBar(lane: string, bar: StreamBar): void {
    this.clock.jumped();
    const { symbol } = this.lanes.find((each) => each.options.name === lane)!;
    // A bar without a price cannot be decided on: it waits for the first.
    if (this.pace === "step" || !this.isOpen || !this.quotes.has(symbol)) this.held.push({ lane, bar });
    else this.take({ type: "bar", lane, bar });
  }

  /** Tells the bars that had to wait; whether there were any. At a start they wait until the account was looked at. */
  private tellHeld(): boolean {
    if (!this.isOpen || this.held.length === 0) return false;
    const held = this.held;
    this.held = [];
    const order = this.lanes.map((lane) => lane.options.name);
    held.sort((a, b) => a.bar.time - b.bar.time || order.indexOf(a.lane) - order.indexOf(b.lane));
    for (const { lane, bar } of held) this.take({ type: "bar", lane, bar });
    return true;
  }

  /** Gives the bot a fact, and does what it wants done. */
  private take(untimed: UntimedInput): void {
    if (this.isOver) return;
    if (this.isStopping && untimed.type === "bar") return;
    this.guarded(() => {
      const input = { ...untimed, at: this.time.now() } as BotInput;
      const effects = this.bot.handle(input);
      this.options.onEvent?.({ type: "input", input });
      for (const effect of effects) {
        if (effect.type === "journal") this.options.onEvent?.({ type: "journal", event: effect.event });
      }
      this.outbox.carryOut(effects);
      if (!this.isOpen && this.isWarm && this.bot.isReady) this.opened();
      this.plan();
      this.endIfDone();
    });
  }

  private opened(): void {
    this.isOpen = true;
    if (this.pace !== "step") this.tellHeld();
  }

  private hear(time: number): void {
    // What is far ahead of every clock is no time.
    if (this.pace !== "real" || time < this.options.gateway.clock.now() + 60_000) this.time.hear(time);
  }

  /** Sets the timer for when the bot wants to be told the time. */
  private plan(): void {
    if (this.pace === "step" || !this.isWarm) return;
    clearTimeout(this.timer);
    const { wakeAt } = this.bot;
    if (wakeAt === Infinity || this.isOver) return;
    const waitMs = Math.max(1, this.time.realMs(wakeAt - this.time.now()));
    this.timer = setTimeout(() => this.take({ type: "time" }), Math.min(waitMs, 60_000));
  }

  private look(): void {
    this.clock.look();
    if (performance.now() - this.rulesAt > RULES_MS) {
      this.rulesAt = performance.now();
      this.errands.lookAtRules(this.lanes.map(({ symbol }) => symbol));
    }
    this.feed.catchUp();
    this.take({ type: "time" });
    if (!this.isOpen && performance.now() - this.openedAt > PATIENCE_MS) this.opened();
  }

  /** The other way to pass time: the bot moves the exchange on. */
  private steps(): Promise<void> {
    const { streams, feed, bot, time } = this;
    return walkInSteps({
      ...{ streams, feed, bot, time },
      rest: this.options.gateway.hosts.rest,
      shortestMs: Math.min(...this.lanes.map((lane) => lane.intervalMs)),
      until: this.options.until ?? Infinity,
      underWay: () => this.errands.besides(this.stepping),
      tellHeld: () => this.tellHeld(),
      tellTime: () => this.take({ type: "time" }),
      end: () => {
        this.isStopping = true;
        this.mustClose = true;
        this.endIfDone();
      },
      isOver: () => this.isOver || this.isEnding,
    });
  }

  private endIfDone(): void {
    if (!this.isStopping || this.isOver || this.isEnding || (this.mustClose && this.bot.isClosing)) return;
    this.isEnding = true;
    const answered = Promise.allSettled(this.errands.underWay);
    // Answers that come too late are not taken in any more: the next start asks for them.
    const ending = Promise.race([answered, pause(FAREWELL_MS, { mayEnd: true })]).then(() => this.shut());
    void ending.then(this.end.resolve, this.end.reject);
  }

  /** Runs `work`; what goes wrong there ends the bot: a mistake is not traded with. */
  private guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.die(error);
    }
  }

  private die(error: unknown): void {
    if (this.isOver) return;
    this.isOver = true;
    this.end.reject(error); // first: what is left to do may fail too
    this.note("error", `stopped: ${error instanceof Error ? error.message : String(error)}`);
    this.shut();
  }

  private shut(): void {
    this.isOver = true;
    clearTimeout(this.timer);
    clearInterval(this.watch);
    this.outbox.close();
    this.streams.close();
    this.options.journal.sync();
  }

  private note(level: "info" | "warn" | "error", text: string): void {
    this.options.onEvent?.({ type: "note", level, text });
  }
}
