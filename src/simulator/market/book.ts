/** A price level: whole ticks, whole steps. */
export type Level = readonly [price: number, qty: number];

/** Both sides of a book, best first. */
export interface Depth {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** What changed between two depths: levels to set, quantity 0 to delete. */
export interface DepthChange {
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** The first `count` levels of each side. */
export function topOf(depth: Depth, count: number): Depth {
  return { bids: depth.bids.slice(0, count), asks: depth.asks.slice(0, count) };
}

/** The change that turns `before` into `after`; both sides empty when nothing changed. */
export function depthChange(before: Depth, after: Depth): DepthChange {
  return { bids: sideChange(before.bids, after.bids), asks: sideChange(before.asks, after.asks) };
}

function sideChange(before: readonly Level[], after: readonly Level[]): Level[] {
  const old = new Map(before);
  const change: Level[] = [];
  for (const level of after) {
    if (old.get(level[0]) !== level[1]) change.push(level);
    old.delete(level[0]);
  }
  for (const price of old.keys()) change.push([price, 0]);
  return change;
}

/** Extra quantity per price, as own resting orders bring it, merged into a side. */
export function withOwn(side: readonly Level[], own: ReadonlyMap<number, number>, best: "highest" | "lowest"): Level[] {
  if (own.size === 0) return [...side];
  const merged = new Map(side);
  for (const [price, qty] of own) merged.set(price, (merged.get(price) ?? 0) + qty);
  const levels = [...merged];
  return levels.sort(best === "highest" ? (a, b) => b[0] - a[0] : (a, b) => a[0] - b[0]);
}
