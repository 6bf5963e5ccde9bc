import { createVenue } from "../../matching/create.ts";
import type { VenueEvent } from "../../matching/events.ts";
import type { Liquidity, MarketKey, MarketOptions } from "../../matching/types.ts";
import type { Venue } from "../../matching/venue.ts";
import type { Desk } from "../desk.ts";
import { accountRoutes } from "../endpoints/account.ts";
import { orderRoutes } from "../endpoints/orders.ts";
import { positionRoutes } from "../endpoints/position.ts";
import { tradeRoutes } from "../endpoints/trade.ts";
import { PrivatePublisher } from "../feed/privatefeed.ts";
import type { Depth, Level } from "../market/book.ts";
import type { Market, Moment } from "../market/market.ts";
import { executionPush, fastExecutionPush } from "../wire/execution.ts";
import { ids } from "../wire/ids.ts";
import { orderPush } from "../wire/order.ts";
import { positionPush } from "../wire/position.ts";
import { walletRow } from "../wire/wallet.ts";
import type { World } from "../world.ts";
import { accepted, keyOfMarket } from "./convert.ts";
import { type FactMaker, factMaker, unitsText } from "./facts.ts";
import { venueLedger } from "./venueledger.ts";
import { wireIds } from "./wireids.ts";

/** How a desk is furnished. */
export interface DeskOptions {
  /** Decimal amounts by coin, of every account. */
  readonly balances?: Readonly<Record<string, string>> | undefined;
  readonly liquidity?: Liquidity | undefined;
}

const LADDER_LEVELS = 1_000;
/** A level holds this share of a mean bar's volume. */
const LEVEL_SHARE = 0.05;

/** Opens the trading side of `world` on a venue of its own. */
export function openDesk(world: World, options: DeskOptions = {}): void {
  const byKey = new Map(world.markets().map((market) => [keyOf(market), market]));
  const marketAt = (key: MarketKey): Market => byKey.get(key)!; // the venue knows the markets it was given
  const venue = createVenue({
    markets: world.markets().map((market) => marketOptions(market, options)),
    seed: world.seed,
    startTime: world.startTime,
    ownTradesMovePrice: world.walk === "ticks",
  });
  const balances = options.balances ?? usualBalances(world.markets());
  for (const id of new Set([...world.keys.values()].map((key) => key.account))) venue.openAccount({ id, balances });
  const wire = wireIds(world.seed);
  const facts = factMaker({ ids: wire, market: marketAt, scale: (coin) => venue.coinScale(coin) });
  const ledger = venueLedger({ venue, facts, ids: wire, markets: world.markets() });
  const privateFeed = new PrivatePublisher(world.hub, ids(world.seed, "pushes"));
  venue.listen(listener({ venue, facts, privateFeed, world, marketAt }));
  const funding = new Map<Market, number>();
  for (const market of world.markets()) {
    if (market.instrument.fundingIntervalMs > 0 && (market.isFed || !market.funding)) {
      funding.set(market, market.nextFunding(world.startTime));
    }
    syncPrices(venue, market, world);
  }

  const desk: Desk = {
    get routes() {
      const shared = {
        now: () => world.now(),
        markets: () => world.markets(),
        market: world.market.bind(world),
        depth: desk.depth,
        insurance: desk.insurance,
        startTime: world.startTime,
        deposit: desk.deposit,
      };
      return [
        ...tradeRoutes(ledger, shared),
        ...orderRoutes(ledger, shared),
        ...positionRoutes(ledger, shared),
        ...accountRoutes(ledger, shared),
      ];
    },
    nextTime: () => Math.min(venue.nextTime(), ...funding.values()),
    onTime(now) {
      venue.advanceTo(now);
      for (const [market, due] of funding) {
        if (due > now) continue;
        venue.onFunding(keyOf(market), market.fundingRate(due));
        funding.set(market, market.nextFunding(now));
      }
    },
    onMoment(market, moment) {
      if (moment.kind === "close") return;
      venue.advanceTo(moment.time);
      apply(venue, market, moment, world);
      syncPrices(venue, market, world);
      if (market.isFed && funding.has(market)) funding.set(market, market.nextFunding(world.now()));
    },
    depth: (market, levels) => shown(venue.depth(keyOf(market), levels), market),
    flush() {
      for (const market of world.markets()) market.seq = venue.quote(keyOf(market)).seq;
      privateFeed.flush(world.now());
    },
    insurance: (coin) => unitsText(venue.insurance(coin), venue.coinScale(coin)),
    balance: (account, coin) =>
      Number(ledger.wallet(account).coins.find((row) => row.coin === coin)?.walletBalance ?? 0),
    liquidate: (market) => venue.accounts().filter((account) => venue.liquidate(account, keyOf(market))).length > 0,
    deleverage(market, qty) {
      const steps = qty === "" ? 0 : market.printing.qty.count(qty, "floor");
      return venue.accounts().filter((account) => venue.deleverage(account, keyOf(market), steps)).length > 0;
    },
    deposit(account, coin, amount) {
      accepted(venue.transfer(account, coin, Math.round(amount * 10 ** venue.coinScale(coin))));
    },
    changeInstrument(market, change) {
      const instrument = { ...market.instrument, ...change };
      venue.setInstrument(keyOf(market), instrument);
      market.setInstrument(instrument);
    },
    digest: () => venue.digest(),
  };
  world.open(desk);
}

