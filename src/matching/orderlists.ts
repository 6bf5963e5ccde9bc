/** What the lists of an account need of an order. */
export interface Listed<T> {
  readonly id: number;
  earlier: T | undefined;
  later: T | undefined;
  chained: T | undefined;
}

/** Open orders, oldest first. A chain through the orders themselves: an order comes and goes without a hash. */
export class OpenOrders<T extends Listed<T>> {
  #first: T | undefined;
  #last: T | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(order: T): void {
    order.earlier = this.#last;
    order.later = undefined;
    if (this.#last) this.#last.later = order;
    else this.#first = order;
    this.#last = order;
    this.#size += 1;
  }

  /** Takes an order of this list out. */
  remove(order: T): void {
    if (order.earlier) order.earlier.later = order.later;
    else this.#first = order.later;
    if (order.later) order.later.earlier = order.earlier;
    else this.#last = order.earlier;
    order.earlier = undefined;
    order.later = undefined;
    this.#size -= 1;
  }

  /** Copy it before orders come or go. */
  *values(): Generator<T> {
    for (let order = this.#first; order; order = order.later) yield order;
  }
}

/**
 * Orders by number. Numbers are handed out in sequence, so that their low bits spread them evenly over the shelves;
 * a `Map` of the same orders took three times as long.
 */
export class OrderIndex<T extends Listed<T>> {
  #shelves: (T | undefined)[] = new Array<T | undefined>(16).fill(undefined);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(id: number): T | undefined {
    let order = this.#shelves[id & (this.#shelves.length - 1)];
    while (order && order.id !== id) order = order.chained;
    return order;
  }

  add(order: T): void {
    // Half empty: two orders on one shelf would mean to look at one that no cache remembers.
    if (this.#size * 2 >= this.#shelves.length) this.#grow();
    this.#put(order);
    this.#size += 1;
  }

  /** Takes an order of this index out. */
  remove(order: T): void {
    const at = order.id & (this.#shelves.length - 1);
    let other = this.#shelves[at];
    if (other === order) this.#shelves[at] = order.chained;
    else {
      while (other && other.chained !== order) other = other.chained;
      if (!other) return;
      other.chained = order.chained;
    }
    if (order.chained) order.chained = undefined;
    this.#size -= 1;
  }

  #put(order: T): void {
    const at = order.id & (this.#shelves.length - 1);
    order.chained = this.#shelves[at];
    this.#shelves[at] = order;
  }

  #grow(): void {
    const before = this.#shelves;
    this.#shelves = new Array<T | undefined>(before.length * 2).fill(undefined);
    for (const head of before) {
      for (let order = head; order; ) {
        const next: T | undefined = order.chained;
        this.#put(order);
        order = next;
      }
    }
  }
}
