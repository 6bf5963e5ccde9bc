import { describe, expect, it } from "vitest";
import { adlLine, adlRank } from "../../src/matching/adl.ts";
import { desk, LINEAR } from "../support/books-desk.ts";

describe("auto-deleveraging", () => {
  const crowd = () => {
    const d = desk(LINEAR);
    const entries = [49_000, 50_000, 51_000, 52_000, 53_000];
    const accounts = entries.map((price, i) => {
      const account = d.open({ id: `${i}`, leverage: i === 1 ? 100 : 10 });
      d.deal({ side: "sell", price, qty: 1 }, account);
      return account;
    });
    d.price(51_500);
    const ranks = accounts.map((account) => adlRank(account.at(d.market), d.position(0, account)));
    return { d, accounts, ranks };
  };

  it("ranks by profit and leverage; high leverage does not push a loser forward", () => {
    // Profits of the shorts: −5.1 % at 10x, −3 % at 100x, −1 %, +1 %, +2.8 %.
    expect(crowd().ranks).toEqual([1, 3, 2, 4, 5]);
  });

  it("lines up the side asked for, without the account that is taken over", () => {
    const { d, accounts } = crowd();
    d.deal({ side: "buy", price: 51_000, qty: 1 });
    const line = adlLine(d.market, -1, accounts[4]!).map(([holding]) => holding.account.id);
    expect(line).toEqual(["3", "1", "2", "0"]);
    expect(adlLine(d.market, 1, accounts[4]!).map(([holding]) => holding.account.id)).toEqual(["a"]);
    expect(adlRank(d.account.at(d.market), d.position())).toBe(5);
  });
});
