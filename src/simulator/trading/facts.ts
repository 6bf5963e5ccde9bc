import { formatScaled, plainDecimal } from "../../core/decimal.ts";
import type {
  ClosedPnlRow,
  CoinRow,
  ExecutionRow,
  OrderRow,
  PositionRow,
  TransactionRow,
  WalletRow,
} from "../../matching/rows.ts";
import type { MarketKey } from "../../matching/types.ts";
import type { Category } from "../../model/instrument.ts";
import type { Side } from "../../model/trade.ts";
import type { Market } from "../market/market.ts";
import type { ExecutionFacts } from "../wire/execution.ts";
import { money } from "../wire/numbers.ts";
import type { OrderFacts } from "../wire/order.ts";
import type { PositionFacts } from "../wire/position.ts";
import type { WalletFacts } from "../wire/wallet.ts";
import type { ClosedPnlFacts, TransactionFacts } from "./ledger.ts";
import type { WireSide } from "./orderparams.ts";
import type { WireIds } from "./wireids.ts";

/** What printing the venue's rows needs. */
export interface Printer {
  readonly ids: WireIds;
  market(key: MarketKey): Market;
  /** Decimals of the money units of a coin. */
  scale(coin: string): number;
}

/** Rows of the venue, which count ticks, steps and money units, as the exchange prints them. */
export interface FactMaker {
  order(row: OrderRow): OrderFacts;
  execution(row: ExecutionRow): ExecutionFacts;
  position(row: PositionRow): PositionFacts;
  closedPnl(row: ClosedPnlRow): ClosedPnlFacts;
  transaction(row: TransactionRow): TransactionFacts;
  wallet(row: WalletRow): WalletFacts;
}

export function wireSide(side: Side): WireSide {
  return side === "buy" ? "Buy" : "Sell";
}

/** Money units as decimal text without trailing zeros. */
export function unitsText(units: number, scale: number): string {
  const text = formatScaled(units, scale);
  const short = text.includes(".") ? text.replace(/\.?0+$/, "") : text;
  return short === "-0" ? "0" : short;
}

