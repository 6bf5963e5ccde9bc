import { createHash } from "node:crypto";
import type { Books } from "./books.ts";
import { orderRow } from "./order.ts";
import type { Account, Holding, MarketState, Position } from "./state.ts";

/** A digest of every market, order, position and balance; equal states, equal digests. */
export function digest(books: Books): string {
  const hash = createHash("sha256");
  const put = (...facts: unknown[]) => hash.update(`${JSON.stringify(facts)}\n`);
  put("venue", books.now);
  for (const { name, deposits, fees, funding, insurance } of books.coins.values()) {
    put("coin", name, deposits, fees, funding, insurance);
  }
  for (const market of books.markets.values()) putMarket(put, market);
  for (const account of books.accounts.values()) putAccount(put, account);
  return hash.digest("hex");
}

type Put = (...facts: unknown[]) => void;

function putMarket(put: Put, market: MarketState): void {
  const { key, last, mark, index, seq, restSize, restValue, restBase, nextFunding } = market;
  put("market", key, last, mark, index, seq, restSize, restValue, restBase, nextFunding);
  for (const side of [market.bids, market.asks]) {
    for (const level of side.bestFirst()) {
      for (let order = level.head; order; order = order.after) put("queue", order.id, order.queueAhead);
    }
  }
}

function putAccount(put: Put, account: Account): void {
  put("account", account.id, account.marginMode, [...account.fees]);
  for (const { coin, balance, locked, cumRealised } of account.coins) {
    // Looking at a market makes an empty holding and wallet: they are no state.
    if (balance !== 0 || locked !== 0 || cumRealised !== 0) put("balance", coin.name, balance, locked, cumRealised);
  }
  for (const holding of account.holdings) {
    const { market, isHedge, leverageBuy, leverageSell } = holding;
    if (!isUntouched(holding)) put("holding", market.key, isHedge, leverageBuy, leverageSell);
    for (const position of holding.positions) if (position.seq !== -1) put("position", ...positionFacts(position));
  }
  for (const order of account.open.values()) put("open", orderRow(order));
  for (const order of account.closed.newestFirst()) put("closed", orderRow(order));
  for (const rows of [account.executions, account.closedPnl, account.transactions]) put("rows", rows.length);
}

function isUntouched({ account, market, isHedge, leverageBuy, leverageSell }: Holding): boolean {
  const leverage = Math.max(1, Math.min(account.leverage, market.contract.maxLeverage));
  const hedges = account.hedges && market.instrument.category === "linear";
  return isHedge === hedges && leverageBuy === leverage && leverageSell === leverage;
}

function positionFacts(position: Position): unknown[] {
  const { idx, size, cost, openFee, extra, autoAdd, curRealised, cumRealised, seq } = position;
  return [idx, size, cost, openFee, extra, autoAdd, curRealised, cumRealised, seq];
}
