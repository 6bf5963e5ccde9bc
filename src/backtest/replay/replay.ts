import { ArgumentError } from "../../core/errors.ts";
import { DAY_MS, intervalMs } from "../../core/time.ts";
import { Bot } from "../../engine/bot.ts";
import type { JournalEvent } from "../../engine/events.ts";
import type { BotEffect, BotInput } from "../../engine/inputs.ts";
import { Lane } from "../../engine/lane.ts";
import { createVenue } from "../../matching/create.ts";
import type { MarketKey } from "../../matching/types.ts";
import { computeMetrics } from "../../metrics/metrics.ts";
import type { Bars } from "../../model/bar.ts";
import type { FundingRates } from "../../model/funding.ts";
import { type Instrument, stepsOf } from "../../model/instrument.ts";
import type { ExitReason } from "../../model/trade.ts";
import type { GuardLimits } from "../../risk/guards.ts";
import { resolveParams } from "../../strategy/resolve.ts";
import type { Strategy } from "../../strategy/strategy.ts";
import { describeBars } from "../backtest.ts";
import type { BacktestResult } from "../result.ts";
import { type BacktestSettings, backtestSettings } from "../settings.ts";
import { TradeBook } from "./trades.ts";
import { venuePort } from "./venue-port.ts";

/** A replay: the bot itself, on a virtual clock, against the venue that the local exchange serves. */
export interface ReplayInput {
  readonly strategy: Strategy;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly bars: Bars;
  readonly settings?: Partial<BacktestSettings>;
  /** Ticks, steps and margins: an exchange has them always. */
  readonly instrument: Instrument;
  readonly funding?: FundingRates;
  /** What the bot may never do; without them only what a venue refuses is not done. */
  readonly limits?: GuardLimits;
}

/** A backtest's result with what the bot remembered. */
export interface ReplayResult extends BacktestResult {
  readonly journal: readonly JournalEvent[];
}

/** Nothing is forbidden: for comparing with the fast backtest, which has no guards. */
export const NO_LIMITS: GuardLimits = {
  riskPerTradeFraction: Infinity,
  maxDailyLossFraction: Infinity,
  maxDrawdownFraction: Infinity,
  maxOpenPositions: Infinity,
  maxPositionQuote: Infinity,
  minPositionQuote: 0,
  maxTotalQuote: Infinity,
  maxConsecutiveLosses: Infinity,
  cooldownBars: 0,
  maxPriceDeviationFraction: Infinity,
  maxSpreadBps: Infinity,
  maxDataAgeMs: Infinity,
  maxClockOffsetMs: Infinity,
};

const ACCOUNT = "replay";
const NOTHING: readonly BotEffect[] = [];
/** Nothing is ever missed here: looking at the whole account now and then only proves it. */
const RECONCILE_MS = 7 * DAY_MS;

/**
 * Trades the bars with the bot.
 *
 * A bar's close and the next one's open are one moment: the venue opens the next bar, the bot is told that the last one is
 * closed, and what it orders fills at that open. Then the rest of the bar is walked.
 *
 * @throws ArgumentError `REPLAY` where the settings are not those of a bot; and as `backtest`
 */
