import { DAY_MS, intervalMs } from "../../core/time.ts";
import { Bot } from "../../engine/bot.ts";
import type { JournalEvent } from "../../engine/events.ts";
import type { ExecutionFact, Quote } from "../../engine/facts.ts";
import type { BotEffect, BotInput } from "../../engine/inputs.ts";
import { type Direction, Lane } from "../../engine/lane.ts";
import type { Bars } from "../../model/bar.ts";
import type { ExitReason } from "../../model/trade.ts";
import type { StreamBar } from "../../strategy/stream.ts";
import { nextTradingBar } from "../fills.ts";
import type { RunOptions } from "./input.ts";
import { BarMarket } from "./market.ts";
import { TradeBook } from "./trades.ts";
import { ACCOUNT } from "./venue.ts";

const LANE = "replay";
const NOTHING: readonly BotEffect[] = [];
/** Nothing is ever missed here: looking at the whole account now and then only proves it. */
const RECONCILE_MS = 7 * DAY_MS;

/**
 * A bot, its venue, and the bars that both live by.
 *
 * A bar's close and the next one's open are one moment. First the bot is told that the bar is closed, and decides knowing
 * the price at which its orders will meet the market; then the next bar opens, and what rests at the venue and is jumped
 * over fills; then what the bot decided arrives and fills at that open; then the rest of the bar is walked.
 *
 * In a bar without volume nobody trades: orders wait for the next one that has some.
 */
export class ReplayRun {
  readonly journal: JournalEvent[] = [];
  readonly equity: Float64Array;
  /** Length of a bar, ms. */
  readonly step: number;
  private readonly bars: Bars;
  private readonly market: BarMarket;
  private readonly bot: Bot;
  private readonly lane: Lane;
  private readonly symbol: string;
  private readonly book: TradeBook;
  private readonly inbox: BotInput[] = [];
  /** What was decided, and waits for the market to open. */
  private readonly waiting: BotEffect[] = [];
  /** One object, changed in place, as is the bar: both are only read while something is decided. */
  private readonly quote: { -readonly [K in keyof Quote]: Quote[K] };
  private readonly bar: { -readonly [K in keyof StreamBar]: StreamBar[K] };
  private readonly news: { type: "bar"; at: number; lane: string; bar: StreamBar };
  private next = 0;
  /** Next bar that trades. */
  private trading = 0;
  /** Something of the account may still fill: a position, or an order. */
  private isLive = false;
  /** The market has opened for the bar at hand; until then what is sent waits. */
  private isOpen = true;
  /** Something was decided and waits for somebody to trade with, or would: until then no other signal is heard. */
  private isDeaf = false;
  private lastEquity: number;
  private version = -1;

  constructor(options: RunOptions) {
    const { bars, instrument, settings, history } = options;
    this.bars = bars;
    this.step = intervalMs(bars.interval);
    this.symbol = instrument.symbol;
    this.market = new BarMarket(options);
    this.lane = laneOf(options);
    this.bot = new Bot({
      identity: { environment: "replay", account: ACCOUNT },
      lanes: [this.lane],
      limits: options.limits,
      // A bar behind a gap is as fresh as any: the feed is never late.
      waits: { reconcileMs: RECONCILE_MS, freshMs: Infinity },
    });
    this.book = new TradeBook(bars);
    this.equity = new Float64Array(bars.length);
    this.lastEquity = settings.cash;
    const time = bars.time[0]!;
    this.quote = { last: bars.open[0]!, bid: null, ask: null, mark: null, time };
    this.bar = { time, open: 0, high: 0, low: 0, close: 0, volume: 0 };
    this.news = { type: "bar", at: time, lane: LANE, bar: this.bar };
    if (history) for (let i = 0; i < history.length; i++) this.bot.warm(LANE, this.barAt(history, i));
    this.bot.price(this.symbol, this.quote);
    this.market.open(0);
    this.carryOut(this.bot.handle({ type: "time", at: time }));
    this.isOpen = false;
  }

  /** Whether the strategy still warms up. */
  get isUnready(): boolean {
    // The last bar was not pushed, as nothing could follow from it.
    return this.lane.warmup > this.lane.length;
  }

