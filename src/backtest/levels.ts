import type { Level, SignalColumns } from "../strategy/signals.ts";
import type { Direction } from "./fills.ts";
import type { BacktestSettings } from "./settings.ts";

/** The protective levels that apply: those of the settings, else those of the strategy. */
export interface Protection {
  readonly stopLoss: Level | null;
  readonly takeProfit: Level | null;
  readonly trailingStop: Level | null;
}

export function protectionOf(signals: SignalColumns, settings: BacktestSettings): Protection {
  const pick = (fraction: number | null, level: Level | undefined): Level | null =>
    fraction === null ? (level ?? null) : { kind: "fraction", fraction };
  return {
    stopLoss: pick(settings.stopLoss, signals.stopLoss),
    takeProfit: pick(settings.takeProfit, signals.takeProfit),
    trailingStop: pick(settings.trailingStop, signals.trailingStop),
  };
}

/**
 * Price of a level as said on the signal bar. `away` 1: above `base`, -1: below it. `NaN` = not known, or infinite.
 *
 * `base` is the entry fill price, or the best price so far of a trailing stop.
 */
export function levelPrice(level: Level, signalBar: number, base: number, away: Direction): number {
  const price = saidPrice(level, signalBar, base, away);
  return Number.isFinite(price) ? price : Number.NaN;
}

function saidPrice(level: Level, signalBar: number, base: number, away: Direction): number {
  switch (level.kind) {
    case "fraction":
      return base * (1 + away * level.fraction);
    case "distance":
      return base + away * level.distance[signalBar]!;
    case "price":
      return level.price[signalBar]!;
  }
}
