import { refuse } from "./refusal.ts";
import type { MarketKey, OrderAck, Reply } from "./types.ts";

/** Items one batch may carry. */
const MOST = 20;
const MOST_SPOT = 10;

/** Runs a command for each item, in order; one that fails does not stop the others. A batch too long does nothing. */
export function batch<T extends { readonly market: MarketKey }>(
  items: readonly T[],
  command: (item: T) => Reply<OrderAck>,
): Reply<OrderAck>[] {
  const most = items.some((item) => item.market.startsWith("spot/")) ? MOST_SPOT : MOST;
  if (items.length > most) {
    return items.map(() => refuse(10001, `a batch carries at most ${most} orders, was ${items.length}`));
  }
  return items.map(command);
}
