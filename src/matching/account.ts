import { increment } from "../core/decimal.ts";
import { ArgumentError } from "../core/errors.ts";
import type { Category } from "../model/instrument.ts";
import type { Books } from "./books.ts";
import { checkIdx } from "./check.ts";
import { MOST_MONEY } from "./contract.ts";
import { available, markValue, positionIM, positionMM, spendable, unrealised, withdrawable } from "./margin.ts";
import { refuse, unknownMarket } from "./refusal.ts";
import { flushTouched } from "./settle.ts";
import { noteAccountRisk, noteRisk } from "./stale.ts";
import type { Account, Coin, Holding, MarketState, Position } from "./state.ts";
import type {
  AccountOptions,
  FeeRates,
  MarginMode,
  MarketKey,
  PositionIdx,
  PositionMode,
  Refusal,
  Reply,
} from "./types.ts";

const DONE = { ok: true } as const;

/**
 * Opens an account with its first balances, cut to the money units of each coin.
 *
 * @throws ArgumentError `ACCOUNT`, `BALANCE`, `DECIMAL`, `NOT_FINITE`
 */
export function openAccount(books: Books, options: AccountOptions): Account {
  const opening: [Coin, number][] = [];
  for (const [name, amount] of Object.entries(options.balances)) {
    const coin = books.coin(name);
    const unit = increment(coin.scale === 0 ? "1" : `0.${"0".repeat(coin.scale - 1)}1`);
    const units = unit.count(amount, "floor");
    if (units < 0 || units > MOST_MONEY) {
      throw new ArgumentError("BALANCE", `a balance is from 0 to 2^52 money units, ${name} was ${amount}`, {
        name,
        amount,
      });
    }
    opening.push([coin, units]);
  }
  const account = books.openAccount(options);
  for (const [coin, units] of opening) if (units > 0) deposit(books, account, coin, units);
  account.touchedWallet = false;
  return account;
}

/** Money into (> 0) or out of (< 0) a wallet. */
export function transfer(
  books: Books,
  account: Account,
  name: string,
  amount: number,
): Reply<{ readonly balance: number }> {
  if (!Number.isSafeInteger(amount) || amount === 0)
    return refuse(10001, "the amount must be whole money units, not 0");
  if (amount < 0 && !books.coins.has(name)) return refuse(110004);
  const coin = books.coin(name);
  if (amount < 0 && -amount > withdrawable(account, coin)) return refuse(110004);
  if (account.wallet(coin).balance + amount > MOST_MONEY) return refuse(10001, "the amount is too large");
  deposit(books, account, coin, amount);
  noteAccountRisk(account);
  flushTouched(books, account);
  return { ok: true, balance: account.wallet(coin).balance };
}

function deposit(books: Books, account: Account, coin: Coin, units: number): void {
  const own = account.wallet(coin);
  own.balance += units;
  coin.deposits += units;
  account.touchedWallet = true;
  account.transactions.push({
    id: books.nextTransactionId(),
    market: "",
    side: "none",
    time: books.now,
    type: units > 0 ? "TRANSFER_IN" : "TRANSFER_OUT",
    qty: 0,
    size: 0,
    coin: coin.name,
    price: 0,
    funding: 0,
    fee: 0,
    cashFlow: units,
    change: units,
    balance: own.balance,
    feeRate: 0,
    execId: 0,
    orderId: 0,
    orderLinkId: "",
  });
}

/** What an account pays in a market. */
export function feeRates(account: Account, market: MarketState): FeeRates {
  return account.fees.get(market.instrument.category)!;
}

export function setFees(account: Account, category: Category, rates: FeeRates): void {
  account.fees.set(category, rates);
  for (const holding of account.holdings) if (holding.market.instrument.category === category) holding.rates = rates;
  noteAccountRisk(account);
}

