import { adlRank } from "./adl.ts";
import {
  bankruptcyValue,
  earningSign,
  liquidationValue,
  markValue,
  positionIM,
  positionMM,
  takerRate,
  ticksOf,
  unrealised,
} from "./margin.ts";
import type { PositionRow } from "./rows.ts";
import type { Holding, Position } from "./state.ts";

/** The least taker rate that the break-even price reckons with. */
const LEAST_TAKER = 0.00055;
/** A hair of float noise is no tick. */
const HAIR = 1e-9;

/** A position as it stands at the mark price. */
export function positionRow(holding: Holding, position: Position): PositionRow {
  const { account, market } = holding;
  const { contract } = market;
  const { size, takeProfit, stopLoss, trailing } = position;
  const isFlat = size === 0;
  const steps = Math.abs(size);
  const atMark = markValue(holding, position);
  const tier = contract.tierIndex(atMark);
  return {
    account: account.id,
    market: market.key,
    positionIdx: position.idx,
    size,
    entryPrice: isFlat ? 0 : contract.priceOf(position.cost, steps) * contract.tick,
    positionValue: account.isIsolated ? position.cost : atMark,
    leverage: holding.leverage(isFlat && position.idx === 2 ? -1 : size),
    autoAddMargin: position.autoAdd,
    status: position.status,
    breakEvenPrice: isFlat ? 0 : breakEven(holding, position),
    markPrice: market.mark,
    liqPrice: isFlat ? 0 : liquidationTick(holding, position),
    bustPrice: isFlat ? 0 : bankruptcyTick(holding, position, bankruptcyValue(holding, position)),
    positionIM: Math.round(positionIM(holding, position)),
    positionMM: Math.round(positionMM(holding, position)),
    extraMargin: position.extra,
    takeProfit: takeProfit?.triggerPrice ?? 0,
    stopLoss: stopLoss?.triggerPrice ?? 0,
    trailingStop: trailing?.distance ?? 0,
    unrealisedPnl: Math.round(unrealised(holding, position)) + 0,
    curRealisedPnl: position.curRealised,
    cumRealisedPnl: position.cumRealised,
    adlRank: adlRank(holding, position),
    riskId: tier + 1,
    riskLimitValue: contract.tiers[tier]?.limit ?? 0,
    createdTime: position.createdTime,
    updatedTime: position.updatedTime,
    openTime: position.openTime,
    seq: position.seq,
  };
}

/** Whole ticks at which a position is liquidated; 0 when there is no such price within the instrument's range. */
export function liquidationTick(holding: Holding, position: Position): number {
  const { contract } = holding.market;
  const ticks = ticksOf(holding, position, liquidationValue(holding, position));
  // The first whole tick that is bad enough.
  const tick = position.size > 0 ? Math.floor(ticks * (1 + HAIR)) : Math.ceil(ticks * (1 - HAIR));
  return tick > contract.minPrice && tick < contract.maxPrice ? tick : 0;
}

/** Whole ticks at which a position is taken over: no worse for the account than `value`, within the price range. */
export function bankruptcyTick(holding: Holding, position: Position, value: number): number {
  const { contract } = holding.market;
  const ticks = ticksOf(holding, position, value);
  const tick = position.size > 0 ? Math.ceil(ticks * (1 - HAIR)) : Math.floor(ticks * (1 + HAIR));
  return Math.min(contract.maxPrice, Math.max(contract.minPrice, tick));
}

/** The price at which closing as a taker brings what the position earned and paid so far to nothing. */
function breakEven(holding: Holding, position: Position): number {
  const { contract } = holding.market;
  const s = earningSign(holding.market, position.size);
  const rate = Math.max(takerRate(holding), LEAST_TAKER);
  const value = (s * position.cost - position.curRealised) / (s - rate);
  return value > 0 ? contract.priceOf(value, Math.abs(position.size)) * contract.tick : 0;
}
