/** What a price level needs of an order. */
export interface Queued<T> {
  readonly price: number;
  readonly leavesQty: number;
  level: OwnLevel<T> | undefined;
  before: T | undefined;
  after: T | undefined;
}

/** Own orders at one price, oldest first. */
export interface OwnLevel<T> {
  readonly price: number;
  qty: number;
  head: T | undefined;
  tail: T | undefined;
}

/** One side of the own resting orders in price-time priority. */
export class OwnSide<T extends Queued<T>> {
  /** +1 bids, −1 asks. */
  readonly sign: 1 | -1;
  /** Sorted so that the best level is last. */
  readonly #levels: OwnLevel<T>[] = [];
  readonly #byPrice = new Map<number, OwnLevel<T>>();

  constructor(sign: 1 | -1) {
    this.sign = sign;
  }

  get best(): OwnLevel<T> | undefined {
    // Reading index −1 of an empty array is slow.
    const { length } = this.#levels;
    return length === 0 ? undefined : this.#levels[length - 1];
  }

  /** Best price in ticks; −∞ for no bids, +∞ for no asks. */
  get bestPrice(): number {
    const { length } = this.#levels;
    return length === 0 ? -this.sign * Infinity : this.#levels[length - 1]!.price;
  }

  at(price: number): OwnLevel<T> | undefined {
    return this.#byPrice.get(price);
  }

  add(order: T): void {
    let level = this.#byPrice.get(order.price);
    if (!level) {
      level = { price: order.price, qty: 0, head: undefined, tail: undefined };
      this.#byPrice.set(order.price, level);
      this.#levels.splice(this.#position(order.price), 0, level);
    }
    order.level = level;
    order.before = level.tail;
    order.after = undefined;
    if (level.tail) level.tail.after = order;
    else level.head = order;
    level.tail = order;
    level.qty += order.leavesQty;
  }

  remove(order: T): void {
    const level = order.level;
    if (!level) return;
    if (order.before) order.before.after = order.after;
    else level.head = order.after;
    if (order.after) order.after.before = order.before;
    else level.tail = order.before;
    order.before = undefined;
    order.after = undefined;
    order.level = undefined;
    level.qty -= order.leavesQty;
    if (level.head) return;
    this.#byPrice.delete(level.price);
    const i = this.#position(level.price);
    this.#levels.splice(i, 1);
  }

  /** Best first. */
  *bestFirst(): Generator<OwnLevel<T>> {
    for (let i = this.#levels.length - 1; i >= 0; i--) yield this.#levels[i]!;
  }

  /** Index of the first level that is not worse than `price`. */
  #position(price: number): number {
    const levels = this.#levels;
    const rank = this.sign * price;
    let low = 0;
    let high = levels.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.sign * levels[middle]!.price < rank) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
