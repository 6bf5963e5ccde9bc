import type { Category, Instrument } from "../model/instrument.ts";
import type { VenueListener } from "./events.ts";
import type {
  ClosedPnlRow,
  ExecutionRow,
  FundingRow,
  OrderRow,
  PositionRow,
  TransactionRow,
  WalletRow,
} from "./rows.ts";
import type {
  AccountOptions,
  AmendRequest,
  BarInput,
  Depth,
  FeeRates,
  MarginMode,
  MarketKey,
  OrderAck,
  OrderName,
  OrderRequest,
  PositionIdx,
  PositionMode,
  Reply,
  TradeInput,
  TradingStopRequest,
} from "./types.ts";

/** Prices of a market, ticks; 0 while unknown. */
export interface Quote {
  readonly last: number;
  readonly mark: number;
  readonly index: number;
  readonly bid: number;
  readonly ask: number;
  /** Cross sequence: grows with every trade, fill and order of this market. */
  readonly seq: number;
}

/** All money of one coin, to the unit; `residual` is 0 or the books are wrong. */
export interface Audit {
  readonly coin: string;
  readonly deposits: number;
  readonly wallets: number;
  /** Σ signed entry value of open positions. */
  readonly openCost: number;
  /** What went from accounts to the rest of the market (by trading), fees, funding and the insurance fund. */
  readonly market: number;
  readonly fees: number;
  readonly funding: number;
  readonly insurance: number;
  readonly residual: number;
}

/**
 * An exchange without a wire: books, fills, fees, margin, funding, liquidation on a virtual clock.
 *
 * Deterministic: the same options and calls give the same events. All numbers are integers in the units of
 * `types.ts`. Commands answer at once; what they cause has happened, and was told to the listener, when they return.
 */
export interface Venue {
  /** Epoch ms. */
  now(): number;
  /** Moves the clock forward and settles funding that is due. @throws ArgumentError `TIME` when it would go back */
  advanceTo(time: number): void;
  /** When funding of `MarketOptions.funding` is next settled, epoch ms; Infinity for none. */
  nextTime(): number;
  /** Hears every event from now on; replaces the one before. */
  listen(listener: VenueListener | undefined): void;

  // The market. Each call first settles what it causes, then returns.

  /** The first price of a new bar: last price jumps there, gaps fill at it. Walk the rest with `onBar`. */
  openBar(market: MarketKey, open: number): void;
  /**
   * Walks a whole bar: `openBar` (unless done for this `time`), then to the extreme adverse to resting stops, the other
   * extreme, the close. Moves the clock to its opening when that is later. No fill lies outside the bar, but for the
   * slippage of `unlimited` liquidity, which is a cost on top of the price.
   */
  onBar(market: MarketKey, bar: BarInput): void;
  /** A trade of the source: own orders it passes fill, those it touches fill behind the displayed queue. */
  onTrade(market: MarketKey, trade: TradeInput): void;
  /** Replaces (snapshot) or changes (delta, qty 0 deletes) the displayed depth; from then on it is recorded depth. */
  onBook(market: MarketKey, type: "snapshot" | "delta", depth: Depth): void;
  /** Ticks. Until first called the mark price follows the last price. */
  setMark(market: MarketKey, price: number): void;
  /** Ticks. Until first called the index price follows the last price. */
  setIndex(market: MarketKey, price: number): void;
  /** Both at once, so that no liquidation is judged between them. */
  setPrices(market: MarketKey, prices: { readonly mark: number; readonly index: number }): void;
  /** Settles funding now at the mark price; rate > 0: longs pay. */
  onFunding(market: MarketKey, rate: number): void;
  /** Puts changed rules in place (tick and step must stay); open orders stay as they are. */
  setInstrument(market: MarketKey, instrument: Instrument): void;

  // Accounts.

  /** @throws ArgumentError `ACCOUNT` when the id is taken */
  openAccount(options: AccountOptions): void;
  accounts(): readonly string[];
  /** Money in (> 0) or out (< 0) of a wallet; out only what is available (else 110004). */
  transfer(account: string, coin: string, amount: number): Reply<{ readonly balance: number }>;
  setFees(account: string, category: Category, rates: FeeRates): void;
  feeRates(account: string, market: MarketKey): FeeRates;

  // Commands.

