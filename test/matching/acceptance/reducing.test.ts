import { describe, expect, it } from "vitest";
import { BTC, type ExchangeDesk, exchangeDesk } from "../../support/exchange-desk.ts";

const hedge = () => exchangeDesk({ account: { positionMode: "hedge" } });
const sides = (desk: ExchangeDesk) => desk.venue.positions("a", BTC).map((row) => row.size / 1_000);

describe("an order that only reduces", () => {
  it("needs something to reduce", () => {
    const desk = exchangeDesk();
    expect(desk.refused("sell", 1, { reduceOnly: true })).toBe(110_017);
    desk.buy(1);
    expect(desk.refused("buy", 1, { reduceOnly: true })).toBe(110_017);
    expect(desk.refused("sell", 1, { reduceOnly: true, stopLoss: 51_000 })).toBe(10_001);
    expect(desk.sell(1, { reduceOnly: true }).status).toBe("Filled");
    expect(desk.refused("sell", 1, { reduceOnly: true })).toBe(110_017);
  });

  it.each([
    ["market", undefined, "GTC"],
    ["limit", 49_900, "GTC"],
    ["IOC", 49_900, "IOC"],
  ] as const)("of 5 against a position of 2 closes 2 and ends Filled (%s)", (_kind, price, timeInForce) => {
    const desk = exchangeDesk();
    desk.buy(2);
    const order = desk.sell(5, { reduceOnly: true, price, timeInForce });
    expect(order).toMatchObject({ status: "Filled", qty: 2_000, cumExecQty: 2_000 });
    expect(desk.size()).toBe(0);
  });

  it("resting, shrinks with its position and goes with it", () => {
    const desk = exchangeDesk();
    desk.depth([[49_990, 50]], [[50_000, 50]]);
    desk.buy(3);
    const one = desk.sell(3, { reduceOnly: true, price: 50_100 });
    const two = desk.sell(2, { reduceOnly: true, price: 50_200 });
    desk.sell(2);
    expect([one.leavesQty, two.leavesQty]).toEqual([1_000, 1_000]);
    desk.buy(5);
    expect([one.leavesQty, two.leavesQty]).toEqual([1_000, 1_000]);
    desk.sell(7);
    expect(desk.size()).toBe(-1);
    for (const order of [one, two])
      expect(order).toMatchObject({ status: "Cancelled", cancelType: "CancelByReduceOnly" });
  });

  it("two that rest for the same position cannot turn it when one trade passes both", () => {
    const desk = exchangeDesk();
    desk.buy(2);
    const one = desk.sell(2, { reduceOnly: true, price: 50_100 });
    const two = desk.sell(2, { reduceOnly: true, price: 50_200 });
    desk.trade(50_500);
    expect(desk.size()).toBe(0);
    expect([one.status, two.status]).toEqual(["Filled", "Cancelled"]);
    expect(two.cancelType).toBe("CancelByReduceOnly");
  });

  it("nor when a bar runs through both, nor when another account's order sweeps both", () => {
    const bar = exchangeDesk();
    bar.buy(2);
    bar.sell(2, { reduceOnly: true, price: 50_100 });
    bar.sell(1.5, { reduceOnly: true, price: 50_100 });
    bar.bar([50_000, 51_000, 49_900, 50_500]);
    expect([bar.size(), bar.fills().slice(1)]).toEqual([0, [[50_100, 2]]]);
    const sweep = exchangeDesk();
    sweep.depth([[49_000, 9]], [[50_000, 2]]);
    sweep.buy(2);
    sweep.sell(2, { reduceOnly: true, price: 50_100 });
    sweep.sell(1.5, { reduceOnly: true, price: 50_150 });
    const taker = sweep.buy(9, { account: "b", price: 50_200, timeInForce: "IOC" });
    expect([sweep.size(), taker.cumExecQty]).toEqual([0, 2_000]);
  });

  it("that goes with its position leaves its place to who stands behind it, in the same trade", () => {
    const desk = exchangeDesk();
    desk.depth([[49_000, 9]], [[50_000, 2]]);
    desk.buy(2);
    desk.sell(2, { reduceOnly: true, price: 50_100 });
    const gone = desk.sell(2, { reduceOnly: true, price: 50_100 });
    const behind = desk.sell(1, { account: "b", price: 50_100 });
    desk.trade(50_100, { qty: 2.5 });
    expect(gone.cancelType).toBe("CancelByReduceOnly");
    expect([desk.size(), behind.cumExecQty]).toEqual([0, 500]);
  });

  it("counts once for who wants all or nothing, however many orders wait for the same position", () => {
    const desk = exchangeDesk();
    desk.depth([[49_000, 9]], [[50_000, 2]]);
    desk.buy(2);
    desk.sell(2, { reduceOnly: true, price: 50_100 });
    desk.sell(1.5, { reduceOnly: true, price: 50_100 });
    const all = desk.buy(2.001, { account: "b", price: 50_100, timeInForce: "FOK" });
    expect(all).toMatchObject({ status: "Cancelled", cumExecQty: 0, rejectReason: "EC_CancelForNoFullFill" });
    const fits = desk.buy(2, { account: "b", price: 50_100, timeInForce: "FOK" });
    expect(fits).toMatchObject({ status: "Filled", cumExecQty: 2_000 });
  });

  it("counts no more than a plain order before it leaves of the position", () => {
    const desk = exchangeDesk();
    desk.depth([[49_000, 9]], [[50_000, 2]]);
    desk.buy(2);
    desk.sell(1.5, { price: 50_100 });
    desk.sell(2, { reduceOnly: true, price: 50_100 });
    const all = desk.buy(2.001, { account: "b", price: 50_100, timeInForce: "FOK" });
    expect(all).toMatchObject({ status: "Cancelled", cumExecQty: 0 });
    const fits = desk.buy(2, { account: "b", price: 50_100, timeInForce: "FOK" });
    expect([fits.status, desk.size()]).toEqual(["Filled", 0]);
  });

  it("waiting, is cut to what there is when it fires, and cancelled when there is nothing", () => {
    const desk = exchangeDesk();
    desk.buy(3);
    const cut = desk.sell(3, { reduceOnly: true, trigger: { price: 49_900, direction: 2 } });
    const none = desk.sell(3, { reduceOnly: true, trigger: { price: 49_800, direction: 2 } });
    desk.sell(2);
    desk.trade(49_900);
    expect([cut.status, cut.cumExecQty, desk.size()]).toEqual(["Filled", 1_000, 0]);
    desk.trade(49_800);
    expect(none).toMatchObject({ status: "Cancelled", cancelType: "CancelByReduceOnly" });
    expect(desk.size()).toBe(0);
  });

  it("of quantity 0 with closeOnTrigger closes all, as much as one order may carry", () => {
    const desk = exchangeDesk();
    desk.buy(2.345);
    expect(desk.refused("sell", 0, { reduceOnly: true })).toBe(10_001);
    expect(desk.refused("sell", 0, { closeOnTrigger: true })).toBe(10_001);
    expect(desk.sell(0, { reduceOnly: true, closeOnTrigger: true })).toMatchObject({ qty: 2_345, status: "Filled" });
    const big = exchangeDesk({ account: { balances: { USDT: 40_000_000 }, leverage: 50 } });
    const rules = big.venue.market(BTC)!;
    big.venue.setInstrument(BTC, { ...rules, maxMarketOrderQty: "4" });
    big.buy(4);
    big.buy(4);
    expect(big.sell(0, { reduceOnly: true, closeOnTrigger: true }).cumExecQty).toBe(4_000);
    expect(big.size()).toBe(4);
  });

  it("needs no margin, however little is left", () => {
    const desk = exchangeDesk({ account: { balances: { USDT: 5_053 } } });
    desk.buy(1);
    expect(desk.refused("buy", 0.01)).toBe(110_007);
    expect(desk.sell(1, { reduceOnly: true, price: 50_100 }).status).toBe("New");
    expect(
      desk.sell(1, { reduceOnly: true, trigger: { price: 49_900, direction: 2 }, closeOnTrigger: true }).status,
    ).toBe("Untriggered");
    desk.trade(49_900);
    expect(desk.size()).toBe(0);
  });
});

