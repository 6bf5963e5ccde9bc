import { Bot } from "../../../src/engine/bot.ts";
import type { JournalEvent, RefusalReason } from "../../../src/engine/events.ts";
import type { AccountReport, ExecutionFact, PositionFact } from "../../../src/engine/facts.ts";
import type { BotEffect, BotInput } from "../../../src/engine/inputs.ts";
import { Lane, type LaneOptions } from "../../../src/engine/lane.ts";
import type { BotQuery, BotRequest } from "../../../src/engine/requests.ts";
import type { BotState } from "../../../src/engine/state.ts";
import type { GuardLimits } from "../../../src/risk/guards.ts";
import { syntheticInstrument } from "../../../src/store/synthetic.ts";
import { float } from "../../../src/strategy/param.ts";
import { defineStrategy } from "../../../src/strategy/strategy.ts";
import { LIMITS } from "../../simulation/process.ts";

export const T0 = Date.UTC(2024, 4, 6, 12);
export const MINUTE = 60_000;
export const BTC = "BTCUSDT";
export const IDENTITY = { environment: "replay", account: "regressions" } as const;

const price = float(0, { min: 0, max: 1e9 });

/** Long above one price, out below another, short below a third: nothing to warm up, and every signal is plain to see. */
export const threshold = defineStrategy({
  name: "threshold",
  params: { above: float(1e9, { min: 0, max: 1e9 }), out: price, under: price },
  rules: ({ close }, p) => ({
    enterLong: close.above(p.above),
    exitLong: close.below(p.out),
    enterShort: close.below(p.under),
  }),
});

/** A lane of `threshold` on one-minute bars, long above 50,000, without costs, but for what `given` says. */
export function laneOf(given: Partial<LaneOptions> = {}): LaneOptions {
  return {
    name: "lane",
    strategy: threshold,
    params: { above: 50_000 },
    interval: "1",
    instrument: syntheticInstrument(BTC),
    sizing: { kind: "quote", quote: 3_000 },
    leverage: 5,
    feeRate: 0,
    slippage: 0,
    side: "both",
    stopLoss: 0.02,
    takeProfit: null,
    trailingStop: null,
    ...given,
  };
}

/** What an exchange says of an account with 10,000 that did nothing, but for what `given` says. */
export function accountOf(given: Partial<AccountReport> = {}): AccountReport {
  return { askedAt: T0, openOrders: [], executions: [], positions: [], walletBalance: "10000", ...given };
}

export function fillOf(given: Partial<ExecutionFact>): ExecutionFact {
  return {
    ...{ symbol: BTC, execId: "1", orderId: "1", orderLinkId: "", side: "buy", price: "50100", qty: "0.059", fee: "0" },
    ...{ feeCoin: "USDT", type: "Trade", stopOrderType: "", time: T0 },
    ...given,
  };
}

export function positionOf(given: Partial<PositionFact>): PositionFact {
  return {
    ...{ symbol: BTC, size: "0.059", entryPrice: 50_100, stopLoss: null },
    ...{ takeProfit: null, trailingStop: null, liquidationPrice: null },
    ...given,
  };
}

export interface BotAtHand {
  readonly bot: Bot;
  readonly lanes: readonly Lane[];
  /** Everything it has journalled. */
  readonly journal: JournalEvent[];
  tell(input: BotInput): readonly BotEffect[];
  /** Tells a lane (the first unless named) that the `minute`-th minute since `T0` has closed at `close`. */
  bar(minute: number, close: number, more?: { readonly lane?: string; readonly at?: number }): readonly BotEffect[];
}

export interface BotGiven {
  readonly lanes?: readonly LaneOptions[];
  readonly limits?: Partial<GuardLimits>;
  readonly state?: BotState;
}

/** A bot that nothing was told yet. */
export function bornBot({ lanes: options = [laneOf()], limits, state }: BotGiven = {}): BotAtHand {
  const lanes = options.map((each) => new Lane(each));
  const bot = new Bot({ identity: IDENTITY, lanes, limits: { ...LIMITS, ...limits } }, state);
  const journal: JournalEvent[] = [];
  const tell = (input: BotInput) => {
    const effects = bot.handle(input);
    for (const effect of effects) if (effect.type === "journal") journal.push(effect.event);
    return effects;
  };
  return {
    ...{ bot, lanes, journal, tell },
    bar(minute, close, { lane: name = lanes[0]!.options.name, at = T0 + (minute + 1) * MINUTE } = {}) {
      const lane = lanes.find((each) => each.options.name === name)!;
      bot.price(lane.symbol, { last: close, bid: null, ask: null, mark: null, time: at });
      const time = T0 + minute * MINUTE;
      return tell({
        type: "bar",
        at,
        lane: name,
        bar: { time, open: close, high: close, low: close, close, volume: 1 },
      });
    },
  };
}

/** A bot that was shown an account with 10,000. */
export function readyBot(given: BotGiven = {}): BotAtHand {
  const hand = bornBot(given);
  hand.tell({ type: "time", at: T0 });
  hand.tell({ type: "report", at: T0, report: accountOf() });
  return hand;
}

/** A bot that was long 0.059 at 50,100 with its stop at 49,098, and its entry. */
export function longBot(given: BotGiven = {}): BotAtHand & { readonly entry: Sent } {
  const hand = readyBot(given);
  const [entry] = sent(hand.bar(0, 50_100), "entry");
  hand.tell({ type: "answer", at: T0 + MINUTE, id: entry!.id, outcome: { kind: "accepted", orderId: "1" } });
  const at = T0 + MINUTE + 100;
  const rest = { reduceOnly: false, stopOrderType: "", rejectReason: "", updatedTime: at };
  hand.tell({ type: "execution", at, fact: fillOf({ orderLinkId: entry!.id, time: at }) });
  hand.tell({
    type: "order",
    at,
    fact: { symbol: BTC, orderId: "1", orderLinkId: entry!.id, status: "Filled", ...filled("0.059"), ...rest },
  });
  return { ...hand, entry: entry! };
}

const filled = (qty: string) => ({ qty, cumExecQty: qty });

export interface Sent {
  readonly id: string;
  readonly request: BotRequest;
}

/** Requests among `effects`, all or of one kind. */
export function sent(effects: readonly BotEffect[], kind?: BotRequest["kind"]): Sent[] {
  return effects.flatMap((effect) =>
    effect.type === "send" && (kind === undefined || effect.request.kind === kind) ? [effect] : [],
  );
}

export function queries(effects: readonly BotEffect[]): BotQuery[] {
  return effects.flatMap((effect) => (effect.type === "query" ? [effect.query] : []));
}

/** Why entries were not made. */
export function refused(effects: readonly BotEffect[]): RefusalReason[] {
  return effects.flatMap((effect) =>
    effect.type === "journal" && effect.event.type === "refusal" ? [effect.event.why] : [],
  );
}