/** The printer of one exchange. */
export function factMaker(printer: Printer): FactMaker {
  const { ids } = printer;
  const at = (key: MarketKey) => {
    const market = printer.market(key);
    const { price, qty } = market.printing;
    const { category, settleCoin, quoteCoin, symbol } = market.instrument;
    const scale = printer.scale(settleCoin);
    return {
      category,
      symbol,
      settleCoin,
      quoteCoin,
      market,
      price: (ticks: number) => price.format(ticks),
      priceOr: (ticks: number, none: string) => (ticks === 0 ? none : price.format(ticks)),
      qty: (steps: number) => qty.format(Math.abs(steps)),
      /** Money of the settle coin; of spot, the quote coin. */
      cash: (units: number) => unitsText(units, scale),
      quote: (units: number) => unitsText(units, printer.scale(quoteCoin)),
      mean: (units: number, steps: number) => meanPrice(market, units / 10 ** scale, qty.value(steps)),
    };
  };
  const fee = (units: number, coin: string) => unitsText(units, printer.scale(coin));

  return {
    order(row) {
      const m = at(row.market);
      const inQuote = row.marketUnit === "quoteCoin";
      const amount = (value: number) => (inQuote ? m.quote(value) : m.qty(value));
      return {
        category: m.category,
        symbol: m.symbol,
        orderId: ids.order(m.category, row.id),
        orderLinkId: row.orderLinkId,
        parentOrderLinkId: row.parentOrderLinkId,
        side: wireSide(row.side),
        orderType: row.type,
        timeInForce: row.timeInForce,
        price: m.priceOr(row.price, "0"),
        qty: amount(row.qty),
        leavesQty: amount(row.leavesQty),
        leavesValue: inQuote ? m.quote(row.leavesQty) : leavesValue(m.market, row),
        cumExecQty: m.qty(row.cumExecQty),
        cumExecValue: m.cash(row.cumExecValue),
        cumExecFee: fee(row.cumExecFee, row.feeCoin || m.settleCoin),
        feeCoin: row.feeCoin,
        avgPrice: row.cumExecQty === 0 ? "" : m.mean(row.cumExecValue, row.cumExecQty),
        orderStatus: row.status,
        cancelType: row.cancelType,
        rejectReason: row.rejectReason,
        createType: row.createType,
        stopOrderType: row.stopOrderType,
        triggerPrice: m.priceOr(row.triggerPrice, ""),
        triggerDirection: row.triggerDirection,
        triggerBy: row.triggerBy,
        takeProfit: m.priceOr(row.takeProfit, ""),
        stopLoss: m.priceOr(row.stopLoss, ""),
        tpTriggerBy: row.tpTriggerBy,
        slTriggerBy: row.slTriggerBy,
        tpLimitPrice: m.priceOr(row.tpLimitPrice, ""),
        slLimitPrice: m.priceOr(row.slLimitPrice, ""),
        tpslMode: row.tpslMode,
        reduceOnly: row.reduceOnly,
        closeOnTrigger: row.closeOnTrigger,
        positionIdx: row.positionIdx,
        marketUnit: row.marketUnit,
        slippageToleranceType: row.slippageKind === "" ? "UNKNOWN" : row.slippageKind,
        slippageTolerance: row.slippageKind === "" ? "" : plainDecimal(row.slippageValue),
        smpType: row.smpType,
        smpOrderId: row.smpOrderId === 0 ? "" : ids.order(m.category, row.smpOrderId),
        lastPriceOnCreated: m.priceOr(row.lastPriceOnCreated, ""),
        closedPnl: m.cash(row.closedPnl),
        createdTime: row.createdTime,
        updatedTime: row.updatedTime,
      };
    },

    execution(row) {
      const m = at(row.market);
      const inQuote = row.marketUnit === "quoteCoin";
      const amount = (value: number) => (inQuote ? m.quote(value) : m.qty(value));
      return {
        category: m.category,
        symbol: m.symbol,
        execId: ids.execution(m.category, row.id),
        orderId: row.orderId === 0 ? fundingOrderId(row) : ids.order(m.category, row.orderId),
        orderLinkId: row.orderLinkId,
        side: wireSide(row.side),
        orderType: row.orderType,
        stopOrderType: row.stopOrderType === "" ? "UNKNOWN" : row.stopOrderType,
        createType: row.createType,
        orderPrice: m.priceOr(row.orderPrice, "0"),
        orderQty: amount(row.orderQty),
        leavesQty: amount(row.leavesQty),
        execPrice: m.price(row.price),
        execQty: m.qty(row.qty),
        execValue: m.cash(row.value),
        execFee: fee(row.fee, row.feeCoin),
        feeRate: plainDecimal(row.feeRate),
        feeCoin: row.feeCoin,
        execType: row.type,
        execPnl: m.cash(row.pnl),
        closedSize: m.qty(row.closedSize),
        isMaker: row.isMaker,
        markPrice: m.price(row.markPrice),
        indexPrice: m.price(row.indexPrice),
        marketUnit: row.marketUnit,
        execTime: row.time,
        seq: row.seq,
      };
    },

    position(row) {
      const m = at(row.market);
      const flat = row.size === 0;
      return {
        category: m.category,
        symbol: m.symbol,
        positionIdx: row.positionIdx,
        riskId: row.riskId,
        riskLimitValue: m.cash(row.riskLimitValue),
        side: flat ? "" : row.size > 0 ? "Buy" : "Sell",
        size: flat ? "0" : m.qty(row.size),
        entryPrice: money(row.entryPrice),
        positionValue: m.cash(row.positionValue),
        autoAddMargin: row.autoAddMargin ? 1 : 0,
        positionStatus: row.status,
        leverage: plainDecimal(row.leverage),
        breakEvenPrice: flat ? "" : money(row.breakEvenPrice),
        markPrice: m.price(row.markPrice),
        liqPrice: m.priceOr(row.liqPrice, ""),
        positionIM: m.cash(row.positionIM),
        positionMM: m.cash(row.positionMM),
        takeProfit: m.priceOr(row.takeProfit, ""),
        stopLoss: m.priceOr(row.stopLoss, ""),
        trailingStop: m.priceOr(row.trailingStop, "0"),
        unrealisedPnl: m.cash(row.unrealisedPnl),
        curRealisedPnl: m.cash(row.curRealisedPnl),
        cumRealisedPnl: m.cash(row.cumRealisedPnl),
        adlRankIndicator: row.adlRank,
        createdTime: row.createdTime,
        updatedTime: row.updatedTime,
        openTime: row.openTime,
        seq: row.seq,
      };
    },

    closedPnl(row) {
      const m = at(row.market);
      return {
        category: m.category,
        symbol: m.symbol,
        orderId: ids.order(m.category, row.orderId),
        side: wireSide(row.side),
        qty: m.qty(row.qty),
        orderPrice: m.priceOr(row.orderPrice, "0"),
        orderType: row.orderType,
        execType: row.execType,
        closedSize: m.qty(row.closedSize),
        cumEntryValue: m.cash(row.cumEntryValue),
        avgEntryPrice: money(row.avgEntryPrice),
        cumExitValue: m.cash(row.cumExitValue),
        avgExitPrice: money(row.avgExitPrice),
        closedPnl: m.cash(row.closedPnl),
        fillCount: row.fillCount,
        leverage: plainDecimal(row.leverage),
        openFee: m.cash(row.openFee),
        closeFee: m.cash(row.closeFee),
        createdTime: row.createdTime,
        updatedTime: row.updatedTime,
      };
    },

    transaction(row) {
      const m = row.market === "" ? undefined : at(row.market);
      const cash = (units: number) => fee(units, row.coin);
      const category: Category | "" = m?.category ?? "";
      const size = m?.qty(row.size) ?? "0";
      return {
        id: ids.transaction(row.id),
        symbol: m?.symbol ?? "",
        category,
        side: row.side === "none" ? "None" : wireSide(row.side),
        time: row.time,
        type: row.type,
        qty: m?.qty(row.qty) ?? "0",
        size: row.size < 0 ? `-${size}` : size,
        currency: row.coin,
        tradePrice: m && row.price !== 0 ? m.price(row.price) : "0",
        funding: cash(row.funding),
        fee: cash(row.fee),
        cashFlow: cash(row.cashFlow),
        change: cash(row.change),
        cashBalance: cash(row.balance),
        feeRate: plainDecimal(row.feeRate),
        tradeId: row.execId === 0 || category === "" ? "" : ids.execution(category, row.execId),
        orderId: row.orderId === 0 || category === "" ? "" : ids.order(category, row.orderId),
        orderLinkId: row.orderLinkId,
      };
    },

    wallet(row) {
      return {
        totalEquity: money(row.totalEquity),
        totalWalletBalance: money(row.totalWalletBalance),
        totalMarginBalance: money(row.totalMarginBalance),
        totalAvailableBalance: money(row.totalAvailableBalance),
        totalPerpUPL: money(row.totalPerpUPL),
        totalInitialMargin: money(row.totalInitialMargin),
        totalMaintenanceMargin: money(row.totalMaintenanceMargin),
        accountIMRate: money(row.accountIMRate, 4),
        accountMMRate: money(row.accountMMRate, 4),
        coins: row.coins.map((coin) => coinFacts(coin, printer.scale(coin.coin))),
      };
    },
  };
}

