import type { Instrument } from "../model/instrument.ts";
import type { Side } from "../model/trade.ts";
import { Contract } from "./contract.ts";
import { type Displayed, Ladder, Recorded, Unlimited } from "./displayed.ts";
import type { OrderOf } from "./order.ts";
import { OpenOrders, OrderIndex } from "./orderlists.ts";
import { OwnSide } from "./ownbook.ts";
import { Ring } from "./ring.ts";
import type { ClosedPnlRow, ExecutionRow, FundingRow, TransactionRow } from "./rows.ts";
import { Triggers } from "./triggers.ts";
import type { FeeRates, MarginMode, MarketKey, MarketOptions, PositionIdx, PriceSource } from "./types.ts";

export type Order = OrderOf<Holding>;

/** A position and the open orders that belong to it. Money in the settle coin. */
export class Position {
  readonly idx: PositionIdx;
  /** Signed steps. */
  size = 0;
  /** Entry value, ≥ 0. */
  cost = 0;
  /** Fees paid for what is open. */
  openFee = 0;
  /** Isolated margin beyond the initial one. */
  extra = 0;
  autoAdd = false;
  curRealised = 0;
  cumRealised = 0;
  createdTime = 0;
  updatedTime = 0;
  openTime = 0;
  seq = -1;
  status: "Normal" | "Liq" | "Adl" = "Normal";
  takeProfit: Order | undefined;
  stopLoss: Order | undefined;
  trailing: Order | undefined;
  readonly partials: Order[] = [];
  /** Resting reduce-only orders. */
  readonly reducers: Order[] = [];
  /** Resting orders that may open: steps and value by side. */
  buyQty = 0;
  buyValue = 0;
  sellQty = 0;
  sellValue = 0;
  /** Marks at which it may have to be liquidated. */
  riskLow = 0;
  riskHigh = Infinity;
  touched = false;

  constructor(idx: PositionIdx) {
    this.idx = idx;
  }
}

/** What an account has in one market. */
export class Holding {
  readonly account: Account;
  readonly market: MarketState;
  /** The wallet's coin that values and margins here are counted in (spot: the quote coin). */
  readonly settle: CoinAccount;
  readonly positions: readonly [Position, Position, Position] = [new Position(0), new Position(1), new Position(2)];
  /** Of the account in this category. */
  rates: FeeRates;
  isHedge = false;
  leverageBuy: number;
  leverageSell: number;
  /** Open orders: in the book, and conditional ones that wait. */
  active = 0;
  conditional = 0;
  /** It is one of the market's holders. */
  isHolder = false;
  /** Index prices at which the account's risk must be judged: this market prices a coin it holds. */
  indexLow = 0;
  indexHigh = Infinity;

  constructor(account: Account, market: MarketState, leverage: number) {
    this.account = account;
    this.market = market;
    this.settle = account.wallet(market.coin);
    this.rates = account.fees.get(market.instrument.category)!;
    this.leverageBuy = leverage;
    this.leverageSell = leverage;
  }

  /** The sides in use: one, or long and short. */
  sides(): readonly Position[] {
    return this.isHedge ? this.positions.slice(1) : [this.positions[0]];
  }

  get hasPosition(): boolean {
    const [one, long, short] = this.positions;
    return one.size !== 0 || long.size !== 0 || short.size !== 0;
  }

  get hasOrders(): boolean {
    return this.active > 0 || this.conditional > 0 || this.positions.some((p) => p.partials.length > 0);
  }

  /** Leverage of the side a position (or order) of this sign has. */
  leverage(sign: number): number {
    return sign < 0 ? this.leverageSell : this.leverageBuy;
  }
}

/** The books of one coin, all accounts together; money units. */
export interface Coin {
  readonly name: string;
  readonly scale: number;
  /** One unit as an amount of coin. */
  readonly unit: number;
  /** A market whose index tells its price in USD, for coins that are not USD themselves. */
  priced: MarketState | undefined;
  readonly fixedUsd: number;
  deposits: number;
  fees: number;
  funding: number;
  /** What the insurance fund has, and what it started with. */
  insurance: number;
  readonly endowment: number;
}

