import type { TickerRow } from "../bybit/stream-rows.ts";
import type { Quote } from "../engine/facts.ts";

/** Prices by symbol, from tickers: a delta holds only what has changed. */
export class Quotes {
  private readonly rows = new Map<string, TickerRow>();

  /** The prices after a ticker; `null` while no trade is known of. `time` is the exchange's, epoch ms. */
  take(symbol: string, row: TickerRow, { isDelta, time }: { isDelta: boolean; time: number }): Quote | null {
    const before = this.rows.get(symbol);
    if (isDelta && !before) return null;
    const whole = isDelta ? { ...before, ...row } : row;
    this.rows.set(symbol, whole);
    const last = priceOf(whole.lastPrice);
    if (last === null) return null;
    return { last, bid: priceOf(whole.bid1Price), ask: priceOf(whole.ask1Price), mark: priceOf(whole.markPrice), time };
  }
}

function priceOf(text: string | undefined): number | null {
  const price = Number(text);
  return price > 0 ? price : null;
}
