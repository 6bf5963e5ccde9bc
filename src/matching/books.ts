import { ArgumentError } from "../core/errors.ts";
import type { Category } from "../model/instrument.ts";
import { coinScales } from "./contract.ts";
import type { VenueEvent, VenueListener } from "./events.ts";
import { Account, type Coin, MarketState } from "./state.ts";
import type { AccountOptions, FeeRates, MarketKey, VenueOptions } from "./types.ts";

type EventBody = VenueEvent extends infer E ? (E extends VenueEvent ? Omit<E, "n" | "time"> : never) : never;

/** Rows kept per account and list unless told otherwise. */
const HISTORY = 10_000;
const STABLE = new Set(["USD", "USDT", "USDC", "USDE", "DAI"]);
const FEES: Readonly<Record<Category, FeeRates>> = {
  linear: { taker: 0.00055, maker: 0.0002 },
  inverse: { taker: 0.00055, maker: 0.0002 },
  spot: { taker: 0.001, maker: 0.001 },
};

/** All state of a venue, its clock, its numbering and its voice; what the rules of this room work on. */
export class Books {
  readonly options: VenueOptions;
  readonly markets = new Map<MarketKey, MarketState>();
  readonly accounts = new Map<string, Account>();
  readonly coins = new Map<string, Coin>();
  /** Accounts whose risk has to be judged. */
  readonly stale: Account[] = [];
  /** Epoch ms. */
  now: number;
  listener: VenueListener | undefined;
  readonly ownTradesMovePrice: boolean;
  #events = 0;
  #orders = 0;
  #executions = 0;
  #transactions = 0;
  #closed = 0;
  #closedPnl = 0;

  constructor(options: VenueOptions) {
    this.options = options;
    this.now = options.startTime;
    this.ownTradesMovePrice = options.ownTradesMovePrice ?? true;
    const scales = coinScales(options.markets.map((market) => market.instrument));
    const coinOf = (name: string) => this.coin(name, scales.get(name));
    for (const market of options.markets) {
      const state = new MarketState(market, options.seed ?? 0, coinOf);
      this.markets.set(state.key, state);
    }
    for (const state of this.markets.values()) {
      const { instrument } = state;
      const isQuotedInUsd = STABLE.has(instrument.quoteCoin);
      if (isQuotedInUsd && !STABLE.has(instrument.baseCoin)) state.base.priced ??= state;
    }
  }

  coin(name: string, scale = 8): Coin {
    let coin = this.coins.get(name);
    if (!coin) {
      const unit = 10 ** -scale;
      const fixedUsd = this.options.usdRates?.[name] ?? (STABLE.has(name) ? 1 : 0);
      const insurance = Math.round((this.options.insurance ?? 1_000_000) / unit);
      const none = { deposits: 0, fees: 0, funding: 0 };
      coin = { name, scale, unit, priced: undefined, fixedUsd, ...none, insurance, endowment: insurance };
      this.coins.set(name, coin);
    }
    return coin;
  }

  /** @throws ArgumentError `MARKET` */
  market(key: MarketKey): MarketState {
    const market = this.markets.get(key);
    if (market) return market;
    throw new ArgumentError("MARKET", `no market ${key} here`, { market: key });
  }

  /** @throws ArgumentError `ACCOUNT` */
  account(id: string): Account {
    const account = this.accounts.get(id);
    if (account) return account;
    throw new ArgumentError("ACCOUNT", `no account ${id} here`, { account: id });
  }

  openAccount(options: AccountOptions): Account {
    const { id, marginMode = "REGULAR_MARGIN", leverage = 10, positionMode } = options;
    if (this.accounts.has(id)) throw new ArgumentError("ACCOUNT", `account ${id} is there already`, { account: id });
    const history = this.options.historyLimit ?? HISTORY;
    const hedges = positionMode === "hedge";
    const account = new Account(id, { marginMode, leverage, hedges, history, stale: this.stale });
    for (const [category, rates] of Object.entries(FEES)) {
      account.fees.set(category, this.options.fees?.[category as Category] ?? rates);
    }
    this.accounts.set(id, account);
    return account;
  }

  nextOrderId(): number {
    this.#orders += 1;
    return this.#orders;
  }

  nextExecutionId(): number {
    this.#executions += 1;
    return this.#executions;
  }

  nextTransactionId(): number {
    this.#transactions += 1;
    return this.#transactions;
  }

  nextClosedSeq(): number {
    this.#closed += 1;
    return this.#closed;
  }

  nextClosedPnlId(): number {
    this.#closedPnl += 1;
    return this.#closedPnl;
  }

  /** Tells the listener; the body is only made when there is one. */
  emit(make: () => EventBody): void {
    if (!this.listener) return;
    this.#events += 1;
    this.listener({ ...make(), n: this.#events, time: this.now } as VenueEvent);
  }
}
