import type { Holding } from "./state.ts";

/** Marks that something changed on which this account's liquidation depends: it is judged anew at the next chance. */
export function noteRisk(holding: Holding): void {
  const { account } = holding;
  if (account.isRiskStale) return;
  account.isRiskStale = true;
  for (const { market, isHolder } of account.holdings) {
    if (!isHolder) continue;
    // Nothing lies between these: the next judgement looks at every holder.
    market.riskLow = Infinity;
    market.riskHigh = 0;
    market.quietLow = -1;
  }
}
