import type { FundingRates } from "../model/funding.ts";
import type { Category, Instrument } from "../model/instrument.ts";
import type { Side } from "../model/trade.ts";

/**
 * Units in this room.
 *
 * Prices are whole ticks, quantities whole steps of the instrument, money whole units of 10^-scale of a coin
 * (`Venue.coinScale`, 8 for most), times epoch ms. Words such as "PartiallyFilled" are Bybit's own.
 */

/** `linear/BTCUSDT`: a symbol alone can be both a contract and a spot pair. */
export type MarketKey = `${Category}/${string}`;

export type PriceSource = "LastPrice" | "MarkPrice" | "IndexPrice";
export type PositionIdx = 0 | 1 | 2;
export type TimeInForce = "GTC" | "IOC" | "FOK" | "PostOnly";
export type OrderType = "Market" | "Limit";
export type SmpType = "None" | "CancelMaker" | "CancelTaker" | "CancelBoth";
export type MarginMode = "ISOLATED_MARGIN" | "REGULAR_MARGIN";
export type PositionMode = "oneWay" | "hedge";
export type TpslMode = "Full" | "Partial";

/** A command that was refused: `code` is Bybit's retCode, `reason` its retMsg. Nothing has changed. */
export interface Refusal {
  readonly ok: false;
  readonly code: number;
  readonly reason: string;
}
export type Reply<T> = ({ readonly ok: true } & T) | Refusal;

/** A take-profit or stop-loss. */
export interface ProtectionLeg {
  /** Trigger price in ticks; 0 removes the leg. */
  readonly price: number;
  readonly triggerBy?: PriceSource | undefined;
  /** Market unless `limitPrice` is given (Partial only). */
  readonly limitPrice?: number | undefined;
}

/** A new order. */
export interface OrderRequest {
  readonly market: MarketKey;
  readonly side: Side;
  readonly type: OrderType;
  /**
   * Steps; with `marketUnit: "quoteCoin"` money of the quote coin.
   * 0 with `reduceOnly` and `closeOnTrigger` closes the whole position.
   */
  readonly qty: number;
  /** Ticks; needed by a limit order unless `bbo` names a level. */
  readonly price?: number | undefined;
  /** GTC unless given; a market order is always IOC. */
  readonly timeInForce?: TimeInForce | undefined;
  readonly orderLinkId?: string | undefined;
  /** 0 one-way; 1 long side, 2 short side of hedge mode. */
  readonly positionIdx?: PositionIdx | undefined;
  readonly reduceOnly?: boolean | undefined;
  readonly closeOnTrigger?: boolean | undefined;
  /** Spot market orders; a buy counts quote unless told otherwise, a sell base. */
  readonly marketUnit?: "baseCoin" | "quoteCoin" | undefined;
  /** Market orders: how far from the best opposite price they may go. */
  readonly slippage?: { readonly kind: "TickSize" | "Percent"; readonly value: number } | undefined;
  /** The price is taken from this level of the own (Queue) or opposite (Counterparty) side, from 1. */
  readonly bbo?: { readonly side: "Queue" | "Counterparty"; readonly level: number } | undefined;
  /** Makes it conditional. 1 waits for a rise to `price` (ticks), 2 for a fall; spot needs no direction. */
  readonly trigger?:
    | { readonly price: number; readonly direction?: 1 | 2 | undefined; readonly by?: PriceSource | undefined }
    | undefined;
  /** Spot: a `tpslOrder` locks its coins at once, a `StopOrder` when triggered. */
  readonly orderFilter?: "Order" | "tpslOrder" | "StopOrder" | undefined;
  readonly tpslMode?: TpslMode | undefined;
  readonly takeProfit?: ProtectionLeg | undefined;
  readonly stopLoss?: ProtectionLeg | undefined;
  readonly smpType?: SmpType | undefined;
}

/** Which order: by number, else by the client's own id. */
export interface OrderName {
  readonly market: MarketKey;
  readonly orderId?: number | undefined;
  readonly orderLinkId?: string | undefined;
}

/** What changes; absent fields stay. */
export interface AmendRequest extends OrderName {
  /** The new total, steps. */
  readonly qty?: number | undefined;
  readonly price?: number | undefined;
  readonly triggerPrice?: number | undefined;
  readonly triggerBy?: PriceSource | undefined;
  readonly takeProfit?: ProtectionLeg | undefined;
  readonly stopLoss?: ProtectionLeg | undefined;
}