/** Sets leverage by side; both are one in one-way mode and in cross margin. */
export function setLeverage(
  books: Books,
  account: Account,
  key: MarketKey,
  leverage: { readonly buy: number; readonly sell: number },
): Reply<object> {
  const holding = contractHolding(books, account, key);
  if ("ok" in holding) return holding;
  const { buy, sell } = leverage;
  const refusal = checkLeverage(holding, leverage);
  if (refusal) return refusal;
  const { leverageBuy, leverageSell } = holding;
  if (buy === leverageBuy && sell === leverageSell) return refuse(110043);
  const before = available(holding);
  holding.leverageBuy = buy;
  holding.leverageSell = sell;
  const after = available(holding);
  const isShort = after < 0 && after < before;
  const isLost = account.isIsolated && holding.positions.some((position) => !isSafe(holding, position));
  if (isShort || isLost) {
    holding.leverageBuy = leverageBuy;
    holding.leverageSell = leverageSell;
    return isShort ? refuse(110044) : refuse(110011, "Adjustment would trigger liquidation");
  }
  for (const position of holding.sides()) position.touched = true;
  noteRisk(holding);
  flushTouched(books, account);
  return DONE;
}

function checkLeverage(holding: Holding, { buy, sell }: { buy: number; sell: number }): Refusal | undefined {
  const { contract, instrument } = holding.market;
  if (buy !== sell && !(holding.isHedge && holding.account.isIsolated)) {
    return refuse(10001, "buy leverage and sell leverage must be the same");
  }
  const step = Number(instrument.leverageStep);
  for (const [leverage, sign] of [
    [buy, 1],
    [sell, -1],
  ] as const) {
    const isOnStep = !(step > 0) || Math.abs(leverage / step - Math.round(leverage / step)) < 1e-6;
    if (!(leverage >= 1) || !isOnStep) return refuse(10001, "leverage invalid");
    let most = contract.maxLeverage;
    for (const position of holding.positions) {
      const value = Math.sign(position.size) === sign ? markValue(holding, position) : 0;
      const orders = sign === 1 ? position.buyValue : position.sellValue;
      if (value + orders > 0) most = Math.min(most, contract.tier(value + orders).maxLeverage);
    }
    if (leverage > most) return refuse(110013);
  }
  return undefined;
}

/** Whether an isolated position has more margin than it must keep. */
function isSafe(holding: Holding, position: Position): boolean {
  if (position.size === 0) return true;
  const margin = positionIM(holding, position) + position.extra + unrealised(holding, position);
  return margin > positionMM(holding, position);
}

/** Switches all of an account between cross and isolated margin, when its positions and orders can bear it. */
export function setMarginMode(books: Books, account: Account, mode: MarginMode): Reply<object> {
  const from = account.marginMode;
  if (mode === from) return refuse(110026);
  account.marginMode = mode;
  if (!canBear(account)) {
    account.marginMode = from;
    return refuse(110073);
  }
  for (const holding of account.holdings) {
    // Cross knows one leverage, and no margin of a position's own.
    if (!account.isIsolated) holding.leverageBuy = Math.min(holding.leverageBuy, holding.leverageSell);
    if (!account.isIsolated) holding.leverageSell = holding.leverageBuy;
    for (const position of holding.positions) {
      if (position.size !== 0 || position.autoAdd) position.touched = true;
      position.extra = 0;
      position.autoAdd = false;
    }
  }
  noteAccountRisk(account);
  flushTouched(books, account);
  return DONE;
}

function canBear(account: Account): boolean {
  if (account.isIsolated) {
    if (account.coins.some((own) => spendable(account, own) < 0)) return false;
    return account.holdings.every((holding) => holding.positions.every((position) => isSafe(holding, position)));
  }
  return account.holdings.every((holding) => isIdle(holding) || available(holding) >= 0);
}

function isIdle(holding: Holding): boolean {
  return holding.market.contract.isSpot || !(holding.hasPosition || holding.hasOrders);
}

