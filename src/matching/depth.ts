import type { MarketState } from "./state.ts";
import type { Depth, Level } from "./types.ts";

/** Displayed and own orders together, best first. */
export function depth(market: MarketState, levels: number): Depth {
  return { bids: levelsOf(market, 1, levels), asks: levelsOf(market, -1, levels) };
}

function levelsOf(market: MarketState, sign: 1 | -1, count: number): Level[] {
  const shown = market.displayed.levels(sign, count);
  const out: Level[] = [];
  let next = 0;
  const showTo = (price: number) => {
    while (next < shown.length && sign * (shown[next]![0] - price) > 0) out.push(shown[next++]!);
  };
  for (const own of market.own(sign).bestFirst()) {
    showTo(own.price);
    if (out.length >= count) break;
    const behind = shown[next]?.[0] === own.price ? shown[next++]![1] : 0;
    out.push([own.price, own.qty + behind]);
  }
  showTo(-sign * Infinity);
  return out.slice(0, count);
}