/** `/v5/position/trading-stop`; absent fields stay, price 0 removes. */
export interface TradingStopRequest {
  readonly market: MarketKey;
  readonly positionIdx: PositionIdx;
  readonly tpslMode: TpslMode;
  readonly takeProfit?: ProtectionLeg | undefined;
  readonly stopLoss?: ProtectionLeg | undefined;
  /** Partial: steps each leg closes. */
  readonly size?: number | undefined;
  /** Distance in ticks; 0 removes. */
  readonly trailingStop?: number | undefined;
  /** Ticks; 0 or absent: active at once. */
  readonly activePrice?: number | undefined;
}

export interface OrderAck {
  readonly orderId: number;
  readonly orderLinkId: string;
}

/** A price level: ticks, steps. */
export type Level = readonly [price: number, qty: number];

/** Both sides of a book, best first. */
export interface Depth {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/**
 * Liquidity shown around the last price when no recorded depth is fed.
 *
 * `unlimited`: any quantity at the last price, moved by `slippageBps` against the taker (backtests).
 * `ladder`: levels one tick apart from `spreadTicks` around the last price; quantities are seeded and stay
 * the same for a price. They are refilled at each price of the source.
 */
export type Liquidity =
  | { readonly kind: "unlimited"; readonly slippageBps?: number | undefined }
  | {
      readonly kind: "ladder";
      /** From best bid to best ask, ≥ 1. */
      readonly spreadTicks: number;
      /** Mean quantity of a level, steps. */
      readonly levelQty: number;
      readonly levels: number;
    };

/** One market of the venue. */
export interface MarketOptions {
  readonly instrument: Instrument;
  /** Default: unlimited, no slippage. */
  readonly liquidity?: Liquidity | undefined;
  /** Bybit's riskParameters, fractions; default 0.01 and 0.02 for contracts, 0.005 and 0.01 for spot. */
  readonly priceLimit?: { readonly x: number; readonly y: number } | undefined;
  /** First last price, ticks; until then (or the first price fed) orders are refused with 110118. */
  readonly lastPrice?: number | undefined;
  /** Rates settled by themselves as time passes them. Without them funding comes from `onFunding`. */
  readonly funding?: FundingRates | undefined;
  /** Bars: share of a bar's volume that resting orders may take, 0…1. Default: any quantity. */
  readonly participation?: number | undefined;
  /** Bars: a resting limit order that the open gaps over fills there (default), or at its own price. */
  readonly gapFill?: "open" | "limit" | undefined;
}

/** Fractions of value. */
export interface FeeRates {
  readonly taker: number;
  readonly maker: number;
}

export interface VenueOptions {
  readonly markets: readonly MarketOptions[];
  readonly seed?: number | string | undefined;
  /** Epoch ms. */
  readonly startTime: number;
  /** Default: VIP 0, 0.00055 and 0.0002 for contracts, 0.001 for spot. */
  readonly fees?: Partial<Record<Category, FeeRates>> | undefined;
  /** What the insurance fund of each coin starts with, in coin. Default 1,000,000. */
  readonly insurance?: number | undefined;
  /** USD per coin where no market here tells; stable coins count 1. */
  readonly usdRates?: Readonly<Record<string, number>> | undefined;
  /** Rows kept per account and list (closed orders, executions, closed P&L, transactions). Default 10,000. */
  readonly historyLimit?: number | undefined;
  /** Whether own fills move the last price, as on a real exchange. Default true; replay says false. */
  readonly ownTradesMovePrice?: boolean | undefined;
}

export interface AccountOptions {
  readonly id: string;
  /** Coin amounts as decimal strings or numbers, e.g. `{ USDT: "10000" }`. */
  readonly balances: Readonly<Record<string, number | string>>;
  /** Default REGULAR_MARGIN (cross). */
  readonly marginMode?: MarginMode | undefined;
  /** Of linear contracts. Default oneWay. */
  readonly positionMode?: PositionMode | undefined;
  /** Default 10 (or the instrument's most, when less). */
  readonly leverage?: number | undefined;
}

/** A closed bar to be walked through, prices in ticks, volume in steps. */
export interface BarInput {
  /** Its opening, epoch ms. */
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** A trade of the market, not of an account here. */
export interface TradeInput {
  readonly price: number;
  readonly qty: number;
  /** Of the taker. */
  readonly side: Side;
}
