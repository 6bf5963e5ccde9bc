import type { Books } from "./books.ts";
import { earningSign } from "./margin.ts";
import { positionRow } from "./positionrow.ts";
import type { ExecType, TransactionRow } from "./rows.ts";
import { share } from "./share.ts";
import { noteFill } from "./stale.ts";
import type { Account, Coin, CoinAccount, Holding, Order, Position } from "./state.ts";

/** One fill: ticks, steps. */
export interface Fill {
  readonly price: number;
  readonly qty: number;
  readonly isMaker: boolean;
  /** Trade unless said otherwise. */
  readonly type?: ExecType;
}

/** A fill worked out: value in the market's value coin, fee in the fee coin. */
interface Booked {
  readonly id: number;
  readonly price: number;
  readonly qty: number;
  readonly type: ExecType;
  readonly value: number;
  readonly feeRate: number;
  readonly fee: number;
  readonly feeCoin: Coin;
}

/** What a fill closed: steps, and money before fees. */
interface Closed {
  readonly qty: number;
  readonly pnl: number;
}
const NOTHING: Closed = { qty: 0, pnl: 0 };
const TRANSACTION_TYPES: Readonly<Record<ExecType, TransactionRow["type"]>> = {
  Trade: "TRADE",
  Funding: "SETTLEMENT",
  AdlTrade: "ADL",
  BustTrade: "LIQUIDATION",
};

/**
 * Books a fill: the order's sums, its position, fee, profit, wallet and the rest of the market; tells the execution.
 *
 * The caller has already brought the order's `leavesQty` and status up to date, and sees to its lock afterwards.
 */
export function applyFill(books: Books, order: Order, fill: Fill): void {
  const { account, market, rates } = order.holding;
  const { contract } = market;
  const { price, qty, type = "Trade" } = fill;
  const value = contract.value(price, qty);
  // Who is deleveraged did not choose to trade.
  const feeRate = type === "AdlTrade" ? 0 : fill.isMaker ? rates.maker : rates.taker;
  // Spot: a fee comes out of the coin received, a rebate in the coin given.
  const isBaseFee = contract.isSpot && (order.sign === 1) === feeRate >= 0;
  const fee = Math.round((isBaseFee ? contract.baseUnits(qty) : value) * feeRate) + 0;
  const feeCoin = isBaseFee ? market.base : market.coin;
  const booked: Booked = { id: books.nextExecutionId(), price, qty, type, value, feeRate, fee, feeCoin };
  order.cumExecQty += qty;
  order.cumExecValue += value;
  if (order.cumExecFee === 0) order.feeCoin = feeCoin.name;
  if (order.feeCoin === feeCoin.name) order.cumExecFee += fee;
  feeCoin.fees += fee;
  market.restValue += contract.direction * order.sign * value;
  account.touchedWallet = true;
  const closed = contract.isSpot ? settleSpot(books, order, booked) : settleContract(books, order, booked);
  noteFill(order.holding);
  keepExecution(books, order, booked, { closed, isMaker: fill.isMaker });
}

/** Coins change hands; the fee comes out of those received, a rebate on top of those given. */
function settleSpot(books: Books, order: Order, fill: Booked): Closed {
  const { account, market } = order.holding;
  const units = market.contract.baseUnits(fill.qty);
  market.restBase -= order.sign * units;
  const [quoteFee, baseFee] = fill.feeCoin === market.base ? [0, fill.fee] : [fill.fee, 0];
  move(books, order, fill, { own: account.wallet(market.coin), cashFlow: -order.sign * fill.value, fee: quoteFee });
  move(books, order, fill, { own: account.wallet(market.base), cashFlow: order.sign * units, fee: baseFee });
  return NOTHING;
}

/** The position closes by what it has on the other side, the remainder opens at the fill's price. */
function settleContract(books: Books, order: Order, fill: Booked): Closed {
  const { holding, sign } = order;
  const { market, settle } = holding;
  const position = holding.positions[order.positionIdx];
  const { qty, value, fee } = fill;
  const closing = position.size * sign < 0 ? Math.min(Math.abs(position.size), qty) : 0;
  const closingFee = share(fee, closing, qty);
  market.restSize -= sign * qty;
  let pnl = 0;
  if (closing > 0) {
    const exit = closing === qty ? value : market.contract.value(fill.price, closing);
    pnl = reduce(books, order, position, { type: fill.type, qty: closing, exit, fee: closingFee });
  }
  if (qty > closing) {
    // What opens costs what is left of the value, so that both parts sum to the fill.
    const exit = closing === 0 ? 0 : market.contract.value(fill.price, closing);
    enlarge(books, position, { size: sign * (qty - closing), cost: value - exit, fee: fee - closingFee });
  }
  settle.cumRealised += pnl - fee;
  position.updatedTime = books.now;
  position.seq = market.seq;
  position.touched = true;
  if (!holding.isHolder) {
    holding.isHolder = true;
    market.holders.push(holding);
  }
  move(books, order, fill, { own: settle, cashFlow: pnl, fee });
  return closing === 0 ? NOTHING : { qty: closing, pnl };
}

function enlarge(books: Books, position: Position, by: { size: number; cost: number; fee: number }): void {
  if (position.size === 0) {
    position.openTime = books.now;
    position.curRealised = 0;
    if (position.createdTime === 0) position.createdTime = books.now;
  }
  position.size += by.size;
  position.cost += by.cost;
  position.openFee += by.fee;
  position.curRealised -= by.fee;
  position.cumRealised -= by.fee;
}

