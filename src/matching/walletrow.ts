import { coinMargins, totals, usdPerUnit, withdrawable } from "./margin.ts";
import type { CoinRow, WalletRow } from "./rows.ts";
import type { Account, CoinAccount } from "./state.ts";

/** A wallet as it stands at the present prices. */
export function walletRow(account: Account): WalletRow {
  const { wallet, upl, im, mm } = totals(account);
  const balance = wallet + upl;
  return {
    totalEquity: balance,
    totalWalletBalance: wallet,
    totalMarginBalance: balance,
    totalAvailableBalance: Math.max(0, balance - im),
    totalPerpUPL: upl,
    totalInitialMargin: im,
    totalMaintenanceMargin: mm,
    accountIMRate: balance > 0 ? im / balance : 0,
    accountMMRate: balance > 0 ? mm / balance : 0,
    coins: account.coins.map((own) => coinRow(account, own)),
  };
}

function coinRow(account: Account, own: CoinAccount): CoinRow {
  const { coin, balance, locked, cumRealised } = own;
  const margins = coinMargins(account, coin);
  const unrealisedPnl = Math.round(margins.upl) + 0;
  return {
    coin: coin.name,
    walletBalance: balance,
    equity: balance + unrealisedPnl,
    locked,
    orderIM: Math.round(margins.orderIM),
    positionIM: Math.round(margins.positionIM),
    positionMM: Math.round(margins.mm),
    unrealisedPnl,
    cumRealisedPnl: cumRealised,
    available: withdrawable(account, coin),
    usdValue: (balance + unrealisedPnl) * usdPerUnit(coin),
  };
}
