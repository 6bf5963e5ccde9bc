import { ArgumentError } from "../core/errors.ts";
import {
  addMargin,
  confirmPendingMmr,
  feeRates,
  openAccount,
  setAutoAddMargin,
  setFees,
  setLeverage,
  setMarginMode,
  switchPositionMode,
  transfer,
} from "./account.ts";
import { amendOrder } from "./amend.ts";
import { batch } from "./batch.ts";
import { Books } from "./books.ts";
import { cancelAll, cancelOrder } from "./cancel.ts";
import { placeOrder } from "./entry.ts";
import { onBook, onTrade, setInstrument, setPrices } from "./feed.ts";
import { nextFundingTime, settleDue, settleFunding } from "./funding.ts";
import { preCheck } from "./precheck.ts";
import { queries } from "./queries.ts";
import { deleverage, liquidate } from "./risk.ts";
import { setTradingStop } from "./tradingstop.ts";
import type { VenueOptions } from "./types.ts";
import type { Venue } from "./venue.ts";
import { openBar, walkBar } from "./walk.ts";

/** Opens a venue. Same options and calls, same events. */
export function createVenue(options: VenueOptions): Venue {
  const books = new Books(options);
  let nextFunding = nextFundingTime(books);

  /** Moves the clock; settlements on the way happen at their own times. */
  const moveTo = (time: number): void => {
    if (time >= nextFunding) {
      settleDue(books, time);
      nextFunding = nextFundingTime(books);
    }
    books.now = time;
  };

  return {
    now: () => books.now,
    advanceTo(time) {
      if (time >= books.now) return moveTo(time);
      throw new ArgumentError("TIME", `time does not go back: it is ${books.now}, was to be ${time}`, { time });
    },
    nextTime: () => nextFunding,
    listen(listener) {
      books.listener = listener;
    },

    openBar: (market, open) => openBar(books, books.market(market), open),
    onBar(market, bar) {
      const state = books.market(market);
      if (bar.time > books.now) moveTo(bar.time);
      walkBar(books, state, bar);
    },
    onTrade: (market, trade) => onTrade(books, books.market(market), trade),
    onBook: (market, type, depth) => onBook(books, books.market(market), type, depth),
    setMark: (market, mark) => setPrices(books, books.market(market), { mark }),
    setIndex: (market, index) => setPrices(books, books.market(market), { index }),
    setPrices: (market, prices) => setPrices(books, books.market(market), prices),
    onFunding: (market, rate) => settleFunding(books, books.market(market), rate),
    setInstrument: (market, instrument) => setInstrument(books.market(market), instrument),

    openAccount: (account) => openAccount(books, account),
    accounts: () => [...books.accounts.keys()],
    transfer: (account, coin, amount) => transfer(books, books.account(account), coin, amount),
    setFees: (account, category, rates) => setFees(books.account(account), category, rates),
    feeRates: (account, market) => feeRates(books.account(account), books.market(market)),

    placeOrder: (account, request) => placeOrder(books, books.account(account), request),
    amendOrder: (account, request) => amendOrder(books, books.account(account), request),
    cancelOrder: (account, name) => cancelOrder(books, books.account(account), name),
    cancelAll: (account, wanted) => cancelAll(books, books.account(account), wanted),
    placeBatch(account, requests) {
      const own = books.account(account);
      return batch(requests, (request) => placeOrder(books, own, request));
    },
    amendBatch(account, requests) {
      const own = books.account(account);
      return batch(requests, (request) => amendOrder(books, own, request));
    },
    cancelBatch(account, names) {
      const own = books.account(account);
      return batch(names, (name) => cancelOrder(books, own, name));
    },
    preCheck: (account, request) => preCheck(books, books.account(account), request),
    setTradingStop: (account, request) => setTradingStop(books, books.account(account), request),
    setLeverage: (account, market, leverage) => setLeverage(books, books.account(account), market, leverage),
    switchPositionMode: (account, scope, mode) => switchPositionMode(books, books.account(account), scope, mode),
    setMarginMode: (account, mode) => setMarginMode(books, books.account(account), mode),
    addMargin: (account, market, change) => addMargin(books, books.account(account), market, change),
    setAutoAddMargin: (account, market, change) => setAutoAddMargin(books, books.account(account), market, change),
    confirmPendingMmr: (account, market) => confirmPendingMmr(books, books.account(account), market),

    liquidate: (account, market) => liquidate(books, books.account(account), books.market(market)),
    deleverage: (account, market, qty) => deleverage(books, books.account(account), books.market(market), qty),

    ...queries(books),
  };
}
