import type { Category } from "../../model/instrument.ts";
import type { Market } from "../market/market.ts";
import type { ExecutionFacts } from "../wire/execution.ts";
import type { OrderFacts } from "../wire/order.ts";
import type { PositionFacts } from "../wire/position.ts";
import type { WalletFacts } from "../wire/wallet.ts";
import type { OrderParams, PositionIdx, ProtectionParams } from "./orderparams.ts";

/** A row of a list, with the number that orders it: it grows with every new row and never changes. */
export interface Numbered<T> {
  readonly n: number;
  readonly row: T;
}

/** A closing order's result, numbers printed. */
export interface ClosedPnlFacts {
  readonly symbol: string;
  readonly category: Category;
  readonly orderId: string;
  readonly side: "Buy" | "Sell";
  readonly qty: string;
  readonly orderPrice: string;
  readonly orderType: string;
  readonly execType: string;
  readonly closedSize: string;
  readonly cumEntryValue: string;
  readonly avgEntryPrice: string;
  readonly cumExitValue: string;
  readonly avgExitPrice: string;
  readonly closedPnl: string;
  readonly fillCount: number;
  readonly leverage: string;
  readonly openFee: string;
  readonly closeFee: string;
  /** Epoch ms. */
  readonly createdTime: number;
  readonly updatedTime: number;
}

/** A movement of one coin, numbers printed: change = cashFlow + funding − fee. */
export interface TransactionFacts {
  readonly id: string;
  readonly symbol: string;
  readonly category: Category | "";
  readonly side: "Buy" | "Sell" | "None";
  /** Epoch ms. */
  readonly time: number;
  readonly type: string;
  readonly qty: string;
  readonly size: string;
  readonly currency: string;
  readonly tradePrice: string;
  /** > 0 received. */
  readonly funding: string;
  readonly fee: string;
  readonly cashFlow: string;
  readonly change: string;
  readonly cashBalance: string;
  readonly feeRate: string;
  readonly tradeId: string;
  readonly orderId: string;
  readonly orderLinkId: string;
}

/** What an amendment changes; absent fields stay. */
export interface AmendParams {
  readonly qty: string;
  readonly price: string;
  readonly triggerPrice: string;
  readonly triggerBy: string;
  readonly takeProfit: ProtectionParams | undefined;
  readonly stopLoss: ProtectionParams | undefined;
}

/** What `/v5/position/trading-stop` sets; absent stays, "0" removes. */
export interface StopParams {
  readonly tpslMode: "Full" | "Partial";
  readonly positionIdx: PositionIdx;
  readonly takeProfit: ProtectionParams | undefined;
  readonly stopLoss: ProtectionParams | undefined;
  readonly size: string;
  readonly trailingStop: string;
  readonly activePrice: string;
}

export interface OrderName {
  readonly orderId: string;
  readonly orderLinkId: string;
}

/** Where an order is looked for: by the exchange's id, else by the client's, in one market or all of a category. */
export interface OrderQuery extends OrderName {
  readonly category: Category;
  readonly symbol: string;
}

/**
 * What an account may ask of the trading venue, in the exchange's words. Everything refuses by `refusal`.
 */
export interface Ledger {
  place(account: string, market: Market, order: OrderParams): OrderName;
  amend(account: string, market: Market, name: OrderName, change: AmendParams): OrderName;
  cancel(account: string, market: Market, name: OrderName): OrderName;
  /** Cancels the open orders that `wanted` likes; returns those it did. */
  cancelAll(account: string, wanted: (order: OrderFacts) => boolean): OrderName[];
  /** Initial and maintenance margin rates (fractions) before and after an order that is not sent. */
  preCheck(account: string, market: Market, order: OrderParams): readonly [number, number, number, number];

  find(account: string, query: OrderQuery): OrderFacts | undefined;
  /** Newest first. */
  openOrders(account: string): Iterable<Numbered<OrderFacts>>;
  closedOrders(account: string): Iterable<Numbered<OrderFacts>>;
  executions(account: string): Iterable<Numbered<ExecutionFacts>>;
  closedPnl(account: string): Iterable<Numbered<ClosedPnlFacts>>;
  transactions(account: string): Iterable<Numbered<TransactionFacts>>;
  /** Both sides in hedge mode, flat ones too; of one market, or of all that were ever touched. */
  positions(account: string, market: Market | undefined): PositionFacts[];
  wallet(account: string): WalletFacts;

  setLeverage(account: string, market: Market, leverage: { buy: number; sell: number }): void;
  setMarginMode(account: string, mode: "ISOLATED_MARGIN" | "REGULAR_MARGIN" | "PORTFOLIO_MARGIN"): void;
  marginMode(account: string): string;
  setPositionMode(account: string, scope: { market: Market | undefined; coin: string }, mode: "oneWay" | "hedge"): void;
  setTradingStop(account: string, market: Market, stop: StopParams): void;
  /** Moves margin (decimal text) into (> 0) or out of an isolated position. */
  addMargin(account: string, market: Market, change: { margin: string; positionIdx: PositionIdx }): void;
  setAutoAddMargin(account: string, market: Market, change: { on: boolean; positionIdx: PositionIdx }): void;
  confirmPendingMmr(account: string, market: Market): void;
  feeRates(account: string, market: Market): { taker: string; maker: string };
}