export function replay(input: ReplayInput): ReplayResult {
  const { strategy, bars, instrument, funding } = input;
  const { symbol } = instrument;
  const settings = backtestSettings(input.settings);
  requireReplayable(settings, instrument);
  const key: MarketKey = `${instrument.category}/${instrument.symbol}`;
  const steps = stepsOf(instrument);
  const step = intervalMs(bars.interval);
  const { length, time, open, high, low, close, volume } = bars;
  const rates = { taker: settings.feeRate, maker: settings.makerFeeRate ?? settings.feeRate };
  const venue = createVenue({
    markets: [
      {
        instrument,
        liquidity: { kind: "unlimited", slippageBps: settings.slippageBps },
        ...(settings.funding && funding && { funding }),
      },
    ],
    startTime: time[0]!,
    fees: { [instrument.category]: rates },
    ownTradesMovePrice: false,
    historyLimit: 1_000,
  });
  venue.openAccount({
    id: ACCOUNT,
    balances: { [instrument.settleCoin]: settings.cash },
    leverage: exchangeLeverage(settings.leverage, instrument),
  });
  const port = venuePort(venue, ACCOUNT, [{ key, instrument, steps }]);
  const lane = new Lane({
    name: "replay",
    strategy,
    params: resolveParams(strategy, input.params),
    interval: bars.interval,
    instrument,
    sizing: settings.sizing,
    leverage: settings.leverage,
    feeRate: settings.feeRate,
    slippage: settings.slippageBps / 10_000,
    side: settings.side,
    stopLoss: settings.stopLoss,
    takeProfit: settings.takeProfit,
    trailingStop: settings.trailingStop,
  });
  const identity = { environment: "replay", account: ACCOUNT } as const;
  const bot = new Bot({
    identity,
    lanes: [lane],
    limits: input.limits ?? NO_LIMITS,
    waits: { reconcileMs: RECONCILE_MS },
  });
  const journal: JournalEvent[] = [];
  const book = new TradeBook(step);
  const equity = new Float64Array(length);
  let barsInMarket = 0;

  const inbox: BotInput[] = [];
  const carryOut = (first: readonly BotEffect[]): void => {
    let effects = first;
    while (effects.length > 0 || inbox.length > 0) {
      for (const effect of effects) {
        if (effect.type === "journal") journal.push(effect.event);
        else if (effect.type === "send") port.send(effect.id, effect.request);
        else port.ask(effect.query);
      }
      port.drain(inbox);
      const next = inbox.shift();
      if (!next) return;
      if (next.type === "execution") book.take(next.fact, reasonOf(bot, next.fact));
      effects = bot.handle(next);
    }
  };
  const hear = (): void => {
    port.drain(inbox);
    if (inbox.length > 0) carryOut(NOTHING);
  };

  venue.openBar(key, steps.price.count(open[0]!, "nearest"));
  carryOut(bot.handle({ type: "time", at: time[0]! }));
  let flatEquity = bot.equity;
  for (let i = 0; i < length; i++) {
    const at = time[i]!;
    if (at > venue.now()) venue.advanceTo(at);
    const openTicks = steps.price.count(open[i]!, "nearest");
    if (i > 0) venue.openBar(key, openTicks);
    hear();
    bot.price(symbol, { last: open[i]!, bid: null, ask: null, mark: null, time: at });
    if (i > 0) carryOut(bot.handle({ type: "bar", at, lane: "replay", bar: barAt(i - 1) }));
    const isHeld = bot.state.ledger.size(symbol) !== 0n;
    venue.onBar(key, {
      time: at,
      open: openTicks,
      high: steps.price.count(high[i]!, "nearest"),
      low: steps.price.count(low[i]!, "nearest"),
      close: steps.price.count(close[i]!, "nearest"),
      volume: steps.qty.count(volume[i]!, "floor"),
    });
    hear();
    if (isHeld) {
      barsInMarket += 1;
      bot.price(symbol, { last: close[i]!, bid: null, ask: null, mark: null, time: at + step - 1 });
      flatEquity = bot.equity;
    }
    equity[i] = flatEquity;
  }
  book.end(symbol, time[length - 1]!, close[length - 1]!);
  const { trades } = book;
  const curve = { startEquity: settings.cash, time, equity, intervalMs: step };
  const metrics = computeMetrics({ ...curve, trades, barsInMarket, ambiguousBars: 0 });
  return {
    strategy: strategy.name,
    params: lane.options.params as BacktestResult["params"],
    data: describeBars(bars),
    ...{ settings, metrics, trades, equity, time, journal },
    refusals: refusalsOf(journal),
  };

  function barAt(i: number) {
    return {
      time: time[i]!,
      open: open[i]!,
      high: high[i]!,
      low: low[i]!,
      close: close[i]!,
      volume: volume[i]!,
    };
  }
}

/**
 * The leverage an account is set to: well above the bot's own cap, so that the exchange's margin for fees and for closing
 * never refuses what the cap allows. It multiplies nothing; liquidation of a cross position does not depend on it.
 */
export function exchangeLeverage(leverage: number, instrument: Instrument): number {
  return Math.max(1, Math.min(Number(instrument.maxLeverage), Math.max(2 * leverage, 10)));
}

function requireReplayable(settings: BacktestSettings, instrument: Instrument): void {
  const refuse = (text: string) => {
    throw new ArgumentError("REPLAY", `${text}; use the fast engine`, {});
  };
  if (settings.fill !== "next-open") refuse("a bot cannot trade on a close and at it (fill: close)");
  if (settings.participation !== null) refuse("a bot does not know how much will be traded (participation)");
  if (instrument.category !== "linear")
    refuse(`replay trades linear contracts, ${instrument.symbol} is ${instrument.category}`);
}

function reasonOf(bot: Bot, fact: { orderLinkId: string; stopOrderType: string; type: string }): ExitReason {
  if (fact.type === "BustTrade") return "liquidation";
  if (fact.stopOrderType === "TakeProfit") return "takeProfit";
  if (fact.stopOrderType === "StopLoss") return "stopLoss";
  if (fact.stopOrderType === "TrailingStop") return "trailingStop";
  return bot.state.orders.get(fact.orderLinkId)?.purpose === "stop" ? "trailingStop" : "signal";
}

function refusalsOf(journal: readonly JournalEvent[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const event of journal) {
    if (event.type !== "refusal") continue;
    const name = "guard" in event.why ? event.why.guard : event.why.reason;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
