import { random } from "../core/random.ts";
import type { Side } from "../model/trade.ts";
import type { Level, Liquidity } from "./types.ts";

/** Depth that belongs to no account here. `sign` is the side: +1 bids, −1 asks. Prices ticks, quantities steps. */
export interface Displayed {
  /** Best price of a side; −∞ or +∞ when it is empty. */
  best(sign: 1 | -1): number;
  /** What is shown at a price, also behind the last level shown. */
  qtyAt(sign: 1 | -1, price: number): number;
  /** The price at which a taker meets `best(sign)`, no further than `bound`. */
  takerPrice(sign: 1 | -1, bound: number): number;
  /** Takes what a taker has got. */
  take(sign: 1 | -1, price: number, qty: number): void;
  /** The source traded at `price`: refills around it. */
  follow(price: number, taker: Side): void;
  /** Best first, at most `count`. */
  levels(sign: 1 | -1, count: number): Level[];
  /** A resting order is passed when the last price is this many ticks beyond its own. */
  readonly passTicks: number;
}

/** Any quantity at the last price; a taker pays `slippageBps` on top. */
export class Unlimited implements Displayed {
  readonly passTicks = 1;
  readonly #slip: number;
  #last = 0;

  constructor(slippageBps: number) {
    this.#slip = slippageBps / 10_000;
  }

  best(sign: 1 | -1): number {
    return this.#last > 0 ? this.#last : -sign * Infinity;
  }

  qtyAt(sign: 1 | -1, price: number): number {
    return sign * (price - this.#last) <= 0 ? Infinity : 0;
  }

  takerPrice(sign: 1 | -1, bound: number): number {
    const last = this.#last;
    if (this.#slip === 0) return last;
    // Against the taker, in whole ticks; a hair of float noise is no tick.
    const moved = sign === -1 ? Math.ceil(last * (1 + this.#slip) - 1e-6) : Math.floor(last * (1 - this.#slip) + 1e-6);
    return sign === -1 ? Math.min(moved, bound) : Math.max(moved, bound, 1);
  }

  take(): void {}

  follow(price: number): void {
    this.#last = price;
  }

  levels(): Level[] {
    return this.#last > 0 ? [[this.#last, Infinity]] : [];
  }
}

/** Seeded levels one tick apart; a price always shows the same quantity when it is refilled. */
export class Ladder implements Displayed {
  readonly passTicks: number;
  readonly #levelQty: number;
  readonly #levels: number;
  readonly #salt: number;
  readonly #taken = new Map<number, number>();
  #bid = 0;

  constructor(liquidity: Extract<Liquidity, { kind: "ladder" }>, seed: string) {
    this.passTicks = Math.max(1, liquidity.spreadTicks);
    this.#levelQty = liquidity.levelQty;
    this.#levels = liquidity.levels;
    this.#salt = random(seed).below(2 ** 31);
  }

  best(sign: 1 | -1): number {
    if (this.#bid === 0) return -sign * Infinity;
    let price = sign === 1 ? this.#bid : this.#bid + this.passTicks;
    const last = price - sign * this.#levels;
    while (price !== last && price > 0 && this.#left(price) === 0) price -= sign;
    return price === last || price <= 0 ? -sign * Infinity : price;
  }

  qtyAt(sign: 1 | -1, price: number): number {
    const inside = sign === 1 ? price > this.#bid : price < this.#bid + this.passTicks;
    return inside || this.#bid === 0 ? 0 : this.#left(price);
  }

  takerPrice(sign: 1 | -1): number {
    return this.best(sign);
  }

  take(_sign: 1 | -1, price: number, qty: number): void {
    this.#taken.set(price, (this.#taken.get(price) ?? 0) + qty);
  }

  follow(price: number, taker: Side): void {
    this.#bid = Math.max(1, taker === "sell" ? price : price - this.passTicks);
    if (this.#taken.size > 0) this.#taken.clear();
  }

  levels(sign: 1 | -1, count: number): Level[] {
    const out: Level[] = [];
    if (this.#bid === 0) return out;
    let price = sign === 1 ? this.#bid : this.#bid + this.passTicks;
    for (let i = 0; i < this.#levels && out.length < count && price > 0; i++, price -= sign) {
      const left = this.#left(price);
      if (left > 0) out.push([price, left]);
    }
    return out;
  }

  #left(price: number): number {
    let hash = Math.imul(price ^ this.#salt, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    hash ^= hash >>> 13;
    const full = Math.max(1, Math.round(this.#levelQty * (0.25 + (1.5 * (hash >>> 0)) / 4294967296)));
    return Math.max(0, full - (this.#taken.get(price) ?? 0));
  }
}

/** Depth as it was recorded: snapshots and deltas. */
export class Recorded implements Displayed {
  readonly passTicks = 1;
  /** Best last. */
  #bids: [number, number][] = [];
  #asks: [number, number][] = [];

  best(sign: 1 | -1): number {
    const side = sign === 1 ? this.#bids : this.#asks;
    return side[side.length - 1]?.[0] ?? -sign * Infinity;
  }

  qtyAt(sign: 1 | -1, price: number): number {
    const side = sign === 1 ? this.#bids : this.#asks;
    const level = side[find(side, sign, price)];
    return level?.[0] === price ? level[1] : 0;
  }

  takerPrice(sign: 1 | -1): number {
    return this.best(sign);
  }

  take(sign: 1 | -1, price: number, qty: number): void {
    this.set(sign, price, Math.max(0, this.qtyAt(sign, price) - qty));
  }

  follow(): void {}

  levels(sign: 1 | -1, count: number): Level[] {
    const side = sign === 1 ? this.#bids : this.#asks;
    return side.slice(-count).reverse();
  }

  clear(): void {
    this.#bids = [];
    this.#asks = [];
  }

  /** Puts a level in place; 0 deletes it. */
  set(sign: 1 | -1, price: number, qty: number): void {
    const side = sign === 1 ? this.#bids : this.#asks;
    const i = find(side, sign, price);
    const there = side[i]?.[0] === price;
    if (qty > 0 && there) side[i]![1] = qty;
    else if (qty > 0) side.splice(i, 0, [price, qty]);
    else if (there) side.splice(i, 1);
  }
}

/** Index of the first level that is not worse than `price`. */
function find(side: readonly (readonly [number, number])[], sign: 1 | -1, price: number): number {
  let low = 0;
  let high = side.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sign * side[middle]![0] < sign * price) low = middle + 1;
    else high = middle;
  }
  return low;
}