/** Closes a part at average cost; returns its profit before fees. */
function reduce(
  books: Books,
  order: Order,
  position: Position,
  part: { type: ExecType; qty: number; exit: number; fee: number },
): number {
  const { holding } = order;
  const whole = Math.abs(position.size);
  const s = earningSign(holding.market, position.size);
  const entry = share(position.cost, part.qty, whole);
  const openFee = share(position.openFee, part.qty, whole);
  const pnl = s * (part.exit - entry) + 0;
  growClosedPnl(books, order, { ...part, entry, openFee, s });
  position.cost -= entry;
  position.openFee -= openFee;
  position.extra -= share(position.extra, part.qty, whole);
  position.size += order.sign * part.qty;
  position.curRealised += pnl - part.fee;
  position.cumRealised += pnl - part.fee;
  if (position.size === 0) position.openTime = 0;
  return pnl;
}

/** One row per closing order, which grows with its fills. */
function growClosedPnl(
  books: Books,
  order: Order,
  part: { type: ExecType; qty: number; exit: number; fee: number; entry: number; openFee: number; s: 1 | -1 },
): void {
  const { holding } = order;
  const { contract } = holding.market;
  let row = order.closed;
  if (!row) {
    row = {
      id: books.nextClosedPnlId(),
      market: order.market,
      orderId: order.id,
      side: order.side,
      qty: order.qty,
      orderPrice: order.price,
      orderType: order.type,
      execType: part.type,
      closedSize: 0,
      cumEntryValue: 0,
      cumExitValue: 0,
      avgEntryPrice: 0,
      avgExitPrice: 0,
      closedPnl: 0,
      fillCount: 0,
      leverage: holding.leverage(-order.sign),
      openFee: 0,
      closeFee: 0,
      createdTime: books.now,
      updatedTime: books.now,
    };
    order.closed = row;
    holding.account.closedPnl.push(row);
  }
  row.closedSize += part.qty;
  row.cumEntryValue += part.entry;
  row.cumExitValue += part.exit;
  row.avgEntryPrice = contract.priceOf(row.cumEntryValue, row.closedSize) * contract.tick;
  row.avgExitPrice = contract.priceOf(row.cumExitValue, row.closedSize) * contract.tick;
  row.openFee += part.openFee;
  row.closeFee += part.fee;
  row.closedPnl = part.s * (row.cumExitValue - row.cumEntryValue) - row.openFee - row.closeFee;
  row.fillCount += 1;
  row.updatedTime = books.now;
  order.closedPnl = row.closedPnl;
}

/** Moves money in a wallet and writes it down. */
function move(
  books: Books,
  order: Order,
  fill: Booked,
  change: { own: CoinAccount; cashFlow: number; fee: number },
): void {
  const { holding } = order;
  const { own, cashFlow, fee } = change;
  own.balance += cashFlow - fee;
  holding.account.transactions.push({
    id: books.nextTransactionId(),
    market: order.market,
    side: order.side,
    time: books.now,
    type: TRANSACTION_TYPES[fill.type],
    qty: fill.qty,
    size: holding.positions[order.positionIdx].size,
    coin: own.coin.name,
    price: fill.price,
    funding: 0,
    fee,
    cashFlow: cashFlow + 0,
    change: cashFlow - fee,
    balance: own.balance,
    feeRate: fill.feeRate,
    execId: fill.id,
    orderId: order.id,
    orderLinkId: order.orderLinkId,
  });
}

function keepExecution(books: Books, order: Order, fill: Booked, more: { closed: Closed; isMaker: boolean }): void {
  const { account, market } = order.holding;
  const execution = {
    id: fill.id,
    account: account.id,
    market: order.market,
    orderId: order.id,
    orderLinkId: order.orderLinkId,
    side: order.side,
    orderType: order.type,
    stopOrderType: order.stopOrderType,
    createType: order.createType,
    orderPrice: order.price,
    orderQty: order.qty,
    leavesQty: order.leavesQty,
    marketUnit: order.marketUnit,
    price: fill.price,
    qty: fill.qty,
    value: fill.value,
    fee: fill.fee,
    feeCoin: fill.feeCoin.name,
    feeRate: fill.feeRate,
    type: fill.type,
    pnl: more.closed.pnl,
    closedSize: more.closed.qty,
    isMaker: more.isMaker,
    markPrice: market.mark,
    indexPrice: market.index,
    time: books.now,
    seq: market.seq,
  };
  account.executions.push(execution);
  if (books.listener) books.emit(() => ({ type: "execution", execution }));
}

/** Tells which positions and whether the wallet of an account changed since it was last told. */
export function flushTouched(books: Books, account: Account): void {
  for (const holding of account.holdings) {
    for (const position of holding.positions) if (position.touched) tellPosition(books, holding, position);
  }
  if (!account.touchedWallet) return;
  account.touchedWallet = false;
  if (books.listener) books.emit(() => ({ type: "wallet", account: account.id }));
}

function tellPosition(books: Books, holding: Holding, position: Position): void {
  position.touched = false;
  const { account, market } = holding;
  if (!books.listener || market.contract.isSpot) return;
  const row = () => positionRow(holding, position);
  books.emit(() => ({ type: "position", account: account.id, market: market.key, position: row }));
}
