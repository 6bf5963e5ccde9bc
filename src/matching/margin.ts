import type { Account, Coin, CoinAccount, Holding, MarketState, Position } from "./state.ts";

/**
 * Margin arithmetic: floats in money units of the settle coin, rounded where they are shown. No money moves here.
 *
 * `s` is +1 where a growing value earns (a linear long, an inverse short) and −1 where it costs.
 */

/** USD (float) of one money unit of a coin, by the index of its market. */
export function usdPerUnit(coin: Coin): number {
  const { priced } = coin;
  if (!priced) return coin.fixedUsd * coin.unit;
  return priced.index * priced.contract.tick * coin.unit;
}

/** +1 or −1 for a position of this sign in `market`; see above. */
export function earningSign(market: MarketState, sign: number): 1 | -1 {
  return market.contract.direction * sign >= 0 ? 1 : -1;
}

export function takerRate(holding: Holding): number {
  return holding.rates.taker;
}

export function markValue(holding: Holding, position: Position): number {
  const { contract, mark } = holding.market;
  return position.size === 0 ? 0 : contract.value(mark, Math.abs(position.size));
}

export function unrealised(holding: Holding, position: Position): number {
  if (position.size === 0) return 0;
  return earningSign(holding.market, position.size) * (markValue(holding, position) - position.cost);
}

/** What closing at the bankruptcy price would cost in fees; `value` is the entry (isolated) or mark value (cross). */
export function feeToClose(value: number, leverage: number, at: { s: 1 | -1; taker: number }): number {
  return value * (1 - at.s / leverage) * at.taker;
}

/** Initial margin of a position without what was added to it. Isolated by entry, cross by mark value. */
export function positionIM(holding: Holding, position: Position): number {
  if (position.size === 0) return 0;
  const s = earningSign(holding.market, position.size);
  const leverage = holding.leverage(position.size);
  const value = holding.account.isIsolated ? position.cost : markValue(holding, position);
  return value / leverage + feeToClose(value, leverage, { s, taker: takerRate(holding) });
}

/** Maintenance margin at the mark price, by the rung its value is on. */
export function positionMM(holding: Holding, position: Position): number {
  if (position.size === 0) return 0;
  const s = earningSign(holding.market, position.size);
  const leverage = holding.leverage(position.size);
  const value = markValue(holding, position);
  const tier = holding.market.contract.tier(value);
  const closing = holding.account.isIsolated ? position.cost : value;
  const kept = value * tier.maintenanceRate - tier.deduction;
  return Math.max(0, kept) + feeToClose(closing, leverage, { s, taker: takerRate(holding) });
}

/** What opening `value` on the side `sign` ties up: margin, the fee to open, the fee to close. */
export function orderCost(holding: Holding, value: number, sign: number): number {
  const leverage = holding.leverage(sign);
  const taker = takerRate(holding);
  const s = earningSign(holding.market, sign);
  return value / leverage + value * taker + feeToClose(value, leverage, { s, taker });
}

/** Margin of a side's resting orders: only what exceeds an opposite position opens, and only the dearer side counts. */
export function orderIM(holding: Holding, position: Position): number {
  const { size, buyQty, sellQty } = position;
  let buy = 0;
  let sell = 0;
  if (buyQty > 0) {
    const opening = size < 0 ? Math.max(0, buyQty + size) / buyQty : 1;
    if (opening > 0) buy = orderCost(holding, position.buyValue * opening, 1);
  }
  if (sellQty > 0) {
    const opening = size > 0 ? Math.max(0, sellQty - size) / sellQty : 1;
    if (opening > 0) sell = orderCost(holding, position.sellValue * opening, -1);
  }
  return Math.max(buy, sell);
}

/** Sums over an account, USD floats. */
export interface Totals {
  wallet: number;
  upl: number;
  im: number;
  mm: number;
}

export function totals(account: Account): Totals {
  const sum: Totals = { wallet: 0, upl: 0, im: 0, mm: 0 };
  for (const own of account.coins) if (own.balance !== 0) sum.wallet += own.balance * usdPerUnit(own.coin);
  for (const holding of account.holdings) {
    if (holding.market.contract.isSpot) continue;
    let [upl, im, mm] = [0, 0, 0];
    for (const position of holding.positions) {
      if (position.size !== 0) {
        upl += unrealised(holding, position);
        im += positionIM(holding, position) + position.extra;
        mm += positionMM(holding, position);
      }
      if (position.buyQty > 0 || position.sellQty > 0) im += orderIM(holding, position);
    }
    if (upl === 0 && im === 0) continue;
    const usd = usdPerUnit(holding.market.coin);
    sum.upl += upl * usd;
    sum.im += im * usd;
    sum.mm += mm * usd;
  }
  return sum;
}

