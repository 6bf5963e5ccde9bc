import { describe, expect, it } from "vitest";
import { BTC, ETH, type ExchangeDesk, exchangeDesk } from "../../support/exchange-desk.ts";

/** The help centre's example: 50x, entry 20,000, quantity 1, maintenance rate 0.5 %. */
function example(side: "buy" | "sell", insurance = 1_000_000): ExchangeDesk {
  const desk = exchangeDesk({
    insurance,
    per: { [BTC]: { lastPrice: 200_000 } },
    account: { marginMode: "ISOLATED_MARGIN", leverage: 50 },
  });
  desk[side](1);
  return desk;
}
const kinds = (desk: ExchangeDesk, account = "a") => [...desk.venue.executions(account)].map((row) => row.type);

describe("an isolated position", () => {
  it.each([
    ["buy", 19_698.49, 19_698.5, 19_698.4, 19_600],
    ["sell", 20_298.51, 20_298.5, 20_298.6, 20_400],
  ] as const)("%s is liquidated at %d: not at %d, but at %d, for %d", (side, price, safe, gone, bust) => {
    const desk = example(side);
    expect(desk.position()).toMatchObject({ liqPrice: desk.ticks(gone), bustPrice: desk.ticks(bust) });
    expect(Math.abs(gone - price)).toBeLessThan(0.1);
    desk.mark(safe);
    expect(Math.abs(desk.size())).toBe(1);
    desk.mark(gone);
    expect(desk.size()).toBe(0);
    const [row] = [...desk.venue.executions("a")];
    // The taker fee at the bankruptcy price: 10.78 or 11.22.
    expect(row).toMatchObject({ type: "BustTrade", price: desk.ticks(bust), fee: bust * 0.00055 * 1e8 });
    expect(row).toMatchObject({ createType: "CreateByTakeOver_PassThrough", pnl: -400e8 });
    // 11 to open, then all of the margin and no unit more.
    expect(desk.money()).toBeCloseTo(1_000_000 - 11 - 400 - bust * 0.00055, 8);
    expect([...desk.venue.transactions("a")][0]).toMatchObject({ type: "LIQUIDATION", size: 0 });
    expect(desk.venue.insurance("USDT") / 1e8).toBeCloseTo(1_000_000 + Math.abs(gone - bust), 8);
  });

  it("goes by the mark price, never by the last", () => {
    const desk = example("buy");
    desk.mark(20_000);
    desk.trade(19_000);
    desk.bar([19_000, 19_500, 18_000, 18_500]);
    expect(desk.size()).toBe(1);
  });

  it("loses its market's orders before it goes, those of other markets stay", () => {
    const desk = example("buy");
    const here = desk.buy(0.1, { price: 19_900 });
    const stop = desk.sell(0.1, { trigger: { price: 19_000, direction: 2 } });
    const there = desk.buy(0.1, { price: 1_900, market: ETH });
    desk.mark(19_690);
    expect(here).toMatchObject({ status: "Cancelled", cancelType: "CancelAllBeforeLiq" });
    expect(stop).toMatchObject({ status: "Deactivated", cancelType: "CancelAllBeforeLiq" });
    expect(there.status).toBe("New");
  });

  it("is told: Liq, its orders, the take-over, the public liquidation, flat", () => {
    const desk = example("buy");
    desk.events.length = 0;
    desk.mark(19_690);
    const told = desk.events.map((event) => {
      if (event.type === "position") return `position ${event.position().status} ${event.position().size}`;
      if (event.type === "order") return `order ${event.order.createType} ${event.order.status}`;
      if (event.type === "liquidation") return `liquidation ${event.side} ${event.qty}@${event.price}`;
      return event.type;
    });
    expect(told).toEqual([
      "position Liq 1000",
      "execution",
      "order CreateByTakeOver_PassThrough Filled",
      "liquidation buy 1000@196000",
      "position Normal 0",
      "wallet",
    ]);
  });

  it("past bankruptcy costs the fund, not the account", () => {
    const desk = example("buy");
    desk.mark(19_000);
    expect(desk.money()).toBeCloseTo(1_000_000 - 11 - 400 - 10.78, 8);
    expect(desk.venue.insurance("USDT") / 1e8).toBeCloseTo(1_000_000 - 600, 8);
    for (const { residual } of desk.venue.audit().coins) expect(residual).toBe(0);
  });

  it("with an empty fund takes the other side along, first in line, at the bankruptcy price", () => {
    const desk = example("buy", 100);
    desk.sell(0.6, { account: "b" });
    desk.mark(19_000);
    expect([desk.size("a"), desk.size("b")]).toEqual([0, 0]);
    expect(kinds(desk, "b")).toEqual(["AdlTrade", "Trade"]);
    const [row] = [...desk.venue.executions("b")];
    expect(row).toMatchObject({ price: desk.ticks(19_600), qty: 600, fee: 0, pnl: 240e8, feeRate: 0 });
    // The remaining 0.4 find no one: 600 × 0.4 is the fund's debt.
    expect(desk.venue.insurance("USDT") / 1e8).toBeCloseTo(100 - 240, 8);
    for (const { residual } of desk.venue.audit().coins) expect(residual).toBe(0);
  });
});

