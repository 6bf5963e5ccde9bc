import { Budget } from "./budget.ts";
import type { ApiCategory, ApiFunction } from "./catalogue/entry.ts";

/** Share of an order function's limit that only stop updates, closes and cancels may use. */
const ORDER_RESERVE = 0.2;
const ADDRESS_RESERVE = 0.1;
const ADDRESS_LIMIT = 600;
const ADDRESS_WINDOW_MS = 5_000;
/** Requests that a fresh process may send at once. */
const FIRST_BURST = 12;

/** Leave to send, given by the limiter; handed back when the answer is there. */
export interface Permit {
  readonly units: number;
  readonly budgets: readonly Budget[];
}

export interface Wish {
  /** Name of the budget beside that of the address; absent: the address only. */
  readonly rate?: {
    readonly key: string;
    readonly limit: number;
    readonly windowMs: number;
    readonly hasReserve: boolean;
  };
  readonly units: number;
  readonly isProtective: boolean;
  readonly signal: AbortSignal | undefined;
}

interface Waiting {
  readonly wish: Wish;
  readonly budgets: readonly Budget[];
  readonly go: (permit: Permit) => void;
}

/** Lets requests go as fast as the exchange allows and no faster; protective ones before all others. */
export class Limiter {
  readonly address: Budget;
  readonly #now: () => number;
  readonly #scale: number;
  readonly #budgets = new Map<string, Budget>();
  #waiting: Waiting[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** `scale` multiplies every limit; Infinity: none. `now` is a clock that never jumps, ms. */
  constructor({ now = () => performance.now(), scale = 1 }: { now?: () => number; scale?: number } = {}) {
    this.#now = now;
    this.#scale = scale;
    const limit = Math.max(1, Math.floor(ADDRESS_LIMIT * scale));
    this.address = new Budget(limit, ADDRESS_WINDOW_MS, ADDRESS_RESERVE);
    // A process before this one may have used the limit up a moment ago, and the penalty is ten minutes of silence.
    const unknown = Math.floor(limit * (1 - ADDRESS_RESERVE)) - FIRST_BURST;
    if (Number.isFinite(unknown) && unknown > 0) this.address.assume(unknown, now());
  }

  /** Requests that wait for room. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves when the request may go. Rejects with the signal's reason when that is aborted first. */
  acquire(wish: Wish): Promise<Permit> {
    const { signal } = wish;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<Permit>();
    const stop = () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
      reject(signal!.reason);
    };
    const entry: Waiting = {
      wish,
      budgets: [...(wish.rate ? [this.#budgetOf(wish.rate)] : []), this.address],
      go(permit) {
        signal?.removeEventListener("abort", stop);
        resolve(permit);
      },
    };
    signal?.addEventListener("abort", stop, { once: true });
    this.#waiting.push(entry);
    this.#serve();
    return promise;
  }

  /** Hands a permit back. @param wasSent false when nothing left this machine: it does not count then */
  release(permit: Permit, wasSent: boolean): void {
    const now = this.#now();
    for (const budget of permit.budgets) budget.give(permit.units, now, wasSent);
    this.#serve();
  }

  #budgetOf({ key, limit, windowMs, hasReserve }: NonNullable<Wish["rate"]>): Budget {
    let budget = this.#budgets.get(key);
    if (!budget) {
      budget = new Budget(Math.max(1, Math.floor(limit * this.#scale)), windowMs, hasReserve ? ORDER_RESERVE : 0);
      this.#budgets.set(key, budget);
    }
    return budget;
  }

  #serve(): void {
    clearTimeout(this.#timer);
    const now = this.#now();
    const full = new Set<Budget>();
    let next = Infinity;
    const still: Waiting[] = [];
    const inOrder = [
      ...this.#waiting.filter(({ wish }) => wish.isProtective),
      ...this.#waiting.filter(({ wish }) => !wish.isProtective),
    ];
    for (const entry of inOrder) {
      const { units, isProtective } = entry.wish;
      const lacking = entry.budgets.filter((budget) => full.has(budget) || !budget.hasRoom(units, now, isProtective));
      if (lacking.length === 0) {
        for (const budget of entry.budgets) budget.take(units);
        entry.go({ units, budgets: entry.budgets });
        continue;
      }
      // Who waits for room is not overtaken by a smaller request that came later.
      for (const budget of lacking) {
        full.add(budget);
        next = Math.min(next, budget.nextRoomAt(now));
      }
      still.push(entry);
    }
    this.#waiting = still;
    if (next < Infinity) this.#timer = setTimeout(() => this.#serve(), Math.max(1, Math.ceil(next - now) + 1));
  }
}

/** The budget a call draws on: one per function, and per kind of market where limits differ. */
export function rateOf(fn: ApiFunction, params: Readonly<Record<string, unknown>>): Wish["rate"] {
  if (!fn.rate) return undefined;
  const { perWindow, windowMs } = fn.rate;
  const hasReserve = fn.effect === "trades";
  if (perWindow.all !== undefined) return { key: fn.path, limit: perWindow.all, windowMs, hasReserve };
  const category = (params.category ?? "linear") as ApiCategory;
  return { key: `${fn.path}:${category}`, limit: perWindow[category] ?? 1, windowMs, hasReserve };
}

/** Calls that make risk smaller: stops set, orders taken back, positions closed. */
export function isProtective(fn: ApiFunction, params: Readonly<Record<string, unknown>>): boolean {
  if (fn.effect !== "trades") return false;
  if (/cancel|trading-stop/.test(fn.path)) return true;
  if (fn.path === "/v5/order/amend") return params.stopLoss !== undefined || params.triggerPrice !== undefined;
  const isClosing = (order: unknown) =>
    typeof order === "object" && order !== null && "reduceOnly" in order && order.reduceOnly === true;
  return Array.isArray(params.request) ? params.request.every(isClosing) : isClosing(params);
}