/** One coin of a wallet. */
export interface CoinAccount {
  readonly coin: Coin;
  balance: number;
  /** Held by open spot orders. */
  locked: number;
  cumRealised: number;
}

/** An account: wallet, holdings, orders, history. */
export class Account {
  readonly id: string;
  marginMode: MarginMode;
  readonly leverage: number;
  readonly hedges: boolean;
  readonly coins: CoinAccount[] = [];
  readonly holdings: Holding[] = [];
  readonly byMarket = new Map<string, Holding>();
  /** The one asked for last: it is mostly asked for again. */
  lately: Holding | undefined;
  /** By the id of the order; also closed ones that history still holds. */
  readonly orders = new OrderIndex<Order>();
  readonly links = new Map<string, Order>();
  readonly open = new OpenOrders<Order>();
  readonly closed: Ring<Order>;
  readonly executions: Ring<ExecutionRow>;
  readonly closedPnl: Ring<ClosedPnlRow>;
  readonly transactions: Ring<TransactionRow>;
  readonly fees = new Map<string, FeeRates>();
  touchedWallet = false;
  /** A position or balance changed since its risk was judged; it is on the venue's list of those then. */
  isRiskStale = false;
  readonly stale: Account[];

  constructor(
    id: string,
    options: { marginMode: MarginMode; leverage: number; hedges: boolean; history: number; stale: Account[] },
  ) {
    this.stale = options.stale;
    this.id = id;
    this.marginMode = options.marginMode;
    this.leverage = options.leverage;
    this.hedges = options.hedges;
    this.closed = new Ring(options.history);
    this.executions = new Ring(options.history);
    this.closedPnl = new Ring(options.history);
    this.transactions = new Ring(options.history);
  }

  get isIsolated(): boolean {
    return this.marginMode === "ISOLATED_MARGIN";
  }

  at(market: MarketState): Holding {
    const { lately } = this;
    if (lately?.market === market) return lately;
    let holding = this.byMarket.get(market.key);
    if (!holding) {
      const most = market.contract.maxLeverage;
      holding = new Holding(this, market, Math.max(1, Math.min(this.leverage, most)));
      holding.isHedge = this.hedges && market.instrument.category === "linear";
      this.byMarket.set(market.key, holding);
      this.holdings.push(holding);
    }
    this.lately = holding;
    return holding;
  }

  wallet(coin: Coin): CoinAccount {
    // A handful of coins: a scan beats a map.
    for (const own of this.coins) if (own.coin === coin) return own;
    const own = { coin, balance: 0, locked: 0, cumRealised: 0 };
    this.coins.push(own);
    return own;
  }
}

/** Settlements kept for queries. */
const FUNDING_ROWS = 2_000;

