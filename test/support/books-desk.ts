import { openAccount } from "../../src/matching/account.ts";
import { Books } from "../../src/matching/books.ts";
import { end, register } from "../../src/matching/life.ts";
import { OrderOf } from "../../src/matching/order.ts";
import { applyFill, type Fill } from "../../src/matching/settle.ts";
import type { Account, Holding, MarketState, Order } from "../../src/matching/state.ts";
import type { AccountOptions, MarketKey, MarketOptions, PositionIdx, VenueOptions } from "../../src/matching/types.ts";
import type { Instrument, RiskTier } from "../../src/model/instrument.ts";
import type { Side } from "../../src/model/trade.ts";

/** Bybit's published ladder of BTCUSDT, lowest four rungs. */
export const BTC_TIERS: readonly RiskTier[] = [
  tier("2000000", "0.005", "0", "100"),
  tier("2600000", "0.0056", "1200", "90"),
  tier("3200000", "0.0063", "3020", "80"),
  tier("3800000", "0.0067", "4300", "75"),
];

function tier(limitValue: string, rate: string, maintenanceDeduction: string, maxLeverage: string): RiskTier {
  const initialMarginRate = String(1 / Number(maxLeverage));
  return { limitValue, initialMarginRate, maintenanceMarginRate: rate, maintenanceDeduction, maxLeverage };
}

export const LINEAR: Instrument = {
  symbol: "BTCUSDT",
  category: "linear",
  baseCoin: "BTC",
  quoteCoin: "USDT",
  settleCoin: "USDT",
  tickSize: "0.01",
  minPrice: "0.01",
  maxPrice: "1999999.80",
  qtyStep: "0.001",
  minOrderQty: "0.001",
  maxOrderQty: "1190",
  maxMarketOrderQty: "500",
  minNotionalValue: "5",
  maxLeverage: "100",
  leverageStep: "0.01",
  fundingIntervalMs: 28_800_000,
  riskTiers: BTC_TIERS,
};

export const INVERSE: Instrument = {
  ...LINEAR,
  symbol: "BTCUSD",
  category: "inverse",
  quoteCoin: "USD",
  settleCoin: "BTC",
  tickSize: "0.5",
  minPrice: "0.5",
  maxPrice: "999999",
  qtyStep: "1",
  minOrderQty: "1",
  maxOrderQty: "25000000",
  maxMarketOrderQty: "5000000",
  minNotionalValue: "1",
  riskTiers: [tier("150", "0.005", "0", "100"), tier("300", "0.01", "0.75", "50")],
};

export const SPOT: Instrument = {
  ...LINEAR,
  category: "spot",
  settleCoin: "USDT",
  qtyStep: "0.000001",
  minOrderQty: "0.000011",
  maxOrderQty: "83",
  maxMarketOrderQty: "41",
  maxLeverage: "1",
  fundingIntervalMs: 0,
  riskTiers: [],
};

/** A trade of an account with the rest of the market: price and quantity as people write them. */
export interface Deal {
  readonly side: Side;
  readonly price: number;
  readonly qty: number;
  readonly isMaker?: boolean;
  readonly idx?: PositionIdx;
  /** A fill of this order rather than of a new one. */
  readonly order?: Order;
}

/** Books of one market and an account in it, without an order side: fills are made by hand. */
export function desk(
  instrument: Instrument,
  options: { venue?: Partial<VenueOptions>; account?: Partial<AccountOptions>; market?: Partial<MarketOptions> } = {},
) {
  const markets: MarketOptions[] = [{ instrument, ...options.market }, ...(options.venue?.markets ?? [])];
  const books = new Books({ startTime: 0, ...options.venue, markets });
  const key: MarketKey = `${instrument.category}/${instrument.symbol}`;
  const market = books.market(key);
  const open = (account: Partial<AccountOptions> = {}) => {
    const balances = { USDT: 1_000_000, BTC: 100 };
    return openAccount(books, { id: "a", balances, ...options.account, ...account });
  };
  const account = open();
  return { books, key, account, open, ...dealing(books, market, account) };
}

/** Fills by hand in one market, of `account` unless told otherwise. */
export function dealing(books: Books, market: MarketState, account: Account) {
  const ticks = (price: number) => Math.round(price / market.contract.tick);
  const steps = (qty: number) => Math.round(qty / market.contract.step);
  const money = (units: number) => units / 10 ** market.coin.scale;
  const order = (of: Account, { side, price, qty, idx = 0 }: Deal): Order => {
    const made: Order = new OrderOf<Holding>(of.at(market), side);
    made.price = ticks(price);
    made.qty = steps(qty);
    made.leavesQty = made.qty;
    made.positionIdx = idx;
    register(books, made);
    return made;
  };
  const deal = (it: Deal, of: Account = account): Order => {
    const by = it.order ?? order(of, it);
    const fill: Fill = { price: ticks(it.price), qty: steps(it.qty), isMaker: it.isMaker ?? false };
    by.leavesQty -= fill.qty;
    applyFill(books, by, fill);
    if (by.leavesQty === 0) end(books, by, "Filled");
    return by;
  };
  /** Moves last, mark and index price. */
  const price = (at: number) => market.setLast(ticks(at), "buy");
  const position = (idx: PositionIdx = 0, of: Account = account) => of.at(market).positions[idx];
  return { market, order, deal, price, position, ticks, steps, money };
}
