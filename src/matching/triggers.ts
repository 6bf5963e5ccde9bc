/** What a trigger list needs of an order. */
export interface Watched {
  readonly id: number;
  readonly triggerDirection: 0 | 1 | 2;
  readonly isProfit: boolean;
  /** Price it is listed under; 0 when in no list. */
  watched: number;
}

/** Orders that wait for one price source, nearest last: those for a rise, and those for a fall. */
export class Triggers<T extends Watched> {
  readonly #rises: T[] = [];
  readonly #falls: T[] = [];

  get isEmpty(): boolean {
    return this.#rises.length === 0 && this.#falls.length === 0;
  }

  /** Takes an order in that fires when the price reaches `price` in its trigger direction. */
  add(order: T, price: number): void {
    order.watched = price;
    const list = order.triggerDirection === 1 ? this.#rises : this.#falls;
    list.splice(position(list, order), 0, order);
  }

  remove(order: T): void {
    if (order.watched === 0) return;
    const list = order.triggerDirection === 1 ? this.#rises : this.#falls;
    const i = position(list, order);
    if (list[i] === order) list.splice(i, 1);
    order.watched = 0;
  }

  /** Lowest price that fires a rise; ∞ for none. `skip` leaves orders out. */
  nextRise(skip?: (order: T) => boolean): number {
    return next(this.#rises, skip)?.watched ?? Infinity;
  }

  /** Highest price that fires a fall; 0 for none. */
  nextFall(skip?: (order: T) => boolean): number {
    return next(this.#falls, skip)?.watched ?? 0;
  }

  /** Takes out all that fire at `price`, nearest first. */
  take(price: number, out: T[], skip?: (order: T) => boolean): void {
    const start = out.length;
    takeFrom(this.#rises, (watched) => price >= watched, out, skip);
    const middle = out.length;
    takeFrom(this.#falls, (watched) => price <= watched, out, skip);
    if (middle === start || middle === out.length) return;
    // Both ways at once: somebody came when the price was beyond his trigger. Who waits longer goes first.
    const falls = out.splice(middle);
    const oldest = (orders: readonly T[]) => Math.min(...orders.map(({ id }) => id));
    if (oldest(falls) < oldest(out.slice(start))) out.splice(start, 0, ...falls);
    else out.push(...falls);
  }

  /** Whether a stop (not a profit) waits for a fall to `low` or a rise to `high`. */
  reachedStops(low: number, high: number): { low: boolean; high: boolean } {
    return {
      low: next(this.#falls, (order) => order.isProfit, low) !== undefined,
      high: next(this.#rises, (order) => order.isProfit, high) !== undefined,
    };
  }
}

/** Nearest order, not skipped, and not beyond `limit` when one is given. */
function next<T extends Watched>(list: T[], skip: ((order: T) => boolean) | undefined, limit?: number): T | undefined {
  for (let i = list.length - 1; i >= 0; i--) {
    const order = list[i]!;
    if (limit !== undefined) {
      const reached = order.triggerDirection === 1 ? order.watched <= limit : order.watched >= limit;
      if (!reached) return undefined;
    }
    if (!skip?.(order)) return order;
  }
  return undefined;
}

function takeFrom<T extends Watched>(
  list: T[],
  fires: (watched: number) => boolean,
  out: T[],
  skip: ((order: T) => boolean) | undefined,
): void {
  for (let i = list.length - 1; i >= 0 && fires(list[i]!.watched); i--) {
    const order = list[i]!;
    if (skip?.(order)) continue;
    list.splice(i, 1);
    order.watched = 0;
    out.push(order);
  }
}

/** Where an order is or belongs: rises descend in price, falls ascend; at one price the older is nearer. */
function position(list: readonly Watched[], order: Watched): number {
  const direction = order.triggerDirection === 1 ? -1 : 1;
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = list[middle]!;
    const by = direction * (other.watched - order.watched);
    if (by < 0 || (by === 0 && other.id > order.id)) low = middle + 1;
    else high = middle;
  }
  return low;
}
