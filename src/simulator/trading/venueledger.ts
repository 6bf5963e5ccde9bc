import { formatScaled, increment, plainDecimal } from "../../core/decimal.ts";
import type { Venue } from "../../matching/venue.ts";
import { refusal } from "../gateway/retcodes.ts";
import type { Market } from "../market/market.ts";
import { accepted, amendRequest, keyOfMarket, orderRequest, stopRequest } from "./convert.ts";
import type { FactMaker } from "./facts.ts";
import type { Ledger, Numbered, OrderName, OrderQuery } from "./ledger.ts";
import type { WireIds } from "./wireids.ts";

/** What the ledger stands on. */
export interface LedgerParts {
  readonly venue: Venue;
  readonly facts: FactMaker;
  readonly ids: WireIds;
  readonly markets: readonly Market[];
}

const keyOf = (market: Market) => keyOfMarket(market.instrument.category, market.instrument.symbol);

/** The venue in the exchange's words. */
export function venueLedger({ venue, facts, ids, markets }: LedgerParts): Ledger {
  const moneyIn = (coin: string, text: string): number => {
    const units = increment(formatScaled(1, venue.coinScale(coin))).count(text, "floor");
    if (Number.isSafeInteger(units)) return units;
    throw refusal(10001, `params error: ${text} is too large`);
  };
  const nameOf = (market: Market, ack: { orderId: number; orderLinkId: string }): OrderName => ({
    orderId: ids.order(market.instrument.category, ack.orderId),
    orderLinkId: ack.orderLinkId,
  });
  /** The venue's name of an order; an id of no order of ours is a number no order has. */
  const venueName = ({ orderId, orderLinkId }: OrderName) =>
    orderId === ""
      ? { orderId: undefined, orderLinkId }
      : { orderId: ids.orderNumber(orderId) ?? -1, orderLinkId: undefined };
  function* numbered<R, T>(
    rows: Iterable<R>,
    print: (row: R) => T,
    number: (row: R) => number,
  ): Generator<Numbered<T>> {
    for (const row of rows) yield { n: number(row), row: print(row) };
  }
  const find = (account: string, query: OrderQuery) => {
    const named = venueName(query);
    for (const market of markets) {
      const { category, symbol } = market.instrument;
      if (category !== query.category || (query.symbol !== "" && symbol !== query.symbol)) continue;
      const row = venue.order(account, { market: keyOf(market), ...named });
      if (row && row.market === keyOf(market)) return facts.order(row);
    }
    return undefined;
  };

  return {
    place: (account, market, order) =>
      nameOf(market, accepted(venue.placeOrder(account, orderRequest(order, market, moneyIn)))),
    amend: (account, market, name, change) =>
      nameOf(market, accepted(venue.amendOrder(account, amendRequest(venueName(name), change, market)))),
    cancel: (account, market, name) =>
      nameOf(market, accepted(venue.cancelOrder(account, { market: keyOf(market), ...venueName(name) }))),
    cancelAll(account, wanted) {
      const names = new Map<number, OrderName>();
      venue.cancelAll(account, (row) => {
        const order = facts.order(row);
        const likes = wanted(order);
        if (likes) names.set(row.id, { orderId: order.orderId, orderLinkId: order.orderLinkId });
        return likes;
      });
      return [...names.values()];
    },
    preCheck(account, market, order) {
      const { before, after } = accepted(venue.preCheck(account, orderRequest(order, market, moneyIn)));
      return [before[0], before[1], after[0], after[1]];
    },

    find,
    openOrders: (account) => numbered(venue.openOrders(account), facts.order, (row) => row.id),
    closedOrders: (account) => numbered(venue.closedOrders(account), facts.order, (row) => row.closedSeq),
    executions: (account) => numbered(venue.executions(account), facts.execution, (row) => row.id),
    closedPnl: (account) => numbered(venue.closedPnl(account), facts.closedPnl, (row) => row.id),
    transactions: (account) => numbered(venue.transactions(account), facts.transaction, (row) => row.id),
    positions: (account, market) => venue.positions(account, market && keyOf(market)).map(facts.position),
    wallet: (account) => facts.wallet(venue.wallet(account)),

    setLeverage: (account, market, leverage) => void accepted(venue.setLeverage(account, keyOf(market), leverage)),
    setMarginMode(account, mode) {
      if (mode === "PORTFOLIO_MARGIN")
        throw refusal(3400045, "Set margin mode failed: portfolio margin is not offered");
      accepted(venue.setMarginMode(account, mode));
    },
    marginMode: (account) => venue.marginMode(account),
    setPositionMode(account, { market, coin }, mode) {
      const scope = market ? { market: keyOf(market) } : { coin };
      accepted(venue.switchPositionMode(account, scope, mode));
    },
    setTradingStop: (account, market, stop) => void accepted(venue.setTradingStop(account, stopRequest(stop, market))),
    addMargin(account, market, { margin, positionIdx }) {
      const sign = margin.startsWith("-") ? -1 : 1;
      const amount = sign * moneyIn(market.instrument.settleCoin, margin.replace("-", ""));
      accepted(venue.addMargin(account, keyOf(market), { amount, positionIdx }));
    },
    setAutoAddMargin: (account, market, change) =>
      void accepted(venue.setAutoAddMargin(account, keyOf(market), change)),
    confirmPendingMmr: (account, market) => void accepted(venue.confirmPendingMmr(account, keyOf(market))),
    feeRates(account, market) {
      const { taker, maker } = venue.feeRates(account, keyOf(market));
      return { taker: plainDecimal(taker), maker: plainDecimal(maker) };
    },
  };
}
