import type { Account, Holding, MarketState } from "./state.ts";

/** Marks that something changed on which this account's liquidation depends: it is judged anew at the next chance. */
export function noteRisk(holding: Holding): void {
  if (holding.isHolder) open(holding.market);
  noteAccountRisk(holding.account);
}

/** The same for a change that belongs to no market: a transfer, a mode. */
export function noteAccountRisk(account: Account): void {
  if (account.isRiskStale) return;
  account.isRiskStale = true;
  for (const { market, isHolder } of account.holdings) if (isHolder) open(market);
}

/** Nothing lies between these bounds: the next judgement looks at every holder. */
function open(market: MarketState): void {
  market.riskLow = Infinity;
  market.riskHigh = 0;
  market.quietLow = -1;
}