describe("a position above the lowest rung", () => {
  it("is first brought down to the next one, and stays there when that is enough", () => {
    const desk = exchangeDesk({
      account: { marginMode: "ISOLATED_MARGIN", leverage: 75, balances: { USDT: 2_000_000 } },
    });
    desk.buy(70);
    // Rung 4: (3,500,000 × (1 − 1/75) − 4,300) / (70 × (1 − 0.0067)) = 49,604.25…
    expect(desk.position()).toMatchObject({ riskId: 4, liqPrice: desk.ticks(49_604.2) });
    desk.mark(49_604.2);
    // Of 3,472,294 worth 3,200,000 stay: 70 × 3,200,000 / 3,472,294 = 64.510…; the rest goes at 49,333.33 or better.
    const [row] = [...desk.venue.executions("a")];
    expect(row).toMatchObject({ type: "BustTrade", qty: 70_000 - 64_510, price: desk.ticks(49_333.4) });
    expect(desk.position()).toMatchObject({ size: 64_510, riskId: 3, status: "Normal" });
    // Rung 3 at 64.51: (64.51 × 50,000 × (1 − 1/75) − 3,020) / (64.51 × (1 − 0.0063)) = 49,598.99…
    expect(desk.position().liqPrice).toBe(desk.ticks(49_598.9));
  });
});