function coinFacts(row: CoinRow, scale: number) {
  const text = (units: number) => unitsText(units, scale);
  return {
    coin: row.coin,
    equity: text(row.equity),
    usdValue: money(row.usdValue),
    walletBalance: text(row.walletBalance),
    locked: text(row.locked),
    totalOrderIM: text(row.orderIM),
    totalPositionIM: text(row.positionIM),
    totalPositionMM: text(row.positionMM),
    unrealisedPnl: text(row.unrealisedPnl),
    cumRealisedPnl: text(row.cumRealisedPnl),
    available: text(row.available),
  };
}

/** Mean price of `qty` worth `value`, both in natural units. */
function meanPrice(market: Market, value: number, qty: number): string {
  return money(market.instrument.category === "inverse" ? qty / value : value / qty);
}

function leavesValue(market: Market, row: OrderRow): string {
  if (row.price === 0 || row.leavesQty === 0) return "0";
  return money(market.turnoverOf(market.printing.price.value(row.price), market.printing.qty.value(row.leavesQty)));
}

/** Funding belongs to no order; its id names the settlement, as in `1672128000-8-592324-1-2`. */
function fundingOrderId(row: ExecutionRow): string {
  return `${Math.floor(row.time / 1_000)}-8-${row.id}-1-2`;
}