/** One market: prices, displayed and own depth, orders that wait, and what the rest of the world holds. */
export class MarketState {
  readonly key: MarketKey;
  readonly options: MarketOptions;
  /** What values are counted in (settle coin, spot: quote), and the base coin. */
  readonly coin: Coin;
  readonly base: Coin;
  contract: Contract;
  readonly priceLimit: { readonly x: number; readonly y: number };
  displayed: Displayed;
  readonly bids = new OwnSide<Order>(1);
  readonly asks = new OwnSide<Order>(-1);
  readonly triggers: Record<PriceSource, Triggers<Order>> = {
    LastPrice: new Triggers<Order>(),
    MarkPrice: new Triggers<Order>(),
    IndexPrice: new Triggers<Order>(),
  };
  /** Trailing stops, active or not. */
  readonly trailing: Order[] = [];
  /** Holdings that ever had a position here, or whose account's risk hangs on the index price here. */
  readonly holders: Holding[] = [];
  last = 0;
  mark = 0;
  index = 0;
  hasOwnMark = false;
  hasOwnIndex = false;
  /** Taker of the last price change. */
  lastTaker: Side = "buy";
  seq = 0;
  /** Signed steps and money (by coin role) that the rest of the market got from trading with accounts. */
  restSize = 0;
  restValue = 0;
  restBase = 0;
  /** Marks at which some position may have to be liquidated; nothing happens strictly between. */
  riskLow = 0;
  riskHigh = Infinity;
  /** The same for its index price, where it prices a coin of some account. */
  indexLow = 0;
  indexHigh = Infinity;
  /** Prices strictly between which a bar changes nothing but the last price; −1 when it must be found anew. */
  quietLow = -1;
  quietHigh = -1;
  /** A bar is being walked after its open. */
  isWalking = false;
  /** Its extremes (while its open gaps: the open), which no fill leaves; all prices between bars. */
  barLow = 0;
  barHigh = Infinity;
  /** Trigger direction of the profits that wait until both extremes were seen; 0 for none. */
  heldProfits: 0 | 1 | 2 = 0;
  /** Profit orders made while a bar was walked; they may fire from its close on. */
  readonly held: Order[] = [];
  /** Opening of the bar whose open was set, and the quantity its resting orders may still take. */
  barTime = -1;
  barLeft = Infinity;
  /** Set while an open gaps: resting orders passed fill there. */
  gapPrice = 0;
  bookChanged = false;
  readonly funding: FundingRow[] = [];
  /** Next of `options.funding` to be settled. */
  nextFunding = 0;

  constructor(options: MarketOptions, seed: number | string, coinOf: (name: string) => Coin) {
    const { instrument } = options;
    this.options = options;
    this.coin = coinOf(instrument.category === "spot" ? instrument.quoteCoin : instrument.settleCoin);
    this.base = coinOf(instrument.baseCoin);
    this.key = `${instrument.category}/${instrument.symbol}`;
    this.contract = this.#contractOf(instrument);
    const isSpot = instrument.category === "spot";
    this.priceLimit = options.priceLimit ?? (isSpot ? { x: 0.005, y: 0.01 } : { x: 0.01, y: 0.02 });
    const liquidity = options.liquidity ?? { kind: "unlimited" };
    this.displayed =
      liquidity.kind === "unlimited"
        ? new Unlimited(liquidity.slippageBps ?? 0)
        : new Ladder(liquidity, `${seed}/ladder/${this.key}`);
    if (options.lastPrice) this.setLast(options.lastPrice, "buy");
  }

  get instrument(): Instrument {
    return this.contract.instrument;
  }

  setInstrument(instrument: Instrument): void {
    this.contract = this.#contractOf(instrument);
  }

  #contractOf(instrument: Instrument): Contract {
    return new Contract(instrument, this.coin.scale, this.base.scale);
  }

  own(sign: 1 | -1): OwnSide<Order> {
    return sign === 1 ? this.bids : this.asks;
  }

  /** Best price of a side over displayed and own depth; −∞ or +∞ when empty. */
  best(sign: 1 | -1): number {
    const own = this.own(sign).bestPrice;
    const displayed = this.displayed.best(sign);
    return sign === 1 ? Math.max(own, displayed) : Math.min(own, displayed);
  }

  price(source: PriceSource): number {
    return source === "LastPrice" ? this.last : source === "MarkPrice" ? this.mark : this.index;
  }

  /** The source trades at `price`; mark and index follow unless they are fed. */
  setLast(price: number, taker: Side): void {
    this.displayed.follow(price, taker);
    this.lastTaker = taker;
    this.noteLast(price);
  }

  /** The last price moves without the source: an own trade. */
  noteLast(price: number): void {
    this.last = price;
    if (!this.hasOwnMark) this.mark = price;
    if (!this.hasOwnIndex) this.index = price;
  }

  /** Turns to recorded depth. */
  recorded(): Recorded {
    if (this.displayed instanceof Recorded) return this.displayed;
    const recorded = new Recorded();
    this.displayed = recorded;
    return recorded;
  }

  settled(time: number, rate: number): void {
    this.funding.push({ time, rate });
    if (this.funding.length > 2 * FUNDING_ROWS) this.funding.splice(0, FUNDING_ROWS);
  }
}