describe("a cross account", () => {
  it("stands on all it has, and falls when maintenance margin has eaten it", () => {
    const desk = exchangeDesk({ account: { balances: { USDT: 6_000 } } });
    desk.buy(1);
    // B = 5,972.5: v = (50,000 − 5,972.5) / (1 − 0.005 − 0.9 × 0.00055) = 44,270.76…
    expect(desk.position().liqPrice).toBe(desk.ticks(44_270.7));
    desk.mark(44_270.8);
    expect(desk.size()).toBe(1);
    desk.mark(44_270.7);
    expect(desk.size()).toBe(0);
    expect(desk.money()).toBeGreaterThanOrEqual(0);
    expect(desk.money()).toBeLessThan(0.1);
  });

  it("never ends below zero, however far the price jumps", () => {
    const desk = exchangeDesk({ account: { balances: { USDT: 6_000 } } });
    desk.buy(1);
    desk.mark(30_000);
    expect(desk.size()).toBe(0);
    // Less than the tick by which the bankruptcy price is rounded.
    expect(desk.money()).toBeGreaterThanOrEqual(0);
    expect(desk.money()).toBeLessThan(0.1);
    for (const { residual } of desk.venue.audit().coins) expect(residual).toBe(0);
  });

  it("lets the profit of one position carry the loss of another", () => {
    const desk = exchangeDesk({ account: { balances: { USDT: 8_000 } } });
    desk.buy(1);
    desk.sell(10, { market: ETH });
    desk.mark(1_500, ETH);
    desk.mark(40_500);
    expect([desk.size(), desk.size("a", ETH)]).toEqual([1, -10]);
    desk.mark(2_000, ETH);
    expect(desk.size()).toBe(0);
  });

  it("is liquidated by its coins' fall in price, too", () => {
    const desk = exchangeDesk({ account: { balances: { BTC: 0.2 } } });
    desk.buy(5, { market: ETH });
    expect(desk.money()).toBeLessThan(0);
    expect(desk.size("a", ETH)).toBe(5);
    desk.index(200);
    expect(desk.size("a", ETH)).toBe(0);
    expect(desk.money()).toBe(0);
  });

  it("cancels the orders that tie up margin before it takes a position", () => {
    const desk = exchangeDesk({ account: { balances: { USDT: 6_000 } } });
    desk.buy(1);
    const order = desk.sell(1, { price: 52_000, reduceOnly: true });
    desk.mark(44_000);
    expect(order).toMatchObject({ status: "Cancelled", cancelType: "CancelAllBeforeLiq" });
    expect(kinds(desk)).toEqual(["BustTrade", "Trade"]);
  });
});

describe("within a bar", () => {
  it("liquidation happens at its own price, a stop before it saves the rest", () => {
    const isolated = { account: { marginMode: "ISOLATED_MARGIN", leverage: 50 } } as const;
    const desk = exchangeDesk(isolated);
    desk.buy(1);
    desk.bar([50_000, 50_100, 45_000, 49_900]);
    expect(desk.fills()[1]).toEqual([49_000, 1]);
    const saved = exchangeDesk(isolated);
    saved.buy(1, { stopLoss: 49_500 });
    saved.bar([50_000, 50_100, 45_000, 49_900]);
    expect(saved.fills()[1]).toEqual([49_500, 1]);
    expect(kinds(saved)).toEqual(["Trade", "Trade"]);
  });
});

describe("fate", () => {
  it("liquidates a cross position on demand, and all orders of the account go before", () => {
    const desk = exchangeDesk();
    desk.buy(1);
    desk.buy(10, { market: ETH });
    const orders = [desk.buy(1, { price: 49_000 }), desk.buy(1, { price: 1_900, market: ETH })];
    expect(desk.venue.liquidate("a", BTC)).toBe(true);
    expect([desk.size(), desk.size("a", ETH)]).toEqual([0, 10]);
    for (const order of orders) expect(order).toMatchObject({ status: "Cancelled", cancelType: "CancelAllBeforeLiq" });
    expect(desk.venue.liquidate("a", BTC)).toBe(false);
    expect(desk.venue.liquidate("b", BTC)).toBe(false);
  });

  it("deleverages a part at the mark price, free of fees, and says so while it lasts", () => {
    const desk = exchangeDesk();
    desk.buy(3);
    desk.mark(51_000);
    desk.events.length = 0;
    expect(desk.venue.deleverage("a", BTC, desk.steps(1))).toBe(true);
    expect([...desk.venue.executions("a")][0]).toMatchObject({ type: "AdlTrade", fee: 0, pnl: 1_000e8, qty: 1_000 });
    const told = desk.events.flatMap((event) => (event.type === "position" ? [event.position()] : []));
    expect(told.map((row) => [row.status, row.size])).toEqual([
      ["Adl", 2_000],
      ["Normal", 2_000],
    ]);
    expect(desk.venue.deleverage("a", BTC, 0)).toBe(true);
    expect([desk.size(), desk.money()]).toEqual([0, 1_000_000 - 82.5 + 3_000]);
    expect(desk.venue.deleverage("a", BTC, 0)).toBe(false);
  });
});
