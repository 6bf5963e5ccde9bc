/** One coin of a wallet; amounts printed. */
export interface CoinFacts {
  readonly coin: string;
  readonly equity: string;
  readonly usdValue: string;
  readonly walletBalance: string;
  readonly locked: string;
  readonly totalOrderIM: string;
  readonly totalPositionIM: string;
  readonly totalPositionMM: string;
  readonly unrealisedPnl: string;
  readonly cumRealisedPnl: string;
  /** What may still be used or taken out. */
  readonly available: string;
}

/** A unified account; amounts in USD, printed; rates are fractions. */
export interface WalletFacts {
  readonly totalEquity: string;
  readonly totalWalletBalance: string;
  readonly totalMarginBalance: string;
  readonly totalAvailableBalance: string;
  readonly totalPerpUPL: string;
  readonly totalInitialMargin: string;
  readonly totalMaintenanceMargin: string;
  readonly accountIMRate: string;
  readonly accountMMRate: string;
  readonly coins: readonly CoinFacts[];
}

/** The element of `/v5/account/wallet-balance` and of `wallet` pushes. */
export function walletRow(wallet: WalletFacts): Record<string, unknown> {
  const { coins, ...totals } = wallet;
  return {
    accountType: "UNIFIED",
    ...totals,
    accountIMRateByMp: totals.accountIMRate,
    accountMMRateByMp: totals.accountMMRate,
    totalInitialMarginByMp: totals.totalInitialMargin,
    totalMaintenanceMarginByMp: totals.totalMaintenanceMargin,
    accountLTV: "0",
    coin: coins.map(coinRow),
  };
}

function coinRow(coin: CoinFacts): Record<string, unknown> {
  const { available, ...shown } = coin;
  return {
    ...shown,
    availableToWithdraw: available,
    availableToBorrow: "",
    free: "",
    bonus: "0",
    borrowAmount: "0",
    accruedInterest: "0",
    spotBorrow: "0",
    spotHedgingQty: "0",
    marginCollateral: true,
    collateralSwitch: true,
    colRes: "0",
  };
}
