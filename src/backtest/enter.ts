import { roundStop, roundTarget } from "../risk/protection.ts";
import { sizeOrder } from "../risk/sizing.ts";
import { marketPrice } from "../risk/slippage.ts";
import { realizedVolatility } from "../risk/volatility.ts";
import type { SignalColumns } from "../strategy/signals.ts";
import { feeOf, linearPnl } from "./accounting.ts";
import { type Direction, limitTrigger } from "./fills.ts";
import { levelPrice, type Protection } from "./levels.ts";
import type { Market } from "./market.ts";
import { nearestStop, type OpenPosition } from "./position.ts";
import { liquidationOf, type Run, refuse, writeFlat } from "./run.ts";

/** An entry a strategy asked for at the close of `signalBar`, filling in `bar`. */
export interface EntryOrder {
  readonly direction: Direction;
  readonly signalBar: number;
  readonly bar: number;
}

/** Fills an entry at the open or close of its bar and books the fee; `null` when it is refused, with the reason counted. */
export function enter(
  run: Run,
  order: EntryOrder,
  signals: SignalColumns,
  protection: Protection,
): OpenPosition | null {
  const { market } = run;
  const { bars, atClose, settings } = market;
  const { direction, signalBar, bar } = order;
  const price = marketPrice(atClose ? bars.close[bar]! : bars.open[bar]!, direction, market);
  const levels = levelsAt(market, protection, { direction, signalBar, price });
  if (typeof levels === "string") {
    refuse(run, levels);
    return null;
  }
  const stop = nearestStop(direction, levels.stopLoss, levels.trail);
  const sizing = sizeOrder(settings.sizing, {
    side: direction === 1 ? "buy" : "sell",
    equity: run.balance,
    price,
    stopPrice: Number.isFinite(stop) ? stop : null,
    feeRate: settings.feeRate,
    leverage: market.leverage,
    volatility: settings.sizing.kind === "volatility" ? volatilityAt(market, settings.sizing.bars, signalBar) : NaN,
    multiplier: signals.size ? signals.size[signalBar]! : 1,
    maxQuantity: settings.participation === null ? Infinity : bars.volume[bar]! * settings.participation,
    limits: market.limits,
  });
  if (!sizing.ok) {
    refuse(run, sizing.reason);
    return null;
  }
  const { quantity } = sizing;
  writeFlat(run, bar);
  const entryFee = feeOf(price, quantity, settings.feeRate);
  run.balance -= entryFee;
  const position: OpenPosition = {
    direction,
    size: direction * quantity,
    quantity,
    entryPrice: price,
    signalBar,
    entryBar: bar,
    entryFee,
    stopLoss: levels.stopLoss,
    target: levels.target,
    targetTrigger: levels.targetTrigger,
    trailing: levels.trailing,
    trail: levels.trail,
    initialRisk: Number.isFinite(stop) ? quantity * Math.abs(price - stop) : null,
    funding: 0,
    liquidation: NaN,
    lowest: price,
    highest: price,
  };
  position.liquidation = liquidationOf(run, position);
  if (atClose) run.equity[bar] = run.balance + linearPnl(position.size, price, bars.close[bar]!);
  return position;
}

type Levels = Pick<OpenPosition, "stopLoss" | "trail" | "target" | "targetTrigger" | "trailing">;

/** The protective prices of an entry, or why it may not be made. */
function levelsAt(
  { tick }: Market,
  { stopLoss, takeProfit, trailingStop }: Protection,
  { direction, signalBar, price }: { direction: Direction; signalBar: number; price: number },
): Levels | "levelUnknown" | "targetWrongSide" {
  const side = direction === 1 ? "buy" : "sell";
  const behind = -direction as Direction;
  const far = direction * Infinity;
  const stopAt = stopLoss ? levelPrice(stopLoss, signalBar, price, behind) : -far;
  const trailAt = trailingStop ? levelPrice(trailingStop, signalBar, price, behind) : -far;
  const targetAt = takeProfit ? levelPrice(takeProfit, signalBar, price, direction) : far;
  if (Number.isNaN(stopAt) || Number.isNaN(trailAt) || Number.isNaN(targetAt)) return "levelUnknown";
  const target = takeProfit ? roundTarget(targetAt, side, tick) : far;
  if (direction * (target - price) <= 0) return "targetWrongSide";
  return {
    stopLoss: stopLoss ? roundStop(stopAt, side, tick) : -far,
    trail: trailingStop ? roundStop(trailAt, side, tick) : -far,
    target,
    targetTrigger: takeProfit ? limitTrigger(target, behind, tick) : far,
    trailing: trailingStop,
  };
}

function volatilityAt({ bars, barsPerYear }: Market, window: number, at: number): number {
  return realizedVolatility(bars.close, { at, bars: window, barsPerYear });
}
