/** A frame of an `orderbook.*` topic as Bybit sends it: prices and sizes as decimal strings, size "0" deletes. */
export interface BookFrame {
  readonly type: "snapshot" | "delta";
  readonly data: {
    readonly s: string;
    readonly b: readonly (readonly [price: string, size: string])[];
    readonly a: readonly (readonly [price: string, size: string])[];
    /** Update id: grows by one with every delta. */
    readonly u: number;
    /** Cross sequence. */
    readonly seq: number;
  };
  /** When the matching engine made it, epoch ms. */
  readonly cts?: number;
}

/** Why a book cannot be used any more until the next snapshot. */
export type BookFault = "no snapshot yet" | "update missing" | "crossed" | "malformed";

export interface BookLevel {
  readonly price: number;
  readonly size: number;
}

/**
 * An order book kept from a snapshot and deltas.
 *
 * A book with a missing update shows nothing at all: prices that may be wrong are worse than none. It wants a new
 * snapshot, which a fresh subscription brings.
 */
export class OrderBook {
  readonly symbol: string;
  private readonly bids = new BookSide(1);
  private readonly asks = new BookSide(-1);
  private broken: BookFault | null = "no snapshot yet";
  private update = 0;
  private cross = 0;
  private matched = 0;

  constructor(symbol: string) {
    this.symbol = symbol;
  }

  /** `null` while the book is whole. */
  get fault(): BookFault | null {
    return this.broken;
  }

  /** Update id of the last frame. */
  get updateId(): number {
    return this.update;
  }

  /** Cross sequence of the last frame: comparable with trades and executions of the symbol. */
  get seq(): number {
    return this.cross;
  }

  /** When the last frame was made by the matching engine, epoch ms; 0 while unknown. */
  get matchedAt(): number {
    return this.matched;
  }

  /** Takes a frame in. False when the book is broken afterwards: subscribe anew. */
  apply({ type, data, cts }: BookFrame): boolean {
    if (type === "snapshot") {
      this.bids.clear();
      this.asks.clear();
      this.broken = null;
    } else if (this.broken !== null) return false;
    else if (data.u !== this.update + 1) return this.drop("update missing");
    this.update = data.u;
    this.cross = data.seq;
    if (cts !== undefined) this.matched = cts;
    for (const [price, size] of data.b) this.bids.set(Number(price), Number(size));
    for (const [price, size] of data.a) this.asks.set(Number(price), Number(size));
    if (this.bids.length > 0 && this.asks.length > 0 && this.bids.bestPrice >= this.asks.bestPrice) {
      return this.drop("crossed");
    }
    return true;
  }

  /** Forgets all levels, as after a lost connection. */
  reset(fault: BookFault = "no snapshot yet"): void {
    this.drop(fault);
  }

  /** Best bid; `null` when there is none or the book is broken. */
  get bestBid(): BookLevel | null {
    return this.bids.level(0);
  }

  /** Best ask; `null` when there is none or the book is broken. */
  get bestAsk(): BookLevel | null {
    return this.asks.level(0);
  }

  /** Best first, at most `count`; empty while broken. */
  levels(side: "bids" | "asks", count: number): BookLevel[] {
    const from = side === "bids" ? this.bids : this.asks;
    return Array.from({ length: Math.min(count, from.length) }, (_, k) => from.level(k)!);
  }

  private drop(fault: BookFault): false {
    this.broken = fault;
    this.bids.clear();
    this.asks.clear();
    return false;
  }
}

/** One side, best level last: most changes are near it, so little moves. */
class BookSide {
  private readonly sign: 1 | -1;
  private prices = new Float64Array(256);
  private sizes = new Float64Array(256);
  length = 0;

  constructor(sign: 1 | -1) {
    this.sign = sign;
  }

  get bestPrice(): number {
    return this.prices[this.length - 1]!;
  }

  clear(): void {
    this.length = 0;
  }

  /** The level `k` from the best one. */
  level(k: number): BookLevel | null {
    const i = this.length - 1 - k;
    return i < 0 ? null : { price: this.prices[i]!, size: this.sizes[i]! };
  }

  set(price: number, size: number): void {
    const { sign, prices, sizes, length } = this;
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sign * prices[middle]! < sign * price) low = middle + 1;
      else high = middle;
    }
    const isThere = low < length && prices[low] === price;
    if (isThere && size !== 0) sizes[low] = size;
    else if (isThere) {
      prices.copyWithin(low, low + 1, length);
      sizes.copyWithin(low, low + 1, length);
      this.length--;
    } else if (size !== 0) this.insert(low, price, size);
  }

  private insert(at: number, price: number, size: number): void {
    if (this.length === this.prices.length) {
      this.prices = grown(this.prices);
      this.sizes = grown(this.sizes);
    }
    this.prices.copyWithin(at + 1, at, this.length);
    this.sizes.copyWithin(at + 1, at, this.length);
    this.prices[at] = price;
    this.sizes[at] = size;
    this.length++;
  }
}

function grown(column: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * column.length);
  larger.set(column);
  return larger;
}
