import type { ExitReason, Trade } from "../model/trade.ts";
import { feeOf, fundingCash, linearPnl } from "./accounting.ts";
import { liquidationPrice } from "./liquidation.ts";
import type { Market } from "./market.ts";
import { excursions, type OpenPosition, see } from "./position.ts";

/** The books of one simulation while it runs. */
export interface Run {
  readonly market: Market;
  /** Account without unrealised profit, quote. */
  balance: number;
  /** At the close of each bar; final below `written`. */
  readonly equity: Float64Array;
  written: number;
  /** Settlements before this one are behind. */
  settlement: number;
  readonly trades: Trade[];
  barsInMarket: number;
  ambiguousBars: number;
  readonly refusals: Record<string, number>;
}

/** How a position ended. */
export interface Exit {
  readonly bar: number;
  readonly price: number;
  readonly reason: ExitReason;
  readonly feeRate: number;
  readonly ambiguous: boolean;
}

/** Fresh books; `equity` is written over. */
export function newRun(market: Market, equity: Float64Array): Run {
  return {
    market,
    balance: market.settings.cash,
    equity,
    written: 0,
    settlement: 0,
    trades: [],
    barsInMarket: 0,
    ambiguousBars: 0,
    refusals: {},
  };
}

export function refuse(run: Run, reason: string): void {
  run.refusals[reason] = (run.refusals[reason] ?? 0) + 1;
}

/** Writes the flat account up to bar `to`, exclusive. */
export function writeFlat(run: Run, to: number): void {
  if (to > run.written) run.equity.fill(run.balance, run.written, to);
  run.written = Math.max(run.written, to);
}

/** Bar of the next settlement at or after bar `from`; `Infinity` if there is none. */
export function nextSettlementBar(run: Run, from: number): number {
  const { bar, length } = run.market.settlements;
  while (run.settlement < length && bar[run.settlement]! < from) run.settlement++;
  return run.settlement < length ? bar[run.settlement]! : Infinity;
}

/** Pays the settlements of bar `i` at its open (`atOpen` 1) or later in it (0). */
export function settle(run: Run, position: OpenPosition, i: number, atOpen: 0 | 1): void {
  const { settlements } = run.market;
  let paid = false;
  for (let s = run.settlement; s < settlements.length && settlements.bar[s] === i; s++) {
    if (settlements.atOpen[s] !== atOpen) continue;
    const cash = fundingCash(position.size, settlements.price[s]!, settlements.rate[s]!);
    run.balance += cash;
    position.funding += cash;
    paid = true;
  }
  if (paid) position.liquidation = liquidationOf(run, position);
}

/** Liquidation price of the account as it stands. */
export function liquidationOf(run: Run, position: Pick<OpenPosition, "direction" | "quantity" | "entryPrice">): number {
  const { direction, quantity, entryPrice } = position;
  return liquidationPrice({ direction, quantity, entryPrice, balance: run.balance, tiers: run.market.tiers });
}

/** Books the end of a position; `held` bars had it. A liquidation takes the whole balance. */
export function close(run: Run, position: OpenPosition, exit: Exit, held: number): void {
  const { bars } = run.market;
  see(position, exit.price);
  const gross = linearPnl(position.size, position.entryPrice, exit.price);
  const exitFee = feeOf(exit.price, position.quantity, exit.feeRate);
  if (exit.reason === "liquidation") run.balance = 0;
  else if (exit.reason !== "open") run.balance = run.balance + gross - exitFee;
  const fees = position.entryFee + exitFee;
  const { adverse, favorable } = excursions(position);
  run.barsInMarket += held;
  if (exit.ambiguous) run.ambiguousBars++;
  run.trades.push({
    id: run.trades.length + 1,
    symbol: bars.symbol,
    side: position.direction === 1 ? "buy" : "sell",
    entryTime: bars.time[position.entryBar]!,
    entryPrice: position.entryPrice,
    exitTime: bars.time[exit.bar]!,
    exitPrice: exit.price,
    quantity: position.quantity,
    realizedPnl: gross - fees + position.funding,
    grossPnl: gross,
    fees,
    funding: position.funding,
    exitReason: exit.reason,
    barsHeld: exit.bar - position.entryBar,
    maxAdverseFraction: adverse,
    maxFavorableFraction: favorable,
    initialRisk: position.initialRisk,
    ambiguous: exit.ambiguous,
  });
}
