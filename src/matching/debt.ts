import type { Books } from "./books.ts";
import { usdPerUnit } from "./margin.ts";
import { flushTouched } from "./settle.ts";
import type { Account, CoinAccount } from "./state.ts";

/**
 * Sees to it that no one without positions owes anything.
 *
 * A cross account's other coins repay the debt at index prices; what is missing then, the insurance fund pays. While a
 * position is open a cross account may owe one coin and have another, and an isolated one waits for its margin.
 */
export function coverDebt(books: Books, account: Account): void {
  const debtors = account.coins.filter((own) => own.balance < 0 && !isNeeded(account, own));
  if (debtors.length === 0) return;
  for (const own of debtors) {
    if (!account.isIsolated) repay(books, account, own);
    // Coins that orders hold may still repay it: the fund waits for those orders.
    if (!account.isIsolated && account.coins.some(({ locked }) => locked > 0)) continue;
    if (own.balance < 0) exchange(books, account, own, -own.balance);
  }
  flushTouched(books, account);
}

function isNeeded(account: Account, own: CoinAccount): boolean {
  return account.holdings.some((holding) => holding.hasPosition && (!account.isIsolated || holding.settle === own));
}

/** The fund takes other coins for the debt, worth as much at index prices; the account's most valuable coin first. */
function repay(books: Books, account: Account, own: CoinAccount): void {
  const price = usdPerUnit(own.coin);
  if (!(price > 0)) return;
  const worth = (other: CoinAccount) => (other.balance - other.locked) * usdPerUnit(other.coin);
  const payers = account.coins.filter((other) => worth(other) > 0).sort((a, b) => worth(b) - worth(a));
  for (const other of payers) {
    const repaid = Math.min(-own.balance, Math.floor(worth(other) / price));
    const given = Math.min(other.balance - other.locked, Math.ceil((repaid * price) / usdPerUnit(other.coin)));
    if (repaid <= 0) continue;
    exchange(books, account, own, repaid);
    exchange(books, account, other, -given);
    if (own.balance === 0) return;
  }
}

/** Moves money from the insurance fund to a wallet, or the other way, and writes it down. */
function exchange(books: Books, account: Account, own: CoinAccount, change: number): void {
  own.balance += change;
  own.coin.insurance -= change;
  account.touchedWallet = true;
  account.transactions.push({
    id: books.nextTransactionId(),
    market: "",
    side: "none",
    time: books.now,
    type: "LIQUIDATION",
    qty: 0,
    size: 0,
    coin: own.coin.name,
    price: 0,
    funding: 0,
    fee: 0,
    cashFlow: change,
    change,
    balance: own.balance,
    feeRate: 0,
    execId: 0,
    orderId: 0,
    orderLinkId: "",
  });
}