/** Margins of one coin, money units. */
export function coinMargins(
  account: Account,
  coin: Coin,
): { upl: number; positionIM: number; orderIM: number; mm: number } {
  const sum = { upl: 0, positionIM: 0, orderIM: 0, mm: 0 };
  for (const holding of account.holdings) {
    if (holding.market.contract.isSpot || holding.market.coin !== coin) continue;
    for (const position of holding.positions) {
      sum.upl += unrealised(holding, position);
      sum.positionIM += positionIM(holding, position) + position.extra;
      sum.mm += positionMM(holding, position);
      sum.orderIM += orderIM(holding, position);
    }
  }
  return sum;
}

/** What a new order in `holding` may tie up, money units of its settle coin. */
export function available(holding: Holding): number {
  const { account } = holding;
  const own = holding.settle;
  if (account.isIsolated) return spendable(account, own);
  const usd = usdPerUnit(own.coin);
  if (usd > 0) {
    const { wallet, upl, im } = totals(account);
    return (wallet + upl - im) / usd;
  }
  // A coin without a price yet stands for itself.
  const used = coinMargins(account, own.coin);
  return own.balance + used.upl - used.positionIM - used.orderIM;
}

/** What a spot order may pay with: isolated margins stay where they are, cross counts the coin bought instead. */
export function spendable(account: Account, own: CoinAccount): number {
  const free = own.balance - own.locked;
  if (!account.isIsolated) return free;
  const used = coinMargins(account, own.coin);
  return free - used.positionIM - used.orderIM;
}

/** What may be taken out of a coin, money units ≥ 0. */
export function withdrawable(account: Account, coin: Coin): number {
  const own = account.wallet(coin);
  if (account.isIsolated) return Math.max(0, Math.floor(spendable(account, own)));
  const free = own.balance - own.locked;
  const { wallet, upl, im } = totals(account);
  const usd = usdPerUnit(coin);
  // Unrealised profit cannot be taken out.
  const room = usd > 0 ? (wallet + Math.min(0, upl) - im) / usd : Infinity;
  return Math.max(0, Math.floor(Math.min(free, room)));
}

/** Margin that stands behind a position before its own unrealised P&L: isolated its own, cross what all else leaves. */
function backing(holding: Holding, position: Position): number {
  if (holding.account.isIsolated) return position.cost / holding.leverage(position.size) + position.extra;
  const { wallet, upl, mm } = totals(holding.account);
  const slack = (wallet + upl - mm) / usdPerUnit(holding.market.coin);
  return slack - unrealised(holding, position) + positionMM(holding, position);
}

/** The value at which maintenance margin eats what is left, money; see the derivation in docs/exchange-choices.md. */
export function liquidationValue(holding: Holding, position: Position): number {
  const margin = backing(holding, position);
  const { contract } = holding.market;
  const s = earningSign(holding.market, position.size);
  const { cost } = position;
  // Isolated: the fee to close is on both sides of the balance. Cross: it moves with the value.
  const leverage = holding.leverage(position.size);
  const feeRate = holding.account.isIsolated ? 0 : feeToClose(1, leverage, { s, taker: takerRate(holding) });
  let tier = contract.tier(markValue(holding, position));
  let value = 0;
  // The rung is the one of the value found, a few steps at most.
  for (let i = 0; i <= contract.tiers.length; i++) {
    const rate = tier.maintenanceRate + feeRate;
    value = s === 1 ? (cost - margin - tier.deduction) / (1 - rate) : (cost + margin + tier.deduction) / (1 + rate);
    const found = contract.tier(Math.max(0, value));
    if (found === tier) break;
    tier = found;
  }
  return value;
}

/** The value at which nothing is left after the fee to close, money. */
export function bankruptcyValue(holding: Holding, position: Position): number {
  const s = earningSign(holding.market, position.size);
  const taker = takerRate(holding);
  const { cost } = position;
  let margin: number;
  if (holding.account.isIsolated) margin = positionIM(holding, position) + position.extra;
  else {
    const { wallet, upl } = totals(holding.account);
    margin = (wallet + upl) / usdPerUnit(holding.market.coin) - unrealised(holding, position);
  }
  return s === 1 ? (cost - margin) / (1 - taker) : (cost + margin) / (1 + taker);
}

/** Ticks (not whole) of a value of this position; a value that is never reached is 0 for a long and ∞ for a short. */
export function ticksOf(holding: Holding, position: Position, value: number): number {
  if (!(value > 0)) return position.size > 0 ? 0 : Infinity;
  return holding.market.contract.priceOf(value, Math.abs(position.size));
}