  /** Goes on up to bar `to`, exclusive. */
  advance(to: number): void {
    for (; this.next < to; this.next++) this.through(this.next);
  }

  /** What the trades came to. Call once, after the last bar. */
  end(): TradeBook {
    this.book.end();
    return this.book;
  }

  private through(i: number): void {
    const { time, open, close, volume } = this.bars;
    const { quote } = this;
    const at = time[i]!;
    if (this.trading < i) this.trading = nextTradingBar(volume, i);
    // Where what is sent now will meet the market.
    const next = open[this.trading] ?? close[i - 1]!;
    quote.last = next;
    quote.time = at;
    // Settlements that are due come before anything else of this bar.
    if (this.isLive && this.market.settle(i, at)) this.hear(i);
    if (i > 0) this.decide(i, at);
    if (volume[i] !== 0 && (this.isLive || this.waiting.length > 0)) this.trade(i);
    else if (this.isLive && this.market.isNearLiquidation(i, this.isLong)) this.markWorst(i);
    if (this.isLive) {
      if (volume[i] !== 0) quote.last = close[i]!;
      if (this.market.settle(i, at + this.step - 1)) this.hear(i);
    }
    if (this.isLive || this.bot.state.ledger.version !== this.version) {
      this.version = this.bot.state.ledger.version;
      quote.last = close[i]!;
      this.lastEquity = this.bot.equity;
    }
    this.equity[i] = this.lastEquity;
  }

  /** The bar before is closed; what follows from it waits for the market to open. */
  private decide(i: number, at: number): void {
    const { news, bars } = this;
    news.at = at;
    this.barAt(bars, i - 1);
    if (this.isDeaf && bars.volume[i - 1] === 0) {
      this.bot.warm(LANE, this.bar);
      return;
    }
    const effects = this.bot.handle(news);
    if (effects.length > 0) this.carryOut(effects, i);
    this.isDeaf = bars.volume[i] === 0 && (this.isEntering() || this.isOrdered());
  }

  /** Whether an order waits that a signal asked for. */
  private isOrdered(): boolean {
    return this.bot.state.pending(this.symbol).some(({ purpose }) => purpose === "entry" || purpose === "exit");
  }

  /** Whether the last bar asked for an entry. */
  private isEntering(): boolean {
    const { row } = this.lane;
    if (row === null || this.bot.state.ledger.size(this.symbol) !== 0n) return false;
    const wanted = this.lane.wanted(row);
    return wanted === 1 || wanted === -1;
  }

  private trade(i: number): void {
    const { market, waiting } = this;
    market.open(i);
    this.hear(i);
    if (waiting.length > 0) {
      market.markOpen(i);
      this.hear(i);
    }
    this.isOpen = true;
    // Questions last: the answers are to know of what was sent.
    const due = waiting.splice(0);
    const asks = (effect: BotEffect) => effect.type === "query";
    if (due.length > 0) this.carryOut([...due.filter((effect) => !asks(effect)), ...due.filter(asks)], i);
    if (this.isLive) this.walk(i);
    this.isOpen = false;
  }

  /** The rest of a bar that has opened. A liquidation goes before the rest, unless the stop is nearer. */
  private walk(i: number): void {
    const { market } = this;
    const isNear = market.isNearLiquidation(i, this.isLong);
    if (isNear) {
      market.markOpen(i);
      this.hear(i);
      const stop = numberOf(this.bot.state.position(this.symbol).stop);
      if (this.isLive && !market.isStopFirst(i, this.isLong, stop)) this.markWorst(i);
      if (!this.isLive) return;
    }
    market.walk(i);
    this.hear(i);
    if (isNear && this.isLive) this.markWorst(i);
  }

  private markWorst(i: number): void {
    this.market.markWorst(i, this.isLong);
    this.hear(i);
  }

  private get isLong(): boolean {
    return this.bot.state.ledger.size(this.symbol) > 0n;
  }

  private hear(i: number): void {
    this.market.port.drain(this.inbox);
    if (this.inbox.length > 0) this.carryOut(NOTHING, i);
  }

