import type { Streams } from "../bybit/streams.ts";
import type { Bot } from "../engine/bot.ts";
import type { BarFeed } from "./bar-feed.ts";
import type { ExchangeTime } from "./exchange-time.ts";
import { pause } from "./pause.ts";
import { stepTo } from "./step-pace.ts";

export interface StepperOptions {
  /** `http://…` of the exchange. */
  readonly rest: string;
  readonly streams: Streams;
  readonly feed: BarFeed;
  readonly bot: Bot;
  readonly time: ExchangeTime;
  /** Shortest interval of the bars, ms. */
  readonly shortestMs: number;
  readonly until: number;
  /** Requests and questions that are under way. */
  readonly underWay: () => readonly Promise<void>[];
  /** Tells bars that had to wait; whether there were any. */
  readonly tellHeld: () => boolean;
  readonly tellTime: () => void;
  /** Whether it is to end, once what is under way is done. */
  readonly end: () => void;
  readonly isOver: () => boolean;
}

/**
 * Moves an exchange that stands still from bar to bar, each time after the bot has done its work and heard all that came of
 * it: what a replay does, over sockets.
 */
export async function walkInSteps(options: StepperOptions): Promise<void> {
  const { rest, feed, bot, time, shortestMs, until, isOver } = options;
  let listedIn = Number.NaN;
  // Once an interval: a list that cannot be had takes seconds, in which the exchange stands still.
  const catchUp = () => {
    const interval = Math.floor(time.now() / shortestMs);
    if (feed.nextClose > time.now() || interval === listedIn) return;
    listedIn = interval;
    feed.catchUp();
  };
  while (!isOver()) {
    await settled(options, catchUp);
    if (isOver() || (options.tellHeld() && options.underWay().length > 0)) continue;
    const now = time.now();
    const { wakeAt } = bot;
    if (wakeAt <= now) {
      options.tellTime();
      continue;
    }
    if (now >= until) options.end();
    if (isOver()) return;
    // A bar that did not come is not there: wait for the next one.
    const bar = feed.nextClose;
    const next = bar > now ? bar : Math.floor(now / shortestMs + 1) * shortestMs;
    // What is still being closed may go on behind the end.
    time.hear(await stepTo(rest, Math.min(next, wakeAt, until > now ? until : Infinity)));
  }
}

/** Resolves when nothing is under way and everything the exchange said has come. */
async function settled({ streams, feed, underWay, isOver }: StepperOptions, catchUp: () => void): Promise<void> {
  for (;;) {
    while (!(streams.isLive("private") && streams.isLive("linear")) && !isOver()) await pause(5);
    await Promise.all([streams.roundTrip("private"), streams.roundTrip("linear"), feed.idle()]);
    if (!isOver()) catchUp();
    await feed.idle();
    const others = underWay();
    if (others.length === 0 || isOver()) return;
    await Promise.race(others);
  }
}
