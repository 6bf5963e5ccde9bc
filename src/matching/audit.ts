import type { Books } from "./books.ts";
import type { Coin } from "./state.ts";
import type { MarketKey } from "./types.ts";
import type { Audit } from "./venue.ts";

/**
 * Adds up all money and all sizes.
 *
 * An account that trades contracts gives the value of what it buys to the rest of the market and has the position's
 * cost instead; its wallet moves by the difference when it closes. So, coin by coin, to the unit:
 * deposits = wallets − cost of open positions + rest of the market + fees + funding + what the insurance fund got.
 */
export function audit(books: Books): { coins: Audit[]; sizes: Record<MarketKey, number> } {
  const sizes: Record<MarketKey, number> = {};
  for (const market of books.markets.values()) {
    let size = market.restSize;
    for (const holding of market.holders) for (const position of holding.positions) size += position.size;
    sizes[market.key] = size;
  }
  return { coins: [...books.coins.values()].map((coin) => auditCoin(books, coin)), sizes };
}

function auditCoin(books: Books, coin: Coin): Audit {
  let [wallets, openCost, market] = [0, 0, 0];
  for (const account of books.accounts.values()) {
    for (const own of account.coins) if (own.coin === coin) wallets += own.balance;
    for (const holding of account.holdings) {
      if (holding.market.coin !== coin) continue;
      const { direction } = holding.market.contract;
      for (const { size, cost } of holding.positions) openCost += direction * Math.sign(size) * cost;
    }
  }
  for (const state of books.markets.values()) {
    if (state.coin === coin) market += state.restValue;
    if (state.base === coin) market += state.restBase;
  }
  const { deposits, fees, funding } = coin;
  const insurance = coin.insurance - coin.endowment;
  const residual = deposits - (wallets - openCost + market + fees + funding + insurance) + 0;
  return { coin: coin.name, deposits, wallets, openCost: openCost + 0, market, fees, funding, insurance, residual };
}
