import { audit } from "./audit.ts";
import type { Books } from "./books.ts";
import { findOrder } from "./cancel.ts";
import { depth } from "./depth.ts";
import { digest } from "./digest.ts";
import { fundingRows } from "./funding.ts";
import { positionRow } from "./positionrow.ts";
import type { OrderRow, PositionRow } from "./rows.ts";
import type { Account, MarketState } from "./state.ts";
import type { MarketKey } from "./types.ts";
import type { Quote, Venue } from "./venue.ts";
import { walletRow } from "./walletrow.ts";

/** The part of a venue that only looks. */
type Queries = Pick<
  Venue,
  | "market"
  | "quote"
  | "nextSeq"
  | "depth"
  | "fundingHistory"
  | "order"
  | "openOrders"
  | "closedOrders"
  | "executions"
  | "closedPnl"
  | "transactions"
  | "positions"
  | "positionMode"
  | "leverage"
  | "marginMode"
  | "wallet"
  | "insurance"
  | "coinScale"
  | "audit"
  | "digest"
>;

/** Questions to the books; none of them changes what happens next. */
export function queries(books: Books): Queries {
  return {
    market: (key) => books.markets.get(key)?.instrument,
    quote: (market) => quote(books.market(market)),
    nextSeq(market) {
      const state = books.market(market);
      state.seq += 1;
      return state.seq;
    },
    depth: (market, levels) => depth(books.market(market), levels),
    fundingHistory: (market) => fundingRows(books, books.market(market)),
    order: (account, name) => findOrder(books.account(account), name),
    openOrders: (account, market) => openOrders(books.account(account), market),
    closedOrders: (account) => books.account(account).closed.newestFirst(),
    executions: (account) => books.account(account).executions.newestFirst(),
    closedPnl: (account) => books.account(account).closedPnl.newestFirst(),
    transactions: (account) => books.account(account).transactions.newestFirst(),
    positions: (account, market) => positions(books.account(account), market && books.market(market)),
    positionMode: (account, market) => (books.account(account).at(books.market(market)).isHedge ? "hedge" : "oneWay"),
    leverage(account, market) {
      const { leverageBuy, leverageSell } = books.account(account).at(books.market(market));
      return { buy: leverageBuy, sell: leverageSell };
    },
    marginMode: (account) => books.account(account).marginMode,
    wallet: (account) => walletRow(books.account(account)),
    insurance: (coin) => books.coins.get(coin)?.insurance ?? 0,
    coinScale: (coin) => books.coins.get(coin)?.scale ?? 8,
    audit: () => audit(books),
    digest: () => digest(books),
  };
}

function quote(market: MarketState): Quote {
  const { last, mark, index, seq } = market;
  const [bid, ask] = [market.best(1), market.best(-1)];
  return { last, mark, index, bid: Number.isFinite(bid) ? bid : 0, ask: Number.isFinite(ask) ? ask : 0, seq };
}

function openOrders(account: Account, market?: MarketKey): OrderRow[] {
  return [...account.open.values()].filter((order) => !market || order.market === market).reverse();
}

function positions(account: Account, market?: MarketState): PositionRow[] {
  const rows: PositionRow[] = [];
  for (const holding of market ? [account.at(market)] : account.holdings) {
    if (holding.market.contract.isSpot) continue;
    for (const position of holding.sides())
      if (market || position.seq !== -1) rows.push(positionRow(holding, position));
  }
  return rows;
}