  /** Carries effects out, tells the bot what came of them, carries out what follows, until nothing does. */
  private carryOut(first: readonly BotEffect[], i = 0): void {
    const { inbox, bot } = this;
    const { port } = this.market;
    let effects = first;
    while (effects.length > 0 || inbox.length > 0) {
      for (const effect of effects) {
        if (effect.type === "journal") this.journal.push(effect.event);
        else if (!this.isOpen) this.wait(effect);
        else if (effect.type === "send") port.send(effect.id, effect.request);
        else port.ask(effect.query);
      }
      port.drain(inbox);
      const input = inbox.shift();
      if (!input) break;
      effects = input.type === "execution" ? this.execute(input, i) : bot.handle(input);
    }
    const { ledger } = bot.state;
    this.isLive = ledger.size(this.symbol) !== 0n || bot.state.pending(this.symbol).length > 0;
    this.market.changed();
  }

  /**
   * Keeps an effect until the market opens. A protective price is taken at once, as the bot knows what the open will be
   * and that it is on the right side of it; of two the later one counts, in the place of the earlier.
   */
  private wait(effect: Exclude<BotEffect, { type: "journal" }>): void {
    const { waiting, inbox } = this;
    if (!isProtect(effect)) {
      waiting.push(effect);
      return;
    }
    const earlier = waiting.findIndex(isProtect);
    waiting.splice(earlier < 0 ? waiting.length : earlier, earlier < 0 ? 0 : 1, effect);
    inbox.push({
      type: "answer",
      at: this.market.venue.now(),
      id: effect.id,
      outcome: { kind: "accepted", orderId: "" },
    });
  }

  private execute(input: Extract<BotInput, { type: "execution" }>, i: number): readonly BotEffect[] {
    const { bot, symbol } = this;
    const { state } = bot;
    const isEntry = state.ledger.size(symbol) === 0n;
    const stop = numberOf(state.position(symbol).stop);
    this.book.take(input.fact, { bar: i, reason: this.reasonOf(input.fact, stop), stop });
    const effects = bot.handle(input);
    if (isEntry) {
      const { stop: first, linkId } = state.position(symbol);
      this.book.protect(numberOf(first), numberOf(state.orders.get(linkId)?.takeProfit ?? null));
    }
    return effects;
  }

  /** What an execution was for; only asked of those that leave a position. */
  private reasonOf({ type, stopOrderType, orderLinkId }: ExecutionFact, stop: number | null): ExitReason {
    if (type === "BustTrade") return "liquidation";
    if (stopOrderType === "TakeProfit") return "takeProfit";
    if (stopOrderType === "TrailingStop") return "trailingStop";
    const { lane, symbol } = this;
    const { ledger, orders } = this.bot.state;
    const direction: Direction = ledger.size(symbol) > 0n ? 1 : -1;
    if (stopOrderType === "StopLoss" || orders.get(orderLinkId)?.purpose === "stop") {
      const entry = ledger.entryPrice(symbol);
      return stop !== null && entry !== null && lane.isTrailing(stop, direction, entry) ? "trailingStop" : "stopLoss";
    }
    return lane.row && lane.wanted(lane.row) === -direction ? "reverse" : "signal";
  }

  /** A bar of `bars` in the one object there is for it. */
  private barAt(bars: Bars, i: number): StreamBar {
    const { bar } = this;
    bar.time = bars.time[i]!;
    bar.open = bars.open[i]!;
    bar.high = bars.high[i]!;
    bar.low = bars.low[i]!;
    bar.close = bars.close[i]!;
    bar.volume = bars.volume[i]!;
    return bar;
  }
}

function laneOf({ strategy, params, bars, instrument, settings, follow }: RunOptions): Lane {
  const { sizing, feeRate, side, stopLoss, takeProfit, trailingStop } = settings;
  return new Lane({
    name: LANE,
    ...{ strategy, params, instrument, sizing, feeRate, side, stopLoss, takeProfit, trailingStop },
    ...{ interval: bars.interval, follow },
    leverage: Math.min(settings.leverage, Number(instrument.maxLeverage)),
    slippage: settings.slippageBps / 10_000,
  });
}

function isProtect(effect: BotEffect): effect is Extract<BotEffect, { type: "send" }> {
  return effect.type === "send" && effect.request.kind === "protect";
}

function numberOf(text: string | null): number | null {
  return text === null ? null : Number(text);
}