/** One-way or hedge: of one market, or of all markets of a settle coin that are without position and orders. */
export function switchPositionMode(
  books: Books,
  account: Account,
  scope: { readonly market?: MarketKey | undefined; readonly coin?: string | undefined },
  mode: PositionMode,
): Reply<object> {
  const isHedge = mode === "hedge";
  if (scope.market !== undefined) {
    const holding = contractHolding(books, account, scope.market);
    if ("ok" in holding) return holding;
    if (!canHedge(holding)) return refuse(110029);
    if (holding.isHedge === isHedge) return refuse(110025);
    if (holding.hasPosition) return refuse(110024);
    if (holding.hasOrders) return refuse(110028);
    holding.isHedge = isHedge;
    return DONE;
  }
  if (!scope.coin) return refuse(10001, "symbol or coin is needed");
  const holdings: Holding[] = [];
  for (const market of books.markets.values()) {
    if (market.instrument.category === "linear" && market.coin.name === scope.coin) holdings.push(account.at(market));
  }
  if (!holdings.some(canHedge)) return refuse(110029);
  const changed = holdings.filter(
    (holding) => canHedge(holding) && holding.isHedge !== isHedge && !holding.hasPosition && !holding.hasOrders,
  );
  if (changed.length === 0) return refuse(110025);
  for (const holding of changed) holding.isHedge = isHedge;
  return DONE;
}

/** Only perpetuals settled in USDT know both sides at once. */
function canHedge({ market }: Holding): boolean {
  return market.instrument.category === "linear" && market.coin.name === "USDT";
}

/** Isolated: money into (> 0) or out of (< 0) a position's margin; the wallet's balance stays. */
export function addMargin(
  books: Books,
  account: Account,
  key: MarketKey,
  change: { readonly amount: number; readonly positionIdx: PositionIdx },
): Reply<object> {
  const holding = contractHolding(books, account, key);
  if ("ok" in holding) return holding;
  const { amount, positionIdx } = change;
  if (!account.isIsolated) return refuse(110015);
  const wrong = checkIdx(holding, positionIdx);
  if (wrong) return wrong;
  if (!Number.isSafeInteger(amount) || amount === 0) return refuse(10001, "margin invalid");
  const position = holding.positions[positionIdx];
  if (position.size === 0) return refuse(110033);
  if (amount > 0 && amount > Math.floor(available(holding))) return refuse(110014);
  // What has to make up for a loss stays.
  const removable = Math.max(0, Math.floor(position.extra + Math.min(0, unrealised(holding, position))));
  if (-amount > removable) return refuse(110044);
  position.extra += amount;
  position.touched = true;
  position.updatedTime = books.now;
  noteRisk(holding);
  flushTouched(books, account);
  return DONE;
}

/** Isolated linear: whether a position near liquidation is given margin from the free balance. */
export function setAutoAddMargin(
  books: Books,
  account: Account,
  key: MarketKey,
  change: { readonly on: boolean; readonly positionIdx: PositionIdx },
): Reply<object> {
  const holding = contractHolding(books, account, key);
  if ("ok" in holding) return holding;
  if (!account.isIsolated) return refuse(110076);
  if (holding.market.instrument.category !== "linear") return refuse(10001, "only linear contracts");
  const wrong = checkIdx(holding, change.positionIdx);
  if (wrong) return wrong;
  const position = holding.positions[change.positionIdx];
  if (position.autoAdd === change.on) return refuse(34040);
  position.autoAdd = change.on;
  position.touched = true;
  noteRisk(holding);
  flushTouched(books, account);
  return DONE;
}

/** Accepts pending maintenance margin rates; here changed rates are in force at once, so that none are pending. */
export function confirmPendingMmr(books: Books, account: Account, key: MarketKey): Reply<object> {
  const holding = contractHolding(books, account, key);
  return "ok" in holding ? holding : DONE;
}

function contractHolding(books: Books, account: Account, key: MarketKey): Holding | Refusal {
  const market = books.markets.get(key);
  if (!market) return unknownMarket(key);
  if (market.contract.isSpot) return refuse(10001, "spot has no positions");
  return account.at(market);
}