function keyOf(market: Market): MarketKey {
  return keyOfMarket(market.instrument.category, market.instrument.symbol);
}

function marketOptions(market: Market, options: DeskOptions): MarketOptions {
  const levelQty = Math.max(1, Math.round(market.meanVolume * LEVEL_SHARE));
  return {
    instrument: market.instrument,
    lastPrice: market.last,
    liquidity: options.liquidity ?? { kind: "ladder", spreadTicks: 1, levelQty, levels: LADDER_LEVELS },
    // A fed market's own rates end where its history does.
    ...(market.funding && !market.isFed && { funding: market.funding }),
  };
}

/** 100,000 USDT, and one of each coin that inverse contracts settle in. */
function usualBalances(markets: readonly Market[]): Record<string, string> {
  const inverse = markets.filter((market) => market.instrument.category === "inverse");
  const coins = inverse.map((market) => [market.instrument.settleCoin, "1"] as const);
  return { USDT: "100000", ...Object.fromEntries(coins) };
}

/** Lets the source's trades reach the public first, then the venue. */
function apply(venue: Venue, market: Market, moment: Exclude<Moment, { kind: "close" }>, world: World): void {
  const key = keyOf(market);
  const publish = () => {
    for (const tick of moment.ticks) world.feed.traded(market, market.book(tick, venue.nextSeq(key)));
  };
  if (moment.kind === "walk") {
    // What fills on the way fills before the bar is over; the source's trades of the way follow.
    venue.onBar(key, moment.bar);
    publish();
    return;
  }
  publish();
  if (moment.kind === "open") venue.openBar(key, moment.price);
  else for (const tick of moment.ticks) venue.onTrade(key, tick);
}

/** Moves mark and index to where they should be; by bars the venue keeps them at the last price itself. */
function syncPrices(venue: Venue, market: Market, world: World): void {
  const key = keyOf(market);
  if (world.walk === "ticks") venue.setPrices(key, market.pricesAt(world.now()));
  const { mark, index } = venue.quote(key);
  market.setPrices({ mark, index });
}

interface Ears {
  readonly venue: Venue;
  readonly facts: FactMaker;
  readonly privateFeed: PrivatePublisher;
  readonly world: World;
  readonly marketAt: (key: MarketKey) => Market;
}

/** Turns what the venue tells into pushes. */
function listener({ venue, facts, privateFeed, world, marketAt }: Ears): (event: VenueEvent) => void {
  return (event) => {
    if (event.type === "order") {
      const { order } = event;
      const { category } = marketAt(order.market).instrument;
      const data = () => orderPush(facts.order(order));
      privateFeed.add({ account: order.account, topic: "order", category, data });
    } else if (event.type === "execution") {
      const { execution } = event;
      const { category } = marketAt(execution.market).instrument;
      const { account } = execution;
      privateFeed.add({ account, topic: "execution", category, data: () => executionPush(facts.execution(execution)) });
      if (execution.type !== "Trade") return;
      const data = () => fastExecutionPush(facts.execution(execution));
      privateFeed.add({ account, topic: "execution.fast", category, data });
    } else if (event.type === "position") {
      const { category } = marketAt(event.market).instrument;
      const data = () => positionPush(facts.position(event.position()));
      privateFeed.add({ account: event.account, topic: "position", category, data });
    } else if (event.type === "wallet") {
      const data = () => walletRow(facts.wallet(venue.wallet(event.account)));
      privateFeed.add({ account: event.account, topic: "wallet", category: undefined, data });
    } else if (event.type === "trade") {
      const market = marketAt(event.market);
      world.feed.traded(market, market.book(event, event.seq));
    } else if (event.type === "liquidation") {
      const market = marketAt(event.market);
      const { price, qty } = market.printing;
      const { time, side } = event;
      world.feed.liquidated(market, { time, side, qty: qty.format(event.qty), price: price.format(event.price) });
    }
  };
}

/** A depth as it can be written: of what there is without end, the largest order is shown. */
function shown({ bids, asks }: Depth, { printing, instrument }: Market): Depth {
  const most = printing.qty.count(instrument.maxOrderQty, "floor");
  const capped = (side: readonly Level[]) =>
    side.some(([, qty]) => qty === Infinity) ? side.map(([price, qty]) => [price, Math.min(qty, most)] as const) : side;
  return { bids: capped(bids), asks: capped(asks) };
}
