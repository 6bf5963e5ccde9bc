import { type VenuePort, venuePort } from "../../../src/backtest/replay/venue-port.ts";
import type { JournalEvent } from "../../../src/engine/events.ts";
import type { BotEffect, BotInput } from "../../../src/engine/inputs.ts";
import type { Lane, LaneOptions } from "../../../src/engine/lane.ts";
import { replayJournal } from "../../../src/engine/state.ts";
import { createVenue } from "../../../src/matching/create.ts";
import type { MarketKey } from "../../../src/matching/types.ts";
import type { Venue } from "../../../src/matching/venue.ts";
import { stepsOf } from "../../../src/model/instrument.ts";
import { type BotAtHand, bornBot, IDENTITY, laneOf, MINUTE, T0 } from "./bot.ts";

const ACCOUNT = "regressions";
/** Answers and news that one input may lead to. */
const MOST_ROUNDS = 1_000;

export interface Trading {
  readonly venue: Venue;
  /** Of the life at hand. */
  readonly hand: BotAtHand;
  readonly lane: Lane;
  /** Of all lives. */
  readonly journal: JournalEvent[];
  /** Requests in order, of all lives. */
  readonly requests: string[];
  /** Size and stop as the exchange has them, plain decimals. */
  readonly position: { readonly size: string; readonly stop: string };
  /** A minute passes in which the price goes to each of `prices`; then its bar closes. */
  minute(...prices: readonly number[]): void;
  /** The price moves within the minute. */
  trade(price: number): void;
  tell(input: BotInput): void;
  /** The bot dies and comes back with its journal and the bars so far. */
  restart(): void;
  /** Neither answers nor what happens to orders and positions is told any more, until `restart`; prices and bars are. */
  deafen(): void;
}

/** A bot on a venue of its own: what it wants is carried out there, what happens there it is told. */
export function tradingBot(given: Partial<LaneOptions> = {}): Trading {
  const options = laneOf(given);
  const { instrument } = options;
  const { symbol } = instrument;
  const steps = stepsOf(instrument);
  const key: MarketKey = `${instrument.category}/${symbol}`;
  const venue = createVenue({
    markets: [{ instrument, liquidity: { kind: "unlimited", slippageBps: 0 } }],
    startTime: T0,
    fees: { [instrument.category]: { taker: 0, maker: 0 } },
    ownTradesMovePrice: false,
    historyLimit: 1_000,
  });
  venue.openAccount({ id: ACCOUNT, balances: { USDT: 10_000 }, leverage: 10 });
  const port: VenuePort = venuePort(venue, ACCOUNT, [{ key, instrument, steps }]);
  const journal: JournalEvent[] = [];
  const requests: string[] = [];
  const past: Parameters<BotAtHand["bot"]["warm"]>[1][] = [];
  let hand = bornBot({ lanes: [options] });
  let isDeaf = false;
  let minutes = 0;
  let last: number | null = null;

  const carryOut = (first: readonly BotEffect[]): void => {
    const inbox: BotInput[] = [];
    let effects = first;
    for (let rounds = 0; ; rounds++) {
      if (rounds > MOST_ROUNDS) throw new Error("the bot and the exchange do not come to rest");
      for (const effect of effects) {
        if (effect.type === "journal") journal.push(effect.event);
        else if (effect.type === "query") port.ask(effect.query);
        else {
          const { request } = effect;
          const stop = "stopLoss" in request ? ` stop ${request.stopLoss}` : "";
          requests.push(`${request.kind}${"qty" in request ? ` ${request.side} ${request.qty}` : ""}${stop}`);
          port.send(effect.id, request);
        }
      }
      port.drain(inbox);
      const next = isDeaf ? undefined : inbox.shift();
      if (!next) return;
      effects = hand.tell(next);
    }
  };
  const quote = () => {
    if (last === null) return;
    hand.bot.price(symbol, { last, bid: null, ask: null, mark: null, time: venue.now() });
  };
  const tell = (input: BotInput) => {
    quote();
    carryOut(hand.tell(input));
  };
  const trade = (price: number) => {
    last = price;
    venue.onTrade(key, { price: steps.price.count(price, "exact"), qty: 1, side: "buy" });
    quote();
    carryOut([]);
  };
  tell({ type: "time", at: T0 });
  return {
    venue,
    journal,
    requests,
    get hand() {
      return hand;
    },
    get lane() {
      return hand.lanes[0]!;
    },
    get position() {
      const row = venue.positions(ACCOUNT, key)[0]!;
      return { size: steps.qty.format(row.size), stop: steps.price.format(row.stopLoss) };
    },
    minute(...prices) {
      const time = T0 + minutes * MINUTE;
      minutes += 1;
      for (const price of prices) trade(price);
      const bar = {
        time,
        open: prices[0]!,
        high: Math.max(...prices),
        low: Math.min(...prices),
        close: prices.at(-1)!,
        volume: 1,
      };
      const at = time + MINUTE;
      venue.advanceTo(at);
      past.push(bar);
      tell({ type: "bar", at, lane: options.name, bar });
    },
    trade,
    tell,
    restart() {
      isDeaf = false;
      port.drain([]);
      hand = bornBot({ lanes: [options], state: replayJournal(journal, IDENTITY) });
      for (const bar of past) hand.bot.warm(options.name, bar);
      tell({ type: "time", at: venue.now() });
    },
    deafen() {
      isDeaf = true;
    },
  };
}
