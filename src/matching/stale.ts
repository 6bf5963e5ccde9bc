import type { Account, Holding, MarketState } from "./state.ts";

/** A fill: its account is judged at the next judgement, which follows every fill, whatever the market. */
export function noteFill(holding: Holding): void {
  queue(holding.account);
}

/** Marks that something else changed on which this account's liquidation depends. */
export function noteRisk(holding: Holding): void {
  noteAccountRisk(holding.account);
}

/** The same for a change that belongs to no market: a transfer, a mode. */
export function noteAccountRisk(account: Account): void {
  queue(account);
  // No judgement follows: the next price of any of its markets brings one.
  for (const { market, isHolder } of account.holdings) if (isHolder) open(market);
}

function queue(account: Account): void {
  if (account.isRiskStale) return;
  account.isRiskStale = true;
  account.stale.push(account);
}

/** Nothing lies between these bounds. */
function open(market: MarketState): void {
  market.riskLow = Infinity;
  market.riskHigh = 0;
  market.quietLow = -1;
}