  placeOrder(account: string, request: OrderRequest): Reply<OrderAck>;
  amendOrder(account: string, request: AmendRequest): Reply<OrderAck>;
  cancelOrder(account: string, name: OrderName): Reply<OrderAck>;
  /** Cancels the open orders that `wanted` likes, oldest first (500 at most). */
  cancelAll(account: string, wanted?: (order: OrderRow) => boolean): OrderAck[];
  /** One reply per item, in order. More than 20 (spot: 10) items: every one is refused with 10001. */
  placeBatch(account: string, requests: readonly OrderRequest[]): Reply<OrderAck>[];
  amendBatch(account: string, requests: readonly AmendRequest[]): Reply<OrderAck>[];
  cancelBatch(account: string, names: readonly OrderName[]): Reply<OrderAck>[];
  /** Initial and maintenance margin rates (fractions of margin balance) before and after an order that is not sent. */
  preCheck(
    account: string,
    request: OrderRequest,
  ): Reply<{ readonly before: readonly [im: number, mm: number]; readonly after: readonly [im: number, mm: number] }>;
  setLeverage(
    account: string,
    market: MarketKey,
    leverage: { readonly buy: number; readonly sell: number },
  ): Reply<object>;
  /** Linear only; by market, or (market absent) all markets settled in `coin` without position and orders. */
  switchPositionMode(
    account: string,
    scope: { readonly market?: MarketKey | undefined; readonly coin?: string | undefined },
    mode: PositionMode,
  ): Reply<object>;
  setMarginMode(account: string, mode: MarginMode): Reply<object>;
  setTradingStop(account: string, request: TradingStopRequest): Reply<object>;
  /** Isolated: money into (> 0) or out of (< 0) a position's margin. */
  addMargin(
    account: string,
    market: MarketKey,
    change: { readonly amount: number; readonly positionIdx: PositionIdx },
  ): Reply<object>;
  setAutoAddMargin(
    account: string,
    market: MarketKey,
    change: { readonly on: boolean; readonly positionIdx: PositionIdx },
  ): Reply<object>;
  confirmPendingMmr(account: string, market: MarketKey): Reply<object>;

  // Fate, for tests and fault injection.

  /** Takes the account's positions in this market over at their bankruptcy price; false when there are none. */
  liquidate(account: string, market: MarketKey): boolean;
  /** Takes up to `qty` steps (all: 0) of the account's position away at the mark price; false when there is none. */
  deleverage(account: string, market: MarketKey, qty: number): boolean;

  // Queries. Lists are newest first and bounded by `historyLimit`; iterate, do not keep.

  market(key: MarketKey): Instrument | undefined;
  quote(market: MarketKey): Quote;
  /** The next cross sequence number of a market, for trades the caller makes public himself. */
  nextSeq(market: MarketKey): number;
  /** Displayed liquidity and own orders together, at most `levels` a side. */
  depth(market: MarketKey, levels: number): Depth;
  fundingHistory(market: MarketKey): readonly FundingRow[];
  order(account: string, name: OrderName): OrderRow | undefined;
  openOrders(account: string, market?: MarketKey): Iterable<OrderRow>;
  closedOrders(account: string): Iterable<OrderRow>;
  executions(account: string): Iterable<ExecutionRow>;
  closedPnl(account: string): Iterable<ClosedPnlRow>;
  transactions(account: string): Iterable<TransactionRow>;
  /** Of one market (flat ones too, both sides in hedge mode), or of all that were ever touched. */
  positions(account: string, market?: MarketKey): PositionRow[];
  positionMode(account: string, market: MarketKey): PositionMode;
  leverage(account: string, market: MarketKey): { readonly buy: number; readonly sell: number };
  marginMode(account: string): MarginMode;
  wallet(account: string): WalletRow;
  /** Money of the insurance fund of `coin`. */
  insurance(coin: string): number;
  /** Decimals of the money units of `coin`. */
  coinScale(coin: string): number;
  /** Every coin's books, checked to the unit; and each market's signed sizes, which sum to 0 with the rest of the market. */
  audit(): { readonly coins: readonly Audit[]; readonly sizes: Readonly<Record<MarketKey, number>> };
  /** A digest of every order, position and balance; equal states, equal digests. */
  digest(): string;
}
