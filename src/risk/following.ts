/** A stop that begins to follow once the price has run in favour. */
export interface TrailingRule {
  /** How far the best price must be from the entry, fraction of the entry price, ≥ 0. */
  readonly activation: number;
  /** How far behind the best price the stop is, fraction of it; `by: exchange` measures it at the entry price and keeps it. */
  readonly distance: number;
  /** Who moves it: the bot when a bar has closed, or the exchange with every trade. */
  readonly by: "bot" | "exchange";
}

/** A stop that goes to the entry price once the price has run in favour. */
export interface BreakEvenRule {
  /** How far the best price must be from the entry, fraction of the entry price, > 0. */
  readonly activation: number;
  /** How far beyond the entry price the stop is put, for what both fills cost; fraction of it, ≥ 0. */
  readonly offset: number;
}

/** How stops of a lane move beside what its strategy says. */
export interface FollowRules {
  readonly trailing?: TrailingRule | null | undefined;
  readonly breakEven?: BreakEvenRule | null | undefined;
}

/** A position as far as its stop is concerned: +1 long, −1 short; the best price of closed bars since the entry. */
export interface Followed {
  readonly direction: 1 | -1;
  readonly entryPrice: number;
  readonly best: number;
}

/** Where the rules want the stop of a position after a closed bar, off the grid; `null` while they want none. */
export function followedStop({ trailing, breakEven }: FollowRules, position: Followed): number | null {
  const { direction, entryPrice, best } = position;
  const gain = direction * (best / entryPrice - 1);
  const wanted: number[] = [];
  // What a binary fraction falls short of by its last digit counts as reached.
  const isReached = (activation: number) => gain >= activation * (1 - 1e-12);
  if (trailing?.by === "bot" && isReached(trailing.activation)) wanted.push(best * (1 - direction * trailing.distance));
  if (breakEven && isReached(breakEven.activation)) wanted.push(entryPrice * (1 + direction * breakEven.offset));
  if (wanted.length === 0) return null;
  return direction === 1 ? Math.max(...wanted) : Math.min(...wanted);
}
