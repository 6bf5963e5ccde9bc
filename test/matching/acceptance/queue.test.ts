import { describe, expect, it } from "vitest";
import { BTC, exchangeDesk } from "../../support/exchange-desk.ts";

/** 5 shown at 49,990 on the bid. */
function shown() {
  const desk = exchangeDesk();
  desk.depth([[49_990, 5]], [[50_010, 5]]);
  return desk;
}
const sellAt = (price: number, qty: number) => [price, { side: "sell", qty }] as const;

describe("who is served first", () => {
  it("what was displayed before an order, then the order, then what came to be displayed after it", () => {
    const desk = shown();
    const order = desk.buy(2, { price: 49_990 });
    desk.venue.onBook(BTC, "delta", { bids: [[desk.ticks(49_990), desk.steps(9)]], asks: [] });
    desk.trade(...sellAt(49_990, 4));
    expect(order.cumExecQty).toBe(0);
    desk.trade(...sellAt(49_990, 2));
    expect(order.cumExecQty).toBe(desk.steps(1));
    desk.trade(...sellAt(49_990, 3));
    expect([order.status, order.cumExecQty]).toEqual(["Filled", desk.steps(2)]);
  });

  it("an order moves up when displayed quantity before it is withdrawn, and never back", () => {
    const desk = shown();
    const order = desk.buy(2, { price: 49_990 });
    const show = (qty: number) =>
      desk.venue.onBook(BTC, "delta", { bids: [[desk.ticks(49_990), desk.steps(qty)]], asks: [] });
    show(1);
    show(8);
    desk.trade(...sellAt(49_990, 2));
    expect(order.cumExecQty).toBe(desk.steps(1));
  });

  it("a taker of another account eats the displayed queue first, at one price", () => {
    const desk = shown();
    const order = desk.buy(2, { price: 49_990 });
    desk.sell(4, { account: "b", price: 49_990, timeInForce: "IOC" });
    expect(order.cumExecQty).toBe(0);
    desk.sell(2, { account: "b", price: 49_990, timeInForce: "IOC" });
    expect(order.cumExecQty).toBe(desk.steps(1));
    expect([...desk.venue.executions("b")].map((row) => row.isMaker)).toEqual([false, false, false]);
    expect([...desk.venue.executions("a")][0]).toMatchObject({ isMaker: true, feeRate: 0.0002, side: "buy" });
  });

  it("price before time, then time before size", () => {
    const desk = exchangeDesk();
    desk.depth([[49_000, 1]], [[51_000, 1]]);
    const late = desk.sell(1, { price: 50_020, account: "b" });
    const first = desk.sell(3, { price: 50_010 });
    const second = desk.sell(1, { price: 50_010, account: "b" });
    desk.venue.openAccount({ id: "c", balances: { USDT: 1_000_000 } });
    const taker = desk.buy(3.5, { account: "c", price: 50_020 });
    expect([first, second, late].map((order) => order.cumExecQty / 1_000)).toEqual([3, 0.5, 0]);
    expect(desk.fills("c")).toEqual([
      [50_010, 3],
      [50_010, 0.5],
    ]);
    expect(taker.status).toBe("Filled");
    desk.buy(1.5, { account: "c", price: 50_020 });
    expect([first, second, late].map((order) => order.cumExecQty / 1_000)).toEqual([3, 1, 1]);
  });

  it("a better price within the spread needs no queue: any trade at or through it fills", () => {
    const desk = shown();
    const order = desk.buy(1, { price: 49_995 });
    desk.trade(...sellAt(49_995, 0.4));
    expect(order.cumExecQty).toBe(desk.steps(0.4));
    desk.trade(...sellAt(49_994.9, 0.1));
    expect(order.status).toBe("Filled");
    expect(desk.fills()).toEqual([
      [49_995, 0.4],
      [49_995, 0.6],
    ]);
  });

  it("a trade on the other side of the book serves nobody", () => {
    const desk = shown();
    const order = desk.buy(1, { price: 49_990 });
    desk.trade(50_010, { side: "buy", qty: 100 });
    expect(order.status).toBe("New");
  });

  it("a trade is shared out once: what one order took the next one cannot have", () => {
    const desk = exchangeDesk();
    desk.depth([[49_000, 1]], [[51_000, 1]]);
    const one = desk.buy(1, { price: 49_990 });
    const two = desk.buy(1, { price: 49_990, account: "b" });
    desk.trade(...sellAt(49_990, 1.3));
    expect([one.cumExecQty, two.cumExecQty]).toEqual([1_000, 300]);
  });

  it("an amendment to another price and back costs the place; a smaller size does not", () => {
    const desk = exchangeDesk();
    desk.depth([[49_000, 1]], [[51_000, 1]]);
    const one = desk.buy(2, { price: 49_990 });
    const two = desk.buy(1, { price: 49_990, account: "b" });
    const amend = (change: object) => desk.venue.amendOrder("a", { market: BTC, orderId: one.id, ...change });
    expect(amend({ qty: desk.steps(1) }).ok).toBe(true);
    desk.trade(...sellAt(49_990, 0.5));
    expect([one.cumExecQty, two.cumExecQty]).toEqual([500, 0]);
    expect(amend({ price: desk.ticks(49_991) }).ok).toBe(true);
    expect(amend({ price: desk.ticks(49_990) }).ok).toBe(true);
    desk.trade(...sellAt(49_990, 1));
    expect([one.cumExecQty, two.cumExecQty]).toEqual([500, 1_000]);
  });

  it("recorded depth that comes to stand against an order trades with it, and is gone", () => {
    const desk = shown();
    const order = desk.buy(3, { price: 50_000 });
    desk.venue.onBook(BTC, "delta", { bids: [], asks: [[desk.ticks(49_995), desk.steps(1)]] });
    expect(desk.fills()).toEqual([[50_000, 1]]);
    expect(desk.venue.depth(BTC, 1).asks).toEqual([[desk.ticks(50_010), desk.steps(5)]]);
    desk.venue.onBook(BTC, "delta", { bids: [], asks: [[desk.ticks(50_000), desk.steps(9)]] });
    expect([order.status, desk.fills()]).toEqual([
      "Filled",
      [
        [50_000, 1],
        [50_000, 2],
      ],
    ]);
    expect(desk.venue.depth(BTC, 1).asks).toEqual([[desk.ticks(50_000), desk.steps(7)]]);
    expect([...desk.venue.executions("a")].every((row) => row.isMaker)).toBe(true);
  });

  it("the book shows own and displayed quantity together", () => {
    const desk = shown();
    desk.buy(2, { price: 49_990 });
    desk.buy(1, { price: 49_991 });
    desk.sell(3, { price: 50_010.5, account: "b" });
    const human = (levels: readonly (readonly [number, number])[]) => levels.map(([p, q]) => [p / 10, q / 1_000]);
    const { bids, asks } = desk.venue.depth(BTC, 5);
    expect([human(bids), human(asks)]).toEqual([
      [
        [49_991, 1],
        [49_990, 7],
      ],
      [
        [50_010, 5],
        [50_010.5, 3],
      ],
    ]);
    expect(human(desk.venue.depth(BTC, 1).bids)).toEqual([[49_991, 1]]);
  });
});
