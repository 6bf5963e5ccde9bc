import type { Books } from "./books.ts";
import { available } from "./margin.ts";
import { judgeRisk } from "./risk.ts";
import { flushTouched } from "./settle.ts";
import { noteRisk } from "./stale.ts";
import type { Holding, MarketState, Position } from "./state.ts";

/** When the next settlement of the markets' own rates is due, epoch ms; Infinity for none. */
export function nextFundingTime(books: Books): number {
  let next = Infinity;
  for (const market of books.markets.values()) next = Math.min(next, dueTime(books, market));
  return next;
}

/** Settles what is due up to and including `until`, in the order of time; moves the clock to each settlement. */
export function settleDue(books: Books, until: number): void {
  for (;;) {
    const next = nextFundingTime(books);
    if (!(next <= until)) return;
    books.now = Math.max(books.now, next);
    for (const market of books.markets.values()) {
      if (dueTime(books, market) !== next) continue;
      const rate = market.options.funding!.rate[market.nextFunding]!;
      market.nextFunding += 1;
      settleFunding(books, market, rate);
    }
  }
}

/** Settlements of a market so far, oldest first; those before the venue's start are history. */
export function fundingRows(books: Books, market: MarketState): MarketState["funding"] {
  dueTime(books, market);
  return market.funding;
}

/** Whoever holds a position now pays (or gets) its value at the mark price × `rate`; longs pay a positive one. */
export function settleFunding(books: Books, market: MarketState, rate: number): void {
  market.settled(books.now, rate);
  for (const holding of market.holders) {
    let isPaid = false;
    for (const position of holding.positions) {
      if (position.size === 0) continue;
      pay(books, holding, position, rate);
      isPaid = true;
    }
    if (!isPaid) continue;
    noteRisk(holding);
    flushTouched(books, holding.account);
  }
  judgeRisk(books, market);
}

/** The time of a market's next settlement; what lies before the venue's start goes to history unpaid. */
function dueTime(books: Books, market: MarketState): number {
  const { funding } = market.options;
  if (!funding) return Infinity;
  const { time, rate } = funding;
  while (market.nextFunding < time.length && time[market.nextFunding]! <= books.options.startTime) {
    market.settled(time[market.nextFunding]!, rate[market.nextFunding]!);
    market.nextFunding += 1;
  }
  return time[market.nextFunding] ?? Infinity;
}

function pay(books: Books, holding: Holding, position: Position, rate: number): void {
  const { market, account, settle } = holding;
  const { size } = position;
  const qty = Math.abs(size);
  const side = size > 0 ? "buy" : "sell";
  const feeRate = size > 0 ? rate : -rate + 0;
  const value = market.contract.value(market.mark, qty);
  const paid = Math.round(value * feeRate) + 0;
  market.seq += 1;
  settle.balance -= paid;
  settle.cumRealised -= paid;
  settle.coin.funding += paid;
  position.curRealised -= paid;
  position.cumRealised -= paid;
  position.updatedTime = books.now;
  position.seq = market.seq;
  position.touched = true;
  account.touchedWallet = true;
  // Isolated: what the free balance cannot pay comes out of the position's margin.
  if (account.isIsolated && paid > 0) position.extra += Math.max(-paid, Math.min(0, Math.floor(available(holding))));
  const { index, mark, key, seq } = market;
  const execution = {
    id: books.nextExecutionId(),
    account: account.id,
    market: key,
    orderId: 0,
    orderLinkId: "",
    side,
    orderType: "UNKNOWN",
    stopOrderType: "",
    createType: "",
    orderPrice: 0,
    orderQty: 0,
    leavesQty: 0,
    marketUnit: "",
    price: mark,
    qty,
    value,
    fee: paid,
    feeCoin: market.coin.name,
    feeRate,
    type: "Funding",
    pnl: 0,
    closedSize: 0,
    isMaker: false,
    markPrice: mark,
    indexPrice: index,
    time: books.now,
    seq,
  } as const;
  account.executions.push(execution);
  account.transactions.push({
    id: books.nextTransactionId(),
    market: key,
    side,
    time: books.now,
    type: "SETTLEMENT",
    qty,
    size,
    coin: market.coin.name,
    price: mark,
    funding: -paid + 0,
    fee: 0,
    cashFlow: 0,
    change: -paid + 0,
    balance: settle.balance,
    feeRate,
    execId: execution.id,
    orderId: 0,
    orderLinkId: "",
  });
  if (books.listener) books.emit(() => ({ type: "execution", execution }));
}
