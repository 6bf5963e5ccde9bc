import { ArgumentError } from "../core/errors.ts";
import { intervalMs } from "../core/time.ts";
import type { Category } from "../model/instrument.ts";
import { type FaultRule, WORLD_FAULTS } from "./faults/rules.ts";
import { type ApiKey, PERMISSIONS, type Permission } from "./gateway/keyring.ts";
import type { Market } from "./market/market.ts";
import type { World } from "./world.ts";

/** What a test or an operator may do to a running exchange. Times are exchange time. */
export interface Control {
  now(): number;
  /** Lets `ms` pass. @throws ArgumentError `STEP` unless it is ≥ 0 */
  step(ms: number): number;
  /** Lets time pass until `time`, epoch ms. */
  stepTo(time: number): number;
  /** Lets time pass until `count` more bars of the first market have closed. */
  stepBars(count: number): number;
  /** Faults armed from now on, beside those of the plan. */
  readonly faults: {
    add(rule: FaultRule): void;
    clear(): void;
    hits(): Record<string, number>;
  };
  liquidate(category: Category, symbol: string): boolean;
  deleverage(category: Category, symbol: string, qty?: string): boolean;
  changeInstrument(category: Category, symbol: string, change: Readonly<Record<string, string | number>>): void;
  deposit(coin: string, amount: number, account?: string): void;
  /** Expires or limits a key; absent: the demo key. */
  setKey(change: { expiresAt?: number; permissions?: readonly string[]; readOnly?: boolean }, apiKey?: string): void;
  /** Runs the gateway's clock this far ahead of the machine's. */
  setClockSkew(ms: number): void;
  /** Breaks the sockets whose path contains `path`; returns how many. */
  disconnect(path?: string): number;
  /** A digest of every order, position and balance. */
  digest(): string;
  /** What is going on, for people. */
  state(): Record<string, unknown>;
}

/** The control of `world`; arms the faults that happen to the exchange itself. */
export function controlOf(world: World, disconnect: (path: string) => number): Control {
  const marketAt = (category: Category, symbol: string): Market => {
    const market = world.market(category, symbol);
    if (!market) throw new ArgumentError("SYMBOL", `no market ${category} ${symbol} here`, { category, symbol });
    return market;
  };
  const keyAt = (apiKey = world.demo.apiKey): ApiKey => {
    const key = world.keys.get(apiKey);
    if (!key) throw new ArgumentError("KEY", `no key ${apiKey} here`);
    return key;
  };
  const stepTo = (time: number): number => {
    if (!Number.isFinite(time) || time < world.now()) {
      throw new ArgumentError("STEP", `time goes forward only: now is ${world.now()}, asked for ${time}`);
    }
    if (world.speed === "fed") throw new ArgumentError("STEP", "time goes on as the markets are fed, not by steps");
    world.advance(time);
    return world.now();
  };
  const control: Control = {
    now: () => world.now(),
    step: (ms) => stepTo(world.now() + ms),
    stepTo,
    stepBars(count) {
      const [first] = world.markets();
      const length = intervalMs(first!.barInterval);
      return stepTo((Math.floor(world.now() / length) + count) * length);
    },
    faults: {
      add(rule) {
        world.faults.add(rule);
        arm(rule, world.now());
      },
      clear: () => world.faults.clear(),
      hits: () => world.faults.hits(),
    },
    liquidate: (category, symbol) => after(world.desk.liquidate(marketAt(category, symbol))),
    deleverage: (category, symbol, qty = "") => after(world.desk.deleverage(marketAt(category, symbol), qty)),
    changeInstrument(category, symbol, change) {
      world.desk.changeInstrument(marketAt(category, symbol), change);
    },
    deposit(coin, amount, account = keyAt().account) {
      world.desk.deposit(account, coin, amount);
      world.flush();
    },
    setKey(change, apiKey) {
      const key = keyAt(apiKey);
      if (change.expiresAt !== undefined) key.expiresAt = change.expiresAt;
      if (change.readOnly !== undefined) key.readOnly = change.readOnly;
      if (change.permissions) key.permissions = new Set(change.permissions.filter(isPermission));
    },
    setClockSkew(ms) {
      world.skewMs = ms;
    },
    disconnect: (path = "") => disconnect(path),
    digest: () => world.desk.digest(),
    state: () => ({
      time: world.now(),
      startTime: world.startTime,
      endTime: world.endTime,
      speed: world.speed,
      markets: world.markets().map((market) => ({ key: market.key, last: market.lastPrice, seq: market.seq })),
      faults: world.faults.hits(),
      digest: world.desk.digest(),
    }),
  };

  function after<T>(value: T): T {
    world.flush();
    return value;
  }

  function arm(rule: FaultRule, from: number): void {
    if (!(WORLD_FAULTS as readonly string[]).includes(rule.fault)) return;
    world.at(from + (rule.fromMs ?? 0), () => {
      world.faults.happened(rule.fault);
      befall(rule);
    });
  }

  function befall(rule: FaultRule): void {
    const category: Category = rule.category === "inverse" || rule.category === "spot" ? rule.category : "linear";
    const symbol = rule.symbol ?? world.markets()[0]!.instrument.symbol;
    if (rule.fault === "liquidate") control.liquidate(category, symbol);
    else if (rule.fault === "adl") control.deleverage(category, symbol, rule.qty);
    else if (rule.fault === "instrumentChange") control.changeInstrument(category, symbol, rule.change ?? {});
    else if (rule.fault === "keyExpiry") control.setKey({ expiresAt: world.now() }, rule.apiKey);
    else if (rule.fault === "permissionLoss") control.setKey({ permissions: rule.permissions ?? [] }, rule.apiKey);
    else if (rule.fault === "clockSkew") control.setClockSkew(rule.delayMs ?? 10_000);
    else if (rule.fault === "maintenance") world.maintenanceUntil = world.startTime + (rule.untilMs ?? Infinity);
  }

  for (const rule of world.faults.armed(WORLD_FAULTS)) arm(rule, world.startTime);
  return control;
}

function isPermission(text: string): text is Permission {
  return (PERMISSIONS as readonly string[]).includes(text);
}