describe("one-way mode", () => {
  it("has one position per market, which an order closes, turns, and opens anew", () => {
    const desk = exchangeDesk();
    desk.buy(2);
    const turn = desk.sell(5);
    expect(desk.size()).toBe(-3);
    const [row] = [...desk.venue.executions("a")];
    expect(row).toMatchObject({ orderId: turn.id, qty: 5_000, closedSize: 2_000 });
    expect(desk.position().entryPrice).toBe(50_000);
    expect([...desk.venue.closedPnl("a")]).toHaveLength(1);
    expect(desk.refused("buy", 1, { positionIdx: 1 })).toBe(10_001);
    expect(desk.refused("buy", 1, { positionIdx: 2 })).toBe(10_001);
  });
});

describe("hedge mode", () => {
  it("holds a long and a short at once, each closed by the opposite order of its own index", () => {
    const desk = hedge();
    desk.buy(3, { positionIdx: 1 });
    desk.sell(2, { positionIdx: 2 });
    expect(sides(desk)).toEqual([3, -2]);
    desk.sell(1, { positionIdx: 1 });
    desk.buy(0.5, { positionIdx: 2 });
    expect(sides(desk)).toEqual([2, -1.5]);
    expect(desk.refused("buy", 1)).toBe(10_001);
  });

  it("never turns a side, whatever the quantity", () => {
    const desk = hedge();
    expect(desk.refused("sell", 1, { positionIdx: 1 })).toBe(110_017);
    expect(desk.refused("buy", 1, { positionIdx: 2 })).toBe(110_017);
    desk.buy(1, { positionIdx: 1 });
    const order = desk.sell(4, { positionIdx: 1 });
    expect(order).toMatchObject({ status: "Filled", cumExecQty: 1_000, reduceOnly: true });
    expect(sides(desk)).toEqual([0, 0]);
  });

  it("protects each side by itself", () => {
    const desk = hedge();
    desk.buy(3, { positionIdx: 1, stopLoss: 49_000 });
    desk.sell(2, { positionIdx: 2, stopLoss: 51_000 });
    desk.trade(49_000);
    expect(sides(desk)).toEqual([0, -2]);
    expect(desk.waiting()).toEqual([["StopLoss", 51_000, 2]]);
  });

  it("is switched only without position and orders", () => {
    const desk = exchangeDesk();
    const to = (mode: "hedge" | "oneWay") => desk.venue.switchPositionMode("a", { market: BTC }, mode);
    expect(to("oneWay")).toMatchObject({ ok: false, code: 110_025 });
    const order = desk.buy(1, { price: 49_000 });
    expect(to("hedge")).toMatchObject({ ok: false, code: 110_028 });
    desk.venue.cancelOrder("a", { market: BTC, orderId: order.id });
    desk.buy(1);
    expect(to("hedge")).toMatchObject({ ok: false, code: 110_024 });
    desk.sell(1);
    expect(to("hedge").ok).toBe(true);
    expect(desk.venue.positionMode("a", BTC)).toBe("hedge");
    expect(desk.venue.switchPositionMode("a", { market: "inverse/BTCUSD" }, "hedge")).toMatchObject({ code: 110_029 });
  });
});
